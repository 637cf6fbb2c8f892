"""Whether two entries may be one person, and that nothing is called certain that is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.duplicates import judged, make_ledger
from linli.people.choices import Certainty, Reason
from linli.people.likeness import Facts, NameFit, Opened, Verdicts, births_are_near, judge, name_fit, pairs_in

ID, OTHER_ID = "149999196108257324", "149999197307016931"
BORN = date(1961, 8, 25)
ONE = Facts(1, "单田芳", "male", BORN, "", "phone")
OTHER = replace(ONE, key=2)


def told(one: Facts, other: Facts, numbers: tuple[str, str] = ("", ""), homes: tuple[int, int] = (1, 2)) -> object:
    found = judge(one, other, Opened(numbers[0], homes[0]), Opened(numbers[1], homes[1]))
    return found.certainty if found is not None else None


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("单田芳", "单田芳", NameFit.SAME),
        ("單田芳", "单田芳", NameFit.SAME),
        ("张 三 峰", "張三峯", NameFit.SAME),
        ("单田芳", "单田方", NameFit.SOUND),
        ("曾国", "曾囯", NameFit.SAME),
        ("王建国", "王建军", NameFit.ONE_CHARACTER),
        ("单田芳", "田单芳", NameFit.ONE_CHARACTER),
        ("单田芳", "单田芳华", NameFit.ONE_CHARACTER),
        ("王伟", "王强", NameFit.HALF),
        ("王伟", "李强", NameFit.NONE),
        ("", "", NameFit.NONE),
    ],
)
def test_how_names_fit(one: str, other: str, fit: NameFit) -> None:
    assert name_fit(one, other) is fit
    assert name_fit(other, one) is fit


@given(
    st.text("王李单解曾伟芳国華華张張 ", min_size=1, max_size=4),
    st.text("王李单解曾伟芳国華张張 ", min_size=1, max_size=4),
)
def test_whoever_fits_is_compared(one: str, other: str) -> None:
    pairs = list(pairs_in([replace(ONE, name=one), replace(OTHER, name=other)]))
    if name_fit(one, other) is not NameFit.NONE:
        assert len(pairs) == 1


@pytest.mark.parametrize(
    ("day", "near"),
    [
        (date(1961, 8, 25), True),
        (date(1961, 8, 26), True),
        (date(1916, 8, 25), True),
        (date(1961, 3, 25), True),
        (date(1962, 9, 25), False),
    ],
)
def test_birth_dates_that_are_near(day: date, near: bool) -> None:
    assert births_are_near(BORN, day) is near


def test_day_and_month_in_each_others_place_are_near() -> None:
    assert births_are_near(date(1961, 8, 5), date(1961, 5, 8))


def test_one_valid_id_number_makes_it_certain() -> None:
    other = replace(OTHER, phone_index="", birth_date=None)
    assert told(ONE, other, (ID, ID)) == Certainty.CERTAIN
    assert told(ONE, other, (ID, ID[:6] + ID[8:17])) == Certainty.CERTAIN


def test_a_number_copied_to_somebody_else_is_only_likely() -> None:
    assert told(ONE, replace(OTHER, name="李桂香"), (ID, ID)) != Certainty.CERTAIN


def test_two_valid_id_numbers_are_two_people_whatever_else_is_the_same() -> None:
    assert told(ONE, OTHER, (ID, OTHER_ID), (1, 1)) is None


def test_name_birth_date_and_phone_or_home_make_it_certain() -> None:
    assert told(ONE, OTHER) == Certainty.CERTAIN
    assert told(ONE, replace(OTHER, phone_index=""), homes=(1, 1)) == Certainty.CERTAIN
    assert told(ONE, replace(OTHER, sex="female")) != Certainty.CERTAIN


def test_strangers_of_one_name_and_birth_date_are_never_certain() -> None:
    assert told(ONE, replace(OTHER, phone_index="another")) != Certainty.CERTAIN


def test_neighbouring_numbers_prove_nothing() -> None:
    typo = ID[:17] + "5"
    assert told(ONE, replace(OTHER, phone_index="another"), (ID, typo)) == Certainty.LIKELY


def test_twins_are_never_certain_and_named_as_such() -> None:
    one, other = replace(ONE, name="张子轩"), replace(OTHER, name="张子涵")
    found = judge(one, other, Opened("", 1), Opened("", 1))
    assert found is not None
    assert found.certainty == Certainty.POSSIBLE
    assert Reason.MAYBE_TWINS in found.reasons


def test_a_mistyped_twin_is_not_certainly_the_other() -> None:
    one, other = replace(ONE, name="张子轩"), replace(OTHER, name="张子涵")
    mistyped = replace(ONE, key=3, name="张子涵")
    verdicts = Verdicts()
    homes = {1: Opened("", 1), 2: Opened("", 1), 3: Opened("", 9)}
    for pair in ((one, other), (one, mistyped), (other, mistyped)):
        verdicts.add(*pair, homes[pair[0].key], homes[pair[1].key])
    assert verdicts.settled()[2, 3].certainty == Certainty.LIKELY


def test_father_and_son_with_one_phone_are_not_proposed() -> None:
    son = replace(OTHER, name="单田华", birth_date=date(1990, 1, 1))
    assert told(ONE, son, homes=(1, 1)) is None
    assert told(ONE, replace(son, birth_date=None), homes=(1, 1)) is None


def test_what_is_called_certain_is_so_in_labelled_ledgers() -> None:
    for seed in (1, 2, 3):
        figures = judged(make_ledger(3000, seed))
        assert figures.wrongly_certain == []
        assert figures.shown["certain"] > 0.4 * figures.true_pairs
        found = sum(figures.right.values())
        assert found > 0.88 * figures.true_pairs
        assert found > 0.8 * sum(figures.shown.values())
