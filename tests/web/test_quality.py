from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.assessment.actions import count_ledgers
from linli.assessment.models import LedgerCount
from linli.core import clock
from linli.housing.choices import Occupancy
from linli.housing.models import Dwelling
from linli.people.models import Particulars, Person
from tests.cast import Cast
from tests.people.homes import Homes, make_homes
from tests.web.counting import queries_of

Browser = Callable[[object], Client]
COMMUNITY = "140403007002"


@pytest.fixture
def homes(cast: Cast, tuesday: object) -> Homes:
    made = make_homes(cast)
    count_ledgers(clock.now(), seconds=60)
    return made


def test_13540_of_15730_reads_86_per_cent(homes: Homes, client_for: Browser) -> None:
    row = LedgerCount.objects.get(path=homes.cast.grid.path)
    row.counts = {"home.collected": 12000, "home.empty": 1540, "home.declined": 310, "home.not_yet": 1880}
    row.save()
    page = client_for(homes.cast.fresh("worker")).get("/quality/").content.decode()
    assert "<b>86%</b> <small>13,540 ÷ 15,730</small>" in page
    assert "310" in page
    assert "今天 10:18" in page


def test_a_number_opens_its_rows(homes: Homes, client_for: Browser) -> None:
    Person.objects.filter(name="王明").update(phone="", phone_index="")
    client = client_for(homes.cast.fresh("leader"))
    client.post(f"/quality/count/?under={COMMUNITY}")
    page = client.get(f"/quality/?under={COMMUNITY}").content.decode()
    way = f"/quality/rows/?under={COMMUNITY}&amp;fact=phone"
    assert f'href="{way}"' in page
    rows = client.get(way.replace("&amp;", "&")).content.decode()
    assert "王明" in rows
    assert "兴泰家园1号楼" in rows
    assert "单田芳" not in rows
    homes_page = client.get(f"/quality/rows/?under={COMMUNITY}&home=not_yet").content.decode()
    assert homes_page.count("/move-in/") == 3
    assert client.get(f"/quality/rows/?under={COMMUNITY}&age=older").status_code == 200
    assert client.get(f"/quality/rows/?under={COMMUNITY}&fact=use").content.decode().count("<li><div>") == 6


def test_nobody_lists_who_prefers_not_to_say(homes: Homes, client_for: Browser) -> None:
    """Line 4 of what Linli never does: it is counted, and held against nobody."""
    person = homes.person("王明")
    Person.objects.filter(pk=person.pk).update(phone="", phone_index="")
    Particulars.objects.create(person=person, declined=["phone"])
    Dwelling.objects.filter(pk=homes.homes[2].pk).update(occupancy=Occupancy.DECLINED)
    client = client_for(homes.cast.fresh("leader"))
    client.post(f"/quality/count/?under={COMMUNITY}")
    page = client.get(f"/quality/?under={COMMUNITY}").content.decode()
    assert "declined" not in page
    assert client.get(f"/quality/rows/?under={COMMUNITY}&home=declined").status_code == 404
    assert "王明" not in client.get(f"/quality/rows/?under={COMMUNITY}&fact=phone").content.decode()


def test_rubbish_in_the_address_is_not_found(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("leader"))
    for query in ("", "&fact=religion", "&home=x", "&age=0"):
        assert client.get(f"/quality/rows/?under={COMMUNITY}{query}").status_code == 404
    assert client.get("/quality/?under=nowhere").status_code == 404


def test_the_district_sees_numbers_without_rows(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("district"))
    page = client.get("/quality/").content.decode()
    assert "太行西街街道" in page
    assert "/quality/rows/" not in page
    assert "/quality/count/" not in page
    assert client.get("/quality/rows/?under=140403&fact=phone").status_code == 403
    assert "/quality/?under=140403" in client.get("/dashboard/").content.decode()


def test_a_large_place_is_counted_in_the_night(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("street"))
    before = list(LedgerCount.objects.values_list("pk", flat=True))
    assert client.post("/quality/count/?under=140403007").status_code == 302
    assert list(LedgerCount.objects.values_list("pk", flat=True)) == before


def test_before_the_first_count_the_page_says_so(cast: Cast, tuesday: object, client_for: Browser) -> None:
    page = client_for(cast.fresh("leader")).get("/quality/").content.decode()
    assert "还没有统计过" in page


def test_pages_cost_the_same_however_much_they_show(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("leader"))
    rows = f"/quality/rows/?under={COMMUNITY}&fact=phone"
    Person.objects.filter(name="王明").update(phone="", phone_index="")
    one = queries_of(client, rows)
    Person.objects.filter(name__in=["单田芳", "葛远航"]).update(phone="", phone_index="")
    assert queries_of(client, rows) == one
    grid = queries_of(client, "/quality/?under=140403007002001")
    assert queries_of(client, f"/quality/?under={COMMUNITY}") <= grid
