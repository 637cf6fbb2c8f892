"""Who may do what, worked out a second time from roles table, cast and tree: without the rights backend."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import linli.areas
from linli.areas.models import Area
from tests.cast import STAFF

OFFICES = {"department": "heating", "far_department": "lighting"}
POSTS = {username: (role, place) for username, _name, role, place in STAFF}


@dataclass(frozen=True)
class Thing:
    """An object of the world: where it lies (``None``: nowhere), who was given it, who reported it."""

    area: Area | None = None
    department: str = ""
    reporter: str = ""


@cache
def roles() -> dict[str, dict[str, str]]:
    """Return role → ability → reach as ``areas/roles.toml`` says, with what is inherited."""
    text = Path(linli.areas.__file__).with_name("roles.toml").read_text(encoding="utf-8")
    written = tomllib.loads(text)
    filled: dict[str, dict[str, str]] = {}
    for role, row in written.items():
        own = {ability: reach for ability, reach in row.items() if ability != "inherit"}
        # A row only inherits from one that stands above it.
        filled[role] = filled.get(row.get("inherit", ""), {}) | own
    return filled


def has(username: str, *abilities: str) -> bool:
    """Tell whether somebody of the cast has one of these abilities at all."""
    role, _place = POSTS.get(username, ("", ""))
    return any(ability in roles().get(role, {}) for ability in abilities)


def reaches(username: str, ability: str, thing: Thing, places: dict[str, Area]) -> bool:
    """Tell whether an ability of somebody of the cast reaches an object.

    Args:
        places: name of a place in the cast → area.
    """
    role, place = POSTS.get(username, ("", ""))
    match roles().get(role, {}).get(ability):
        case "area":
            post_area = places.get(place) or places[f"{place}_area"]
            return thing.area is None or _lies_in(thing.area, post_area)
        case "department":
            return thing.department == OFFICES[username]
        case "own":
            return thing.reporter == username
        case _:
            return False


def _lies_in(area: Area, other: Area) -> bool:
    step: Area | None = area
    while step is not None:
        if step.pk == other.pk:
            return True
        step = step.parent
    return False
