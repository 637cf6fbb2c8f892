"""Reading forms: which there are, and what of one can be filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.core.sheets.people_rows import PEOPLE_SHEET
from linli.exchange.queries import learnt_in
from linli.exports.kinds import Filters, kind_for
from linli.exports.rules import NotPossible
from linli.files.queries import content_of
from linli.people.exporting import HEADS
from linli.reporting.layout import FILLED_BY, SERIAL, Layout, understood
from linli.reporting.models import Template

KIND = "template"
NARROWED_BY = ("q", "building", "standing")
# A form is held in memory as a whole.
MOST_ROWS = 20_000


def templates_for(user: Any) -> QuerySet[Template]:
    """Return the forms of the user's reach, and those of the places above it."""
    return Template.objects.visible_to(user).select_related("area").defer("area__geometry", "area__bounds")


def template_for(user: Any, number: str) -> Template:
    """Return one form. Raises ``Template.DoesNotExist``."""
    return templates_for(user).select_related("upload").get(number=number)


def mapping_before(user: Any, headers: str) -> dict[str, str | None]:
    """Return what a person of the user's reach said last about the columns of the same form, if anybody did."""
    same = Template.objects.filter(within(scope_paths(user, "exports.forms")), headers=headers).order_by("-id")
    return next((found for found in same.values_list("mapping", flat=True) if found), {})


def columns_told() -> list[tuple[str, str]]:
    """Return what a column of a form can be filled with: name → label."""
    labels = {name: str(kind_for(KIND).column(column).label) for name, column in FILLED_BY.items()}
    return [(SERIAL, _("running number")), *labels.items()]


def content_of_template(template: Template) -> bytes:
    """Return the form as it was sent."""
    return content_of(template.upload)


def layout_of(template: Template) -> Layout:
    """Return how a form is laid out, with its columns as corrected."""
    mapping = {int(index): field for index, field in template.mapping.items()}
    return understood(
        content_of_template(template), template.upload.name, mapping, learnt_in(template.area, PEOPLE_SHEET.kind)
    )


def filters_for(template: Template, layout: Layout, area: Area, narrowed: Mapping[str, str]) -> dict[str, str]:
    """Return the filters of the list that fills a form."""
    filters = {"template": template.number, "under": area.code}
    filters |= {name: narrowed[name] for name in NARROWED_BY if narrowed.get(name)}
    return filters | ({HEADS: "1"} if layout.by_household else {})


def columns_for(layout: Layout) -> list[str]:
    """Return the columns of the list of people that fill a form, each once."""
    return list(dict.fromkeys(FILLED_BY[field] for field in layout.fields))


def template_behind(filters: Filters) -> Template:
    """Return the form that an export fills.

    Raises:
        NotPossible: it was removed.
    """
    found = Template.objects.select_related("upload").filter(number=filters.get("template", "")).first()
    if found is None or found.removed_at is not None:
        raise NotPossible(_("This form was removed. Send it once more."))
    return found


def title_behind(filters: Filters) -> str:
    """Return what the form is called that an export fills, also when it was removed since."""
    found = Template.objects.filter(number=filters.get("template", "")).first()
    return found.title if found is not None else _("Form to fill")
