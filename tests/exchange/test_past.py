"""A later workbook overwrites no past: the file of a household shows every day as it was known to be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from linli.accounts.rules import SYSTEM
from linli.checks import check_all
from linli.core import clock
from linli.exchange.actions import undo_batch
from linli.people import actions as people
from linli.people.choices import Presence, Registration
from linli.people.models import Household, Person, PersonChange, Residence
from linli.people.queries import HouseholdFile, household_file
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

PHONE, NEW_PHONE = "15005569934", "15005569935"
FORMER = workbook([resident("单田芳", phone=PHONE), resident("单小芳", relation="之女", birth_date="1990-02-03")])
LATER = workbook(
    [
        resident("单田芳", phone=NEW_PHONE),
        resident("单小芳", relation="之女", birth_date="1990-02-03", residence_status="流出"),
    ]
)


def told(file: HouseholdFile) -> dict[str, tuple[str, str]]:
    return {member.person.name: (member.phone, member.residence.presence) for member in file.members}


def test_what_a_later_workbook_says_counts_from_its_day_on(cast: Cast) -> None:
    applied(FORMER, cast.community_area, cast.leader)
    first = clock.today()
    number = Household.objects.get().number

    def file(day: date) -> HouseholdFile:
        return household_file(cast.leader, number, day=day)

    with clock.frozen(clock.now() + timedelta(days=40)):
        batch = applied(LATER, cast.community_area, cast.leader)
        assert told(file(first)) == {
            "单田芳": ("150****9934", Presence.HERE),
            "单小芳": ("", Presence.HERE),
        }
        now = file(clock.today())
        assert told(now) == {
            "单田芳": ("150****9935", Presence.HERE),
            "单小芳": ("", Presence.AWAY),
        }
        assert [line.text for line in now.history[:2]] == [
            "户口和居住情况改为：单小芳: 户籍在这里 · 住在外地",
            "改了单田芳的信息",
        ]
        assert clock.today() in now.versions
        assert check_all(None, by=SYSTEM)["clean"]
        undo_batch(batch, by=cast.leader)
        assert told(file(clock.today())) == told(file(first))
    assert (PersonChange.objects.count(), Residence.everything.count()) == (0, 2)


def test_a_second_workbook_of_the_same_day_makes_no_row_that_says_nothing(cast: Cast) -> None:
    applied(FORMER, cast.community_area, cast.leader)
    applied(LATER, cast.community_area, cast.leader)
    back = workbook([resident("单小芳", relation="之女", birth_date="1990-02-03", residence_status="户籍常住")])
    applied(back, cast.community_area, cast.leader)
    rows = Residence.objects.filter(person__name="单小芳").order_by("pk")
    assert [(row.presence, row.until) for row in rows] == [(Presence.HERE, clock.today()), (Presence.HERE, None)]


def test_what_somebody_prefers_not_to_say_is_not_written_down_from_a_workbook(cast: Cast) -> None:
    applied(FORMER, cast.community_area, cast.leader)
    person = Person.objects.get(name="单田芳")
    people.change_person(person, {"declined": ["phone"]}, by=cast.leader)
    batch = applied(LATER, cast.community_area, cast.leader)
    person.refresh_from_db()
    assert (person.phone, batch.report["differences"]) == ("", {"person": 1})
    away = Residence.objects.get(person__name="单小芳", until=None)
    assert (away.registration, away.presence) == (Registration.HERE, Presence.AWAY)
