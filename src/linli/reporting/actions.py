"""Every write about forms: keep one, say what its columns are, fill it, remove it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.areas.models import Area
from linli.core import clock
from linli.core.sheets.people_rows import PEOPLE_SHEET
from linli.core.tokens import new_plate_token
from linli.exchange.queries import learnt_in
from linli.exports.actions import request_export
from linli.exports.choices import ExportFormat
from linli.exports.kinds import Asked, kind_for
from linli.exports.models import Export
from linli.exports.rules import NotPossible
from linli.files.actions import keep_upload, remove_upload
from linli.files.choices import FileKind
from linli.journal import actions as journal
from linli.reporting.layout import FILLED_BY, SERIAL, understood
from linli.reporting.models import Template
from linli.reporting.queries import KIND, MOST_ROWS, columns_for, filters_for, layout_of, mapping_before


def keep_template(content: bytes, *, name: str, title: str, area: Area, by: Any) -> Template:
    """Keep a form, encrypted, to be filled again and again.

    Raises:
        Refused: ``by`` may not take lists out of this area.
        WorkbookRefused: it can't be read, or nothing in it looks like a header; nothing of it is kept.
    """
    require(by, "exports.forms", area)
    headers = understood(content, name, {}, learnt_in(area, PEOPLE_SHEET.kind)).digest
    with transaction.atomic():
        upload = keep_upload(content, name=name, kind=FileKind.WORKBOOK, by=by)
        template = Template(
            number=new_plate_token(),
            title=title.strip()[:100],
            area=area,
            path=area.path,
            upload=upload,
            headers=headers,
            mapping=mapping_before(by, headers),
            created_by=by.username,
            created_at=clock.now(),
        )
        template.save(force_insert=True)
        journal.record(by, "reporting.keep_template", template, detail={"size": len(content)})
    return template


@transaction.atomic
def set_columns(template: Template, mapping: Mapping[int, str | None], *, by: Any) -> Template:
    """Say what the columns of a form are; a column that Linli never fills stays empty whatever is said.

    Raises:
        Refused: the form belongs to an area that ``by`` takes no lists out of.
        ValidationError: a column was given a field that there is not.
    """
    locked = _locked(template, by)
    if any(field is not None and field not in FILLED_BY and field != SERIAL for field in mapping.values()):
        raise ValidationError({"mapping": _("Choose one of the columns in the list.")})
    locked.mapping = template.mapping = {str(index): field for index, field in mapping.items()}
    locked.save(update_fields=["mapping"])
    journal.record(by, "reporting.set_columns", locked, detail={"columns": len(mapping)})
    return locked


@transaction.atomic
def remove_template(template: Template, *, by: Any) -> None:
    """Remove a form; what was filled before stays as long as it would.

    Raises:
        Refused: the form belongs to an area that ``by`` takes no lists out of.
    """
    locked = _locked(template, by)
    locked.removed_at = clock.now()
    locked.save(update_fields=["removed_at"])
    remove_upload(locked.upload, by=by)
    journal.record(by, "reporting.remove_template", locked)


def fill_template(
    template: Template, *, area: Area, clear: bool, purpose: str, by: Any, narrowed: Mapping[str, str] | None = None
) -> Export:
    """Ask for a form filled with the people or households of an area, under the rules of every list that goes out.

    Args:
        narrowed: the filters of the list of households that narrow it: ``q``, ``building``, ``standing``.

    Raises:
        Refused, ValidationError: as `request_export`.
        NotPossible: nothing of the form can be filled, it would get too long, or as `request_export`.
    """
    layout = layout_of(template)
    columns = columns_for(layout)
    if not columns:
        raise NotPossible(_("The ledgers have nothing for the columns of this form. Say what its columns are."))
    filters = filters_for(template, layout, area, narrowed or {})
    require(by, kind_for(KIND).ability, area)
    rows = kind_for(KIND).count(Asked(by, area, filters))
    if rows > MOST_ROWS:
        raise NotPossible(
            _("%(rows)d rows are too many for a form: it takes up to %(most)d. Fill it for each community.")
            % {"rows": rows, "most": MOST_ROWS}
        )
    return request_export(
        KIND, area=area, filters=filters, columns=columns, form=ExportFormat.XLSX, clear=clear, purpose=purpose, by=by
    )


def _locked(template: Template, by: Any) -> Template:
    locked = Template.objects.select_for_update(of=("self",)).select_related("area", "upload").get(pk=template.pk)
    require(by, "exports.forms", locked)
    return locked
