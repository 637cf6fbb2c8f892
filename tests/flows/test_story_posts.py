"""A newcomer promises before the first ledger opens; somebody is away, a partner takes over, and it all comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.flows.acts import report, words
from tests.flows.conftest import Site, Visit, Visitor

pytestmark = pytest.mark.flow

# No other story happens in this grid.
GRID, COMMUNITY = "140403007004001", "140403007004"
FORGET = """
from linli.staff.models import Pledge
print(Pledge.objects.filter(person__username="newcomer").delete()[0])
"""


def arrive(visit: Visit, site: Site, size: str, username: str) -> Visitor:
    """Sign in somebody of the demo who is not in the list of accounts; everybody there has the same password."""
    site.accounts.setdefault(username, site.accounts["worker"])
    visitor = visit(size)
    visitor.sign_in(username)
    return visitor


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_pledge_comes_before_the_first_page_of_a_ledger(visit: Visit, site: Site, size: str) -> None:
    site.ask(FORGET)
    newcomer = visit(size)
    newcomer.sign_in("newcomer")
    page = newcomer.open("/households/" if size == "desktop" else "/field/households/")
    expect(page.get_by_role("heading", name="保密承诺")).to_be_visible()
    page.get_by_role("button", name="我承诺").click()
    expect(page.locator("main .l-error").first).to_be_visible()
    newcomer.check()
    page.get_by_label("我读过了，我承诺做到。").check()
    page.get_by_role("button", name="我承诺").click()
    page.wait_for_url(f"**{'/households/' if size == 'desktop' else '/field/households/'}")
    newcomer.check()
    page = newcomer.open("/pledge/")
    expect(page.locator("main")).to_contain_text("签的")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_who_is_away_hands_over_without_moving_anything(visit: Visit, site: Site, size: str) -> None:
    text = words("楼道的灯坏了")
    matter = report(visit(size), text, place=f"grid={GRID}")
    worker = arrive(visit, site, size, f"worker-{GRID}")
    partner = arrive(visit, site, size, f"partner-{GRID}")
    leader = arrive(visit, site, size, f"leader-{COMMUNITY}")
    mine = "/cases/?pile=mine" if size == "desktop" else "/field/cases/?pile=mine"
    expect(worker.open(mine).locator("main")).to_contain_text(text[:8])
    expect(partner.open(mine).locator("main")).not_to_contain_text(text[:8])

    page = worker.open("/mine/")
    page.get_by_role("link", name="我要请假").first.click()
    worker.check()
    page.locator("label:has(input[name=reason][value='leave'])").click()
    page.get_by_role("button", name="提交请假").click()
    expect(page.locator("main")).to_contain_text("等答复")
    worker.check()

    page = leader.open("/absences/")
    page.get_by_role("link", name="答复").first.click()
    leader.check()
    page.locator("label:has(input[name=verdict][value='approve'])").click()
    page.get_by_role("button", name="答复").click()
    expect(page.locator("main")).to_contain_text("今天不在")
    leader.check()

    page = partner.open(mine)
    expect(page.locator("main")).to_contain_text(text[:8])
    expect(partner.open("/" if size == "desktop" else "/field/").locator("main")).to_contain_text("今天我顶班")
    expect(partner.open("/messages/").locator("main")).to_contain_text("顶班")
    expect(visit(size).open(f"/grid/{GRID}/").locator("main")).to_contain_text("这几天不在岗")

    page = worker.open("/absences/")
    page.get_by_role("button", name="我回来了").or_(page.get_by_role("button", name="撤回")).first.click()
    expect(partner.open(mine).locator("main")).not_to_contain_text(text[:8])
    expect(worker.open(mine).locator("main")).to_contain_text(text[:8])
    assert matter.number
