"""The same people once more: what would change is looked at, a column is explained, and all of it is taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.exchange.samples import HEADERS, resident, workbook
from tests.flows.conftest import Visit, Visitor
from tests.flows.test_story_import import upload

pytestmark = pytest.mark.flow

ID = "149999196108257324"
CHECK = "列都对，核对每一行"


def taken_over(community: Visitor) -> str:
    """Take over what is on the page, and return its address."""
    page = community.page
    page.locator("form[action*=apply] button").click()
    expect(page.get_by_role("link", name="整份撤回")).to_be_visible()
    return page.url


def taken_back(community: Visitor, address: str) -> None:
    """Undo a workbook."""
    page = community.page
    page.goto(address)
    page.get_by_role("link", name="整份撤回").click()
    page.locator("main form[method=post] button").click()
    expect(page.get_by_text("这份表已撤回")).to_be_visible()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_changes_is_looked_at_before(visit: Visit, tmp_path: Path, size: str) -> None:
    first, later = tmp_path / "春天.xlsx", tmp_path / "秋天.xlsx"
    first.write_bytes(workbook([resident("李桂香", id_number=ID, phone="15005569934")]))
    moved = resident("李桂香", id_number=ID, phone="15005569935", room="602", note="第一中学")
    later.write_bytes(workbook([moved], headers=(*HEADERS[:-1], "干什么的")))
    community = visit(size)
    community.sign_in("gc-community")
    page = upload(community, first)
    page.get_by_role("button", name=CHECK).click()
    expect(page.get_by_text("还什么都没写")).to_be_visible()
    spring = taken_over(community)

    page = upload(community, later)
    page.get_by_label("M 列是").select_option("employer")
    page.get_by_role("button", name=CHECK).click()
    expect(page.get_by_text("有 1 个已登记的人或房屋")).to_be_visible()
    community.check()
    page.get_by_role("link", name="逐个看").click()
    for words in ("李桂香", "搬家", "黎花园3号楼2单元602", "150****9935", "第一中学"):
        expect(page.locator("main")).to_contain_text(words)
    community.check()
    page.get_by_role("link", name="回到表格").click()
    autumn = taken_over(community)

    page.goto(f"{community.site.url}/imports/")
    page.get_by_role("link", name="记住的表头").click()
    expect(page.locator("main")).to_contain_text("干什么的")
    community.check()
    page.get_by_role("button", name="忘掉").click()
    expect(page.get_by_text("已忘掉：干什么的")).to_be_visible()
    taken_back(community, autumn)
    taken_back(community, spring)
