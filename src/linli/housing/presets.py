"""The lists that a new installation begins with, read from ``data/lists.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from linli.housing.choices import ListKind


@dataclass(frozen=True)
class Preset:
    """One row of a list."""

    kind: ListKind
    code: str
    name: str
    name_en: str
    derived_by: str
    category: str
    value: Decimal | None
    position: int


@cache
def presets() -> tuple[Preset, ...]:
    """Return every row of every list in its order. Raises ``ValueError`` when the file names an unknown list."""
    text = files("linli.housing").joinpath("data/lists.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text, parse_float=Decimal)
    return tuple(
        Preset(
            kind=ListKind(kind),
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            derived_by=row.get("derived", ""),
            category=row.get("category", ""),
            value=Decimal(row["value"]) if "value" in row else None,
            position=position,
        )
        for kind, rows in raw.items()
        for position, row in enumerate(rows)
    )
