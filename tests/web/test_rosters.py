"""The pages of workbooks, as the administrator meets them for posts, and as others do not."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.areas.choices import Role
from linli.areas.models import Post
from linli.cli import main
from linli.exchange.actions import check_batch, receive_workbook
from linli.exchange.models import Batch, LearntHeader
from tests.cast import Cast
from tests.exchange.samples import received, resident, workbook
from tests.exchange.test_homes import table
from tests.web.counting import queries_of

Browser = Callable[[object], Client]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

HEADERS = ("网格", "岗位", "姓名", "公示电话")
ROSTER = table(HEADERS, ("第一网格", "网格员", "路人", "0355-2020001"), ("第九网格", "网格员", "路人", ""))


def sent(cast: Cast, content: bytes = ROSTER) -> Batch:
    by = cast.fresh("administrator")
    batch = receive_workbook(content, name="花名册.xlsx", area=cast.community_area, kind="posts", by=by)
    check_batch(batch, by=by)
    return batch


def choices(client: Client, name: str) -> set[str]:
    field = client.get("/imports/new/").context["form"].fields[name]
    return {str(value) for value, _label in field.choices}


@pytest.mark.parametrize("who", ["leader", "community", "street"])
def test_whoever_takes_people_in_is_offered_no_posts(cast: Cast, client_for: Browser, who: str) -> None:
    client = client_for(cast.fresh(who))
    assert choices(client, "kind") == {"people", "dwellings", "buildings", "rentals", "units"}
    places = {"140403007002", "140403007001"} if who == "street" else {"140403007002"}
    assert choices(client, "area") == places


def test_the_administrator_is_offered_posts_alone_and_wide_places_too(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("administrator"))
    assert choices(client, "kind") == {"posts"}
    assert {"140403", "140403007", "140403001", "140403007002", "140403001001"} <= choices(client, "area")
    assert cast.grid.code not in choices(client, "area")


def test_what_is_not_offered_is_refused(cast: Cast, client_for: Browser) -> None:
    for who, kind in (("administrator", "people"), ("leader", "posts")):
        file = SimpleUploadedFile("台账.xlsx", ROSTER)
        given = {"kind": kind, "area": cast.community_area.code, "file": file}
        answer = client_for(cast.fresh(who)).post("/imports/new/", given)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["kind"])
    assert not Batch.objects.exists()


def test_who_has_both_posts_chooses_a_place_that_fits(cast: Cast, client_for: Browser) -> None:
    Post.objects.filter(pk=cast.posts["leader"].pk).update(holder=cast.administrator)
    client = client_for(cast.fresh("administrator"))
    assert choices(client, "kind") > {"people", "posts"}
    file = SimpleUploadedFile("台账.xlsx", workbook([resident("李桂香")]))
    answer = client.post("/imports/new/", {"kind": "people", "area": cast.street_area.code, "file": file})
    assert answer.status_code in (403, 422)
    assert not Batch.objects.exists()


def test_each_kind_is_listed_to_those_who_take_it_in(cast: Cast, client_for: Browser) -> None:
    roster = sent(cast)
    people = received(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    administrator, leader = client_for(cast.fresh("administrator")), client_for(cast.fresh("leader"))
    for client, seen, hidden in ((administrator, roster, people), (leader, people, roster)):
        page = client.get("/imports/").content.decode()
        assert seen.number in page
        assert hidden.number not in page
        assert client.get(f"/imports/{seen.number}/").status_code == 200
        assert client.get(f"/imports/{hidden.number}/").status_code == 404
        assert client.get(f"/imports/{hidden.number}/differences/").status_code == 404
        assert client.get(f"/imports/{hidden.number}/problems.xlsx").status_code == 404


def test_what_would_change_is_told_in_words(cast: Cast, client_for: Browser) -> None:
    batch = sent(cast, table((*HEADERS, "上公示牌"), ("第一网格", "网格员", "空缺", "", "否")))
    shown = client_for(cast.fresh("administrator")).get(f"/imports/{batch.number}/differences/").content.decode()
    for words in ("网格员", "广场西社区第一网格", "任职人", "李文静", "空着", "上公示牌", "是", "否"):
        assert words in shown


def test_the_rows_to_correct_name_the_cell(cast: Cast, client_for: Browser) -> None:
    batch = sent(cast)
    answer = client_for(cast.fresh("administrator")).get(f"/imports/{batch.number}/problems.xlsx")
    [sheet] = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    noted = {cell.value: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert set(noted) == {"第九网格"}
    assert "网格" in noted["第九网格"]


def test_what_headers_mean_is_learnt_apart(cast: Cast, client_for: Browser) -> None:
    by = cast.fresh("administrator")
    content = table(("网格", "岗位", "姓名", "干什么的"), ("第一网格", "网格员", "李文静", "巡楼道"))
    batch = receive_workbook(content, name="花名册.xlsx", area=cast.community_area, kind="posts", by=by)
    check_batch(batch, by=by, corrections={"台账": {3: "duties"}})
    assert list(LearntHeader.objects.visible_to(by).values_list("written", flat=True)) == ["干什么的"]
    assert "干什么的" in client_for(by).get("/imports/headers/").content.decode()
    assert "干什么的" not in client_for(cast.fresh("leader")).get("/imports/headers/").content.decode()


def test_one_row_costs_as_much_as_three(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("administrator"))
    sent(cast)
    client.get("/imports/")
    one = queries_of(client, "/imports/")
    sent(cast)
    sent(cast)
    assert queries_of(client, "/imports/") == one


def test_accounts_without_a_password_are_told_apart(cast: Cast, client_for: Browser) -> None:
    cast.outsider.set_unusable_password()
    cast.outsider.save(update_fields=["password"])
    client = client_for(cast.fresh("administrator"))
    assert "还没有密码" in client.get("/users/?q=outsider").content.decode()
    assert "还没有密码" not in client.get("/users/?q=police").content.decode()


def test_the_command_takes_rosters_in(cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("roster") / "花名册.xlsx"
    file.write_bytes(ROSTER)
    asked = ["import", "posts", str(file), "--area", cast.street_area.code, "--partial", "--as", "administrator"]
    dry = CliRunner().invoke(main, [*asked, "--dry-run"])
    assert (dry.exit_code, Post.objects.filter(holder=cast.outsider).exists()) == (0, False)
    refused = CliRunner().invoke(main, [*asked[:-1], "leader"])
    assert (refused.exit_code, Post.objects.filter(holder=cast.outsider).exists()) == (1, False)
    # Of the two first grids of the street nobody knows which is meant.
    assert CliRunner().invoke(main, asked).exit_code in (0, 1)
    assert not Post.objects.filter(holder=cast.outsider).exists()
    asked[4] = cast.community_area.code
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    assert Post.objects.get(holder=cast.outsider).role == Role.WORKER
