"""Two people and one matter: reports that are merged, and officers who act at the same moment."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.flows.acts import ADDRESS, GRID, begin_step, fill, open_case, register, report, take_step, words
from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow


def test_two_reports_of_one_matter_are_merged_by_hand(visit: Visit) -> None:
    community = visit("desktop")
    community.sign_in("community")
    kept = register(community, category="street-light", text=words("楼前路灯不亮"), address=ADDRESS, area=GRID)
    resident = visit("phone")
    matter = report(resident, words("楼前的灯坏了"), place=f"address={ADDRESS}")

    page = open_case(community, matter.number)
    dialog = begin_step(community, "并到另一件")
    dialog.locator("li", has_text=kept).get_by_role("link").click()
    expect(dialog.locator("input[name=into]")).to_have_value(kept)
    community.check()
    dialog.get_by_role("button", name="并到另一件").click()
    expect(page.locator("main")).to_contain_text("并到另一件事里接着办")
    page.locator(".l-promise").get_by_role("link", name=kept).click()
    expect(page.locator("main")).to_contain_text(matter.number)

    resident.open(matter.link)
    expect(resident.page.locator("main")).to_contain_text("别人也报了同一件事")


def test_the_second_of_two_officers_is_told_and_keeps_what_was_typed(visit: Visit) -> None:
    leader, community = visit("desktop"), visit("desktop")
    leader.sign_in("leader")
    community.sign_in("community")
    number = register(leader, category="heating", text=words("暖气不热"), address=ADDRESS, area=GRID)
    take_step(leader, "受理")
    open_case(community, number)
    late = begin_step(community, "派给部门")
    fill(late, {"to": "heating", "note": "请明天去看一看"})
    take_step(leader, "派给部门", to="heating", note="请今天去看")

    late.get_by_role("button", name="派给部门").click()
    expect(community.page.get_by_text("有人先一步办了")).to_be_visible()
    dialog = community.page.get_by_role("dialog")
    expect(dialog).to_contain_text("郭建英")
    expect(dialog.locator("textarea[name=note]")).to_have_value("请明天去看一看")
    community.check()
