"""The periods of declarations: presets of ``data/periods.toml``, and what the place says otherwise."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path

from django.conf import settings

OWN_FILE = "declarations.toml"


@dataclass(frozen=True)
class Periods:
    """``promise`` and ``remind_again`` in working days, the others in days."""

    promise: int
    remind_again: int
    unanswered: int
    ended: int
    confirmed: int


def periods() -> Periods:
    """Return the periods as they count now.

    Raises:
        ValueError: the place's own file names a period that does not exist, or one that is no number of days.
    """
    figures = tomllib.loads(files("linli.declarations").joinpath("data/periods.toml").read_text(encoding="utf-8"))
    own = Path(settings.DATA_DIR) / OWN_FILE
    if own.exists():
        figures |= tomllib.loads(own.read_text(encoding="utf-8"))
    unknown = figures.keys() - {field.name for field in fields(Periods)}
    wrong = [name for name, days in figures.items() if type(days) is not int or days < 1]
    if unknown or wrong:
        raise ValueError(f"{own}: these are no periods: {', '.join(sorted({*unknown, *wrong}))}")
    return Periods(**figures)
