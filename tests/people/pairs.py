"""People who stand in the ledger twice, for the tests."""

from __future__ import annotations

from typing import Any

from linli.housing.actions import assign_grid
from linli.housing.models import Building
from linli.people.choices import Side
from linli.people.duplicates import find_duplicates, people_of
from linli.people.merging import MERGED_FIELDS, Choices, check_area
from linli.people.models import Duplicate, DuplicateCheck, Person
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.once import once

ID, PHONE = "149999196108257324", "15005569934"


def settle_pair(cast: Cast, **values: str) -> Duplicate:
    """Let 单田芳 live in 3号楼 of the first grid and, a second time, in 9号楼 of the second; return the pair."""
    once(("pair", *sorted(values.items())), lambda: _write_pair(cast, values))
    return _pairs()[0]


def _write_pair(cast: Cast, values: dict[str, str]) -> None:
    rows = [
        resident("单田芳", id_number=ID, phone=PHONE, birth_date="1961-08-25", note="爱下棋"),
        resident("李桂香", room="602"),
        resident("單田芳", building="9号楼", phone=PHONE, birth_date="1961-08-25", **values),
    ]
    applied(workbook(rows), cast.community_area, cast.leader)
    for name, grid in (("3号楼", cast.grid), ("9号楼", cast.other_grid)):
        assign_grid(Building.objects.get(name=name), grid, by=cast.leader)
    check_now(cast.community_area, cast.leader)


def settle_across(cast: Cast) -> Duplicate:
    """Let 单田芳 live in the first grid and, a second time, in the community beside; return the pair."""
    once("pair across", lambda: _write_across(cast))
    return _pairs()[0]


def _write_across(cast: Cast) -> None:
    for community, grid, building, name in (
        (cast.community_area, cast.grid, "3号楼", "单田芳"),
        (cast.beside_community, cast.beside_grid, "7号楼", "單田芳"),
    ):
        row = resident(name, building=building, phone=PHONE, birth_date="1961-08-25")
        applied(workbook([row]), community, cast.street)
        assign_grid(Building.objects.get(name=building), grid, by=cast.administrator)
    check_now(cast.street_area, cast.street)


def check_now(area: Any, by: Any) -> list[Duplicate]:
    """Look an area through, and return the pairs that are known then."""
    check = DuplicateCheck.objects.create(area=area, path=area.path, started_at=area_time(), started_by=by.username)
    check_area(None, by, check.pk)
    return _pairs()


def _pairs() -> list[Duplicate]:
    return list(Duplicate.objects.select_related("first", "second").order_by("pk"))


def area_time() -> Any:
    from linli.core import clock

    return clock.now()


def all_from(side: Side, **others: Side) -> Choices:
    """Choose every value and the home from one side, but those that are named."""
    home = others.pop("home", side)
    return Choices(values=dict.fromkeys(MERGED_FIELDS, side) | others, home=home)


def found_in(area: Any) -> dict[tuple[str, str], str]:
    """Return the names of the pairs of an area and how sure they are; nothing is written."""
    found = find_duplicates(people_of(area)).pairs
    names = dict(Person.objects.values_list("pk", "name"))
    return {(names[first], names[second]): str(likeness.certainty) for (first, second), likeness in found.items()}
