"""The categories that a new installation begins with, read from ``data/categories.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from linli.cases.choices import Mechanism, Severity


@dataclass(frozen=True)
class Preset:
    """One category; ``group`` is the group it belongs to, "" for a group itself. Minutes are working time."""

    code: str
    name: str
    name_en: str
    group: str
    mechanism: Mechanism
    severity: Severity
    accept_minutes: int
    answer_minutes: int
    offered_to_residents: bool


@cache
def presets() -> tuple[Preset, ...]:
    """Return groups and categories in their order, each group before what belongs to it.

    Raises ``ValueError`` when the file names a way or a severity that does not exist.
    """
    raw = tomllib.loads(files("linli.cases").joinpath("data/categories.toml").read_text(encoding="utf-8"))
    found: list[Preset] = []
    for group in raw["group"]:
        found.append(_preset(raw["defaults"] | group, group=""))
        found += [_preset(raw["defaults"] | category, group=group["code"]) for category in group["categories"]]
    return tuple(found)


def _preset(values: dict[str, Any], *, group: str) -> Preset:
    return Preset(
        code=values["code"],
        name=values["name"],
        name_en=values["name_en"],
        group=group,
        mechanism=Mechanism(values["mechanism"]),
        severity=Severity(values["severity"]),
        accept_minutes=values["accept"],
        answer_minutes=values["answer"],
        offered_to_residents=values["residents"],
    )
