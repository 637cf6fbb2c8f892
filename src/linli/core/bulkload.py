"""Writing very many rows: five times as fast as ``bulk_create``, because no object and no expression is made for each.

Only for the bulk doors of apps, inside their transaction. Signals are not sent and nothing is validated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import lru_cache, partial
from typing import Any

from django.db import connection, models

from linli.core.fields import EncryptedTextField

# Values of these are stored as they are.
PLAIN_TYPES = frozenset(
    {
        "BigAutoField",
        "BigIntegerField",
        "CharField",
        "FloatField",
        "ForeignKey",
        "IntegerField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "SmallIntegerField",
        "TextField",
    }
)
DATE_TYPES = frozenset({"DateField", "DateTimeField"})
REMEMBERED_DATES = 50_000

Convert = Callable[[Any], Any]


def insert_rows(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[int]:
    """Insert rows into the table of a model and return their new ids, in order.

    Args:
        names: the fields that are given, by attribute (``person_id``); the others get their defaults.
        rows: the values of each row in the order of ``names``; text is plain str, not a member of an enumeration.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    defaults = [field for name, field in fields.items() if name not in names]
    rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in defaults)
    converters = [(place, _converter(fields[name])) for place, name in enumerate(names)]
    special = [(place, convert) for place, convert in converters if convert is not None]
    prepared = [(*_converted(row, special), *rest) for row in rows]
    ids = _new_ids(model, len(prepared))
    columns = ["id", *(str(field.column) for field in [*(fields[name] for name in names), *defaults])]
    _write(model, columns, [(key, *row) for key, row in zip(ids, prepared, strict=True)])
    return ids


def insert_objects(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Insert objects that are not in the table yet, and give them their ids, as ``bulk_create`` does.

    What they point to must be in its table already.
    """
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    for each in objects:
        # An object that was pointed to before it had an id has one now.
        each._prepare_related_fields_for_save(operation_name="insert_objects")  # type: ignore[attr-defined]
    ids = insert_rows(model, names, ([_plain(getattr(each, name)) for name in names] for each in objects))
    for each, key in zip(objects, ids, strict=True):
        each.pk = key
        each._state.adding, each._state.db = False, connection.alias


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _converter(field: models.Field[Any, Any]) -> Convert | None:
    """Return how a value of the field becomes what the database takes; None where it is the same."""
    kind = field.get_internal_type()
    convert = partial(field.get_db_prep_save, connection=connection)
    if kind in DATE_TYPES:
        return lru_cache(maxsize=REMEMBERED_DATES)(convert)
    if kind in PLAIN_TYPES and not isinstance(field, EncryptedTextField):
        return None
    return convert


def _converted(row: Sequence[Any], special: Sequence[tuple[int, Convert]]) -> list[Any]:
    values = list(row)
    for place, convert in special:
        values[place] = convert(values[place])
    return values


def _new_ids(model: type[models.Model], count: int) -> list[int]:
    """Take the next ids of a table; the transaction must be one that writes, so that nobody else takes them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    first = (row[0] if row else 0) + 1
    return list(range(first, first + count))


def _write(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", rows)  # noqa: S608 - names, no values
