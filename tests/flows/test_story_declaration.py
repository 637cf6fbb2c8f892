"""Somebody declares on the public page; staff ask back and write it into the ledger, or say why not."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.flows.acts import GRID
from tests.flows.conftest import Site, Visit, Visitor

pytestmark = pytest.mark.flow

# A building of the grid that the demo declares nothing about, and its homes where nobody is written down.
ADDRESS = "天河家属院3号楼"
FREE = f"""
import json
from linli.housing.models import Dwelling
building = {ADDRESS!r}
homes = Dwelling.objects.filter(building__grid__code={GRID!r}, households__isnull=True).select_related("building")
print(json.dumps([[home.entrance, home.room] for home in homes.order_by("pk") if home.building.address == building]))
"""


def declare(visitor: Visitor, who: str, what: str, home: tuple[str, str], values: dict[str, str]) -> tuple[str, str]:
    """Declare from the front page on; return the number and the path of the private link. Empty values are declined."""
    page = visitor.open("/declare/")
    page.get_by_role("region", name=who).get_by_role("link", name=what, exact=True).click()
    page.get_by_label("小区和楼号").fill(ADDRESS)
    page.get_by_label("单元").fill(home[0])
    page.get_by_label("房号").fill(home[1])
    page.fill("input[type=date]", page.evaluate("new Date().toLocaleDateString('sv')"))
    for label, value in values.items():
        asked = page.locator(".l-declare-asked", has=page.get_by_label(label, exact=True))
        asked.get_by_label(label, exact=True).fill(value) if value else asked.get_by_label("不方便说").check()
    visitor.check()
    page.get_by_role("button", name="报上去").click()
    expect(page.get_by_role("heading", name="收到了")).to_be_visible()
    visitor.check()
    link = page.locator(".l-public-link a").get_attribute("href") or ""
    found = re.search(r"D\d{4}-\w{5}", page.locator("main").inner_text())
    assert found is not None
    return found[0], link.removeprefix(visitor.site.url)


def decide(page: Page) -> None:
    page.get_by_role("button", name="确认，记到台账").click()
    expect(page.locator(".l-page-head .l-pill")).to_have_text("已确认")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_tenant_moves_in_is_asked_answers_and_stands_in_the_file(visit: Visit, site: Site, size: str) -> None:
    home = json.loads(site.ask(FREE))[0]
    name = "石映雪" if size == "desktop" else "石映霞"
    tenant = visit(size)
    number, link = declare(tenant, "我租住在这里", "我搬进来了", home, {"您的姓名": name, "您的电话": "13835500417"})

    worker = visit(size)
    worker.sign_in("worker")
    page = worker.open(f"/declarations/{number}/")
    worker.check()
    # The phone is hidden from staff until somebody says what for.
    assert "13835500417" not in page.content()
    page.get_by_role("link", name="问一问").click()
    page.get_by_role("button", name="问一问").click()
    expect(page.locator("main .l-error").first).to_be_visible()
    page.get_by_role("textbox").last.fill("您是和家人一起住吗?")
    page.get_by_role("button", name="问一问").click()
    expect(page.locator(".l-page-head .l-pill")).to_have_text("等对方回答")

    mine = tenant.open(link)
    expect(mine.locator("#answer")).to_contain_text("您是和家人一起住吗?")
    told = mine.locator("main").inner_text()
    assert [private for private in (name, "13835500417", ADDRESS) if private in told] == []
    mine.locator("textarea").fill("我一个人住")
    mine.get_by_role("button", name="回答").click()
    expect(mine.locator(".l-toast, .l-notice").first).to_be_visible()
    tenant.check()

    leader = visit(size)
    leader.sign_in("leader")
    desk = leader.open("/declarations/")
    desk.get_by_role("link", name=re.compile(rf"打开\s*{number}")).click()
    expect(desk.get_by_text("我一个人住")).to_be_visible()
    desk.get_by_role("radio", name=re.compile("新")).first.check()
    decide(desk)
    leader.check()
    desk.get_by_role("link", name=re.compile(rf"{home[0]}单元{home[1]}")).click()
    expect(desk.locator("section[aria-labelledby=people-title]")).to_contain_text(name)

    expect(tenant.open(link).get_by_role("heading", level=1)).to_contain_text("确认")
    tenant.check()


def test_an_owner_names_nobody_and_is_told_why_not(visit: Visit, site: Site) -> None:
    home = json.loads(site.ask(FREE))[-1]
    owner = visit("phone")
    number, link = declare(owner, "我是房主", "房子租出去了", home, {"几个人": "3"})
    leader = visit("desktop")
    leader.sign_in("leader")
    page = leader.open(f"/declarations/{number}/")
    expect(page.locator("dl.l-facts")).to_contain_text("3")
    page.get_by_role("link", name="不确认").click()
    page.get_by_role("textbox").last.fill("这一户登记的房主不是您，请带房本来社区看一看")
    page.get_by_role("button", name="不确认").click()
    expect(page.locator(".l-page-head .l-pill")).to_have_text("没有确认")
    told = owner.open(link)
    expect(told.locator(".l-public-answer")).to_contain_text("请带房本来社区看一看")
    expect(told.get_by_text("这不会对您有任何影响")).to_be_visible()
    owner.check()


def test_whoever_thinks_again_withdraws(visit: Visit, site: Site) -> None:
    home = json.loads(site.ask(FREE))[-2]
    tenant = visit("phone")
    number, link = declare(tenant, "我租住在这里", "我搬进来了", home, {"您的姓名": "石映梅", "您的电话": ""})
    page = tenant.open(link)
    page.locator("summary", has_text="撤回").click()
    page.get_by_role("button", name="撤回").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("撤回")
    worker = visit("phone")
    worker.sign_in("worker")
    told = worker.open(f"/declarations/{number}/")
    expect(told.locator(".l-page-head .l-pill")).to_have_text("已撤回")
    expect(told.locator("dl.l-facts")).to_contain_text("不方便")


def test_rubbish_is_told_next_to_the_field_and_loses_nothing(visit: Visit) -> None:
    tenant = visit("phone")
    page = tenant.open("/declare/tenant/move_in/")
    page.get_by_label("小区和楼号").fill("哪里也没有的小区99号楼")
    page.get_by_label("您的姓名", exact=True).fill("石映竹")
    page.get_by_label("您的电话", exact=True).fill("12")
    page.get_by_role("button", name="报上去").click()
    for field in ("address", "day", "phone"):
        expect(page.locator(f"#id_{field}-error, #id_{field}_error, [id*={field}][id*=error]").first).to_be_visible()
    expect(page.get_by_label("小区和楼号")).to_have_value("哪里也没有的小区99号楼")
    expect(page.get_by_label("您的姓名", exact=True)).to_have_value("石映竹")
    tenant.check()
