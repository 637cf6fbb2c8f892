"""Lists of work and of figures that are taken out: posts, absences, moves, pairs, places, completeness, reviews."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linli.accounts.models import User
from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import NewAbsence, ask_absence, create_post
from linli.areas.choices import AbsenceReason, Role
from linli.areas.models import Area
from linli.assessment.actions import count_ledgers, sign_review
from linli.core import clock
from linli.exports.actions import decide_export
from linli.exports.choices import ExportState
from linli.exports.kinds import Asked, kind_for
from linli.exports.models import Export
from linli.exports.queries import filters_told, title_of, waiting_for
from linli.exports.rules import NotPossible, may_decide
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling
from linli.journal.models import Entry
from linli.people import actions as people
from linli.people.choices import DuplicateState, Side
from linli.people.merging import merge_people, seal_of_pair
from linli.people.models import Duplicate, Particulars, Person
from linli.people.places import Tie
from linli.staff.bulk import add_pledges
from tests.cast import OPENED, PASSWORD, Cast
from tests.exports.test_lists import queries_for, rows_of, taken
from tests.people.homes import Homes, make_homes
from tests.people.pairs import ID, PHONE, all_from, settle_pair

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def homes(cast: Cast) -> Homes:
    return make_homes(cast)


def gone_out(kind: str, by: User, area: Area, /, **filters: str) -> list[tuple[Any, ...]]:
    """Take a small list out and return its rows."""
    return rows_of(taken(kind, by, area, **filters), by)


def second_administrator(cast: Cast) -> User:
    user = User(username="deputy", name="卫东")
    user.set_password(PASSWORD)
    user.save()
    create_post(role=Role.ADMINISTRATOR, area=cast.district_area, holder=user, since=OPENED, by=SYSTEM)
    add_pledges([user], clock.now(), by=SYSTEM)
    return user


def test_the_administrator_takes_posts_out_and_the_auditor_only_reads(cast: Cast) -> None:
    rows = gone_out("posts", cast.administrator, cast.district_area, area=cast.community_area.code)
    held = {(row[2], row[0]): row[4] for row in rows}
    assert held["第一网格", "网格员"] == "李文静"
    assert held["第二网格", "网格员"] == "空着"
    assert ("和平社区", "网格长") not in held
    assert "0355" not in str(rows)
    export = taken("posts", cast.administrator, cast.district_area, vacant="on", role="worker")
    assert [row[2] for row in rows_of(export, cast.administrator)] == ["第二网格"]
    assert filters_told(export) == ["网格员", "空着"]
    assert Entry.objects.filter(action="exports.download", actor="administrator", detail__kind="posts").count() == 2
    for name in ("auditor", "leader", "street", "worker"):
        with pytest.raises(Refused):
            taken("posts", cast.fresh(name), cast.street_area)


def test_posts_cost_the_same_for_few_and_many(cast: Cast) -> None:
    few = queries_for("posts", cast.administrator, cast.far_grid)
    assert queries_for("posts", cast.administrator, cast.district_area) == few


def test_a_second_administrator_decides_on_many_posts(cast: Cast, settings: Any) -> None:
    settings.LINLI_EXPORT_ROWS = 1
    with pytest.raises(NotPossible, match="第二个人"):
        taken("posts", cast.administrator, cast.district_area)
    deputy = second_administrator(cast)
    export = taken("posts", cast.administrator, cast.district_area)
    assert export.state == ExportState.WAITING
    assert list(waiting_for(deputy)) == [export]
    for name in ("auditor", "leader", "street"):
        with pytest.raises(Refused):
            decide_export(export, approve=True, by=cast.fresh(name))
    decide_export(export, approve=True, by=deputy)
    assert len(rows_of(export, cast.administrator)) > 10


def test_whoever_does_not_see_a_list_decides_nothing_about_it_and_sees_no_request(
    cast: Cast, homes: Homes, settings: Any
) -> None:
    """An administrator sees no resident, so that approving a list of residents is not theirs either."""
    settings.LINLI_EXPORT_ROWS = 1
    export = taken("people", cast.leader, cast.community_area)
    found = Export.objects.select_related("area").get(pk=export.pk)
    assert not may_decide(cast.administrator, found)
    assert may_decide(cast.street, found)
    assert list(waiting_for(cast.administrator)) == []
    assert not Export.objects.visible_to(cast.administrator).exists()
    with pytest.raises(Refused):
        decide_export(found, approve=True, by=cast.administrator)
    # A list that both of them see may be decided on by either.
    beside = Export.objects.select_related("area").get(pk=taken("members", cast.leader, cast.community_area).pk)
    assert may_decide(cast.administrator, beside)


def test_absences_go_out_without_their_reason(cast: Cast) -> None:
    today = clock.today()
    away = NewAbsence(cast.fresh("worker"), today, today + timedelta(days=2), AbsenceReason.SICK)
    ask_absence(away, by=SYSTEM)
    [row] = gone_out("absences", cast.fresh("leader"), cast.community_area)
    assert (row[0], str(row[2])[:10], row[4]) == ("李文静", "2026-11-24", "申海波")
    assert "病" not in str(row)
    once = queries_for("absences", cast.fresh("leader"), cast.community_area)
    for name in ("partner", "community"):
        ask_absence(NewAbsence(cast.fresh(name), today, today, AbsenceReason.LEAVE), by=SYSTEM)
    assert queries_for("absences", cast.fresh("leader"), cast.community_area) == once
    with pytest.raises(NotPossible):
        taken("absences", cast.fresh("far_leader"), cast.far_community)


def test_moves_between_grids_go_out_pile_by_pile(homes: Homes) -> None:
    cast, day = homes.cast, clock.today()
    for name in ("单小雨", "王翠萍"):
        who = [homes.person(name)]
        people.ask_transfer(homes.household(name), who, homes.buildings[1], by=cast.worker, day=day)
    rows = gone_out("transfers", cast.fresh("leader"), cast.community_area, pile="asked")
    assert {(row[0], row[1], row[2], row[4]) for row in rows} == {
        ("单小雨", "兴泰家园1号楼", "兴泰家园2号楼", "等对方接收"),
        ("王翠萍", "兴泰家园1号楼", "兴泰家园2号楼", "等对方接收"),
    }
    # The first grid asked, the second is asked: each part of the area has its own side.
    for place, pile, count in ((cast.grid, "asked", 2), (cast.other_grid, "", 2), (cast.grid, "", 0)):
        kind, asked = kind_for("transfers"), Asked(cast.fresh("leader"), place, {"pile": pile})
        assert kind.count(asked) == count, (place, pile)
    few = queries_for("transfers", cast.fresh("leader"), cast.community_area)
    people.ask_transfer(homes.household("王明"), [homes.person("王明")], homes.buildings[1], by=cast.worker, day=day)
    assert queries_for("transfers", cast.fresh("leader"), cast.community_area) == few
    with pytest.raises(Refused):
        taken("transfers", cast.fresh("street"), cast.community_area)


def test_who_moved_away_goes_out(homes: Homes) -> None:
    cast = homes.cast
    for count, name in enumerate(("单小雨", "李桂香", "王明")):
        people.move_out(homes.household(name), [homes.person(name)], by=cast.worker, day=clock.today())
        if not count:
            once = queries_for("departures", cast.fresh("leader"), cast.community_area)
    assert queries_for("departures", cast.fresh("leader"), cast.community_area) == once
    rows = gone_out("departures", cast.fresh("leader"), cast.community_area)
    assert [(row[0], row[1]) for row in rows] == [
        ("王明", "兴泰家园1号楼1单元201"),
        ("李桂香", "兴泰家园1号楼1单元101"),
        ("单小雨", "兴泰家园1号楼1单元101"),
    ]


def test_pairs_and_what_was_merged_go_out_without_numbers(cast: Cast) -> None:
    pair = settle_pair(cast)
    leader = cast.fresh("leader")
    export = taken("duplicates", leader, cast.community_area)
    [row] = rows_of(export, leader)
    assert {row[0], row[2]} == {"单田芳", "單田芳"}
    assert "电话" in row[4]
    assert filters_told(export) == ["待看"]
    assert not any(secret in str(row) for secret in (ID, PHONE))
    once = queries_for("duplicates", leader, cast.community_area)
    for name in ("李桂香",):
        first, second = sorted([Person.objects.get(name=name), pair.second], key=lambda one: one.pk)
        Duplicate.objects.create(first=first, second=second, certainty="likely", likeness=70, found_at=clock.now())
    assert queries_for("duplicates", leader, cast.community_area) == once
    merge_people(pair, all_from(Side.FIRST), by=leader, seen=seal_of_pair(pair))
    [merged] = gone_out("merges", leader, cast.community_area, pile=DuplicateState.MERGED)
    assert (merged[4], {merged[0], merged[2]}) == ("郭建英", {"单田芳", "單田芳"})
    with pytest.raises(Refused):
        taken("duplicates", cast.fresh("worker"), cast.grid)


def test_grids_and_communities_go_out_with_the_numbers_that_one_may_see(homes: Homes) -> None:
    cast = homes.cast
    rows = gone_out("grids", cast.fresh("leader"), cast.community_area)
    assert [row[:3] + row[4:] for row in rows] == [
        ("第一网格", "140403007002001", "广场西社区", "李文静", 2, 0, 0),
        ("第二网格", "140403007002002", "广场西社区", None, 1, 0, 0),
    ]
    # The administrator is in charge of places and sees neither households nor cases.
    everywhere = gone_out("grids", cast.fresh("administrator"), cast.district_area)
    assert len(everywhere) == 4
    assert {row[5:] for row in everywhere} == {(None, None, None)}
    assert len(gone_out("grids", cast.fresh("street"), cast.street_area, q="第二")) == 1
    names = {row[0]: row for row in gone_out("communities", cast.fresh("street"), cast.street_area)}
    assert set(names) == {"广场西社区", "桥北社区"}
    assert names["广场西社区"][2:6] == (2, 2, 6, 3)
    assert [row[0] for row in gone_out("communities", cast.fresh("leader"), cast.grid)] == ["广场西社区"]
    for kind in ("grids", "communities"):
        few = queries_for(kind, cast.fresh("street"), cast.beside_community)
        assert queries_for(kind, cast.fresh("street"), cast.street_area) == few


def test_what_is_missing_goes_out_and_never_who_prefers_not_to_say(homes: Homes) -> None:
    cast, leader = homes.cast, homes.cast.fresh("leader")
    Person.objects.update(phone="", phone_index="")
    silent = homes.person("王明")
    Particulars.objects.create(person=silent, declined=["phone"])
    Dwelling.objects.filter(pk=homes.homes[2].pk).update(occupancy=Occupancy.DECLINED)
    export = taken("quality-people", leader, cast.community_area, fact="phone")
    rows = rows_of(export, leader)
    assert [row[0] for row in rows] == ["单田芳", "李桂香", "单小雨", "王翠萍", "葛远航"]
    assert rows[0][1] == "兴泰家园1号楼1单元101"
    assert title_of(export) == "还缺：电话"
    homes_left = gone_out("quality-homes", leader, cast.community_area, home="not_yet")
    assert [row[0] for row in homes_left] == ["兴泰家园2号楼1单元201", "兴泰家园2号楼1单元301"]
    for kind, filters in (
        ("quality-homes", {"home": "declined"}),
        ("quality-homes", {"fact": "phone"}),
        ("quality-people", {"home": "not_yet"}),
        ("quality-people", {}),
    ):
        with pytest.raises(NotPossible):
            taken(kind, leader, cast.community_area, **filters)
    for name, area in (("worker", cast.grid), ("district", cast.district_area), ("far_leader", cast.community_area)):
        with pytest.raises(Refused):
            taken("quality-people", cast.fresh(name), area, fact="phone")


def test_what_is_missing_costs_the_same_for_few_and_many(homes: Homes) -> None:
    Person.objects.update(phone="", phone_index="")
    leader, cast = homes.cast.fresh("leader"), homes.cast
    for kind, filters in (("quality-people", {"fact": "phone"}), ("quality-homes", {"home": "not_yet"})):
        few = queries_for(kind, leader, cast.grid, **filters)
        assert queries_for(kind, leader, cast.community_area, **filters) == few


def test_figures_of_completeness_go_out_place_by_place(homes: Homes) -> None:
    count_ledgers(clock.now(), seconds=60)
    cast = homes.cast
    rows = gone_out("quality", cast.fresh("leader"), cast.community_area)
    assert [row[:6] for row in rows] == [("第一网格", 3, 2, 0, 0, 1), ("第二网格", 3, 1, 0, 0, 2)]
    assert [(row[6], row[7]) for row in rows] == [(67, 5), (33, 1)]
    assert [row[0] for row in gone_out("quality", cast.fresh("leader"), cast.grid)] == ["第一网格"]
    few = queries_for("quality", cast.fresh("leader"), cast.community_area)
    assert queries_for("quality", cast.fresh("street"), cast.street_area) <= few
    with pytest.raises(Refused):
        taken("quality", cast.fresh("district"), cast.district_area)


def test_delays_go_out_as_figures_and_the_slow_ones_one_by_one(homes: Homes) -> None:
    cast = homes.cast
    for name, days in (("郭新", 2), ("郭慢", 12)):
        day = clock.today() - timedelta(days=days)
        people.move_in(people.NewPerson(name), homes.homes[2], Tie(), by=cast.worker, day=day)
    count_ledgers(clock.now(), seconds=60)
    leader = cast.fresh("leader")
    export = taken("delays", leader, cast.community_area, span="month")
    assert rows_of(export, leader)[0] == ("第一网格", 2, 50, 50, 2, 1, 0)
    assert filters_told(export) == ["2026-11-01 – 2026-11-30"]
    [slow] = gone_out("slow-changes", leader, cast.community_area)
    assert (slow[0], slow[1], slow[4]) == ("兴泰家园1号楼1单元301", "搬来", 12)
    assert "郭" not in str(slow)
    once = queries_for("slow-changes", leader, cast.community_area)
    for name in ("郭三", "郭四"):
        day = clock.today() - timedelta(days=20)
        people.move_in(people.NewPerson(name), homes.homes[4], Tie(), by=cast.leader, day=day)
    assert queries_for("slow-changes", leader, cast.community_area) == once
    # As on the page, larger places are looked at community by community.
    with pytest.raises(NotPossible):
        taken("slow-changes", cast.fresh("street"), cast.street_area)


def test_reviews_go_out_for_their_quarter(homes: Homes) -> None:
    cast, leader = homes.cast, homes.cast.fresh("leader")
    sign_review(cast.grid, "已入户", by=leader)
    export = taken("reviews", leader, cast.community_area)
    first, second = rows_of(export, leader)
    assert (first[0], str(first[2])[:10], first[3], first[4]) == ("第一网格", "2026-11-24", "郭建英", "已入户")
    assert (second[0], second[2], second[3]) == ("第二网格", None, None)
    assert second[5] == 2
    assert filters_told(export) == ["2026-10-01 – 2026-12-31"]
    past = gone_out("reviews", leader, cast.community_area, at="2026-08-01")
    assert [row[5] for row in past] == [None, None]
    few = queries_for("reviews", cast.fresh("street"), cast.beside_community)
    assert queries_for("reviews", cast.fresh("street"), cast.street_area) <= few + 1
    with pytest.raises(Refused):
        taken("reviews", cast.fresh("worker"), cast.grid)
