"""A grid worker with a phone: my grid, my households, one home, somebody found, a number that is looked at."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect
from pypinyin import Style, lazy_pinyin

from tests.flows.acts import GRID, WORKER
from tests.flows.conftest import Site, Visit

pytestmark = pytest.mark.flow

# A resident of the first grid whose name nobody else has there: the page hides what is compared with here.
SOMEBODY = f"""
import json
from linli.people.models import Residence
homes = Residence.objects.filter(until=None, household__dwelling__building__grid__code={GRID!r})
names = [home.person.name for home in homes]
home = next(home for home in homes if home.person.phone and home.person.id_number and names.count(home.person.name) < 2)
person, dwelling = home.person, home.household.dwelling
print(json.dumps({{"pk": person.pk, "name": person.name, "phone": person.phone, "id_number": person.id_number,
    "address": dwelling.address, "building": dwelling.building.address}}))
"""


@pytest.fixture(scope="module")
def somebody(site: Site) -> dict[str, str]:
    person: dict[str, str] = json.loads(site.ask(SOMEBODY))
    return person


def test_a_worker_finds_somebody_by_whatever_is_known(visit: Visit, somebody: dict[str, str]) -> None:
    worker = visit("phone")
    worker.sign_in("worker")
    pinyin = "".join(lazy_pinyin(somebody["name"]))
    initials = "".join(lazy_pinyin(somebody["name"], style=Style.FIRST_LETTER))
    for asked in (somebody["name"], pinyin, initials, somebody["phone"][-4:], somebody["address"]):
        page = worker.open(f"/field/households/?q={asked}")
        expect(page.get_by_role("link", name=somebody["address"], exact=True)).to_be_visible()
    page = worker.open("/field/households/?q=没有这个人")
    expect(page.get_by_role("link", name=somebody["address"], exact=True)).to_have_count(0)


def test_from_my_grid_to_one_household(visit: Visit, somebody: dict[str, str]) -> None:
    worker = visit("phone")
    worker.sign_in("worker")
    page = worker.open("/field/")
    page.locator(".l-tabbar").get_by_role("link", name="我的网格").click()
    expect(page.get_by_role("heading", name="第一网格")).to_be_visible()
    expect(page.locator("linli-map canvas")).to_be_visible()
    worker.check()
    page.get_by_role("link", name=somebody["building"], exact=True).click()
    worker.check()
    page.goto(f"{worker.site.url}/field/households/?q={somebody['name']}")
    page.get_by_role("link", name=somebody["address"], exact=True).click()
    worker.check()
    content = page.content()
    assert somebody["name"] in content
    assert somebody["phone"] not in content
    assert somebody["id_number"] not in content


def test_a_number_is_shown_for_a_purpose_and_the_auditor_sees_who_looked(
    visit: Visit, somebody: dict[str, str]
) -> None:
    worker = visit("phone")
    worker.sign_in("worker")
    page = worker.page
    page.goto(f"{worker.site.url}/field/households/?q={somebody['name']}")
    page.get_by_role("link", name=somebody["address"], exact=True).click()
    page.get_by_role("link", name=f"查看{somebody['name']}的电话").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="显示号码").click()
    expect(page.locator("[data-revealed]")).to_have_count(0)
    dialog.locator("label:has(input[name=reason][value=visit])").click()
    worker.check()
    dialog.get_by_role("button", name="显示号码").click()
    expect(page.locator("[data-revealed]")).to_have_text(somebody["phone"])
    page.get_by_role("dialog").get_by_role("button", name="看好了").click()
    expect(page.locator("[data-revealed]")).to_have_count(0)

    auditor = visit("desktop")
    auditor.sign_in("auditor")
    journal = auditor.open(f"/journal/?action=people.reveal&object_id={somebody['pk']}")
    entry = journal.locator("tbody tr").first
    for words in (WORKER, "看了隐藏号码", "联系走访"):
        expect(entry).to_contain_text(words)
    assert somebody["phone"] not in journal.content()
