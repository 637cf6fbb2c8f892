"""The roles table, read once from ``roles.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from linli.areas.choices import Reach, Role

Table = dict[Role, dict[str, Reach]]


@cache
def table() -> Table:
    """Return role → ability → reach, with inherited rows filled in.

    Raises ``ValueError`` when the file names a role or a reach that does not exist.
    """
    raw = tomllib.loads(files("linli.areas").joinpath("roles.toml").read_text(encoding="utf-8"))
    return {Role(name): _abilities(raw, name) for name in raw}


def _abilities(raw: dict[str, dict[str, str]], name: str) -> dict[str, Reach]:
    row = dict(raw[name])
    parent = row.pop("inherit", None)
    inherited = _abilities(raw, parent) if parent else {}
    return inherited | {ability: Reach(reach) for ability, reach in row.items()}


@cache
def abilities() -> frozenset[str]:
    """Return every ability that at least one role has."""
    return frozenset(ability for row in table().values() for ability in row)


def reach_of(role: str, ability: str) -> Reach | None:
    """Return how far an ability of a role reaches, or None when the role has it not."""
    return table().get(Role(role), {}).get(ability)
