"""Pages about what a workbook would change, and about headers that were learnt."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.exchange.actions import check_batch
from linli.exchange.models import LearntHeader
from linli.files.actions import remove_upload
from tests.cast import Cast
from tests.exchange.samples import HEADERS, applied, received, resident, workbook
from tests.web.counting import queries_of

Browser = Callable[[object], Client]

pytestmark = pytest.mark.usefixtures("tuesday")

NAMES = ("李桂香", "王翠萍", "赵小军")
LAST = len(HEADERS) - 1


def people(count: int, phone: str = "", **values: str) -> bytes:
    rows = [
        resident(name, room=f"{number}01", birth_date="1961-08-25", phone=phone, **values)
        for number, name in enumerate(NAMES[:count], 1)
    ]
    return workbook(rows)


def test_the_page_of_a_workbook_leads_to_what_it_would_change(cast: Cast, client_for: Browser) -> None:
    applied(people(2), cast.community_area, cast.leader)
    batch = received(people(2, phone="15005569934"), cast.community_area, cast.leader)
    client = client_for(cast.fresh("leader"))
    page = client.get(f"/imports/{batch.number}/").content.decode()
    assert "会改什么" in page
    assert f"/imports/{batch.number}/differences/" in page
    shown = client.get(f"/imports/{batch.number}/differences/").content.decode()
    for words in ("李桂香", "王翠萍", "联系电话", "150****9934"):
        assert words in shown
    assert "15005569934" not in shown
    assert "李桂香" not in client.get(f"/imports/{batch.number}/differences/?show=moved").content.decode()
    assert "李桂香" in client.get(f"/imports/{batch.number}/differences/?show=anything").content.decode()


def test_how_a_home_is_used_and_who_moves_is_told_in_words(cast: Cast, client_for: Browser) -> None:
    number = "149999196108257324"
    applied(workbook([resident("李桂香", id_number=number)]), cast.community_area, cast.leader)
    later = workbook([resident("李桂香", id_number=number, room="602"), resident("李强", renting="是")])
    batch = received(later, cast.community_area, cast.leader)
    shown = client_for(cast.fresh("leader")).get(f"/imports/{batch.number}/differences/").content.decode()
    for words in ("房屋用途", "出租", "搬家", "黎花园3号楼2单元602"):
        assert words in shown


def test_nothing_to_change_is_said_and_so_is_that_the_list_is_gone(cast: Cast, client_for: Browser) -> None:
    applied(people(1), cast.community_area, cast.leader)
    batch = received(people(1), cast.community_area, cast.leader)
    client = client_for(cast.fresh("leader"))
    assert "会改什么" not in client.get(f"/imports/{batch.number}/").content.decode()
    assert "原来登记的都不用改" in client.get(f"/imports/{batch.number}/differences/").content.decode()
    changing = received(people(1, phone="15005569934"), cast.community_area, cast.leader)
    assert changing.upload is not None
    remove_upload(changing.upload, by=cast.leader)
    page = client.get(f"/imports/{changing.number}/").content.decode()
    assert f"/imports/{changing.number}/differences/" not in page
    assert "李桂香" not in client.get(f"/imports/{changing.number}/differences/").content.decode()


def test_a_learnt_header_is_listed_and_can_be_forgotten(cast: Cast, client_for: Browser) -> None:
    content = workbook([resident("李桂香")], headers=(*HEADERS[:-1], "干什么的"))
    batch = received(content, cast.community_area, cast.leader)
    client = client_for(cast.fresh("leader"))
    assert "还没有记住的表头" in client.get("/imports/headers/").content.decode()
    check_batch(batch, by=cast.leader, corrections={"居民台账": {LAST: "employer"}})
    assert "干什么的" in client.get("/imports/headers/").content.decode()
    learnt = LearntHeader.objects.get()
    assert client_for(cast.fresh("far_leader")).post(f"/imports/headers/{learnt.pk}/forget/").status_code == 404
    answer = client.post(f"/imports/headers/{learnt.pk}/forget/", follow=True).content.decode()
    assert "已忘掉：干什么的" in answer
    assert not LearntHeader.objects.exists()


def test_differences_and_headers_cost_the_same_number_of_queries(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    applied(people(3), cast.community_area, cast.leader)
    counts, headers = [], []
    for count in (1, 3):
        batch = received(people(count, phone=f"1500556993{count}"), cast.community_area, cast.leader)
        counts.append(queries_of(client, f"/imports/{batch.number}/differences/"))
        odd = workbook([resident("李桂香")], headers=(*HEADERS[:-3], *(f"怪表头{count}{place}" for place in "甲乙丙")))
        corrections = {LAST - place: "employer" if not place else "note" for place in range(count - 1 or 1)}
        check_batch(
            received(odd, cast.community_area, cast.leader), by=cast.leader, corrections={"居民台账": dict(corrections)}
        )
        headers.append(queries_of(client, "/imports/headers/"))
    assert counts[0] == counts[1]
    assert LearntHeader.objects.count() == 3
    assert headers[0] == headers[1]
