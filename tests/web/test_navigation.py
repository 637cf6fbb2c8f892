"""The doors at the side of staff pages: only those that somebody may open."""

from __future__ import annotations

from typing import Any

import pytest

from linli.web import navigation


class Person:
    is_authenticated = True

    def __init__(self, *abilities: str) -> None:
        self.abilities = abilities

    def has_perm(self, ability: str, obj: Any = None) -> bool:
        return ability in self.abilities


class Stranger(Person):
    is_authenticated = False


@pytest.fixture(autouse=True)
def _addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "reverse", lambda name: f"/{name}/")


def names(doors: list[navigation.NavItem]) -> list[str]:
    return [door.url_name for door in doors]


def test_only_the_doors_that_may_be_opened_are_shown() -> None:
    assert names(navigation.items(Person())) == ["workbench", "my-post", "settings"]
    assert names(navigation.items(Person("cases.view", "journal.view"))) == [
        "workbench",
        "case-list",
        "my-post",
        "journal",
        "settings",
    ]


def test_the_door_of_the_grids_opens_on_the_first_page_that_may_be_seen() -> None:
    def way_in(*abilities: str) -> list[str]:
        return [door.url for door in navigation.items(Person(*abilities), here="grid-plan") if door.icon == "hexagons"]

    assert way_in("areas.view", "grids.view_plans") == ["/grid-list/"]
    assert way_in("grids.view_plans") == ["/grid-plans/"]
    assert way_in("journal.view") == []


def test_nobody_gets_a_door_without_signing_in() -> None:
    assert navigation.items(Stranger("cases.view")) == []


def test_one_door_is_current_and_carries_its_count() -> None:
    doors = navigation.items(Person("cases.view"), here="case-new", counts={"case-list": 62})

    assert [(door.url_name, door.count) for door in doors if door.current] == [("case-list", 62)]


@pytest.mark.parametrize(
    ("page", "door"),
    [
        ("case", "case-list"),
        ("household", "household-list"),
        ("departure-answer", "household-list"),
        ("person-edit", "household-list"),
        ("my-name", "my-post"),
        ("journal-verify", "journal"),
        ("workbench", "workbench"),
        ("parts", ""),
        ("", ""),
    ],
)
def test_every_page_belongs_to_a_door_or_to_none(page: str, door: str) -> None:
    assert navigation.door_of(page) == door
