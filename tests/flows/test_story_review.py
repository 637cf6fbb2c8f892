"""The quarter ends: a worker goes through what is open and confirms a household, the leader signs the review off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_grid_is_gone_through_and_signed_off(visit: Visit, size: str) -> None:
    worker = visit(size)
    worker.sign_in("worker")
    page = worker.open("/field/grid/" if size == "phone" else "/reviews/")
    page.get_by_role("main").get_by_role("link", name="季度核对" if size == "phone" else "第一网格").click()
    worker.check()
    page.get_by_role("link", name=re.compile("一年没核对的住户")).click()
    rows = page.locator(".l-rows-list li", has=page.get_by_role("button", name=re.compile("没有变化")))
    expect(rows.first).to_be_visible()
    worker.check()
    before = rows.count()
    home = rows.first.get_by_role("link").inner_text()
    rows.first.get_by_role("button").click()
    expect(page.get_by_text("记下了：这户没有变化。")).to_be_visible()
    expect(rows).to_have_count(before - 1)
    expect(page.get_by_role("link", name=home, exact=True)).to_have_count(0)
    worker.check()
    page.get_by_role("link", name=re.compile("没登记人的住房")).click()
    page.locator(".l-rows-list a[href*='dwellings']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("楼")

    leader = visit(size)
    leader.sign_in("leader")
    page = leader.open("/reviews/")
    leader.check()
    page.get_by_role("link", name="第二网格").click()
    page.wait_for_url(re.compile(r"/reviews/\d+/$"))
    leader.check()
    sign = page.get_by_role("button", name="签字：本季核对完")
    if sign.count():
        sign.click()
        expect(page.get_by_text("还有没看完的，请写几句打算怎么办。")).to_be_visible()
        leader.check()
        page.get_by_label("说明").fill("白天没人的晚上再去。")
        page.get_by_role("button", name="签字：本季核对完").click()
        expect(page.get_by_text("签好了，还剩多少也一起记下了。")).to_be_visible()
    expect(page.get_by_text("白天没人的晚上再去。").first).to_be_visible()
    leader.check()
    page = leader.open("/reviews/")
    expect(page.get_by_role("row", name=re.compile("第二网格"))).to_contain_text("郭建英")


def test_delays_lead_down_to_what_took_long(visit: Visit) -> None:
    leader = visit("phone")
    leader.sign_in("leader")
    page = leader.open("/quality/")
    page.get_by_role("link", name="分类、分地方看").click()
    leader.check()
    expect(page.get_by_text("按地方看")).to_be_visible()
    page.get_by_role("link", name=re.compile("件超过7天")).click()
    leader.check()
    expect(page.locator(".l-rows-list li").first).to_contain_text("天")


def test_letters_and_an_empty_home_are_found(visit: Visit) -> None:
    worker = visit("desktop")
    worker.sign_in("worker")
    page = worker.open("/reviews/140403007001001/?kind=nobody")
    empty = page.locator(".l-rows-list a[href*='/dwellings/']").first
    address, way = empty.inner_text(), empty.get_attribute("href")
    page = worker.open(f"/search/?q={address}")
    expect(page.locator("section[aria-labelledby=found-homes]").locator(f"a[href='{way}']")).to_be_visible()
    worker.check()
