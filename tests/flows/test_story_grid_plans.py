"""A leader changes a draft of grids on its page; a street officer keeps a part of one, applies it and takes it back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_draft_is_drawn_and_changed_by_hand(visit: Visit, size: str) -> None:
    leader = visit(size)
    leader.sign_in("leader")
    page = leader.open("/grid-plans/")
    leader.check()
    page.get_by_role("button", name="开始划").click()
    page.wait_for_url("**/grid-plans/*/")
    work = page.locator("[data-work]")
    expect(work).to_be_visible(timeout=60_000)
    expect(page.locator("[data-row]")).to_have_count(2)
    leader.check()
    page.locator("[data-list] input").first.check()
    panel = page.locator("[data-panel]")
    expect(panel).to_contain_text("已选 1 栋")
    panel.get_by_role("button", name="就这样划").click()
    expect(panel.get_by_role("alert")).to_contain_text("不挨着")
    panel.get_by_role("button", name="都不选").click()
    page.get_by_role("checkbox", name="天河家属院2号楼").check()
    panel.get_by_role("button", name="就这样划").click()
    saved = page.locator("span[data-saved]")
    expect(saved).to_contain_text("已存")
    expect(page.locator("[data-list] .l-pill")).to_have_count(1)
    page.get_by_role("button", name="撤销").click()
    expect(saved).to_contain_text("已撤销")
    expect(page.locator("[data-list] .l-pill")).to_have_count(0)
    page.locator("[data-grid]").first.click()
    expect(panel).to_contain_text("合并")
    page.get_by_role("button", name="和现在比").click()
    expect(page.locator("[data-map-present]")).to_be_attached()
    leader.check()


def test_a_draft_is_planned_in_part_applied_and_taken_back(visit: Visit) -> None:
    street = visit("desktop")
    street.sign_in("street")
    page = street.open("/grid-plans/")
    place = page.locator("select[name=area] option", has_text="省建巷")
    page.locator("select[name=area]").select_option(place.get_attribute("value"))
    page.get_by_role("button", name="开始划").click()
    page.wait_for_url("**/grid-plans/*/")
    work, panel = page.locator("[data-work]"), page.locator("[data-panel]")
    expect(work).to_be_visible(timeout=60_000)
    page.locator("[data-grid]").first.click()
    panel.get_by_role("button", name="锁住").click()
    expect(panel).to_contain_text("已锁")
    first = page.url
    page.get_by_role("button", name="锁定的留下，其余重新划").click()
    page.wait_for_url(lambda url: url != first)
    expect(work).to_be_visible(timeout=60_000)
    expect(page.locator("[data-row]", has_text="已锁")).to_have_count(1)
    street.check()
    page.locator("[data-list-grid]").select_option(index=2)
    page.locator("[data-list] input").first.check()
    expect(page.locator("[data-list-card] [data-panel]")).to_contain_text("已选 1 栋")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="检查后应用").click()
    street.check()
    page.get_by_role("button", name="现在应用").click()
    page.get_by_role("button", name="撤回").click(timeout=60_000)
    expect(page.get_by_role("heading", name="已撤回")).to_be_visible(timeout=60_000)
    street.check()
