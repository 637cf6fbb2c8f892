"""The pages of people who stand in the ledger twice: the queue, comparing, merging, taking back, looking for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.core import clock
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.people.choices import DuplicateState
from linli.people.merging import check_nightly, seal_of_pair
from linli.people.models import Duplicate, DuplicateCheck, Merge, Person
from linli.people.pairs import comparison_of, duplicate_for
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.jobs.queue import WAITING
from tests.people.pairs import ID, PHONE, check_now, settle_across, settle_pair
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
Browser = Callable[[object], Client]


def text_of(response: Any) -> str:
    return response.content.decode()


def english(client: Client) -> Client:
    client.cookies["linli_language"] = "en"
    return client


def chosen(pair: Duplicate, side: str = "first", **others: str) -> dict[str, str]:
    values = {f"take_{name}": side for name in ("name", "id_number", "note")} | {"home": side}
    return values | others | {"seen": seal_of_pair(Duplicate.objects.get(pk=pair.pk))}


def test_the_queue_tells_why_and_the_comparison_masks(cast: Cast, client_for: Browser) -> None:
    pair, client = settle_pair(cast), english(client_for(cast.leader))
    listed = text_of(client.get("/duplicates/"))
    for words in ("單田芳", "单田芳", "same date of birth", "same phone", "surely one person"):
        assert words in listed
    shown = text_of(client.get(f"/duplicates/{pair.pk}/"))
    for words in ("same name", "1499**********7324", "150****9934", "the same in both", "爱下棋"):
        assert words in shown
    assert ID not in shown
    assert PHONE not in shown


def test_merging_and_taking_back_on_the_pages(cast: Cast, client_for: Browser) -> None:
    pair, client = settle_pair(cast), english(client_for(cast.leader))
    answer = client.post(f"/duplicates/{pair.pk}/merge/", chosen(pair, home="second"), follow=True)
    assert "单田芳 stands in the ledger once now" in text_of(answer)
    merge = Merge.objects.get()
    assert Person.objects.get(pk=merge.kept_id).note == "爱下棋"
    assert merge.kept_id == pair.second_id
    assert f"/duplicates/merges/{merge.pk}/undo/" in text_of(answer)
    assert "郭建英" in text_of(client.get("/duplicates/?pile=merged"))
    assert client.get(f"/duplicates/{pair.pk}/").status_code == 404
    again = client.post(f"/duplicates/merges/{merge.pk}/undo/", follow=True)
    assert "Both entries stand as they did before" in text_of(again)
    assert Duplicate.objects.get().state == DuplicateState.OPEN
    twice = client.post(f"/duplicates/merges/{merge.pk}/undo/", follow=True)
    assert "taken back already" in text_of(twice)


def test_what_is_not_chosen_is_said_beside_it_and_the_rest_stays(cast: Cast, client_for: Browser) -> None:
    pair, client = settle_pair(cast), english(client_for(cast.leader))
    told = chosen(pair, "second")
    told.pop("take_name")
    answer = client.post(f"/duplicates/{pair.pk}/merge/", told)
    assert answer.status_code == 422
    assert "Choose one of the two." in text_of(answer)
    assert 'name="take_note" value="second" checked' in text_of(answer)
    assert not Merge.objects.exists()


def test_what_changed_meanwhile_is_looked_at_again(cast: Cast, client_for: Browser) -> None:
    pair, client = settle_pair(cast), english(client_for(cast.leader))
    told = chosen(pair)
    Person.objects.filter(pk=pair.first_id).update(employer="供热公司")
    assert "Look at them again" in text_of(client.post(f"/duplicates/{pair.pk}/merge/", told, follow=True))
    assert not Merge.objects.exists()


def test_two_people_put_off_and_asked_again(cast: Cast, client_for: Browser) -> None:
    pair, client = settle_pair(cast), english(client_for(cast.leader))
    for step, state, pile in (
        ("later", DuplicateState.LATER, "later"),
        ("again", DuplicateState.OPEN, "open"),
        ("apart", DuplicateState.DIFFERENT, "different"),
    ):
        assert client.post(f"/duplicates/{pair.pk}/{step}/").status_code == 302
        assert Duplicate.objects.get().state == state
        assert f"/duplicates/{pair.pk}/" in text_of(client.get(f"/duplicates/?pile={pile}"))
    assert "settled this already" in text_of(client.post(f"/duplicates/{pair.pk}/later/", follow=True))
    shown = text_of(client.get(f"/duplicates/{pair.pk}/"))
    assert "One person: keep what is chosen" not in shown
    assert check_now(cast.community_area, cast.leader)[0].state == DuplicateState.DIFFERENT


def test_a_pair_of_two_communities_is_only_for_those_who_reach_both(cast: Cast, client_for: Browser) -> None:
    pair = settle_across(cast)
    for who, status in (("street", 200), ("leader", 404), ("community", 404), ("worker", 403)):
        client = client_for(cast.fresh(who))
        assert client.get(f"/duplicates/{pair.pk}/").status_code == status
        if status != 403:
            assert ("單田芳" in text_of(client.get("/duplicates/"))) == (status == 200)
    client = client_for(cast.fresh("street"))
    client.post(f"/duplicates/{pair.pk}/merge/", chosen(pair))
    merge = Merge.objects.get()
    for who, status in (("leader", 404), ("worker", 403), ("street", 302)):
        assert client_for(cast.fresh(who)).post(f"/duplicates/merges/{merge.pk}/undo/").status_code == status


def test_the_queue_costs_the_same_number_of_queries(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.leader)
    settle_pair(cast)
    counts = {pile: [queries_of(client, f"/duplicates/?pile={pile}")] for pile in ("open", "merged")}
    rows = [
        resident(name, building=building, phone=phone, birth_date=born)
        for name, phone, born in (("甲一", "15005560001", "1971-01-01"), ("乙二", "15005560002", "1972-02-02"))
        for building in ("3号楼", "9号楼")
    ]
    applied(workbook(rows), cast.community_area, cast.leader)
    pairs = check_now(cast.community_area, cast.leader)
    assert len(pairs) == 3
    counts["open"].append(queries_of(client, "/duplicates/?pile=open"))
    assert counts["open"][0] == counts["open"][1]
    sizes = []
    for pair in pairs:
        told = chosen(pair) | {f"take_{name}": "first" for name in ("employer", "registered_address")}
        assert client.post(f"/duplicates/{pair.pk}/merge/", told).status_code == 302
        sizes.append(queries_of(client, "/duplicates/?pile=merged"))
    assert sizes[0] == sizes[2]


def test_the_list_of_households_leads_to_the_pairs(cast: Cast, client_for: Browser) -> None:
    settle_pair(cast)
    assert "1 pair of entries may be one person" in text_of(english(client_for(cast.leader)).get("/households/"))
    assert "may be one person" not in text_of(english(client_for(cast.worker)).get("/households/"))


def test_looking_is_watched_and_stopped_on_the_page(cast: Cast, client_for: Browser) -> None:
    settle_pair(cast)
    Duplicate.objects.all().delete()
    client = english(client_for(cast.leader))
    with WAITING:
        assert client.post(f"/duplicates/look/{cast.community_area.code}/").status_code == 302
    check = DuplicateCheck.objects.latest("pk")
    assert "It is about to begin" in text_of(client.get("/duplicates/"))
    assert "It is about to begin" in text_of(client.get(f"/duplicates/checks/{check.pk}/progress/"))
    assert client.post(f"/duplicates/checks/{check.pk}/stop/").status_code == 302
    assert "It was stopped" in text_of(client.get("/duplicates/"))
    client.post(f"/duplicates/look/{cast.community_area.code}/")
    over = client.get(f"/duplicates/checks/{DuplicateCheck.objects.latest('pk').pk}/progress/")
    assert over.headers["HX-Redirect"] == "/duplicates/"
    assert "3 people looked at, 1 new pairs" in text_of(client.get("/duplicates/"))


def test_everything_is_looked_through_once_a_night(cast: Cast) -> None:
    settle_across(cast)
    Duplicate.objects.all().delete()
    DuplicateCheck.objects.all().delete()
    noon = clock.now()
    night = datetime(2026, 11, 25, 2, 30, tzinfo=clock.local(noon).tzinfo)
    with WAITING, clock.frozen(night):
        assert check_nightly(noon) == 0
        assert check_nightly(night) == 1
        assert check_nightly(night + timedelta(hours=1)) == 0
    check = DuplicateCheck.objects.get()
    assert check.job is not None
    jobs.run(check.job.pk, {"check": check.pk})
    assert Job.objects.get(pk=check.job.pk).message == ""
    check.refresh_from_db()
    assert (check.seen, check.found) == (2, 1)


def test_what_is_offered_is_what_is_there_and_right(cast: Cast) -> None:
    pair = settle_pair(cast)
    comparison = comparison_of(duplicate_for(cast.leader, pair.pk))
    offered = {value.field: value.chosen for value in comparison.differing}
    assert offered["id_number"] == offered["note"] == "first"
    assert not comparison.same_household
