"""One box finds it: a worker types what a neighbour says, at both widths; elsewhere nobody finds it."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.flows.conftest import Site, Visit, Visitor

pytestmark = pytest.mark.flow

# Of the worker's grid: kind of words → what is typed, and what the link that it must lead to ends with.
WORDS = """
import json
from linli.areas.models import Area
from linli.cases.models import Case
from linli.core.paths import within
from linli.core.pinyin import spellings
from linli.housing.models import Ownership, Plate
from linli.people.models import Household, Residence
from linli.units.models import Unit
grid = Area.objects.get(code=GRID)
there = Residence.objects.filter(within([grid.path], "household__path"), until=None).select_related(
    "person", "household__dwelling__building")
one = next(row for row in there.order_by("pk") if row.person.phone and len(row.person.name) == 3)
person, home = one.person, one.household
whole, initials = spellings(person.name)[0]
plate = Plate.objects.filter(building=home.dwelling.building, dwelling=None).first()
case = Case.objects.filter(area=grid).first()
units = Unit.objects.filter(within([grid.path]), closed_on=None)
unit = next(unit for unit in units if unit.contact_phone)
owner = Ownership.objects.filter(within([grid.path], "dwelling__path"), until=None).first()
file = f"/households/{home.number}/"
door = home.dwelling
print(json.dumps({
    "name": [person.name, file],
    "pinyin": [whole, file],
    "initials": [initials, file],
    "phone tail": [person.phone[-6:], file],
    "address": [f"{door.building.name}{door.entrance}单元{door.room}", file],
    "plate": [plate.token, f"building={plate.building_id}"],
    "case": [case.number, f"/cases/{case.number}/"],
    "contact": [unit.contact_phone[-6:], f"/units/{unit.pk}/"],
    "owner": [owner.name, f"/dwellings/{owner.dwelling_id}/"],
}))
"""


def type_and_look(visitor: Visitor, words: str) -> None:
    """Type into the box and wait for what is found while typing."""
    with visitor.page.expect_response(lambda answer: f"q={quote(words)}" in answer.url):
        visitor.page.locator("main input[name=q]").fill(words)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_a_neighbour_says_leads_to_the_file(visit: Visit, site: Site, size: str) -> None:
    grid = site.accounts["worker"]["area"]
    asked = json.loads(site.ask(WORDS.replace("GRID", repr(grid))))
    box = "/field/search/" if size == "phone" else "/search/"

    worker, elsewhere = visit(size), visit(size)
    worker.sign_in("worker")
    page = worker.open("/field/" if size == "phone" else "/search/")
    if size == "phone":
        page.locator("header").get_by_role("link", name="找", exact=True).click()
        worker.check()
    for words, way in asked.values():
        type_and_look(worker, words)
        expect(page.locator(f"#results a[href*='{way}']").first).to_be_visible()
    worker.check()
    name, file = asked["name"]
    type_and_look(worker, name)
    worker.check()
    page.locator(f"#results a[href*='{file}']").first.click()
    page.wait_for_url("**" + ("/field" if size == "phone" else "") + file)
    expect(page.get_by_text(name).first).to_be_visible()

    elsewhere.sign_in("gc-worker")
    page = elsewhere.open(box)
    for words, way in asked.values():
        type_and_look(elsewhere, words)
        expect(page.locator("#results")).not_to_be_empty()
        expect(page.locator(f"#results a[href*='{way}']")).to_have_count(0)
    type_and_look(elsewhere, asked["case"][0])
    expect(page.get_by_text("没有符合的")).to_be_visible()
    elsewhere.check()
