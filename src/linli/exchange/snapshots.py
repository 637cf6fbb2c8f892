"""Rows as text, so that a batch can put back exactly what stood there before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.conf import settings
from django.db import models

from linli.core import crypto

# They follow from where a building lies, which may change after an import without touching what the workbook said.
FOLLOWING = frozenset({"path", "search_terms", "grid_id"})


def snapshot(row: models.Model) -> str:
    """Return all columns of a row as JSON, encrypted ones in clear: store it encrypted."""
    return _as_json({name: getattr(row, name) for name in _columns(type(row))})


def digest(row: models.Model) -> str:
    """Return 64 hexadecimal characters that change with every column but those that follow from the grid."""
    values = {name: getattr(row, name) for name in _columns(type(row)) if name not in FOLLOWING}
    return crypto.seal(_as_json(values).encode("utf-8"), settings.LINLI_SEAL_KEY)


def restored(model: type[models.Model], text: str) -> models.Model:
    """Return the unsaved row of a snapshot."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    values = {name: fields[name].to_python(value) for name, value in json.loads(text).items()}
    return model(**values)


def column_names(model: type[models.Model]) -> Iterable[str]:
    """Return the names of all columns but the key."""
    return [field.name for field in model._meta.concrete_fields if not field.primary_key]


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def _as_json(values: dict[str, Any]) -> str:
    return json.dumps(values, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
