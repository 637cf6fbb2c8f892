"""A grid leader takes people out, the community approves, and the file is there."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.flows.acts import words
from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_people_go_out_with_two_people(visit: Visit, size: str) -> None:
    leader, community = visit(size), visit(size)
    leader.sign_in("leader")
    purpose = words("核对联系电话")
    page = leader.open("/households/")
    page.locator("main").get_by_role("link", name="导出", exact=True).click()
    page.get_by_role("link", name="居民", exact=True).last.click()
    leader.check()
    page.get_by_label("做什么用").fill(purpose)
    page.locator("label:has(input[value=since])").click()
    page.get_by_role("button", name="请第二个人批").click()
    expect(page.get_by_text("等别人来批")).to_be_visible()
    leader.check()
    path = page.url.removeprefix(leader.site.url)

    community.sign_in("community")
    second = community.open("/exports/?show=waiting")
    second.get_by_role("row", name=re.compile(purpose)).get_by_role("link", name=re.compile("^作决定")).click()
    expect(second.get_by_text(purpose)).to_be_visible()
    community.check()
    second.get_by_role("button", name="不同意").click()
    expect(second.get_by_text("说说为什么不同意，好让对方换个办法。")).to_be_visible()
    community.check()
    second.get_by_role("button", name="同意", exact=True).click()
    expect(second.get_by_text("已同意，申请人会拿到文件。")).to_be_visible()

    # The file is made in the background; the page goes on by itself.
    page.goto(leader.site.url + path)
    expect(page.get_by_role("link", name="下载")).to_be_visible()
    leader.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    assert re.fullmatch(r"居民-.+-郭建英-\d{8}-\d{4}\.xlsx", download.value.suggested_filename)
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    assert purpose in str(sheet["A1"].value)
    assert sheet["A2"].value == "住址"
    numbers = [str(row[5].value) for row in sheet.iter_rows(min_row=3)]
    assert any("**********" in number for number in numbers)
    assert not any(re.fullmatch(r"\d{17}[\dX]", number) for number in numbers)
