"""Revealing and correcting, and what an import does to people who are known."""

from __future__ import annotations

import pytest

from linli.accounts.rules import Refused
from linli.housing.actions import assign_grid
from linli.housing.choices import Occupancy
from linli.housing.models import Building, Dwelling
from linli.journal.models import Entry
from linli.people.actions import correct, keep_as_written, reveal
from linli.people.choices import CorrectionState, RevealPurpose
from linli.people.models import Correction, Household, Person
from linli.people.queries import corrections_for, household_counts, household_file, masked, person_for, search_people
from linli.people.rules import NotPossible
from tests.cast import Cast
from tests.exchange.samples import Row, applied, resident, workbook
from tests.once import once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

ID, PHONE = "149999196108257324", "15005569934"
WRONG_ID = "149999196108257325"


def take_in(cast: Cast, *rows: Row) -> None:
    once(repr(rows), lambda: applied(workbook(rows), cast.community_area, cast.leader))


@pytest.fixture
def neighbour(cast: Cast) -> Person:
    """李桂香, who lives in the first grid."""
    take_in(cast, resident("李桂香", id_number=ID, phone=PHONE))
    assign_grid(Building.objects.get(), cast.grid, by=cast.leader)
    return Person.objects.get()


@pytest.mark.parametrize("who", ["worker", "partner", "leader", "community", "street"])
def test_revealing_needs_a_purpose_and_lands_in_the_journal(cast: Cast, neighbour: Person, who: str) -> None:
    assert reveal(neighbour, "id_number", by=cast.users[who], reason=RevealPurpose.VISIT) == ID
    assert reveal(neighbour, "phone", by=cast.users[who], reason=RevealPurpose.CASE) == PHONE
    looks = Entry.objects.filter(action="people.reveal", actor=who, object_id=str(neighbour.pk)).order_by("number")
    assert [(look.reason, look.detail) for look in looks] == [
        ("visit", {"field": "id_number"}),
        ("case", {"field": "phone"}),
    ]


@pytest.mark.parametrize(
    "who",
    ["far_worker", "far_leader", "department", "district", "police", "volunteer", "head", "administrator", "auditor"],
)
def test_nobody_else_may_reveal(cast: Cast, neighbour: Person, who: str) -> None:
    with pytest.raises(Refused):
        reveal(neighbour, "phone", by=cast.users[who], reason=RevealPurpose.VISIT)
    assert not Entry.objects.filter(action="people.reveal").exists()
    with pytest.raises(Person.DoesNotExist):
        person_for(cast.users[who], neighbour.pk)


def test_without_a_purpose_nothing_is_revealed(cast: Cast, neighbour: Person) -> None:
    for reason in ("", "curiosity"):
        with pytest.raises(NotPossible):
            reveal(neighbour, "phone", by=cast.worker, reason=reason)
    with pytest.raises(ValueError, match="name"):
        reveal(neighbour, "name", by=cast.worker, reason=RevealPurpose.VISIT)
    assert not Entry.objects.filter(action="people.reveal").exists()


def test_numbers_are_masked(neighbour: Person) -> None:
    shown = masked(neighbour)
    assert (shown["id_number"], shown["phone"]) == ("1499**********7324", "150****9934")


def test_a_wrong_id_number_is_kept_marked_and_put_right(cast: Cast) -> None:
    take_in(cast, resident("李桂香", id_number=WRONG_ID, phone="1500556993", birth_date="1961-02-30"))
    person = Person.objects.get()
    assert (person.id_number, person.phone, person.birth_date) == (WRONG_ID, "1500556993", None)
    open_ones = {correction.field: correction for correction in corrections_for(cast.leader)}
    written = {name: correction.written for name, correction in open_ones.items()}
    assert written == {"id_number": WRONG_ID, "phone": "1500556993", "birth_date": "1961-02-30"}
    for name, value in (("id_number", ID), ("phone", PHONE), ("birth_date", "1961年8月25日")):
        correct(open_ones[name], value, by=cast.leader)
    person.refresh_from_db()
    assert (person.id_number, person.phone, str(person.birth_date)) == (ID, PHONE, "1961-08-25")
    assert not corrections_for(cast.leader).exists()
    for text in (ID, PHONE, "9934"):
        assert search_people(cast.leader, text) == [person]


@pytest.mark.parametrize(("name", "value"), [("id_number", WRONG_ID), ("phone", "123"), ("birth_date", "1961-02-31")])
def test_a_wrong_value_corrects_nothing(cast: Cast, name: str, value: str) -> None:
    take_in(cast, resident("李桂香", id_number=WRONG_ID, phone="1500556993", birth_date="1961-02-30"))
    with pytest.raises(NotPossible):
        correct(Correction.objects.get(field=name), value, by=cast.leader)
    assert corrections_for(cast.leader).count() == 3


def test_a_value_can_be_right_as_written(cast: Cast) -> None:
    take_in(cast, resident("李桂香", id_number=WRONG_ID))
    keep_as_written(Correction.objects.get(), by=cast.leader)
    with pytest.raises(NotPossible):
        keep_as_written(Correction.objects.get(), by=cast.leader)
    take_in(cast, resident("李桂香", id_number=WRONG_ID))
    assert Correction.objects.get().state == CorrectionState.KEPT


def test_corrections_follow_the_rights(cast: Cast) -> None:
    take_in(cast, resident("李桂香", id_number=WRONG_ID))
    for who in ("worker", "street", "far_leader", "department", "outsider"):
        assert not corrections_for(cast.users[who]).exists()
        with pytest.raises(Refused):
            correct(Correction.objects.get(), ID, by=cast.users[who])
    assign_grid(Building.objects.get(), cast.grid, by=cast.leader)
    correct(corrections_for(cast.worker).get(), ID, by=cast.worker)
    assert Person.objects.get().id_number == ID


def test_a_corrected_value_is_not_overwritten_by_the_old_workbook(cast: Cast) -> None:
    take_in(cast, resident("李桂香", id_number=WRONG_ID))
    correct(Correction.objects.get(), ID, by=cast.leader)
    take_in(cast, resident("李桂香", id_number=WRONG_ID))
    assert Person.objects.get().id_number == ID
    assert Correction.objects.get().state == CorrectionState.DONE


def test_a_corrected_workbook_settles_the_correction(cast: Cast) -> None:
    take_in(cast, resident("李桂香", id_number=WRONG_ID))
    take_in(cast, resident("李桂香", id_number=ID))
    assert Person.objects.get().id_number == ID
    assert Correction.objects.get().state == CorrectionState.DONE


def test_blank_cells_erase_nothing(cast: Cast, neighbour: Person) -> None:
    take_in(cast, resident("李桂香", id_number=ID, sex="", renting="", residence_status=""))
    person = Person.objects.get()
    assert (person.phone, person.sex) == (PHONE, "female")
    assert Dwelling.objects.get().occupancy == Occupancy.OWN


def test_two_people_with_one_name_and_two_id_numbers_stay_two(cast: Cast, neighbour: Person) -> None:
    take_in(cast, resident("李桂香", id_number="149999197307016931"))
    assert Person.objects.filter(name="李桂香").count() == 2


def test_birth_date_and_sex_come_from_the_id_number_where_nothing_is_written(cast: Cast) -> None:
    take_in(cast, resident("李桂香", id_number=ID, sex=""))
    person = Person.objects.get()
    assert (str(person.birth_date), person.sex) == ("1961-08-25", "female")


def test_somebody_known_in_another_community_is_left_alone(cast: Cast, neighbour: Person) -> None:
    applied(workbook([resident("李桂香", id_number=ID)]), cast.far_community, cast.far_leader)
    assert Person.objects.filter(path__startswith=cast.far_community.path).count() == 1
    neighbour.refresh_from_db()
    assert neighbour.path == cast.grid.path


def test_moving_within_the_community_keeps_the_history(cast: Cast, neighbour: Person) -> None:
    take_in(cast, resident("李桂香", id_number=ID, building="9号楼", room="102"))
    old, new = neighbour.residences.order_by("pk")
    assert (str(old.until), str(new.since), new.until) == ("2026-11-24", "2026-11-24", None)
    assert str(old.household.ended_on) == "2026-11-24"
    neighbour.refresh_from_db()
    assert neighbour.path == cast.community_area.path
    lines = [line.text for line in household_file(cast.leader, old.household.number).history]
    assert any("李桂香" in line for line in lines)
    assert household_file(cast.leader, new.household.number).head is not None


def test_an_empty_home_that_is_lived_in_again_is_no_longer_empty(cast: Cast) -> None:
    take_in(
        cast,
        resident("", relation="", sex="", residence_status="", renting="", note="空置"),
        resident("王明", room="602"),
    )
    assert Dwelling.objects.get(room="501").occupancy == Occupancy.EMPTY
    take_in(cast, resident("李桂香", renting="是"))
    assert Dwelling.objects.get(room="501").occupancy == Occupancy.RENTED


def test_the_household_file(cast: Cast, neighbour: Person) -> None:
    take_in(cast, resident("李强", relation="之子", birth_date="1990-12-01", id_number=WRONG_ID))
    file = household_file(cast.worker, Household.objects.get().number)
    assert [member.person.name for member in file.members] == ["李桂香", "李强"]
    assert [member.age for member in file.members] == [65, 35]
    assert file.members[0].id_number == "1499**********7324"
    assert [correction.field for correction in file.members[1].corrections] == ["id_number"]
    assert (file.building.name, file.dwelling.room, file.needs) == ("3号楼", "501", [])
    for who in ("far_worker", "district", "police", "outsider"):
        with pytest.raises(Household.DoesNotExist):
            household_file(cast.users[who], file.household.number)


def test_households_are_counted_for_every_level(cast: Cast, neighbour: Person) -> None:
    take_in(cast, resident("王明", building="9号楼"))
    places = [cast.grid, cast.other_grid, cast.community_area, cast.far_community]
    counted = household_counts([place.path for place in places])
    assert [counted[place.path] for place in places] == [1, 0, 2, 0]
    assert household_counts([]) == {}
