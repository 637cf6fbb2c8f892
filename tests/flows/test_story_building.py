"""A new building is written down with all its homes at once, and taken out again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.flows.acts import GRID, fill, words
from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_building_gets_many_homes_at_once(visit: Visit, size: str) -> None:
    leader = visit(size)
    leader.sign_in("leader")
    name = words("楼")
    page = leader.open("/buildings/")
    page.get_by_role("link", name="添加楼栋").click()
    page.wait_for_url("**/buildings/new/**")
    grid = page.locator("select[name=grid] option").nth(1).get_attribute("value") or GRID
    fill(page, {"name": name, "grid": grid, "floors": "3", "entrances": "2"})
    leader.check()
    page.get_by_role("button", name="添加", exact=True).click()
    page.wait_for_url("**/buildings/")

    page = leader.open(f"/buildings/?q={name}")
    page.locator("main tbody td a", has_text=name).first.click()
    expect(page.get_by_text("这栋楼还没有登记房屋")).to_be_visible()
    page.locator("summary", has_text="办一件变动").click()
    page.get_by_role("link", name="成批加房屋").click()
    expect(page.locator("input[name=entrances]")).to_have_value("2")
    expect(page.locator("input[name=last_floor]")).to_have_value("3")
    fill(page, {"first_floor": "5"})
    page.get_by_role("button", name="看看会加哪些").click()
    expect(page.get_by_text("最高层低于最低层")).to_be_visible()
    expect(page.locator("input[name=first_floor]")).to_have_value("5")
    fill(page, {"first_floor": "1"})
    page.get_by_role("button", name="看看会加哪些").click()
    expect(page.get_by_role("status").filter(has_text="2-302")).to_be_visible()
    leader.check()
    page.get_by_role("button", name="加上这些房屋").click()
    expect(page.locator("a[href^='/dwellings/']")).to_have_count(12)
    leader.check()
    page.locator("a[href^='/dwellings/']").first.click()
    expect(page.locator(".l-crumbs")).to_contain_text(name)

    page.locator(".l-crumbs a", has_text=name).click()
    page.locator("summary", has_text="办一件变动").click()
    page.get_by_role("link", name="移除这栋楼").click()
    expect(page.get_by_text("楼里的房屋会一起删除。")).to_be_visible()
    page.get_by_role("button", name="删除").click()
    page.wait_for_url("**/buildings/")
    expect(leader.open(f"/buildings/?q={name}").locator("main tbody")).to_have_count(0)
