"""What a person says about a column is remembered for that community, and can be forgotten."""

from __future__ import annotations

import pytest

from linli.accounts.rules import Refused
from linli.exchange.actions import check_batch, forget_header, receive_workbook
from linli.exchange.models import Batch, LearntHeader
from linli.exchange.queries import learnt_headers, preview
from tests.cast import Cast
from tests.exchange.samples import HEADERS, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

SHEET = "居民台账"
LAST = len(HEADERS) - 1
ODD = workbook([resident("李桂香", note="第一中学")], headers=(*HEADERS[:-1], "干什么的"))


def came(cast: Cast, far: bool = False) -> Batch:
    area, leader = (cast.far_grid.parent, cast.users["far_leader"]) if far else (cast.community_area, cast.leader)
    assert area is not None
    return receive_workbook(ODD, name="台账.xlsx", area=area, kind="people", by=leader)


def meaning(batch: Batch) -> tuple[str | None, str]:
    column = preview(batch).sheets[0].columns[LAST]
    return column.field, column.how


def test_a_corrected_column_is_known_the_next_time_and_only_there(cast: Cast) -> None:
    first = came(cast)
    assert meaning(first) == (None, "unknown")
    check_batch(first, by=cast.leader, corrections={SHEET: {LAST: "employer"}})
    assert meaning(came(cast)) == ("employer", "learnt")
    assert meaning(came(cast, far=True)) == (None, "unknown")


def test_what_is_said_later_counts(cast: Cast) -> None:
    check_batch(came(cast), by=cast.leader, corrections={SHEET: {LAST: "employer"}})
    check_batch(came(cast), by=cast.leader, corrections={SHEET: {LAST: "note"}})
    assert meaning(came(cast)) == ("note", "learnt")
    assert LearntHeader.objects.count() == 1


def test_leaving_the_column_out_forgets_what_was_learnt(cast: Cast) -> None:
    check_batch(came(cast), by=cast.leader, corrections={SHEET: {LAST: "employer"}})
    check_batch(came(cast), by=cast.leader, corrections={SHEET: {LAST: None}})
    assert meaning(came(cast)) == (None, "unknown")


def test_what_was_learnt_can_be_forgotten_by_those_who_take_workbooks_in(cast: Cast) -> None:
    check_batch(came(cast), by=cast.leader, corrections={SHEET: {LAST: "employer"}})
    learnt = LearntHeader.objects.get()
    for username in ("worker", "far_leader"):
        assert not learnt_headers(cast.users[username]).exists()
        with pytest.raises(Refused):
            forget_header(learnt, by=cast.users[username])
    assert list(learnt_headers(cast.leader)) == [learnt]
    forget_header(learnt, by=cast.leader)
    assert meaning(came(cast)) == (None, "unknown")


def test_a_header_that_holds_a_number_is_not_remembered(cast: Cast) -> None:
    content = workbook([resident("李桂香")], headers=(*HEADERS[:-1], "王翠萍15005569934"))
    batch = receive_workbook(content, name="台账.xlsx", area=cast.community_area, kind="people", by=cast.leader)
    check_batch(batch, by=cast.leader, corrections={SHEET: {LAST: "employer"}})
    assert not LearntHeader.objects.exists()


def test_what_was_learnt_never_brings_back_what_is_never_kept(cast: Cast) -> None:
    content = workbook([resident("李桂香", note="汉族")], headers=(*HEADERS[:-1], "民族"))
    batch = receive_workbook(content, name="台账.xlsx", area=cast.community_area, kind="people", by=cast.leader)
    check_batch(batch, by=cast.leader, corrections={SHEET: {LAST: "employer"}})
    again = receive_workbook(content, name="台账.xlsx", area=cast.community_area, kind="people", by=cast.leader)
    assert meaning(again) == (None, "never")
