"""“Prefers not to” is an answer everywhere: never a gap, never overdue, in no denominator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import SYSTEM, Refused
from linli.cases import actions as cases
from linli.cases.models import Case
from linli.core import clock
from linli.exports.kinds import Asked, kind_for
from linli.housing.actions import (
    NewBuilding,
    NewDwelling,
    add_building,
    add_dwellings,
    add_owner,
    change_owner,
    load_lists,
    mark_home,
    start_tenancy,
    write_check,
)
from linli.housing.choices import DwellingKind, ListKind, MarkState, Occupancy
from linli.housing.forms.rentals import CheckForm
from linli.housing.models import Dwelling, ListItem, Mend, SafetyCheck
from linli.housing.queries.profiles import ClearState, clears_of
from linli.housing.queries.rentals import RentalFilters, dwelling_file, four_ones_of, last_checks, rentals_for
from linli.housing.values import NewCheck, OwnerValues, TenancyValues
from linli.inbox.models import Message
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
REFUSED = "check"


@pytest.fixture
def homes(cast: Cast) -> list[Dwelling]:
    """Three homes that are let, and one that is not."""
    cases.load_presets(by=SYSTEM)
    load_lists(by=SYSTEM)
    building = add_building(NewBuilding(cast.community_area, "1号楼", grid=cast.grid), by=SYSTEM)
    uses = (Occupancy.RENTED, Occupancy.RENTED, Occupancy.RENTED, Occupancy.OWN)
    new = [NewDwelling(building, "1", f"{number}01", occupancy=use) for number, use in enumerate(uses, 1)]
    return add_dwellings(new, by=SYSTEM)


def points() -> list[ListItem]:
    return list(ListItem.objects.filter(kind=ListKind.SAFETY))


def one(fact: str) -> ListItem:
    return ListItem.objects.get(kind=ListKind.FOUR_ONES, derived_by=fact)


def check(home: Dwelling, cast: Cast, *, days: int = 0, declined: bool = False) -> SafetyCheck:
    with clock.frozen(clock.now() - timedelta(days=days)):
        results = {} if declined else dict.fromkeys(points())
        return write_check(home, NewCheck(clock.today(), results, declined=declined), by=cast.worker)


def listed(cast: Cast, **narrowed: object) -> list[str]:
    return [home.room for home in rentals_for(cast.fresh("worker"), RentalFilters(**narrowed))]  # type: ignore[arg-type]


def clear(cast: Cast, code: str) -> ClearState:
    return next(state for state in clears_of(cast.community_area) if state.item.code == code)


def test_a_refused_check_is_written_down_and_nothing_follows(cast: Cast, homes: list[Dwelling]) -> None:
    written = check(homes[0], cast, declined=True)
    assert written.declined
    assert not written.results.exists()  # type: ignore[attr-defined]
    assert not Mend.objects.exists()
    assert not Case.objects.exists()
    assert not Message.objects.exists()


def test_nobody_refuses_for_a_home_out_of_reach(cast: Cast, homes: list[Dwelling]) -> None:
    for name in ("far_worker", "street", "police"):
        with pytest.raises(Refused):
            write_check(homes[0], NewCheck(clock.today(), declined=True), by=cast.fresh(name))
    assert not SafetyCheck.objects.exists()


def test_a_refused_check_has_no_points(cast: Cast, homes: list[Dwelling]) -> None:
    with pytest.raises(ValidationError):
        write_check(homes[0], NewCheck(clock.today(), dict.fromkeys(points()), declined=True), by=cast.worker)
    with pytest.raises(ValidationError):
        write_check(homes[0], NewCheck(clock.today()), by=cast.worker)


def test_whoever_refused_is_overdue_only_after_the_usual_interval(cast: Cast, homes: list[Dwelling]) -> None:
    check(homes[0], cast, declined=True)
    check(homes[1], cast, days=370, declined=True)
    mark_home(homes[2], one(REFUSED), MarkState.DECLINED, by=cast.worker)
    assert listed(cast, overdue=True) == ["201"]
    assert not dwelling_file(cast.fresh("worker"), homes[0].pk).check_is_due
    assert dwelling_file(cast.fresh("worker"), homes[1].pk).check_is_due
    assert not dwelling_file(cast.fresh("worker"), homes[2].pk).check_is_due
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert listed(cast, overdue=True) == ["101", "201", "301"]
        assert four_ones_of(homes)[homes[2].pk].missing.count(one(REFUSED).label) == 1


def test_a_real_check_counts_beside_a_refused_one(cast: Cast, homes: list[Dwelling]) -> None:
    check(homes[0], cast, days=30)
    check(homes[0], cast, declined=True)
    states = {state.item.derived_by: state.state for state in four_ones_of(homes)[homes[0].pk].states}
    assert states[REFUSED] == MarkState.DONE
    last = last_checks(homes)[homes[0].pk]
    assert (last.on, last.declined_on) == (clock.today() - timedelta(days=30), clock.today())


def test_declined_is_answered_and_no_gap(cast: Cast, homes: list[Dwelling]) -> None:
    for item in ListItem.objects.filter(kind=ListKind.FOUR_ONES).exclude(derived_by=REFUSED):
        mark_home(homes[0], item, MarkState.DONE, by=cast.worker)
    assert "101" in listed(cast, ones="gaps")
    check(homes[0], cast, declined=True)
    ones = four_ones_of(homes)[homes[0].pk]
    assert (ones.done, ones.asked, ones.missing, ones.declined) == (3, 3, [], [one(REFUSED).label])
    assert listed(cast, ones="complete") == listed(cast, ones="declined") == ["101"]
    assert listed(cast, ones="gaps") == ["201", "301"]


def test_a_tenancy_that_nobody_tells_of_is_not_missing(cast: Cast, homes: list[Dwelling]) -> None:
    assert listed(cast, tenancy="missing") == ["101", "201", "301"]
    mark_home(homes[0], one("tenancy"), MarkState.DECLINED, by=cast.worker)
    assert listed(cast, tenancy="missing") == ["201", "301"]
    mark_home(homes[0], one("tenancy"), MarkState.NOT_YET, by=cast.worker)
    assert listed(cast, tenancy="missing") == ["101", "201", "301"]


def test_a_table_has_what_is_declined_in_a_column_of_its_own(cast: Cast, homes: list[Dwelling]) -> None:
    check(homes[0], cast, days=400)
    check(homes[0], cast, declined=True)
    start_tenancy(homes[1], TenancyValues(clock.today(), contact_declined=True), by=cast.worker)
    asked = Asked(cast.fresh("leader"), cast.community_area, {}, ("room", "contact", "ones", "declined", "checked"))
    rows = {row[0]: row for row in kind_for("rentals").rows(asked)}
    label = one(REFUSED).label
    assert label not in str(rows["101"][2])
    assert (rows["101"][3], rows["101"][4]) == (label, clock.today() - timedelta(days=400))
    assert label in str(rows["201"][2])
    assert rows["201"][1] == "不方便说"


def test_a_contact_may_be_declined(cast: Cast, homes: list[Dwelling]) -> None:
    with pytest.raises(ValidationError):
        start_tenancy(homes[0], TenancyValues(clock.today()), by=cast.worker)
    told = TenancyValues(clock.today(), contact="某", phone="13900005678", contact_declined=True)
    tenancy = start_tenancy(homes[0], told, by=cast.worker)
    assert (tenancy.contact, tenancy.phone, tenancy.contact_declined) == ("", "", True)
    owner = add_owner(homes[0], OwnerValues("房明", phone="13900005678"), by=cast.worker)
    assert owner.phone
    owner = change_owner(owner, OwnerValues("房明", contact_declined=True), by=cast.worker)
    assert (owner.phone, owner.contact_declined) == ("", True)


def test_the_form_asks_every_point_of_those_who_did_not_refuse(homes: list[Dwelling]) -> None:
    del homes
    today, some = clock.today().isoformat(), points()
    assert CheckForm({"on": today}, points=some).errors.keys() == {f"point_{point.pk}" for point in some}
    refused = CheckForm({"on": today, "declined": "on", f"point_{some[0].pk}": "to_mend"}, points=some)
    assert refused.is_valid(), refused.errors
    assert refused.values() == NewCheck(clock.today(), declined=True)
    assert not CheckForm({"on": "", "declined": "on"}, points=some).is_valid()


def test_six_clears_count_those_of_whom_a_fact_is_asked(cast: Cast, homes: list[Dwelling]) -> None:
    shop = add_dwellings([NewDwelling(homes[0].building, "", "商铺1", occupancy=Occupancy.OWN)], by=SYSTEM)[0]
    Dwelling.objects.filter(pk=shop.pk).update(kind=DwellingKind.SHOP)
    check(homes[0], cast)
    unsafe = clear(cast, "dangers")
    assert (unsafe.numerator, unsafe.denominator, unsafe.declined, unsafe.asked_of) == (1, 3, 0, "出租房")
    check(homes[1], cast, declined=True)
    unsafe = clear(cast, "dangers")
    assert (unsafe.numerator, unsafe.denominator, unsafe.declined) == (1, 2, 1)
    uses = clear(cast, "homes")
    assert (uses.numerator, uses.denominator, uses.declined) == (5, 5, 0)
    Dwelling.objects.filter(pk=homes[3].pk).update(occupancy=Occupancy.DECLINED)
    uses = clear(cast, "homes")
    assert (uses.numerator, uses.denominator, uses.declined) == (4, 4, 1)
    people = clear(cast, "people")
    assert (people.numerator, people.denominator, people.declined) == (0, 3, 1)
