"""Invented households could be real ones, and nobody in them is."""

from __future__ import annotations

import random
from datetime import date

import pytest

from linli.core import idnumber, phones
from linli.demo.families import MIXES, Families
from linli.people.bulk import NewMember
from linli.people.choices import Registration, Relation

TODAY = date(2026, 11, 24)
HERE = "山西省长治市潞州区兴泰家园1号楼1单元101"


def households(mix: str, count: int, *, renting: bool = False) -> list[list[NewMember]]:
    families = Families(mix, random.Random(3), TODAY)
    return [families.make(HERE, renting=renting) for _number in range(count)]


@pytest.fixture(scope="module")
def sample() -> list[list[NewMember]]:
    return households("street", 3000)


def test_every_household_has_one_head_who_comes_first(sample: list[list[NewMember]]) -> None:
    for members in sample:
        assert [member.relation == Relation.HEAD for member in members] == [True] + [False] * (len(members) - 1)


@pytest.mark.usefixtures("tuesday")
def test_id_numbers_are_valid_of_no_region_and_say_what_the_person_is(sample: list[list[NewMember]]) -> None:
    for member in (member for members in sample for member in members):
        assert idnumber.check(member.id_number).ok
        assert member.id_number.startswith("149999")
        assert idnumber.birth_date(member.id_number) == member.birth_date
        assert idnumber.sex(member.id_number) == member.sex


def test_no_two_people_have_the_same_id_number(sample: list[list[NewMember]]) -> None:
    numbers = [member.id_number for members in sample for member in members]
    assert len(set(numbers)) == len(numbers)


def test_phones_have_the_right_form_in_a_range_that_nobody_has(sample: list[list[NewMember]]) -> None:
    given = [member.phone for members in sample for member in members if member.phone]
    assert all(phones.check(phone).ok and phone.startswith("1900") for phone in given)


def test_children_are_young_enough_for_their_mother(sample: list[list[NewMember]]) -> None:
    for members in sample:
        mothers = [member for member in members if member.relation == Relation.SPOUSE]
        children = [member for member in members if member.relation in (Relation.SON, Relation.DAUGHTER)]
        for mother, child in ((mother, child) for mother in mothers for child in children):
            assert child.birth_date.year - mother.birth_date.year >= 20


@pytest.mark.parametrize(("mix", "mean"), [("street", 2.67), ("district", 3.0)])
def test_households_are_as_large_as_the_scale_wants(mix: str, mean: float) -> None:
    sizes = [len(members) for members in households(mix, 4000)]
    assert sum(sizes) / len(sizes) == pytest.approx(mean, abs=0.08)


def test_tenants_are_mostly_registered_elsewhere_and_owners_here() -> None:
    assert set(MIXES) == {"street", "district"}
    tenants = [members[0] for members in households("street", 300, renting=True)]
    owners = [members[0] for members in households("street", 300)]
    assert sum(head.registration == Registration.ELSEWHERE for head in tenants) > 200
    assert all(head.registration == Registration.HERE and head.registered_address == HERE for head in owners)
