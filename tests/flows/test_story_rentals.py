"""A home is let: from its building's face to owner, tenancy and a check whose hazard becomes a case and is mended."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from linli.core import clock
from tests.flows.acts import GRID, fill, words
from tests.flows.conftest import Site, Visit

pytestmark = pytest.mark.flow

# An empty home of the first grid of which nothing is written down yet.
HOME = f"""
import json
from linli.housing.models import Dwelling
found = Dwelling.objects.filter(building__grid__code={GRID!r}, occupancy="empty", tenancy_rows=None)
found = found.order_by("pk")[SKIP]
print(json.dumps({{"home": found.pk, "building": found.building_id}}))
"""
SOLVE = """
from linli.cases.actions import reclassify_case, solve_on_spot
from linli.cases.models import Case
from linli.accounts.models import User
worker = User.objects.get(username="worker")
case = Case.objects.get(number="NUMBER")
case = reclassify_case(case, by=worker, mechanism="on_spot", note="住户当场就能换")
solve_on_spot(case, by=worker, note="换好了")
"""


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_hazard_in_a_let_home_becomes_a_case_and_is_mended(visit: Visit, site: Site, size: str) -> None:
    found = json.loads(site.ask(HOME.replace("SKIP", "0" if size == "desktop" else "1")))
    base, today = f"/dwellings/{found['home']}/", clock.today()
    worker = visit(size)
    worker.sign_in("worker")
    field = "/field" if size == "phone" else ""
    page = worker.open(f"{field}/buildings/{found['building']}/")
    page.locator(f"a[href='{field}{base}']").click()
    worker.check()

    worker.open(f"{base}owners/new/")
    owner = words("房东")
    fill(page, {"kind": "person", "name": owner, "phone": "13900005678"})
    page.get_by_role("button", name="添加").click()
    expect(page.get_by_text(owner).first).to_be_visible()
    expect(page.get_by_text("13900005678")).to_have_count(0)
    worker.open(f"{base}tenancies/new/")
    fill(page, {"contact": "租客小王", "headcount": "2", "since": today.isoformat()})
    page.locator("form[method=post] button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("租客小王")
    worker.check()

    worker.open(f"{field}{base}check/")
    hazard = words("插线板烧黑")
    for point in page.locator("input[type=radio][value=fine]").all():
        page.locator(f"label:has(input[name='{point.get_attribute('name')}'][value=fine])").click()
    bad = page.locator("label:has(input[type=radio][value=to_mend])").first
    bad.click()
    page.locator("input[name^=wrong_]:visible").fill(hazard)
    fill(page, {"due_on": (today + timedelta(days=5)).isoformat()})
    worker.check()
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_text(hazard).first).to_be_visible()
    worker.check()
    number = page.locator("a[href*='/cases/1']").inner_text().split()[-1]
    worker.open(f"/cases/{number}/")
    expect(page.locator("main")).to_contain_text(hazard)

    site.ask(SOLVE.replace("NUMBER", number))
    worker.open(base)
    expect(page.locator("main")).to_contain_text("已整改")
    worker.open("/rentals/?mends=late")
