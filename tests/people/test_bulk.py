"""The bulk door of people writes what the ordinary doors would."""

from __future__ import annotations

from datetime import date

import pytest

from linli.accounts.rules import Refused
from linli.core import idnumber
from linli.housing import actions as housing
from linli.housing.actions import NewBuilding, NewDwelling
from linli.housing.models import Dwelling
from linli.journal.models import Entry
from linli.people.bulk import NewHousehold, NewMember, add_households
from linli.people.choices import Presence, Registration, Relation, Sex
from linli.people.models import Household, Person, Residence
from linli.people.queries import search_people
from linli.people.terms import search_terms
from tests.cast import Cast

BIRTH = date(1980, 5, 17)


@pytest.fixture
def home(cast: Cast) -> Dwelling:
    new = NewBuilding(cast.community_area, "1号楼", grid=cast.grid, address="兴泰家园1号楼")
    building = housing.add_buildings([new], by=cast.leader)[0]
    return housing.add_dwellings([NewDwelling(building, "2", "302")], by=cast.leader)[0]


def member(name: str, relation: Relation, sequence: int) -> NewMember:
    number = idnumber.make("149999", BIRTH, sequence)
    return NewMember(
        name, Sex.FEMALE, BIRTH, number, "19000000131", "", "兴泰家园", relation, Registration.HERE, Presence.HERE
    )


def household(home: Dwelling, number: str = "AAAAAAAAAA") -> NewHousehold:
    members = [member("原秀英", Relation.HEAD, 2), member("郭海燕", Relation.DAUGHTER, 4)]
    return NewHousehold(number, home, members, date(2001, 1, 1))


def test_households_people_and_residences_are_written_and_read_back(cast: Cast, home: Dwelling) -> None:
    assert add_households(cast.community_area, [household(home)], by=cast.leader) == 2
    written = Household.objects.get()
    assert (written.number, written.dwelling, written.path) == ("AAAAAAAAAA", home, cast.grid.path)
    person = Person.objects.get(name="原秀英")
    assert (person.birth_date, person.sex, person.phone) == (BIRTH, Sex.FEMALE, "19000000131")
    assert person.id_number == idnumber.make("149999", BIRTH, 2)
    residence = Residence.objects.get(person=person)
    assert (residence.relation, residence.registration, residence.since) == ("head", "here", date(2001, 1, 1))


def test_nothing_personal_lies_in_clear(cast: Cast, home: Dwelling) -> None:
    add_households(cast.community_area, [household(home)], by=cast.leader)
    stored = Person.objects.raw("SELECT id, id_number AS sealed, phone AS sealed_phone FROM people_person")[0]
    assert stored.sealed.startswith("v1:")  # type: ignore[attr-defined]
    assert stored.sealed_phone.startswith("v1:")  # type: ignore[attr-defined]


def test_people_are_found_as_those_who_came_otherwise(cast: Cast, home: Dwelling) -> None:
    add_households(cast.community_area, [household(home)], by=cast.leader)
    person = Person.objects.get(name="原秀英")
    assert set(person.search_terms.split()) == set(search_terms("原秀英", home.address, "19000000131").split())
    assert person in search_people(cast.worker, "yuanxiuying")
    assert person in search_people(cast.worker, "0131")


def test_ids_go_on_after_those_that_are_there(cast: Cast, home: Dwelling) -> None:
    add_households(cast.community_area, [household(home, "AAAAAAAAAA")], by=cast.leader)
    add_households(cast.community_area, [household(home, "BBBBBBBBBB")], by=cast.leader)
    later = Household.objects.create(
        number="C", dwelling=home, path=home.path, created_at=home_time(), changed_at=home_time()
    )
    assert later.pk > max(Household.objects.exclude(pk=later.pk).values_list("pk", flat=True))


def home_time() -> object:
    return Household.objects.values_list("created_at", flat=True)[0]


def test_one_journal_entry_tells_how_many_and_no_name(cast: Cast, home: Dwelling) -> None:
    before = Entry.objects.count()
    add_households(cast.community_area, [household(home)], by=cast.leader)
    entry = Entry.objects.first()
    assert Entry.objects.count() == before + 1
    assert entry is not None
    assert (entry.detail["households"], entry.detail["people"]) == (1, 2)
    assert "原秀英" not in str(entry.detail)


def test_without_the_right_nothing_is_written(cast: Cast, home: Dwelling) -> None:
    with pytest.raises(Refused):
        add_households(cast.community_area, [household(home)], by=cast.volunteer)
    assert not Person.objects.exists()
