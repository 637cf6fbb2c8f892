"""The text of the pledge, read once from ``data/pledge.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language


@dataclass(frozen=True)
class PledgeText:
    """What is promised, in both languages; ``version`` rises with every change of the text."""

    version: int
    words: dict[str, tuple[str, str, tuple[str, ...]]]

    @property
    def _words(self) -> tuple[str, str, tuple[str, ...]]:
        return self.words["en" if get_language() == "en" else "zh"]

    @property
    def title(self) -> str:
        return self._words[0]

    @property
    def opening(self) -> str:
        return self._words[1]

    @property
    def points(self) -> tuple[str, ...]:
        return self._words[2]


@cache
def pledge_text() -> PledgeText:
    """Return the present text."""
    raw = tomllib.loads(files("linli.staff").joinpath("data/pledge.toml").read_text(encoding="utf-8"))
    points = raw["points"]
    return PledgeText(
        version=raw["version"],
        words={
            "zh": (raw["title"], raw["opening"], tuple(point["zh"] for point in points)),
            "en": (raw["title_en"], raw["opening_en"], tuple(point["en"] for point in points)),
        },
    )
