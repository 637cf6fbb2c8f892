"""The administrator sends a roster, sees what it would bring, takes it over, finds the posts, and takes it all back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.exchange.test_homes import table
from tests.flows.conftest import Visit
from tests.flows.test_story_import import figures
from tests.flows.test_story_import_again import CHECK, taken_back, taken_over

pytestmark = pytest.mark.flow

COMMUNITY, GRID = "140403007004", "140403007004002"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_roster_comes_in_and_goes_again(visit: Visit, tmp_path: Path, size: str) -> None:
    roster = tmp_path / "花名册.xlsx"
    name, username = {"desktop": ("武晓芳", "wu.xiaofang"), "phone": ("武晓芬", "wu.xiaofen")}[size]
    headers = ("网格编码", "岗位", "姓名", "账号", "手机号", "公示电话")
    roster.write_bytes(
        table(headers, (GRID, "督导员", name, username, "15005569934", ""), (GRID, "志愿者", "没这个人", "", "", ""))
    )
    administrator = visit(size)
    administrator.sign_in("admin")
    page = administrator.open("/imports/new/")
    expect(page.get_by_label("里面是什么").locator("option")).to_have_text(["岗位"])
    administrator.check()
    page.get_by_label("给哪个地方").select_option(COMMUNITY)
    page.set_input_files("input[name=file]", roster)
    page.get_by_role("button", name="看看有哪些列").click()
    expect(page.locator("main")).to_contain_text("本人的电话（不收")
    administrator.check()
    page.get_by_role("button", name=CHECK).click()
    expect(page.get_by_text("还什么都没写")).to_be_visible()
    assert figures(page)["新账号，还没有密码"] == "1"
    expect(page.locator("main")).to_contain_text("没有叫这个名字的账号")
    expect(page.locator("main")).not_to_contain_text("15005569934")
    administrator.check()
    address = taken_over(administrator)
    page.get_by_role("link", name="看岗位").click()
    page.wait_for_url("**/posts/**")
    page.goto(f"{administrator.site.url}/posts/?area={GRID}&role=supervisor")
    expect(page.locator("main")).to_contain_text(name)
    page.goto(f"{administrator.site.url}/users/?q={username}")
    expect(page.locator("main")).to_contain_text("还没有密码")
    administrator.check()
    taken_back(administrator, address)
    page.goto(f"{administrator.site.url}/posts/?area={GRID}&role=supervisor")
    expect(page.locator("main")).not_to_contain_text(name)
    page.goto(f"{administrator.site.url}/users/?q={username}")
    expect(page.locator("main")).not_to_contain_text(re.compile(re.escape(name)))
