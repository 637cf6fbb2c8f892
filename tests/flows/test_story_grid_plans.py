"""A leader asks for a draft of grids, moves a building in it, takes that back, and compares with now."""

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
