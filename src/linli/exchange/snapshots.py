"""Rows as text, so that a batch can put back exactly what stood there before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models

from linli.core import crypto

# They follow from where a building lies, which may change after an import without touching what the workbook said,
# from other columns, or from the batch itself.
FOLLOWING = frozenset({"path", "search_terms", "sort_key", "grid_id", "batch_id"})
# What a workbook may say of these itself.
MAY_BE_SAID = ("grid_id",)


def snapshot(row: models.Model) -> str:
    """Return all columns of a row as JSON, encrypted ones in clear: store it encrypted."""
    return as_json({name: getattr(row, name) for name in _columns(type(row))})


def digest(row: models.Model) -> str:
    """Return 64 hexadecimal characters that change with every column but those that follow from the grid.

    Columns that hold nothing, or what every new row holds, count as not there: one that is added later to a table
    changes no digest.
    """
    return _seal({name: getattr(row, name) for name, _usual in _digested(type(row))}, type(row))


def digests(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Return the `digest` of rows that are about to be written, by the values of the fields that are given."""
    wanted = {name for name, _usual in _digested(model)}
    places = [(name, place) for place, name in enumerate(names) if name in wanted]
    return [_seal({name: row[place] for name, place in places}, model) for row in rows]


def state_of(row: models.Model, said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what tells whether a row is as it was: its `digest`, and its grid where a workbook said that itself."""
    return digest(row), *(str(getattr(row, name)) for name in MAY_BE_SAID if name in said)


def put_back_values(model: type[models.Model], before: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that a row gets back; what follows from elsewhere stays, unless the workbook said it.

    Of batches from before it was noted what they said, everything comes back.
    """
    values = values_from(model, before)
    return {name: value for name, value in values.items() if not said or name not in FOLLOWING or name in said}


def restored(model: type[models.Model], text: str) -> models.Model:
    """Return the unsaved row of a snapshot."""
    return model(**values_from(model, text))


def values_from(model: type[models.Model], text: str) -> dict[str, Any]:
    """Return the values by attribute that `as_json` turned into text; what the table has no more is left out."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    if not text:
        return {}
    return {name: fields[name].to_python(value) for name, value in json.loads(text).items() if name in fields}


def column_names(model: type[models.Model]) -> Iterable[str]:
    """Return the names of all columns but the key."""
    return [field.name for field in model._meta.concrete_fields if not field.primary_key]


def as_json(values: Mapping[str, Any]) -> str:
    """Return values as text that is always the same for the same values."""
    return json.dumps(values, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _seal(values: Mapping[str, Any], model: type[models.Model]) -> str:
    usual = _usual(model)
    told = {name: value for name, value in values.items() if value not in (None, "") and value != usual[name]}
    return crypto.seal(as_json(told).encode("utf-8"), settings.LINLI_SEAL_KEY)


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def _digested(model: type[models.Model]) -> tuple[tuple[str, Any], ...]:
    fields = (field for field in model._meta.concrete_fields if field.attname not in FOLLOWING)
    return tuple((field.attname, None if field.primary_key else field.get_default()) for field in fields)


@cache
def _usual(model: type[models.Model]) -> dict[str, Any]:
    return dict(_digested(model))
