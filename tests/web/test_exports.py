from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from linli.core import clock
from linli.exports.actions import decide_export
from linli.exports.choices import ExportState
from linli.exports.models import Export
from linli.journal.models import Entry
from tests.cast import Cast
from tests.conftest import TUESDAY
from tests.exports.samples import asked, table
from tests.jobs.queue import WAITING
from tests.web.counting import queries_of
from tests.web.ledgers import ID_NUMBER, settle

Browser = Callable[[object], Client]
GIVEN = {"purpose": "核对住户电话", "columns": ["address", "name", "id_number"], "form": "xlsx"}


@pytest.fixture
def settled(cast: Cast, tuesday: object) -> Cast:
    settle(cast)
    return cast


def _sent(client: Client, query: str, **values: object) -> Export:
    answer = client.post(f"/exports/new/?{query}", GIVEN | values)
    assert answer.status_code == 302, answer.context["form"].errors
    return Export.objects.select_related("area").get(number=answer["Location"].split("/")[2])


@pytest.mark.parametrize(
    ("path", "kind"), [("/households/", "households"), ("/corrections/", "corrections"), ("/cases/", "cases")]
)
def test_a_list_has_its_button_for_those_who_may(settled: Cast, client_for: Browser, path: str, kind: str) -> None:
    query = "?under=140403007002001&page=1"
    page = client_for(settled.fresh("leader")).get(path + query).content.decode()
    assert f'href="/exports/new/?kind={kind}&amp;under=140403007002001"' in page
    assert "/exports/new/" not in client_for(settled.fresh("worker")).get(path + query).content.decode()


def test_a_small_list_is_downloaded_at_once(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    asking = client.get("/exports/new/?kind=people&under=140403007002001&q=李桂香").content.decode()
    assert "1行" in asking
    assert "“李桂香”" in asking
    export = _sent(client, "kind=people&under=140403007002001&q=李桂香", area="140403007002001")
    page = client.get(f"/exports/{export.number}/").content.decode()
    assert f'href="/exports/{export.number}/file/"' in page
    answer = client.get(f"/exports/{export.number}/file/")
    assert "no-store" in answer["Cache-Control"]
    assert "filename*=utf-8''%E5%B1%85" in answer["Content-Disposition"]
    assert [row[1] for row in table(answer.streaming_content)[2:]] == ["李桂香"]
    assert Entry.objects.filter(action="exports.download").count() == 1


def test_what_is_missing_is_said_at_its_field_and_kept(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    answer = client.post("/exports/new/?kind=people", {"form": "csv", "area": "140403007002", "purpose": "用"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "写几个字" in page
    assert "至少选一列" in page
    assert 'value="用"' in page


def test_no_place_beyond_ones_own(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    assert "不归您导出" in client.get("/exports/new/?kind=people&under=140403001001").content.decode()
    answer = client.post("/exports/new/?kind=people", GIVEN | {"area": "140403001001"})
    assert answer.status_code == 422
    assert client.get("/exports/new/?kind=nothing").status_code == 404
    assert client_for(settled.fresh("street")).get("/exports/new/?kind=corrections").status_code == 403


def test_two_people(settled: Cast, client_for: Browser) -> None:
    asking, deciding = client_for(settled.fresh("leader")), client_for(settled.fresh("community"))
    export = _sent(asking, "kind=people", area="140403007002", clear="on")
    mine = asking.get(f"/exports/{export.number}/").content.decode()
    assert "等别人来批" in mine
    assert "/decide/" not in mine
    assert export.number in deciding.get("/exports/?show=waiting").content.decode()
    assert export.number not in asking.get("/exports/?show=waiting").content.decode()
    theirs = deciding.get(f"/exports/{export.number}/").content.decode()
    assert "核对住户电话" in theirs
    assert "郭建英" in theirs
    decide = f"/exports/{export.number}/decide/"
    assert asking.post(decide, {"decision": "approve"}).status_code == 403
    assert deciding.post(decide, {"decision": "refuse"}).status_code == 422
    assert deciding.post(decide, {}).status_code == 422
    assert deciding.post(decide, {"decision": "approve"}).status_code == 302
    assert ID_NUMBER in str(table(asking.get(f"/exports/{export.number}/file/").streaming_content))
    assert deciding.get(f"/exports/{export.number}/file/").status_code == 403


def test_refused_the_reason_is_shown(settled: Cast, client_for: Browser) -> None:
    export = asked(settled.leader, settled.community_area, clear=True)
    client = client_for(settled.fresh("community"))
    client.post(f"/exports/{export.number}/decide/", {"decision": "refuse", "note": "用不着"})
    assert "用不着" in client_for(settled.fresh("leader")).get(f"/exports/{export.number}/").content.decode()


def test_the_file_being_made_is_watched_stopped_and_begun_again(settled: Cast, client_for: Browser) -> None:
    export = asked(settled.leader, settled.community_area, clear=True)
    with WAITING:
        decide_export(export, approve=True, by=settled.community)
    client, address = client_for(settled.fresh("leader")), f"/exports/{export.number}/"
    assert "正在做文件" in client.get(address).content.decode()
    assert client.get(f"{address}progress/").status_code == 200
    assert client_for(settled.fresh("community")).post(f"{address}stop/").status_code == 403
    client.post(f"{address}stop/")
    assert "再做一次文件" in client.get(address).content.decode()
    client.post(f"{address}again/")
    assert Export.objects.get().state == ExportState.READY
    client.post(f"{address}withdraw/")
    assert Export.objects.get().state == ExportState.WITHDRAWN


@pytest.mark.parametrize("show", ["", "waiting", "all"])
def test_lists_cost_the_same_number_of_queries(settled: Cast, client_for: Browser, show: str) -> None:
    # Another day than the clock of the journal's first entries, so that nothing of today is left.
    client = client_for(settled.fresh("leader"))
    by = settled.community if show == "waiting" else settled.leader
    counts = []
    for _turn in range(3):
        asked(by, settled.community_area, clear=True)
        counts.append(queries_of(client, f"/exports/?show={show}"))
    assert Export.objects.count() == 3
    assert counts[0] == counts[2]
    assert clock.now() == TUESDAY


def test_what_was_taken_today_leaves_less(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    asked(settled.leader, settled.community_area)
    assert f"还剩{settings.LINLI_EXPORT_ROWS - 4}行" in client.get("/exports/new/?kind=people").content.decode()


def test_the_administrator_takes_posts_out_as_they_are_narrowed(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.administrator)
    listed = client.get("/posts/?role=worker&vacant=on").content.decode()
    assert 'href="/exports/new/?kind=posts&amp;role=worker&amp;vacant=on"' in listed
    way = "/exports/new/?kind=posts&role=worker&vacant=on"
    assert "网格员 · 空着" in client.get(way).content.decode()
    given = {"purpose": "补空缺的岗位", "area": cast.district_area.code, "columns": ["title", "area"], "form": "csv"}
    page = client.post(way, given, follow=True)
    number = page.redirect_chain[-1][0].split("/")[2]
    text = b"".join(client.get(f"/exports/{number}/file/").streaming_content).decode("utf-8-sig")
    assert "网格员,第二网格" in text
    assert "第一网格" not in text
    # Departments' forms are filled with residents: not theirs.
    assert "/exports/forms/" not in client.get("/exports/").content.decode()
    assert client.get("/exports/forms/").status_code == 403
    assert client_for(cast.auditor).get(way).status_code == 403
    assert "/exports/new/" not in client_for(cast.auditor).get("/posts/").content.decode()
