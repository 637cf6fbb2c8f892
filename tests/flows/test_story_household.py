"""A household changes: somebody moves within the grid, somebody to the next one, and the file tells it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.flows.acts import GRID
from tests.flows.conftest import Site, Visit

pytestmark = pytest.mark.flow

# A household of three or more with a head, to which nothing has happened yet; a building of the grid beside.
FAMILY = f"""
import json
from django.db.models import Count
from linli.housing.models import Building
from linli.people.models import Household
from linli.people.queries import household_counts
found = Household.objects.filter(path__in=[b.path for b in Building.objects.filter(grid__code={GRID!r})[:1]])
found = found.filter(ended_on=None, lines_left=None, lines_joined=None).annotate(people=Count("residences"))
family = [h for h in found.filter(people__gte=3).order_by("-pk")[:20] if h.residences.first().relation == "head"][SKIP]
names = [row.person.name for row in family.residences.select_related("person").order_by("pk")]
beside = Building.objects.filter(grid__code="140403007001002", dwellings__households__isnull=False).first()
print(json.dumps({{"number": family.number, "names": names, "beside": beside.address}}))
"""


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_somebody_moves_to_the_next_grid_and_is_taken_over(visit: Visit, site: Site, size: str) -> None:
    family = json.loads(site.ask(FAMILY.replace("SKIP", "0" if size == "desktop" else "1")))
    number, moving = family["number"], family["names"][-1]
    worker = visit(size)
    worker.sign_in("worker")
    start = f"/households/{number}/" if size == "desktop" else f"/field/households/{number}/"
    page = worker.open(start)
    if size == "desktop":
        page.get_by_text("办一件变动").click()
    page.get_by_role("link", name="转往别的网格").click()
    worker.check()
    page.get_by_role("checkbox", name=moving).check()
    page.get_by_label("搬到哪栋楼").fill(family["beside"])
    page.get_by_role("button", name="登记").click()
    expect(page.get_by_text("对方接收以前，人还在这一户")).to_be_visible()

    leader = visit(size)
    leader.sign_in("leader")
    desk = leader.open("/transfers/")
    desk.get_by_role("link", name=moving).first.click()
    leader.check()
    desk.get_by_label("房屋").select_option(index=1)
    desk.get_by_role("button", name="接收", exact=True).click()
    expect(desk.get_by_text("接收好了")).to_be_visible()

    told = worker.open(f"/households/{number}/")
    expect(told.get_by_text(f"{moving}转到了别的网格")).to_be_visible()
    worker.open("/transfers/?pile=settled")


def test_a_past_day_is_shown_as_it_was(visit: Visit, site: Site) -> None:
    family = json.loads(site.ask(FAMILY.replace("SKIP", "2")))
    worker = visit("desktop")
    worker.sign_in("worker")
    leaving = family["names"][-1]
    page = worker.open(f"/households/{family['number']}/changes/move-out/")
    page.get_by_role("checkbox", name=leaving).check()
    page.get_by_role("button", name="登记").click()
    expect(page.locator("section[aria-labelledby=people-title]")).not_to_contain_text(leaving)
    yesterday = page.evaluate("new Date(Date.now() - 36 * 3600 * 1000).toISOString().slice(0, 10)")
    page.get_by_label("看哪一天的").fill(yesterday)
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.get_by_text(f"这是 {yesterday} 那天的样子")).to_be_visible()
    expect(page.locator("section[aria-labelledby=people-title]")).to_contain_text(leaving)
    worker.check()
