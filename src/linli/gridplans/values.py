"""Plain values about drafts of grids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from linli.gridplans.choices import Basis
from linli.planner.model import Preset, Settings

Line = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Asked:
    """What somebody asks for: the size of grids in households, what counts as a boundary, and from what to start.

    Outside ``warned_low`` to ``warned_high`` a grid needs a reason: the band of residential grids, where that is wider.
    """

    target: int = 300
    lowest: int = 200
    highest: int = 400
    roads: bool = True
    compounds: bool = True
    preset: str = Preset.DEFAULT
    basis: str = Basis.PRESENT
    seed: int = 1
    warned_low: int = 0
    warned_high: int = 0

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Asked:
        """Return what a draft keeps."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    def kept(self) -> dict[str, Any]:
        """Return what a draft keeps, as JSON takes it."""
        return {name: str(value) if isinstance(value, str) else value for name, value in asdict(self).items()}

    @property
    def band(self) -> tuple[int, int]:
        """The sizes that need no reason."""
        return min(self.warned_low or self.lowest, self.lowest), max(self.warned_high, self.highest)

    def settings(self, digits: int) -> Settings:
        """Return what the planner is given; ``digits`` of the number at the end of the code of a grid."""
        return Settings(
            target=self.target,
            lowest=self.lowest,
            highest=self.highest,
            preset=Preset(self.preset),
            seed=self.seed,
            roads=self.roads,
            compounds=self.compounds,
            digits=digits,
        )


def written(value: Any) -> str:
    """Return what somebody wrote, without what no database keeps: zero bytes and halves of characters."""
    return str(value or "").replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


@dataclass(frozen=True)
class StepAsked:
    """A step as it is asked for."""

    kind: str
    buildings: Sequence[int] = ()
    grid: str = ""
    to: str = ""
    text: str = ""
