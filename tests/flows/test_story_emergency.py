"""An emergency: its clock runs from discovery, and nothing goes on before the written report."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.flows.acts import ADDRESS, GRID, begin_step, fill, open_case, register, take_step, words
from tests.flows.conftest import Visit, Visitor

pytestmark = pytest.mark.flow

SHANGHAI = ZoneInfo("Asia/Shanghai")


def gas_leak(officer: Visitor, text: str, minutes_ago: int) -> str:
    """Register a gas leak that was found some minutes ago, and return its number."""
    found = datetime.now(SHANGHAI) - timedelta(minutes=minutes_ago)
    return register(
        officer,
        category="gas-leak",
        text=text,
        address=ADDRESS,
        area=GRID,
        discovered_at=found.strftime("%Y-%m-%dT%H:%M"),
    )


def test_an_emergency_is_told_then_written_then_handled(visit: Visit) -> None:
    community = visit("desktop")
    community.sign_in("community")
    number = gas_leak(community, words("楼道里有燃气味"), minutes_ago=5)
    page = community.page
    community.check()
    shown = page.locator(".l-clock-run").inner_text()
    page.wait_for_function("shown => document.querySelector('.l-clock-run').textContent !== shown", arg=shown)
    expect(page.locator("main").get_by_role("link", name="派给部门")).to_have_count(0)

    take_step(community, "口头报告了", told="街道值班室")
    expect(page.locator("main")).to_contain_text("街道值班室")
    expect(page.locator("main").get_by_role("link", name="派给部门")).to_have_count(0)
    dialog = begin_step(community, "写书面报告")
    dialog.get_by_role("button", name="写书面报告").click()
    expect(dialog.locator(".l-error")).to_be_visible()
    fill(dialog, {"note": "三单元漏气，已关总阀，楼里人已出来"})
    dialog.get_by_role("button", name="写书面报告").click()
    expect(page.locator(".l-toast")).to_be_visible()
    expect(page.locator(".l-clock-run")).to_have_count(0)
    take_step(community, "派给部门", to="heating")

    officer = visit("desktop")
    officer.sign_in("heating")
    open_case(officer, number)
    take_step(officer, "写办理情况", note="换了阀门")
    take_step(officer, "回复居民", note="阀门换好了，可以用气。")
    open_case(community, number)
    take_step(community, "核实了，办好了")
    expect(page.locator("main")).to_contain_text("已核实（没有居民可问）")


def test_a_late_emergency_is_seen_by_everybody_who_answers_for_it(visit: Visit) -> None:
    community = visit("desktop")
    community.sign_in("community")
    text = words("地下室冒烟")
    gas_leak(community, text, minutes_ago=120)

    street = visit("desktop")
    street.sign_in("street")
    for officer in (community, street):
        officer.open("/")
        expect(officer.page.locator(".l-emergency", has_text=text[:6])).to_contain_text("书面首报超时")
    worker = visit("phone")
    worker.sign_in("worker")
    worker.open("/field/")
    expect(worker.page.locator(".l-emergency", has_text=text[:6])).to_contain_text("书面首报超时")
