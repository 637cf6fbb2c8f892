"""Pages of moves: what people say about their data, and the transfer file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.journal.models import Entry
from linli.people import actions as people
from linli.people.choices import Consent
from linli.people.models import Departure, Person, Transfer
from linli.web.views.departures import file_data
from tests.cast import Cast
from tests.people.homes import Homes, make_homes
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

Browser = Callable[[object], Client]
DAY = "2026-11-20"


@pytest.fixture
def homes(cast: Cast) -> Homes:
    made = make_homes(cast)
    people.change_person(made.person("李桂香"), {"phone": "19000000131", "skills": "理发"}, by=cast.worker)
    return made


def _left(homes: Homes, client: Client, **told: str) -> Departure:
    """Let 李桂香 move away by the form."""
    number, person = homes.household("李桂香").number, homes.person("李桂香")
    values = {"people": str(person.pk), "day": DAY, "destination": "elsewhere", "consent": "not_asked", **told}
    assert client.post(f"/households/{number}/changes/move-out/", values).status_code == 302
    return Departure.objects.get()


@pytest.mark.parametrize("surface", ["", "/field"])
def test_the_form_of_a_transfer_asks_whether_they_agreed(homes: Homes, client_for: Browser, surface: str) -> None:
    client, number = client_for(homes.cast.fresh("worker")), homes.household("李桂香").number
    address = f"{surface}/households/{number}/changes/transfer/"
    assert "本人同意把资料一起转过去吗" in client.get(address).content.decode()
    values = {"people": str(homes.person("李桂香").pk), "building": "兴泰家园2号楼", "day": DAY}
    asked = {"consent": "agreed", "consent_by": "张队长", "consent_on": DAY}
    assert client.post(address, values | asked | {"consent_on": "2027-01-01"}).status_code == 422
    assert client.post(address, values | asked).status_code == 302
    row = Transfer.objects.get()
    assert (row.consent, row.consent_asked_by, str(row.consent_on)) == (Consent.AGREED, "张队长", DAY)
    page = client_for(homes.cast.fresh("leader")).get(f"/transfers/{row.pk}/").content.decode()
    assert "张队长" in page
    assert "只随转" not in page


def test_the_receiving_side_reads_that_only_what_is_needed_goes_along(homes: Homes, client_for: Browser) -> None:
    person = homes.person("李桂香")
    row = people.ask_transfer(
        homes.household("李桂香"), [person], homes.buildings[1], by=homes.cast.worker, day=person.changed_at.date()
    )
    page = client_for(homes.cast.fresh("leader")).get(f"/transfers/{row.pk}/").content.decode()
    assert "只随转姓名、性别、出生日期、身份证号和户籍地址" in page


def test_a_departure_is_asked_about_and_its_file_is_printed(homes: Homes, client_for: Browser) -> None:
    client = client_for(homes.cast.fresh("worker"))
    row = _left(homes, client)
    own = f"/departures/{row.pk}/"
    assert f'href="{own}"' in client.get("/departures/").content.decode()
    assert f"{own}transfer-file/" not in client.get(own).content.decode()
    told = {"recipient": "太原市柳巷街道", "basis": "本人同意"}
    assert client.post(f"{own}transfer-file/", told).status_code == 422
    assert client.post(f"{own}answer/", {"consent": "agreed"}).status_code == 302
    assert f"{own}transfer-file/" in client.get(own).content.decode()
    refused = client.post(f"{own}transfer-file/", {"recipient": "", "basis": "本人同意"})
    assert refused.status_code == 422
    assert "写明资料给哪个单位" in refused.content.decode()
    answer = client.post(f"{own}transfer-file/", told)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert Entry.objects.get(action="people.print_transfer_file").detail["recipient"] == "太原市柳巷街道"


def test_the_file_tells_of_those_who_left_and_hides_numbers_unless_they_are_asked_for(
    homes: Homes, client_for: Browser
) -> None:
    row = _left(homes, client_for(homes.cast.fresh("worker")), consent="agreed")
    person = Person.objects.get(name="李桂香")
    told = file_data(row, people.Handover("柳巷街道", "本人同意"))
    assert [line[0] for line in told["people"]] == ["李桂香"]
    assert person.id_number not in str(told)
    assert person.phone not in str(told)
    assert "单田芳" not in str(told)
    assert ["李桂香", "愿意出力的本事", "理发"] in told["more"]
    assert person.phone in str(file_data(row, people.Handover("柳巷街道", "本人同意", in_full=True)))


@pytest.mark.parametrize("name", ["far_worker", "far_leader"])
def test_out_of_reach_there_is_no_departure(homes: Homes, client_for: Browser, name: str) -> None:
    row = _left(homes, client_for(homes.cast.fresh("worker")), consent="agreed")
    client = client_for(homes.cast.fresh(name))
    told = {"recipient": "太原市柳巷街道", "basis": "本人同意"}
    assert client.get(f"/departures/{row.pk}/").status_code == 404
    assert client.post(f"/departures/{row.pk}/transfer-file/", told).status_code == 404
    assert client.post(f"/departures/{row.pk}/answer/", {"consent": "agreed"}).status_code == 404
    assert f"/departures/{row.pk}/" not in client.get("/departures/").content.decode()
    assert client_for(homes.cast.fresh("street")).get("/departures/").status_code == 403


def test_the_list_asks_the_database_as_often_for_many_as_for_one(homes: Homes, client_for: Browser) -> None:
    client, counts = client_for(homes.cast.fresh("worker")), []
    for name in ("李桂香", "单小雨", "王明"):
        people.move_out(homes.household(name), [homes.person(name)], by=homes.cast.worker, day=homes.tie(name).since)
        counts.append(queries_of(client, "/departures/"))
    assert counts[0] == counts[2]
