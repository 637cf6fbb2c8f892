from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.core import clock
from linli.exchange.actions import ask_for
from linli.exchange.choices import BatchState, BatchWork
from linli.exchange.models import Batch
from linli.files.actions import remove_upload
from linli.jobs import board
from linli.jobs.actions import close_abandoned, run
from linli.jobs.choices import JobState
from linli.jobs.models import Job
from linli.journal.models import Entry
from linli.people.actions import correct
from linli.people.models import Correction, Person
from tests.cast import Cast
from tests.exchange.samples import HEADERS, REAL_WORKBOOK, applied, received, resident, workbook
from tests.jobs.queue import WAITING
from tests.web.counting import queries_of
from tests.web.ledgers import BAD_ID

Browser = Callable[[object], Client]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

pytestmark = pytest.mark.usefixtures("tuesday")


def _upload(client: Client, content: bytes, code: str, name: str = "台账.xlsx") -> Any:
    file = SimpleUploadedFile(name, content, content_type=XLSX)
    return client.post("/imports/new/", {"kind": "people", "area": code, "file": file}, follow=True)


def test_the_real_workbook_goes_all_the_way_and_back(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    columns = _upload(client, REAL_WORKBOOK.read_bytes(), cast.community_area.code)
    assert "每列是什么" in columns.content.decode()
    number = Batch.objects.get().number
    report = client.post(f"/imports/{number}/check/", _as_shown(columns), follow=True)
    page = report.content.decode()
    assert "收进786人、320套房" in page
    assert "还什么都没写" in page
    assert Person.objects.count() == 0
    done = client.post(f"/imports/{number}/apply/", follow=True)
    assert dict(done.context["figures"]) == {
        "居民": 786,
        "住户": 310,
        "房屋": 320,
        "空房": 10,
        "出租房": 47,
        "原来就有，更新了": 0,
    }
    assert Person.objects.count() == 786
    undone = client.post(f"/imports/{number}/undo/", follow=True)
    assert "已撤回" in undone.content.decode()
    assert Person.objects.count() == 0


def _as_shown(page: Any) -> dict[str, str]:
    """Return the fields of the columns page as they stand."""
    return {bound.html_name: bound.value() or "" for form in page.context["forms"] for bound in form}


def test_a_column_can_be_chosen_and_left_out(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    headers = [*HEADERS[:-1], "户内称呼"]
    columns = _upload(client, workbook([resident("李桂香", note="大姐")], headers), cast.community_area.code)
    number = Batch.objects.get().number
    given = _as_shown(columns)
    assert given["sheet0-column-12"] == ""
    client.post(f"/imports/{number}/check/", {**given, "sheet0-column-12": "note"})
    client.post(f"/imports/{number}/apply/")
    assert Person.objects.get().note == "大姐"
    assert Batch.objects.get().mapping == {"居民台账": {"12": "note"}}


def test_a_former_choice_is_kept_when_another_column_is_changed(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    headers = [*HEADERS[:-1], "户内称呼"]
    columns = _upload(client, workbook([resident("李桂香", note="大姐")], headers), cast.community_area.code)
    number = Batch.objects.get().number
    client.post(f"/imports/{number}/check/", {**_as_shown(columns), "sheet0-column-12": "note"})
    again = client.get(f"/imports/{number}/?columns=1")
    client.post(f"/imports/{number}/check/", {**_as_shown(again), "sheet0-column-9": ""})
    assert Batch.objects.get().mapping == {"居民台账": {"12": "note", "9": None}}


def test_a_field_that_is_not_offered_is_refused(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    columns = _upload(client, workbook([resident("李桂香")]), cast.community_area.code)
    number = Batch.objects.get().number
    answer = client.post(f"/imports/{number}/check/", {**_as_shown(columns), "sheet0-column-12": "religion"})
    assert answer.status_code == 422
    assert Batch.objects.get().state == BatchState.UPLOADED


def test_columns_that_are_never_kept_are_shown_as_dropped(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    content = workbook([[*resident("李桂香"), "佛教"]], [*HEADERS, "宗教信仰"])
    page = _upload(client, content, cast.community_area.code).content.decode()
    assert "宗教信仰" in page
    assert "不收：邻里从不保存" in page
    assert "佛教" not in page
    number = Batch.objects.get().number
    assert "佛教" not in client.post(f"/imports/{number}/check/", follow=True).content.decode()


def test_problems_are_named_by_cell_and_reason_and_held_rows_stand_apart(cast: Cast, client_for: Browser) -> None:
    rows = [resident("李桂香", birth_date="1961-02-30"), resident("", phone="15005569934", room="602")]
    batch = received(workbook(rows), cast.community_area, cast.leader)
    client = client_for(cast.fresh("leader"))
    everything = client.get(f"/imports/{batch.number}/")
    assert "I2" in everything.content.decode()
    assert {row["kind"] for row in everything.context["problems"]} == {"bad_date", "missing_name"}
    held = client.get(f"/imports/{batch.number}/?show=held")
    assert [row["kind"] for row in held.context["problems"]] == ["missing_name"]
    assert "15005569934" not in everything.content.decode()
    cells = everything.context["samples"][0]["rows"][0][1]
    assert "户主" in cells
    assert "head" not in cells


def test_the_rows_to_correct_come_as_a_workbook(cast: Cast, client_for: Browser) -> None:
    wrong = [*resident("王翠萍", id_number=BAD_ID, phone="15005569934", room="602"), "佛教"]
    content = workbook([[*resident("李桂香"), "佛教"], wrong], [*HEADERS, "宗教信仰"])
    batch = received(content, cast.community_area, cast.leader)
    client = client_for(cast.fresh("leader"))
    address = f"/imports/{batch.number}/problems.xlsx"
    assert f'href="{address}"' in client.get(f"/imports/{batch.number}/").content.decode()
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, XLSX)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert unquote(answer["Content-Disposition"]).endswith("台账-要改的行.xlsx")
    assert "no-store" in answer["Cache-Control"]
    [sheet] = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert len(rows) == 2
    assert {"王翠萍", BAD_ID, "15005569934"} <= set(rows[1])
    assert "宗教信仰" not in rows[0]
    assert "佛教" not in rows[1]
    entry = Entry.objects.get(action="exchange.export_errors")
    assert (entry.actor, entry.object_id, entry.detail) == ("leader", str(batch.pk), {"problems": 1})


def test_without_a_problem_or_a_file_no_workbook_is_offered(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    good = received(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    assert "problems.xlsx" not in client.get(f"/imports/{good.number}/").content.decode()
    gone = received(workbook([resident("")]), cast.community_area, cast.leader)
    assert gone.upload is not None
    remove_upload(gone.upload, by=cast.leader)
    assert "problems.xlsx" not in client.get(f"/imports/{gone.number}/").content.decode()
    answer = client.get(f"/imports/{gone.number}/problems.xlsx", follow=True)
    assert answer.redirect_chain == [(f"/imports/{gone.number}/", 302)]
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_before_the_check_no_workbook_is_handed_out(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    _upload(client, workbook([resident("")]), cast.community_area.code)
    answer = client.get(f"/imports/{Batch.objects.get().number}/problems.xlsx", follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert not Entry.objects.filter(action="exchange.export_errors").exists()


@pytest.mark.parametrize(
    ("name", "status"), [(None, 302), ("community", 200), ("far_leader", 404), ("worker", 403), ("auditor", 403)]
)
def test_who_may_have_the_rows_to_correct(cast: Cast, client_for: Browser, name: str | None, status: int) -> None:
    batch = received(workbook([resident("")]), cast.community_area, cast.leader)
    client = client_for(cast.fresh(name) if name else None)
    assert client.get(f"/imports/{batch.number}/problems.xlsx").status_code == status


def test_a_text_file_named_xlsx_is_refused_next_to_the_field(cast: Cast, client_for: Browser) -> None:
    answer = _upload(client_for(cast.fresh("leader")), b"name,phone\n", cast.community_area.code)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"file"}
    assert not Batch.objects.exists()


def test_a_missing_or_empty_file_is_named_at_its_field(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    answer = client.post("/imports/new/", {"kind": "people", "area": cast.community_area.code})
    assert "先选表格" in str(answer.context["form"].errors["file"])
    assert "空的" in str(_upload(client, b"", cast.community_area.code).context["form"].errors["file"])


def test_a_file_that_is_too_large_says_so_once(cast: Cast, client_for: Browser, settings: Any) -> None:
    settings.LINLI_UPLOAD_MAX_MB = 1
    answer = _upload(client_for(cast.fresh("leader")), b"x" * (2 * 1024 * 1024), cast.community_area.code)
    assert answer.status_code == 422
    assert len(answer.context["form"].errors["file"]) == 1
    assert "1 MB" in str(answer.context["form"].errors["file"]).replace("\xa0", " ")


def test_only_communities_of_ones_own_reach_are_offered(cast: Cast, client_for: Browser) -> None:
    form = client_for(cast.fresh("leader")).get("/imports/new/").context["form"]
    assert [area.name for area in form.fields["area"].queryset] == ["广场西社区"]
    form = client_for(cast.fresh("street")).get("/imports/new/").context["form"]
    assert [area.name for area in form.fields["area"].queryset] == ["桥北社区", "广场西社区"]
    answer = _upload(client_for(cast.fresh("leader")), workbook([resident("李桂香")]), cast.far_community.code)
    assert answer.context["form"].errors.keys() == {"area"}


@pytest.mark.parametrize("name", ["worker", "district", "department", "police", "auditor"])
def test_taking_in_is_closed_to(cast: Cast, client_for: Browser, name: str) -> None:
    batch = received(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    client = client_for(cast.fresh(name))
    assert client.get("/imports/").status_code == 403
    assert client.get("/imports/new/").status_code == 403
    for step in ("", "undo/"):
        assert client.get(f"/imports/{batch.number}/{step}").status_code == 403
    for step in ("check/", "apply/", "undo/"):
        assert client.post(f"/imports/{batch.number}/{step}").status_code == 403


def test_a_workbook_out_of_reach_is_not_found(cast: Cast, client_for: Browser) -> None:
    batch = received(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    client = client_for(cast.fresh("far_leader"))
    assert client_for(None).get(f"/imports/{batch.number}/").status_code == 302
    assert client.get(f"/imports/{batch.number}/").status_code == 404
    for step in ("check/", "apply/", "undo/"):
        assert client.post(f"/imports/{batch.number}/{step}").status_code == 404
    assert list(client.get("/imports/").context["page"]) == []


def test_applying_twice_says_that_it_is_further_on(cast: Cast, client_for: Browser) -> None:
    batch = applied(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    answer = client_for(cast.fresh("leader")).post(f"/imports/{batch.number}/apply/", follow=True)
    assert answer.status_code == 200
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert Person.objects.count() == 1


def test_a_workbook_without_a_single_good_row_takes_nothing_over(cast: Cast, client_for: Browser) -> None:
    batch = received(workbook([resident("", phone="15005569934")]), cast.community_area, cast.leader)
    answer = client_for(cast.fresh("leader")).post(f"/imports/{batch.number}/apply/", follow=True)
    assert [message.level_tag for message in answer.context["messages"]] == ["warning"]
    assert Batch.objects.get().state == BatchState.CHECKED


def test_undo_asks_first_and_a_refusal_says_why(cast: Cast, client_for: Browser) -> None:
    batch = applied(workbook([resident("李桂香", birth_date="1961-02-30")]), cast.community_area, cast.leader)
    client = client_for(cast.fresh("leader"))
    assert "全部放回去" in client.get(f"/imports/{batch.number}/undo/").content.decode()
    assert Batch.objects.get().state == BatchState.APPLIED
    correct(Correction.objects.get(), "1961-02-28", by=cast.leader)
    refused = client.post(f"/imports/{batch.number}/undo/", follow=True)
    assert refused.context["outcome"].tone == "late"
    assert "李桂香" in refused.context["outcome"].text
    assert "李桂香" in refused.content.decode()
    assert Batch.objects.get().state == BatchState.APPLIED


def test_undo_of_what_is_not_in_force_is_refused_at_once(cast: Cast, client_for: Browser) -> None:
    batch = received(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    refused = client_for(cast.fresh("leader")).post(f"/imports/{batch.number}/undo/")
    assert refused.status_code == 409
    assert refused.context["refusal"]


def test_what_was_taken_over_is_told(cast: Cast, client_for: Browser) -> None:
    batch = received(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    page = client_for(cast.fresh("leader")).post(f"/imports/{batch.number}/apply/", follow=True)
    assert page.context["outcome"].tone == "done"
    assert "已收进1人、1套房" in page.content.decode()


def _being_applied(cast: Cast) -> Batch:
    batch = received(workbook([resident("李桂香")]), cast.community_area, cast.leader)
    with WAITING:
        ask_for(batch, BatchWork.APPLY, by=cast.leader)
    return batch


def test_how_far_it_is_stands_on_the_page_and_comes_anew_by_itself(cast: Cast, client_for: Browser) -> None:
    batch = _being_applied(cast)
    job = Job.objects.get()
    client = client_for(cast.fresh("leader"))
    assert "马上开始" in client.get(f"/imports/{batch.number}/").content.decode()
    Job.objects.update(state=JobState.RUNNING)
    with board.held(job.pk):
        board.write(job.pk, board.Progress("write", 12400, 40000))
        page = client.get(f"/imports/{batch.number}/").content.decode()
        part = client.get(f"/imports/{batch.number}/progress/")
    assert f'hx-get="/imports/{batch.number}/progress/"' in page
    for text in (page, part.content.decode()):
        assert "12,400 ÷ 40,000 条" in text
        assert "31.0%" in text
    assert "<html" not in part.content.decode()
    assert "HX-Redirect" not in part.headers


def test_once_it_is_over_the_part_leads_to_the_page_that_tells(cast: Cast, client_for: Browser) -> None:
    batch = _being_applied(cast)
    run(Job.objects.get().pk, {"corrections": {}})
    part = client_for(cast.fresh("leader")).get(f"/imports/{batch.number}/progress/")
    assert part.headers["HX-Redirect"] == f"/imports/{batch.number}/"


def test_whoever_asked_can_stop_it_and_a_colleague_sees_it_only(cast: Cast, client_for: Browser) -> None:
    batch = _being_applied(cast)
    colleague = client_for(cast.fresh("community"))
    stop = f"/imports/{batch.number}/stop/"
    page = colleague.get(f"/imports/{batch.number}/")
    assert page.status_code == 200
    assert stop not in page.content.decode()
    assert colleague.post(stop).status_code == 403
    client = client_for(cast.fresh("leader"))
    assert stop in client.get(f"/imports/{batch.number}/").content.decode()
    stopped = client.post(stop, follow=True)
    assert "已停下" in stopped.content.decode()
    assert Batch.objects.get().state == BatchState.CHECKED
    again = client.post(stop, follow=True)
    assert [message.level_tag for message in again.context["messages"]] == ["info"]


def test_a_workbook_whose_reading_was_stopped_can_be_read_again(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    with WAITING:
        page = _upload(client, workbook([resident("李桂香")]), cast.community_area.code)
    number = Batch.objects.get().number
    assert f"/imports/{number}/stop/" in page.content.decode()
    client.post(f"/imports/{number}/stop/")
    unread = client.get(f"/imports/{number}/").content.decode()
    assert "还没有读" in unread
    assert "每列是什么" in client.post(f"/imports/{number}/read/", follow=True).content.decode()


def test_a_file_that_turns_out_to_be_damaged_says_so(cast: Cast, client_for: Browser) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\0" * 600
    page = _upload(client_for(cast.fresh("leader")), content, cast.community_area.code).content.decode()
    assert "文件坏了" in page
    assert "什么都没留下" in page


def test_what_failed_is_told_in_words_with_what_to_do(cast: Cast, client_for: Browser) -> None:
    batch = _being_applied(cast)
    Job.objects.update(state=JobState.RUNNING)
    close_abandoned(clock.now())
    page = client_for(cast.fresh("leader")).get(f"/imports/{batch.number}/").content.decode()
    assert "请再开始一次" in page
    assert f"/imports/{batch.number}/apply/" in page


def test_workbooks_cost_the_same_number_of_queries(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    counts = []
    for number in range(3):
        received(workbook([resident(f"郭{number}")]), cast.community_area, cast.leader)
        counts.append(queries_of(client, "/imports/"))
    assert counts[0] == counts[2]
