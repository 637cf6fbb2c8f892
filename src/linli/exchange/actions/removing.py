"""Taking away the rows that a batch made; nobody sees them any more when that begins. It may be repeated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import IntegrityError, models, transaction

from linli.core import progress
from linli.exchange.actions.changing import everything, model_of
from linli.exchange.actions.common import Turns
from linli.exchange.models import Batch, BatchChange, BatchMade

CHUNK = 1000


def remove_rows(batch: Batch) -> list[str]:
    """Delete what a batch made, the last first, and forget what it was going to change.

    What somebody came to need in the last moment stays, as if it had come without the batch; returns its names.
    """
    turns, kept = Turns(), list[str]()
    for key in list(batch.made.order_by("-pk").values_list("pk", flat=True)):
        with turns.turn():
            made = BatchMade.objects.select_for_update().filter(pk=key).first()
            if made is not None:
                kept += _remove(made)
                progress.advance(len(made.rows))
    while keys := list(batch.changes.values_list("pk", flat=True)[:CHUNK]):
        with turns.turn():
            BatchChange.objects.filter(pk__in=keys).delete()
    return kept


def pointing_at(model: type[models.Model]) -> Iterator[models.ForeignObjectRel]:
    """Yield the foreign keys that point at a table."""
    for relation in model._meta.related_objects:
        if relation.related_model is not None and (relation.one_to_many or relation.one_to_one):
            yield relation


def lets_go(relation: models.ForeignObjectRel) -> bool:
    """Tell whether rows of another table only forget a row that vanishes."""
    return bool(getattr(relation, "on_delete", None) is models.SET_NULL)


def _remove(made: BatchMade) -> list[str]:
    model, keys = model_of(made.model), [key for key, _digest in made.rows]
    try:
        with transaction.atomic():
            _delete(model, keys)
            _require_fits()
        kept: list[str] = []
    except IntegrityError:
        kept = [name for key in keys for name in _delete_or_keep(model, key)]
    made.delete()
    return kept


def _delete(model: type[models.Model], keys: Sequence[int]) -> None:
    for relation in pointing_at(model):
        if lets_go(relation):
            field: Any = relation.field
            everything(relation.related_model).filter(**{f"{field.name}__in": keys}).update(**{field.name: None})
    rows = everything(model).filter(pk__in=keys)
    rows._raw_delete(rows.db)


def _delete_or_keep(model: type[models.Model], key: int) -> list[str]:
    try:
        with transaction.atomic():
            _delete(model, [key])
            _require_fits()
    except IntegrityError:
        rows = everything(model).filter(pk=key)
        rows.update(batch=None)
        return [str(row) for row in rows]
    return []


def _require_fits() -> None:
    """Let the database look at foreign keys now, not at the end of the transaction."""
    connection = transaction.get_connection()
    connection.check_constraints() if connection.vendor == "postgresql" else None
