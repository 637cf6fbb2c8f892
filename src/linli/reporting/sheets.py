"""Filled forms, registered with exports as one more thing that goes out under its rules."""

from __future__ import annotations

from itertools import islice
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.exports import kinds
from linli.exports.choices import ExportFormat
from linli.exports.kinds import Asked, ExportKind
from linli.exports.models import Export
from linli.exports.rules import NotPossible, agreed_clear, most_rows
from linli.exports.writing import masked_rows
from linli.people.exporting import HEADS, PEOPLE, count_people, households_told, people_rows
from linli.reporting.filling import fill
from linli.reporting.layout import FILLED_BY
from linli.reporting.queries import (
    KIND,
    MOST_ROWS,
    NARROWED_BY,
    content_of_template,
    layout_of,
    template_behind,
    title_behind,
)


def register() -> None:
    """Let forms be filled and go out."""
    kinds.register(
        KIND,
        ExportKind(
            gettext_lazy("Form to fill"),
            list_name="export-form-list",
            ability="people.view",
            columns=tuple(source.column for source in PEOPLE),
            filters=(*NARROWED_BY, "template", HEADS),
            count=count_people,
            rows=people_rows,
            formats=(ExportFormat.XLSX,),
            write=_write,
            title=title_behind,
            told=households_told,
        ),
    )


def _write(export: Export, asked: Asked, watermark: str, out: IO[bytes]) -> int:
    template = template_behind(asked.filters)
    layout = layout_of(template)
    kind = kinds.kind_for(KIND)
    columns = [kind.column(name) for name in asked.columns]
    places = [
        asked.columns.index(FILLED_BY[field]) if FILLED_BY[field] in asked.columns else -1 for field in layout.fields
    ]
    if -1 in places:
        raise NotPossible(_("Somebody has changed the columns of this form since. Ask for it anew."))
    most = min(MOST_ROWS, most_rows(export))
    found = list(islice(masked_rows(people_rows(asked), columns, clear=agreed_clear(export)), most + 1))
    if len(found) > most:
        raise NotPossible(
            _("%(now)d rows fit by now, and %(approved)d were approved. Ask for it anew.")
            % {"now": len(found), "approved": export.rows}
        )
    rows = [[row[place] for place in places] for row in found]
    return fill(content_of_template(template), layout, rows, out, watermark=watermark)
