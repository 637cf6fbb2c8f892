"""What a workbook changes about those who are known is shown before, masked, and never done silently."""

from __future__ import annotations

import pytest

from linli.exchange.actions import apply_batch, check_batch, undo_batch
from linli.exchange.choices import BatchState, DifferenceKind
from linli.exchange.models import Batch, BatchDifference
from linli.exchange.queries import difference_of, differences_of
from linli.exchange.rules import NotPossible
from linli.files.actions import remove_upload
from linli.housing.actions import set_occupancy
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling
from linli.people.models import Person
from tests.cast import Cast
from tests.exchange.samples import applied, received, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

ID, PHONE = "149999196108257324", "15005569934"
FORMER = workbook(
    [
        resident("李桂香", id_number=ID, phone=PHONE),
        resident("李强", relation="之子", birth_date="1990-02-03"),
        resident("王翠萍", room="602", birth_date="1961-02-28"),
    ]
)
LATER = workbook(
    [
        resident("李桂香", id_number=ID, phone="15005569935", room="701"),
        resident("李强", relation="之子", birth_date="1990-02-03"),
        resident("王翠萍", room="602", birth_date="1961-02-28", renting="是"),
        resident("赵小军", room="602", birth_date="1988-02-28", renting="是"),
    ]
)


def shown(batch: Batch) -> list[tuple[str, str, str, list[list[str]]]]:
    rows = [(row.kind, difference_of(row)) for row in differences_of(batch)]
    return [(kind, told["name"], told["place"], told["lines"]) for kind, told in rows]


@pytest.fixture
def later(cast: Cast) -> Batch:
    applied(FORMER, cast.community_area, cast.leader)
    return received(LATER, cast.community_area, cast.leader)


def test_who_changes_and_who_moves_is_shown_before_with_numbers_masked(later: Batch) -> None:
    assert shown(later) == [
        (DifferenceKind.HOME, "", "黎花园3号楼2单元602", [["occupancy", "own", "rented"]]),
        (
            DifferenceKind.MOVED,
            "李桂香",
            "黎花园3号楼2单元501",
            [["address", "黎花园3号楼2单元501", "黎花园3号楼2单元701"], ["phone", "150****9934", "150****9935"]],
        ),
    ]
    assert later.report["differences"] == {"home": 1, "moved": 1}
    assert later.report["applied"]["updated"] == 3
    assert Person.objects.count() == 3
    kept = "".join(BatchDifference.objects.values_list("content", flat=True))
    assert ID not in kept
    assert PHONE not in kept


def test_what_was_shown_is_what_is_done(cast: Cast, later: Batch) -> None:
    report = apply_batch(later, by=cast.leader)
    assert report["applied"]["updated"] == 3
    assert Person.objects.get(name="李桂香").phone == "15005569935"
    assert Dwelling.objects.get(room="602").occupancy == Occupancy.RENTED
    undo_batch(later, by=cast.leader)
    assert Person.objects.get(name="李桂香").phone == PHONE


def test_what_would_no_longer_be_as_shown_is_not_done(cast: Cast, later: Batch) -> None:
    set_occupancy(Dwelling.objects.get(room="602"), Occupancy.DECLINED, by=cast.leader)
    with pytest.raises(NotPossible, match="请再核对一遍"):
        apply_batch(later, by=cast.leader)
    later.refresh_from_db()
    assert (later.state, Person.everything.count()) == (BatchState.CHECKED, 3)
    check_batch(later, by=cast.leader)
    apply_batch(later, by=cast.leader)
    assert Dwelling.objects.get(room="602").occupancy == Occupancy.RENTED


def test_the_same_workbook_again_changes_nothing(cast: Cast) -> None:
    applied(FORMER, cast.community_area, cast.leader)
    again = applied(FORMER, cast.community_area, cast.leader)
    assert shown(again) == []
    assert (again.report["applied"]["updated"], Person.objects.count()) == (3, 3)


def test_the_differences_go_with_the_file(cast: Cast, later: Batch) -> None:
    assert later.upload is not None
    remove_upload(later.upload, by=cast.leader)
    assert shown(later) == []
