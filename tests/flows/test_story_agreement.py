"""A worker prepares a paper with a shop, both sign, it is checked; the street is told what its text may not ask."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.flows.acts import GRID, fill
from tests.flows.conftest import Site, Visit

pytestmark = pytest.mark.flow

# Homes of the grid, to agree with their owners.
HOMES = f"""
import json
from linli.housing.models import Dwelling
homes = Dwelling.objects.filter(building__grid__code={GRID!r}).order_by("pk")
print(json.dumps([home.address for home in homes[:2]]))
"""


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_paper_is_prepared_signed_and_checked(visit: Visit, site: Site, size: str) -> None:
    address = json.loads(site.ask(HOMES))[0 if size == "desktop" else 1]
    owner = "常映雪" if size == "desktop" else "常映霞"
    worker = visit(size)
    worker.sign_in("worker")
    page = worker.open("/agreements/")
    page.get_by_role("link", name="新责任书").click()
    worker.check()
    values = {"text": "sample:rental", "party_name": owner, "grid": GRID, "place": address}
    fill(page, values | {"starts_on": "2026-01-01", "ends_on": "2025-01-01"})
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main .l-error").first).to_contain_text("期限")
    expect(page.locator("input[name=party_name]")).to_have_value(owner)
    fill(page, {"ends_on": "2027-12-31"})
    page.locator("main form button.btn-primary").click()
    expect(page.locator(".l-page-head .l-pill")).to_have_text("还没签字")
    worker.check()
    page.get_by_role("link", name="签好字了").click()
    worker.check()
    page.locator("main form button.btn-primary").click()
    expect(page.locator(".l-page-head .l-pill")).to_have_text("生效中")
    number = re.findall(r"\d+", page.url)[-1]

    if size == "phone":
        page = worker.open(f"/field/agreements/?q={owner}")
        page.get_by_role("link", name=owner).click()
        worker.check()
    page.get_by_role("link", name="检查落实情况").click()
    worker.check()
    page.get_by_role("radio", name="做到了").first.check(force=True)
    page.get_by_role("radio", name="要整改").nth(1).check(force=True)
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main .l-error").first).to_contain_text("整改")
    page.get_by_label("第 2 条要整改什么").fill("搬走隔板")
    page.get_by_label("第 2 条整改期限").fill("2027-01-01")
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_text("搬走隔板")).to_be_visible()
    worker.check()
    desk = worker.open(f"/agreements/{number}/")
    desk.get_by_role("link", name="整改好了").click()
    worker.check()
    desk.locator("main form button.btn-primary").click()
    expect(desk.get_by_text("已整改")).to_be_visible()


def test_the_street_is_told_what_a_text_may_not_ask(visit: Visit) -> None:
    street = visit("desktop")
    street.sign_in("street")
    page = street.open("/agreements/texts/")
    page.get_by_role("link", name="照这份改").first.click()
    street.check()
    page.locator("textarea[name=clauses]").fill("门前保持整洁。\n违者罚款五百元。")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main .l-error").first).to_contain_text("第 2 条")
    street.check()
    page.locator("textarea[name=clauses]").fill("门前保持整洁。")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("section[aria-labelledby=own-title]")).to_contain_text("门前保持整洁")
    street.check()
