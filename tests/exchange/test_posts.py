"""Workbooks of posts: places and people found, known posts compared, accounts made, all of it taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.actions import set_active, set_password
from linli.accounts.models import User
from linli.accounts.rules import Refused
from linli.areas import roles
from linli.areas.actions import appoint, create_post
from linli.areas.choices import Level, Role
from linli.areas.models import Area, Post
from linli.areas.signals import places_changed
from linli.core import clock
from linli.exchange.actions import apply_batch, applying, check_batch, receive_workbook, undo_batch
from linli.exchange.choices import BatchState, DifferenceKind
from linli.exchange.models import Batch
from linli.exchange.queries import difference_of, differences_of
from linli.exchange.rules import NotPossible
from linli.exchange.snapshots import snapshot
from linli.inbox.models import Message
from linli.journal.models import Entry
from linli.staff.actions import accept_pledge
from linli.staff.text import pledge_text
from tests.cast import Cast
from tests.exchange.rosters import merged_table
from tests.exchange.test_homes import table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

HEADERS = ("序号", "网格名称", "岗位", "姓名", "账号", "公示电话", "任职时间")


def taken(cast: Cast, content: bytes, area: Area | None = None, name: str = "花名册.xlsx") -> Batch:
    """Receive, check and apply a roster."""
    by = cast.fresh("administrator")
    batch = receive_workbook(content, name=name, area=area or cast.community_area, kind="posts", by=by)
    check_batch(batch, by=by)
    apply_batch(batch, by=by)
    batch.refresh_from_db()
    return batch


def roster(*rows: tuple[str, ...]) -> bytes:
    """Return a roster of one community; each row is grid, role, name, and perhaps user name, phone, day."""
    lines = [(str(number), *row, *[""] * (6 - len(row))) for number, row in enumerate(rows, 1)]
    return table(HEADERS, *lines)


def everything() -> list[str]:
    return [snapshot(row) for model in (User, Post) for row in model._default_manager.order_by("pk")]


def held(area: Area, role: str) -> list[str]:
    """Return who holds the posts of a role at a place; "" for vacant ones."""
    rows = Post.objects.on(clock.today()).filter(area=area, role=role).order_by("pk").select_related("holder")
    return [post.holder.name if post.holder else "" for post in rows]


def problems(batch: Batch) -> list[tuple[Any, ...]]:
    return [(row["row"], row["column"], row["kind"], row["held"]) for row in batch.report["problems"]]


def lines(batch: Batch) -> list[tuple[str, str, list[list[str]]]]:
    """Return which post would change, where, and what of it."""
    found = [difference_of(row) for row in differences_of(batch, DifferenceKind.POST)]
    return [(row["name"], row["place"], row["lines"]) for row in found]


def test_posts_are_filled_made_and_taken_back(cast: Cast) -> None:
    before = everything()
    content = roster(
        ("第二网格", "专职网格员", "任小雨", "Ren.Xiaoyu", "0355-2020001", "2025-03-01"),
        ("", "楼栋长", "路人", "", "", "2026-01-05"),
        ("", "志愿者", "韩梅", "han.mei"),
    )
    batch = taken(cast, content)
    assert problems(batch) == []
    assert {name: batch.report["applied"][name] for name in ("posts", "accounts", "updated")} == {
        "posts": 3,
        "accounts": 2,
        "updated": 1,
    }
    assert batch.state == BatchState.APPLIED
    # The vacant post of the grid was there already: it is filled, and keeps the day since when it is there.
    [worker] = Post.objects.filter(area=cast.other_grid, role=Role.WORKER).select_related("holder")
    assert worker.pk == cast.posts["vacant"].pk
    assert (worker.holder.username, worker.holder.name) == ("ren.xiaoyu", "任小雨")
    assert (worker.board_phone, worker.since, worker.vacant_since) == ("0355-2020001", date(2024, 1, 1), None)
    assert lines(batch) == [
        ("worker", "广场西社区第二网格", [["name", "", "任小雨"], ["board_phone", "", "0355-2020001"]])
    ]
    head = Post.objects.get(area=cast.other_grid, role=Role.BUILDING_HEAD)
    assert (head.holder, head.since) == (cast.outsider, date(2026, 1, 5))
    volunteer = User.objects.get(username="han.mei")
    assert not volunteer.has_usable_password()
    assert volunteer.is_active
    entry = Entry.objects.get(action="posts.import")
    assert (entry.actor, entry.detail["accounts"], entry.detail["posts"]) == ("administrator", 2, 3)
    assert Entry.objects.filter(action="posts.appoint").count() == 1
    undo_batch(batch, by=cast.fresh("administrator"))
    assert everything() == before
    assert Entry.objects.filter(action="posts.undo_import").exists()


def test_places_whose_posts_are_taken_in_and_back_are_told_of(cast: Cast) -> None:
    told: list[list[str]] = []

    def note(sender: Any, paths: list[str], **values: Any) -> None:
        told.append(paths)

    places_changed.connect(note)
    try:
        batch = taken(cast, roster(("第二网格", "专职网格员", "任小雨", "ren.xiaoyu")))
        assert [cast.community_area.path] in told
        told.clear()
        undo_batch(batch, by=cast.fresh("administrator"))
        assert [cast.community_area.path] in told
    finally:
        places_changed.disconnect(note)


def test_the_same_again_changes_nothing(cast: Cast) -> None:
    content = roster(("第二网格", "网格员", "任小雨", "ren.xiaoyu"), ("第一网格", "网格员", "李文静"))
    taken(cast, content)
    before = everything()
    again = taken(cast, content)
    assert (problems(again), again.report["applied"]["updated"], everything()) == ([], 0, before)


def test_another_holder_is_a_difference_and_nobody_agrees_for_whoever_comes_after(cast: Cast) -> None:
    before = everything()
    batch = taken(cast, roster(("第一网格", "网格员", "路人")))
    assert lines(batch) == [("worker", "广场西社区第一网格", [["name", "李文静", "路人"]])]
    post = Post.objects.get(pk=cast.posts["worker"].pk)
    assert (post.holder, post.name_agreed_on, post.vacant_since) == (cast.outsider, None, None)
    assert (post.board_phone, post.duties) == (cast.posts["worker"].board_phone, cast.posts["worker"].duties)
    entry = Entry.objects.get(action="posts.appoint")
    assert (entry.actor, entry.detail) == ("administrator", {"before": "worker", "after": "outsider"})
    undo_batch(batch, by=cast.fresh("administrator"))
    assert everything() == before
    assert Entry.objects.filter(action="posts.appoint").order_by("pk").last().detail["after"] == "worker"


def test_who_stands_beside_keeps_the_post_and_a_second_one_is_made(cast: Cast) -> None:
    create_post(role=Role.WORKER, area=cast.grid, holder=cast.far_worker, by=cast.administrator)
    batch = taken(cast, roster(("第一网格", "网格员", "李文静"), ("第一网格", "网格员", "路人")))
    assert (held(cast.grid, Role.WORKER), lines(batch)) == (["李文静", "赵远", "路人"], [])


def test_who_is_named_fills_a_vacant_post_before_a_row_that_names_nobody(cast: Cast) -> None:
    taken(cast, roster(("第二网格", "网格员", "空缺"), ("第二网格", "网格员", "路人")))
    assert held(cast.other_grid, Role.WORKER) == ["路人", ""]
    taken(cast, roster(("第二网格", "网格员", "空缺"), ("第二网格", "网格员", "路人")))
    assert held(cast.other_grid, Role.WORKER) == ["路人", ""]


def test_a_post_that_the_workbook_calls_vacant_falls_vacant_and_is_told_of(cast: Cast) -> None:
    batch = taken(cast, roster(("第一网格", "网格员", "空缺"), ("第一网格", "网格助理", "")))
    assert lines(batch) == [("worker", "广场西社区第一网格", [["name", "李文静", ""]])]
    post = Post.objects.get(pk=cast.posts["worker"].pk)
    assert (post.holder, post.vacant_since) == (None, clock.today())
    # An empty cell says nothing.
    assert held(cast.grid, Role.ASSISTANT) == ["申海波"]
    told = Message.objects.filter(kind="posts.vacant").values_list("to__username", flat=True)
    assert set(told) == {"leader", "community", "street"}
    undo_batch(batch, by=cast.fresh("administrator"))
    assert held(cast.grid, Role.WORKER) == ["李文静"]
    assert Post.objects.get(pk=post.pk).name_agreed_on is not None


def test_what_is_not_said_stays_and_nobody_loses_a_post_that_is_left_out(cast: Cast) -> None:
    before = everything()
    taken(cast, roster(("第二网格", "网格员", "路人")))
    after = [snapshot(post) for post in Post.objects.exclude(pk=cast.posts["vacant"].pk).order_by("pk")]
    assert set(after) < set(before)


def test_a_name_that_nobody_has_leaves_the_post_vacant_and_says_what_to_do(cast: Cast) -> None:
    batch = taken(
        cast, roster(("第二网格", "网格员", "任小雨"), ("第一网格", "网格员", "韩梅"), ("第一网格", "片警", "高飞"))
    )
    assert problems(batch) == [(row, "姓名", "unknown_person", False) for row in (3, 4, 5)]
    assert "user name" in batch.report["problems"][0]["message"] or "用户名" in batch.report["problems"][0]["message"]
    assert held(cast.other_grid, Role.WORKER) == [""]
    # Whoever holds the post keeps it until it is known who comes after.
    assert held(cast.grid, Role.WORKER) == ["李文静"]
    assert held(cast.grid, Role.POLICE) == [""]


def test_of_two_people_with_one_name_the_one_who_serves_there_is_meant(cast: Cast) -> None:
    User.objects.create(username="li.wenjing.2", name="李文静")
    User.objects.create(username="outsider.2", name="路人")
    batch = taken(cast, roster(("第一网格", "楼长", "李文静"), ("第二网格", "网格员", "路人")))
    assert Post.objects.get(area=cast.grid, role=Role.BUILDING_HEAD, holder=cast.worker)
    assert (problems(batch), held(cast.other_grid, Role.WORKER)) == ([(4, "姓名", "unknown_person", False)], [""])


def test_user_names_that_do_not_fit_give_the_post_to_nobody(cast: Cast) -> None:
    set_active(cast.head, False, by=cast.administrator)
    batch = taken(
        cast,
        roster(
            ("第二网格", "网格员", "路人", "worker"),
            ("第二网格", "志愿者", "韩梅", "韩梅"),
            ("第二网格", "志愿者", "", "han.mei"),
            ("第二网格", "志愿者", "苗润生", "head"),
            ("第二网格", "楼长", "高飞", "gao.fei"),
            ("第二网格", "志愿者", "高翔", "gao.fei"),
        ),
    )
    assert problems(batch) == [(row, "账号", "unknown_person", False) for row in (3, 4, 5, 6, 8)]
    assert held(cast.other_grid, Role.WORKER) == [""]
    assert held(cast.other_grid, Role.VOLUNTEER) == ["", "", "", ""]
    assert held(cast.other_grid, Role.BUILDING_HEAD) == ["高飞"]
    assert batch.report["applied"]["accounts"] == 1


def test_one_account_is_made_for_several_posts_of_one_person(cast: Cast) -> None:
    batch = taken(
        cast,
        roster(
            ("第二网格", "网格员", "任小雨", "ren.xiaoyu"),
            ("第二网格", "楼长", "", "REN.xiaoyu"),
            ("第一网格", "楼长", "任小雨"),
        ),
    )
    [made] = User.objects.filter(name="任小雨")
    assert (made.posts.count(), problems(batch), batch.report["applied"]["accounts"]) == (3, [], 1)


def test_administrators_auditors_and_leaders_of_the_district_never_come_from_a_workbook(cast: Cast) -> None:
    before = everything()
    content = roster(
        ("第一网格", "系统管理员", "路人"),
        ("第一网格", "审计员", "路人"),
        ("第一网格", "区领导", "路人"),
        ("第一网格", "部门人员", "路人"),
        ("第一网格", "指导员", "路人"),
        ("第一网格", "", "路人"),
    )
    batch = receive_workbook(
        content, name="花名册.xlsx", area=cast.community_area, kind="posts", by=cast.fresh("administrator")
    )
    report = check_batch(batch, by=cast.fresh("administrator"))
    assert [(row["column"], row["held"]) for row in report["problems"]] == [("岗位", True)] * 6
    assert (report["held"], report["applied"]["posts"], everything()) == (6, 0, before)


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("专职网格员", Role.WORKER),
        ("网格员", Role.WORKER),
        ("A岗", Role.WORKER),
        ("兼职网格员", Role.ASSISTANT),
        ("网格助理", Role.ASSISTANT),
        ("B 岗", Role.ASSISTANT),
        ("网格协理员", Role.ASSISTANT),
        ("网格长", Role.LEADER),
        ("片警", Role.POLICE),
        ("社区民警", Role.POLICE),
        ("楼栋长", Role.BUILDING_HEAD),
        ("楼（院）长", Role.BUILDING_HEAD),
        ("微网格员", Role.BUILDING_HEAD),
        ("网格志愿者", Role.VOLUNTEER),
        ("网格督导员", Role.SUPERVISOR),
    ],
)
def test_what_a_post_is_called(cast: Cast, written: str, role: Role) -> None:
    batch = taken(cast, roster(("第二网格", written, "路人")))
    assert (problems(batch), held(cast.other_grid, role)) == ([], ["路人"])


def test_whoever_serves_the_community_is_put_there_and_a_worker_needs_a_grid(cast: Cast) -> None:
    content = table(
        ("岗位", "姓名", "网格"),
        ("网格员", "李文静", "第一网格"),
        ("社区工作人员", "路人", ""),
        ("网格长", "郭建英", "广场西社区"),
    )
    batch = taken(cast, content)
    assert problems(batch) == [(5, "网格", "unknown_code", True)]
    assert held(cast.community_area, Role.COMMUNITY) == ["路人"]
    batch = taken(
        cast, table(("岗位", "姓名", "公示电话"), ("网格员", "路人", "0355-2020001"), ("街道干部", "路人", ""))
    )
    assert problems(batch) == [(3, "岗位", "missing", True), (4, "岗位", "missing", True)]


def test_two_header_rows_with_a_and_b_in_one_row_and_merged_cells(cast: Cast) -> None:
    rows = [
        ("网格员花名册", "", "", "", "", "", "", ""),
        ("社区", "网格", "A岗", "", "", "B岗", "", "公示电话"),
        ("", "", "姓名", "联系电话", "账号", "姓名", "账号", ""),
        ("广场西社区", "第一网格", "李文静", "13900005678", "", "申海波", "", "0355-2020001"),
        ("", "第二网格", "路人", "13900005679", "", "任小雨", "ren.xiaoyu", ""),
    ]
    merged = [(0, 0, 0, 7), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 4), (1, 5, 1, 6), (1, 7, 2, 7), (3, 0, 4, 0)]
    batch = taken(cast, merged_table(rows, merged))
    how = {(row["header"], row["field"]) for row in batch.report["columns"]}
    assert {("姓名", "worker"), ("姓名", "assistant"), ("联系电话", "own_phone")} <= how
    assert (problems(batch), batch.report["applied"]["posts"]) == ([], 4)
    assert (held(cast.other_grid, Role.WORKER), held(cast.other_grid, Role.ASSISTANT)) == (["路人"], ["任小雨"])
    assert Post.objects.get(pk=cast.posts["worker"].pk).board_phone == "0355-2020001"
    assert Post.objects.get(pk=cast.posts["partner"].pk).board_phone == cast.posts["partner"].board_phone
    assert "13900005679" not in str(everything())


def test_a_csv_as_old_programs_write_it_for_a_whole_district(cast: Cast) -> None:
    text = (
        "街道,社区,网格名称,网格编号,职务,姓名,身份证号,学历\r\n"
        "太行西街,广场西,第二网格,,网格员,路人,149999196108257324,大专\r\n"
        ",,,,楼长,路人,,\r\n"
        ",桥北社区,1,,网格员,苗润生,,\r\n"
        ",,,140403001001001,协管员,路人,,\r\n"
        ",,第三网格,,网格员,路人,,\r\n"
        "东街街道,,,,街道干部,路人,,\r\n"
        ",,第一网格,,楼长,田秀兰,,\r\n"
    )
    batch = taken(cast, text.encode("gb18030"), cast.district_area, "花名册.csv")
    assert problems(batch) == [(6, "网格名称", "unknown_code", True)]
    assert held(cast.other_grid, Role.WORKER) == ["路人"]
    assert held(cast.other_grid, Role.BUILDING_HEAD) == ["路人"]
    assert held(cast.beside_grid, Role.WORKER) == ["苗润生"]
    assert held(cast.far_grid, Role.ASSISTANT) == ["路人"]
    assert held(cast.far_street, Role.STREET) == ["路人"]
    assert held(cast.far_grid, Role.BUILDING_HEAD) == ["田秀兰"]
    assert "149999196108257324" not in str(batch.report)


def test_a_grid_that_several_communities_have_needs_its_community(cast: Cast) -> None:
    content = table(("网格", "岗位", "姓名"), ("第一网格", "网格员", "路人"), ("140403007001001", "网格员", "路人"))
    batch = taken(cast, content, cast.street_area)
    assert problems(batch) == [(3, "网格", "unknown_code", True)]
    assert held(cast.beside_grid, Role.WORKER) == ["路人"]


def test_the_places_above_may_be_written_too_and_must_be_the_right_ones(cast: Cast) -> None:
    headers = ("街道", "社区", "网格", "岗位", "姓名")
    content = table(
        headers,
        ("太行西街街道", "广场西", "第二网格", "网格员", "路人"),
        ("东街街道", "广场西", "第一网格", "楼长", "路人"),
        ("太行西街街道", "桥北社区", "第一网格", "楼长", "路人"),
        ("", "广场西社区", "", "社区干部", "路人"),
    )
    batch = taken(cast, content)
    assert problems(batch) == [(4, "街道", "unknown_code", True), (5, "社区", "unknown_code", True)]
    assert held(cast.other_grid, Role.WORKER) == ["路人"]
    assert held(cast.community_area, Role.COMMUNITY) == ["路人"]
    assert not Post.objects.filter(area__in=(cast.grid, cast.beside_grid), holder=cast.outsider).exists()


def test_an_account_that_is_to_be_made_is_found_by_its_name_too(cast: Cast) -> None:
    batch = taken(cast, roster(("第二网格", "网格员", "任小雨", "ren.xiaoyu"), ("第二网格", "网格员", "任小雨")))
    assert (problems(batch), held(cast.other_grid, Role.WORKER)) == ([(4, "", "duplicate", True)], ["任小雨"])


def test_the_same_person_in_the_same_post_twice_is_a_repeat_and_vacant_posts_are_not(cast: Cast) -> None:
    again = ("第二网格", "网格员", "路人", "outsider")
    batch = taken(
        cast, roster(("第2网格", "网格员", "路人"), again, ("第二网格", "楼长", "待定"), ("第二网格", "楼长", "待定"))
    )
    assert problems(batch) == [(4, "", "duplicate", True)]
    assert held(cast.other_grid, Role.BUILDING_HEAD) == ["", ""]


def test_what_was_done_since_stops_the_undo(cast: Cast) -> None:
    by = cast.fresh("administrator")
    moved = taken(cast, roster(("第一网格", "网格员", "路人")))
    appoint(Post.objects.get(pk=cast.posts["worker"].pk), cast.worker, by=by)
    with pytest.raises(NotPossible, match="第一网格"):
        undo_batch(moved, by=by)
    used = taken(cast, roster(("第二网格", "网格员", "任小雨", "ren.xiaoyu")))
    set_password(User.objects.get(username="ren.xiaoyu"), "walk-the-grid-2026", by=by)
    with pytest.raises(NotPossible, match="任小雨"):
        undo_batch(used, by=by)


def test_an_account_that_holds_something_else_since_stops_the_undo(cast: Cast) -> None:
    by = cast.fresh("administrator")
    batch = taken(cast, roster(("第二网格", "网格员", "任小雨", "ren.xiaoyu")))
    made = User.objects.get(username="ren.xiaoyu")
    accept_pledge(version=pledge_text().version, by=made)
    with pytest.raises(NotPossible, match="任小雨"):
        undo_batch(batch, by=by)
    made.pledges.all().delete()
    create_post(role=Role.VOLUNTEER, area=cast.far_grid, holder=made, by=by)
    with pytest.raises(NotPossible, match="任小雨"):
        undo_batch(batch, by=by)


def test_a_user_name_that_somebody_took_in_the_last_moment_leaves_the_post_alone(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = applying._show

    def taken_meanwhile(*args: Any, **kwargs: Any) -> Any:
        locked = shown(*args, **kwargs)
        User.objects.create(username="ren.xiaoyu", name="任晓宇")
        return locked

    monkeypatch.setattr(applying, "_show", taken_meanwhile)
    batch = taken(
        cast, roster(("第二网格", "网格员", "任小雨", "ren.xiaoyu"), ("第二网格", "楼长", "任小雨", "ren.xiaoyu"))
    )
    assert (batch.state, held(cast.other_grid, Role.WORKER)) == (BatchState.APPLIED, [""])
    assert held(cast.other_grid, Role.BUILDING_HEAD) == []
    assert [row["kind"] for row in batch.report["problems"]] == ["changed_since"]
    undo_batch(batch, by=cast.fresh("administrator"))
    assert held(cast.other_grid, Role.WORKER) == [""]


@pytest.mark.parametrize("who", ["worker", "leader", "street", "district", "auditor", "outsider"])
def test_nobody_else_takes_them_in(cast: Cast, who: str) -> None:
    with pytest.raises(Refused):
        receive_workbook(roster(), name="花名册.xlsx", area=cast.community_area, kind="posts", by=cast.users[who])


def test_an_administrator_takes_in_nothing_about_people(cast: Cast) -> None:
    for kind in ("people", "dwellings", "buildings", "rentals", "units"):
        with pytest.raises(Refused):
            receive_workbook(roster(), name="表.xlsx", area=cast.community_area, kind=kind, by=cast.administrator)


def test_accounts_are_only_made_by_who_manages_them(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    table_before = roles.table()
    poorer = {
        role: {ability: reach for ability, reach in row.items() if ability != "accounts.manage"}
        for role, row in table_before.items()
    }
    monkeypatch.setattr(roles, "table", lambda: poorer)
    before = everything()
    with pytest.raises(Refused):
        taken(cast, roster(("第二网格", "网格员", "任小雨", "ren.xiaoyu")))
    assert everything() == before
    taken(cast, roster(("第二网格", "网格员", "路人")))
    assert held(cast.other_grid, Role.WORKER) == ["路人"]


def test_who_may_see_which_workbooks(cast: Cast) -> None:
    batch = taken(cast, roster(("第二网格", "网格员", "路人")))
    seen = {name for name, user in cast.users.items() if Batch.objects.visible_to(user).filter(pk=batch.pk).exists()}
    assert seen == {"administrator"}


def test_a_grid_belongs_to_no_workbook_of_a_grid(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        receive_workbook(roster(), name="花名册.xlsx", area=cast.grid, kind="posts", by=cast.administrator)
    assert cast.grid.level == Level.GRID
