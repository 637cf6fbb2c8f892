"""Somebody writes into the staff register and onto the public board; who leads them reads it and prints the board."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from linli.core import clock
from tests.flows.acts import fill, words
from tests.flows.conftest import Site, Visit
from tests.flows.test_story_posts import arrive

pytestmark = pytest.mark.flow

# No other story happens in this grid.
GRID, COMMUNITY, NAME, TITLE = "140403007005001", "140403007005", "牛子轩", "网格员"


def test_who_serves_tells_of_themselves_and_the_board_shows_what_they_agree_to(visit: Visit, site: Site) -> None:
    training = words("消防培训")
    worker = arrive(visit, site, "phone", f"worker-{GRID}")
    page = worker.open("/mine/")
    page.get_by_role("link", name="记一条：培训").click()
    fill(page, {"title": training, "day": clock.today().isoformat()})
    page.get_by_role("button", name="记下来").click()
    expect(page.locator(".invalid-feedback, .l-error").first).to_be_visible()
    expect(page.locator("input[name=title]")).to_have_value(training)
    fill(page, {"hours": "6.5"})
    worker.check()
    page.get_by_role("button", name="记下来").click()
    expect(page.locator("main")).to_contain_text(training)
    worker.check()
    resident = visit("phone")
    expect(resident.open(f"/grid/{GRID}/").locator("main")).to_contain_text(NAME)
    page.get_by_role("button", name="撤下我的名字").click()
    expect(page.get_by_role("button", name="亮出我的名字")).to_be_visible()
    expect(resident.open(f"/grid/{GRID}/").locator("main")).not_to_contain_text(NAME)

    leader = arrive(visit, site, "desktop", f"leader-{COMMUNITY}")
    page = leader.open(f"/staff/?q={NAME}")
    row = page.locator("main tbody tr", has_text=NAME)
    expect(row).to_contain_text("6.5")
    leader.check()
    row.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text(training)
    leader.check()
    page = leader.open("/boards/")
    page.locator(f"a[href='?under={GRID}'], a[href='?under={COMMUNITY}']").first.click()
    expect(page.locator(".l-poster").first).to_contain_text(TITLE)
    expect(page.locator("main")).not_to_contain_text(NAME)
    leader.check()

    page = worker.page
    page.get_by_role("button", name="亮出我的名字").click()
    expect(page.get_by_role("button", name="撤下我的名字")).to_be_visible()
    page.get_by_role("button", name=f"删掉 {training}").click()
    expect(page.locator("main")).not_to_contain_text(training)
    expect(resident.open(f"/grid/{GRID}/").locator("main")).to_contain_text(NAME)
