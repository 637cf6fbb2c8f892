"""The lists of this app: preset from a data file, then edited as rows."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.housing.choices import ListKind
from linli.housing.models import ListItem
from linli.housing.presets import presets
from linli.housing.values import ItemValues
from linli.journal import actions as journal


@transaction.atomic
def load_lists(*, by: Any) -> int:
    """Add the preset rows that are missing; what is there already is never touched. Return how many were added."""
    require(by, "areas.edit")
    known = set(ListItem.objects.values_list("kind", "code"))
    rows = [
        ListItem(
            kind=preset.kind,
            code=preset.code,
            name=preset.name,
            name_en=preset.name_en,
            derived_by=preset.derived_by,
            category=preset.category,
            value=preset.value,
            position=preset.position,
        )
        for preset in presets()
        if (str(preset.kind), preset.code) not in known
    ]
    ListItem.objects.bulk_create(rows)
    journal.record(by, "housing.load_lists", object_type="housing.listitem", detail={"added": len(rows)})
    return len(rows)


@transaction.atomic
def add_item(kind: str, values: ItemValues, *, by: Any) -> ListItem:
    """Add a row to a list."""
    require(by, "areas.edit")
    item = ListItem(kind=ListKind(kind), code=_free_code(kind, values.name_en))
    _fill(item, values)
    item.save(force_insert=True)
    journal.record(by, "housing.add_item", item, detail={"list": item.kind, "code": item.code})
    return item


@transaction.atomic
def change_item(item: ListItem, values: ItemValues, *, by: Any) -> ListItem:
    """Change a row of a list, or take it out of use; what was written with it stays."""
    require(by, "areas.edit")
    locked = ListItem.objects.select_for_update().get(pk=item.pk)
    if locked.kind == ListKind.STANDARD and values.value is None:
        raise ValidationError({"value": _("A standard needs a figure.")})
    _fill(locked, values)
    locked.save()
    journal.record(by, "housing.change_item", locked, detail={"list": locked.kind, "code": locked.code})
    return locked


def _fill(item: ListItem, values: ItemValues) -> None:
    item.name, item.name_en = values.name.strip(), values.name_en.strip()
    item.category, item.value = values.category, values.value
    item.position, item.is_active = values.position, values.is_active
    item.full_clean()


def _free_code(kind: str, name: str) -> str:
    wanted = slugify(name)[:30] or "row"
    taken = set(ListItem.objects.filter(kind=kind).values_list("code", flat=True))
    return next(code for code in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)
