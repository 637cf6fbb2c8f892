"""Known rows: changed step by step as was noted before, and put back the same way. Both may be repeated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

from linli.core.bulkload import update_rows
from linli.exchange.choices import ChangeKind
from linli.exchange.ledgers import Ledger
from linli.exchange.models import Batch, BatchChange
from linli.exchange.snapshots import MAY_BE_SAID, put_back_values, restored, state_of, values_from

Rows = dict[type[models.Model], dict[int, Any]]
Writes = dict[tuple[type[models.Model], tuple[str, ...]], list[list[Any]]]


def everything(model: type[models.Model]) -> models.Manager[Any]:
    """Return all rows of a table, those that nobody sees among them."""
    return getattr(model, "everything", model._base_manager)


def model_of(label: str) -> type[models.Model]:
    """Return the table of a noted row."""
    return apps.get_model(label)


def rows_of(changes: Iterable[BatchChange], *, locked: bool = True) -> Rows:
    """Return the rows that were noted as they stand; to lock them takes a transaction."""
    wanted: dict[type[models.Model], list[int]] = defaultdict(list)
    for change in changes:
        wanted[model_of(change.model)].append(change.object_id)
    found: Rows = {}
    for model, keys in wanted.items():
        rows = everything(model).all()
        found[model] = (rows.select_for_update(of=("self",)) if locked else rows).in_bulk(keys)
    return found


def roll_forward(batch: Batch, step: int, ledger: Ledger, *, by: Any) -> list[str]:
    """Make the changes of one step, and return the names of rows that somebody else changed: these are left alone.

    What was made before is passed over, so that a step may be repeated.
    """
    changes = list(batch.changes.filter(step=step).order_by("pk"))
    rows, skipped = rows_of(changes), dict[int, str]()
    said = {change.pk: values_from(model_of(change.model), change.after) for change in changes}
    homeless = _homeless(changes, said)
    writes: Writes = defaultdict(list)
    for change in changes:
        model = model_of(change.model)
        row = rows[model].get(change.object_id)
        if change.kind == ChangeKind.CREATED:
            continue
        values = said[change.pk]
        former = state_of(restored(model, change.before), values)
        found = state_of(row, values) if row is not None else ()
        if found == state_after(change, values) != former:
            continue
        if row is None or found != former or change.pk in homeless:
            skipped[change.pk] = str(model._meta.verbose_name) if row is None else ledger.name(row)
            continue
        writes[model, tuple(values)].append([*values.values(), change.object_id])
    _write(writes)
    made = [change for change in changes if change.kind == ChangeKind.CREATED and change.after]
    skipped |= {change.pk: "" for change in made if change.pk in homeless}
    wanted = [change for change in made if change.pk not in homeless]
    skipped |= _create([change for change in wanted if change.object_id not in rows[model_of(change.model)]])
    BatchChange.objects.filter(pk__in=list(skipped)).delete()
    ledger.note(_all_of(rows), batch, by)
    return [name for name in dict.fromkeys(skipped.values()) if name]


def put_back(batch: Batch, step: int, ledger: Ledger, *, by: Any) -> list[str]:
    """Undo the changes of one step and forget them; return the names of rows that somebody changed since."""
    changes = list(batch.changes.filter(step=step).order_by("pk"))
    rows, skipped = rows_of(changes), list[str]()
    for change in reversed(changes):
        row = rows[model_of(change.model)].get(change.object_id)
        if change.kind == ChangeKind.CREATED and row is not None:
            skipped += _deleted_or_kept(row)
    writes: Writes = defaultdict(list)
    touched: dict[type[models.Model], list[int]] = defaultdict(list)
    for change in changes:
        model = model_of(change.model)
        row = rows[model].get(change.object_id)
        if change.kind == ChangeKind.CREATED or row is None:
            continue
        said = values_from(model, change.after)
        if state_of(row, said) == state_after(change, said):
            values = put_back_values(model, change.before, said)
            key = values.pop("id")
            writes[model, tuple(values)].append([*values.values(), key])
            touched[model].append(change.object_id)
        elif state_of(row, said) != state_of(restored(model, change.before), said):
            skipped.append(ledger.name(row))
    _write(writes)
    ledger.follow(touched)
    ledger.note(_all_of(rows), batch, by)
    BatchChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
    return skipped


def state_after(change: BatchChange, said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the `state_of` the row as the batch leaves it."""
    return change.after_digest, *(str(said[name]) for name in MAY_BE_SAID if name in said)


def _homeless(changes: Iterable[BatchChange], said: Mapping[int, Mapping[str, Any]]) -> set[int]:
    """Return the keys of changes that point at a row which is not there: it was to be made, and could not be."""
    pointing: dict[type[models.Model], dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for change in changes:
        for field in model_of(change.model)._meta.concrete_fields:
            target = field.related_model
            key = said[change.pk].get(field.attname)
            if isinstance(target, type) and key is not None:
                pointing[target][key].add(change.pk)
    found = set[int]()
    for target, by_key in pointing.items():
        there = set(everything(target).filter(pk__in=by_key).values_list("pk", flat=True))
        own = {change.object_id for change in changes if model_of(change.model) is target}
        for key in by_key.keys() - there - own:
            found |= by_key[key]
    return found


def _deleted_or_kept(row: models.Model) -> list[str]:
    """Delete a row that a batch made; what somebody came to need in the last moment stays, and is named."""
    try:
        with transaction.atomic():
            row.delete()
    except models.ProtectedError:
        return [str(row)]
    return []


def _all_of(rows: Rows) -> Iterator[models.Model]:
    return (row for found in rows.values() for row in found.values())


def _write(writes: Writes) -> None:
    for (model, names), values in writes.items():
        update_rows(model, names, values)


def _create(changes: list[BatchChange]) -> dict[int, str]:
    """Make rows that come together with changes. One that does not fit any more is left out."""
    skipped = {}
    for change in changes:
        model = model_of(change.model)
        values = values_from(model, change.after)
        try:
            with transaction.atomic():
                everything(model).bulk_create([model(**values)])
        except IntegrityError:
            skipped[change.pk] = ""
    return skipped
