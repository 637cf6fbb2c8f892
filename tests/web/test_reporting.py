from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from linli.exports.models import Export
from linli.reporting.actions import keep_template
from linli.reporting.models import Template
from tests.cast import Cast
from tests.reporting import forms
from tests.web.counting import queries_of
from tests.web.ledgers import settle

Browser = Callable[[object], Client]
PLACE = "140403007002"


@pytest.fixture
def settled(cast: Cast, tuesday: object) -> Cast:
    settle(cast)
    return cast


def _kept(cast: Cast, title: str = "登记表") -> Template:
    return keep_template(forms.plain(), name="表.xlsx", title=title, area=cast.community_area, by=cast.leader)


def test_a_form_is_sent_in_corrected_and_filled(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    file = SimpleUploadedFile("登记表.xlsx", forms.plain())
    sent = client.post("/exports/forms/new/", {"title": "民政登记表", "area": PLACE, "file": file})
    assert sent.status_code == 302
    page = client.get(sent["Location"]).content.decode()
    assert "民族" in page
    assert "邻里不记这一类" in page
    assert "台账里没有这一项" in page
    template = Template.objects.get()
    columns = {f"column-{number}": "" for number in range(7)} | {"column-1": "name", "column-8": "employer"}
    assert client.post(sent["Location"], columns).status_code == 302
    template.refresh_from_db()
    assert template.mapping["8"] == "employer"
    assert template.mapping["3"] is None
    fill = f"{sent['Location']}fill/"
    assert "身份证号" in client.get(fill).content.decode()
    made = client.post(fill, {"purpose": "民政局要的", "area": PLACE, "standing": ""})
    assert made.status_code == 302
    export = Export.objects.get()
    page = client.get(made["Location"]).content.decode()
    assert "民政登记表" in page
    assert f"/exports/{export.number}/file/" in page


def test_wrong_files_are_told_at_the_field_and_what_was_typed_stays(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    file = SimpleUploadedFile("登记表.csv", b"a,b")
    answer = client.post("/exports/forms/new/", {"title": "民政登记表", "area": PLACE, "file": file})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "另存为 .xlsx" in page
    assert 'value="民政登记表"' in page


def test_filling_asks_for_a_purpose_and_a_place_of_ones_own(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    path = f"/exports/forms/{_kept(settled).number}/fill/"
    assert "写明做什么用" in client.post(path, {"area": PLACE}).content.decode()
    far = client.post(path, {"purpose": "民政局要的", "area": "140403001001", "standing": ""})
    assert far.status_code == 422
    assert not Export.objects.exists()


def test_a_form_from_above_can_be_filled_and_not_changed(settled: Cast, client_for: Browser) -> None:
    template = keep_template(
        forms.plain(), name="表.xlsx", title="街道的表", area=settled.street_area, by=settled.street
    )
    client = client_for(settled.fresh("leader"))
    page = client.get(f"/exports/forms/{template.number}/").content.decode()
    assert "/fill/" in page
    assert "/remove/" not in page
    assert client.post(f"/exports/forms/{template.number}/", {}).status_code == 403
    assert client.post(f"/exports/forms/{template.number}/remove/").status_code == 403


def test_a_form_is_removed(settled: Cast, client_for: Browser) -> None:
    template = _kept(settled)
    client = client_for(settled.fresh("leader"))
    assert client.post(f"/exports/forms/{template.number}/remove/").status_code == 302
    assert "登记表" not in client.get("/exports/forms/").content.decode().split("已删除")[-1].split("</table>")[0][200:]
    assert client.get(f"/exports/forms/{template.number}/").status_code == 404


def test_the_list_costs_the_same_for_one_and_for_three(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("leader"))
    _kept(settled)
    one = queries_of(client, "/exports/forms/")
    for title in ("二", "三"):
        _kept(settled, title)
    assert queries_of(client, "/exports/forms/") == one
