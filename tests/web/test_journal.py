from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from linli.accounts.rules import SYSTEM
from linli.areas.actions import create_post
from linli.areas.choices import Role
from linli.cases.actions import NewCase, load_presets, report_case
from linli.cases.models import Category
from linli.core import clock
from linli.jobs import board
from linli.jobs.choices import JobState
from linli.jobs.models import Job
from linli.journal import actions
from linli.journal.models import Entry
from linli.journal.texts import ACTIONS, OBJECTS, action_words, object_words, reason_words
from tests.cast import Cast
from tests.jobs.queue import WAITING
from tests.web.counting import queries_of

SOURCE = Path(__file__).resolve().parents[2] / "src" / "linli"
Browser = Callable[[object], Client]


def _recorded() -> Iterator[str]:
    """Every action that the source records by a fixed name."""
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("journal.record", "record"):
                second = node.args[1] if len(node.args) > 1 else None
                if isinstance(second, ast.Constant):
                    yield str(second.value)


@pytest.mark.parametrize("action", sorted(set(_recorded())))
def test_every_recorded_action_has_words(action: str) -> None:
    assert action in ACTIONS


def test_words_are_chinese_in_chinese_and_english_in_english() -> None:
    with translation.override("zh-hans"):
        assert [name for name in ACTIONS if re.search(r"[A-Za-z]{3}", action_words(name))] == []
        assert [name for name in OBJECTS if re.search(r"[A-Za-z]{3}", object_words(name))] == []
        assert reason_words("visit") == "联系走访"
    with translation.override("en"):
        assert action_words("accounts.sign_in") == "signed in"


def test_an_unknown_action_or_object_keeps_its_own_name() -> None:
    assert action_words("old.action") == "old.action"
    assert object_words("old.thing") == "old.thing"
    assert reason_words("the resident asked for it") == "the resident asked for it"


def _entries(client: Client, address: str) -> list[Entry]:
    return list(client.get(address).context["page"].object_list)


def test_the_auditor_reads_and_nobody_else_does(cast: Cast, client_for: Browser) -> None:
    assert client_for(None).get("/journal/").status_code == 302
    assert client_for(cast.auditor).get("/journal/").status_code == 200
    for name in ("worker", "community", "street", "district", "administrator", "outsider"):
        assert client_for(cast.fresh(name)).get("/journal/").status_code == 403


def test_filters_narrow_by_who_what_and_object(cast: Cast, client_for: Browser) -> None:
    actions.record(cast.worker, "people.reveal", object_type="people.person", object_id="7", reason="visit")
    actions.record(cast.street, "areas.rename", cast.grid, reason="a better name")
    client = client_for(cast.auditor)
    by_who = _entries(client, "/journal/?actor=worker")
    assert [entry.action for entry in by_who] == ["people.reveal"]
    by_what = _entries(client, "/journal/?action=areas.rename")
    assert [entry.actor for entry in by_what] == ["street"]
    by_object = _entries(client, "/journal/?object_type=people.person&object_id=7")
    assert [entry.reason for entry in by_object] == ["visit"]
    assert _entries(client, "/journal/?object_type=people.person&object_id=8") == []


def test_a_case_goes_by_its_number(cast: Cast, client_for: Browser) -> None:
    load_presets(by=SYSTEM)
    first, second = (
        report_case(NewCase(Category.objects.get(code="heating"), "暖气不热", area=cast.grid), by=cast.worker).case
        for _report in range(2)
    )
    actions.record(cast.street, "cases.export", object_type="cases.case")
    client = client_for(cast.auditor)
    assert second.number in client.get("/journal/").content.decode()
    page = client.get(f"/journal/?object_id={first.number.lower()}")
    about = {(entry.object_type, entry.object_id) for entry in page.context["page"].object_list}
    assert about == {("cases.case", str(first.pk))}
    assert first.number in page.content.decode()
    assert second.number not in page.content.decode()


def test_who_has_no_account_is_named_in_words(cast: Cast, client_for: Browser) -> None:
    lines = client_for(cast.auditor).get("/journal/?actor=system").context["lines"]
    assert {line.actor_name for line in lines} == {"邻里自动"}
    lines = client_for(cast.auditor).get("/journal/?actor=auditor").context["lines"]
    assert {line.actor_name for line in lines} <= {"阮清"}


def test_filters_narrow_by_area_and_day(cast: Cast, client_for: Browser) -> None:
    actions.record(cast.street, "areas.rename", cast.grid)
    client = client_for(cast.auditor)
    under = _entries(client, f"/journal/?area={cast.grid.code}&actor=street")
    assert len(under) == 1
    assert _entries(client, f"/journal/?area={cast.far_grid.code}&actor=street") == []
    assert _entries(client, "/journal/?area=nowhere") == []
    today = clock.today().isoformat()
    assert _entries(client, f"/journal/?since={today}&until={today}") != []
    assert _entries(client, "/journal/?until=2020-01-01") == []


def test_a_wrong_day_is_named_at_its_field(cast: Cast, client_for: Browser) -> None:
    page = client_for(cast.auditor).get("/journal/?since=2026-02-02&until=2026-01-01")
    assert page.context["form"].errors.keys() == {"until"}
    assert page.status_code == 200


def test_verify_says_in_words_that_the_journal_is_unaltered(cast: Cast, client_for: Browser) -> None:
    page = client_for(cast.auditor).post("/journal/verify/").content.decode()
    assert "日志没有被改动" in page


def test_verify_names_the_entry_that_was_changed(cast: Cast, client_for: Browser) -> None:
    Entry.objects.filter(number=3)._raw_delete("default")
    page = client_for(cast.auditor).post("/journal/verify/").content.decode()
    assert "第3条" in page
    assert "日志被改动过" in page


def test_verify_is_a_press_of_a_button_by_an_auditor(cast: Cast, client_for: Browser) -> None:
    assert client_for(cast.auditor).get("/journal/verify/").status_code == 405
    assert client_for(cast.street).post("/journal/verify/").status_code == 403


def test_how_far_the_proof_is_stands_on_the_page_and_it_can_be_stopped(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.auditor)
    with WAITING:
        assert "马上开始" in client.post("/journal/verify/").content.decode()
    job = Job.objects.get()
    Job.objects.update(state=JobState.RUNNING)
    with board.held(job.pk):
        board.write(job.pk, board.Progress("verify", 2000, 8000))
        page = client.get("/journal/").content.decode()
        part = client.get("/journal/verify/progress/").content.decode()
    assert 'hx-get="/journal/verify/progress/"' in page
    for text in (page, part):
        assert "2,000 ÷ 8,000 条" in text
    Job.objects.update(state=JobState.WAITING)
    assert "已停下" in client.post("/journal/verify/stop/", follow=True).content.decode()
    assert client.get("/journal/verify/progress/").headers["HX-Redirect"] == "/journal/"


def test_what_was_found_last_stays_on_the_page_of_whoever_asked(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.auditor)
    assert "日志没有被改动" not in client.get("/journal/").content.decode()
    client.post("/journal/verify/")
    assert "日志没有被改动" in client.get("/journal/").content.decode()
    create_post(role=Role.AUDITOR, area=cast.district_area, holder=cast.outsider, by=SYSTEM)
    other = client_for(cast.fresh("outsider"))
    assert "日志没有被改动" not in other.get("/journal/").content.decode()
    assert [message.level_tag for message in other.post("/journal/verify/stop/", follow=True).context["messages"]] == [
        "info"
    ]


def test_only_auditors_see_or_stop_a_proof(cast: Cast, client_for: Browser) -> None:
    for name in ("worker", "community", "street", "district", "administrator", "outsider"):
        client = client_for(cast.fresh(name))
        assert client.get("/journal/verify/progress/").status_code == 403
        assert client.post("/journal/verify/stop/").status_code == 403


def test_entries_cost_the_same_number_of_queries(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.auditor)
    counts = []
    for _number in range(3):
        actions.record("visitor", "areas.rename", cast.grid)
        counts.append(queries_of(client, "/journal/?actor=visitor"))
    assert counts[0] == counts[2]


def test_an_auditor_of_one_street_reads_only_what_happened_there(cast: Cast, client_for: Browser) -> None:
    create_post(role=Role.AUDITOR, area=cast.street_area, holder=cast.outsider, by=SYSTEM)
    actions.record(cast.worker, "areas.rename", cast.grid)
    actions.record(cast.worker, "areas.rename", cast.far_grid)
    actions.record(cast.worker, "accounts.sign_in", cast.worker)
    entries = _entries(client_for(cast.fresh("outsider")), "/journal/?actor=worker")
    assert [entry.area_path for entry in entries] == [cast.grid.path]


def test_where_something_was_done_is_said_in_words_or_as_an_address(cast: Cast, client_for: Browser) -> None:
    for source in ("command", "public", "10.1.2.3"):
        with actions.acting_from(source):
            actions.record("visitor", "areas.rename", cast.grid)
    page = client_for(cast.auditor).get("/journal/?actor=visitor").content.decode()
    assert [words in page for words in ("命令行", "居民页面", "10.1.2.3", ">command<")] == [True, True, True, False]
