"""A department wants its table back: the grid leader sends it in, says what a column is, and has it filled."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.flows.acts import words
from tests.flows.conftest import Visit
from tests.reporting import forms

pytestmark = pytest.mark.flow


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_form_is_filled_and_keeps_its_layout(visit: Visit, size: str, tmp_path: Path) -> None:
    leader = visit(size)
    leader.sign_in("leader")
    title = words("居民登记表")
    form = tmp_path / "登记表.xlsx"
    form.write_bytes(forms.plain())
    page = leader.open("/exports/")
    page.get_by_role("link", name="部门表样").click()
    page.get_by_role("link", name="交一张表样").click()
    leader.check()
    page.get_by_label("表名").fill(title)
    wrong = tmp_path / "登记表.txt"
    wrong.write_text("没有表")
    page.set_input_files("input[name=file]", wrong)
    page.get_by_role("button", name="看看有哪些列").click()
    expect(page.get_by_text("请交 .xlsx 的表")).to_be_visible()
    expect(page.get_by_label("表名")).to_have_value(title)
    leader.check()
    page.set_input_files("input[name=file]", form)
    page.get_by_role("button", name="看看有哪些列").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("留空：邻里不记这一类")).to_be_visible()
    leader.check()
    page.locator("select[name=column-8]").select_option("employer")
    page.get_by_role("button", name="列就这样定").click()
    expect(page.get_by_text("记下了，以后填这张表都按这样。")).to_be_visible()
    page.get_by_role("link", name="填表").click()
    leader.check()
    page.get_by_label("做什么用").fill(words("民政局要的表"))
    page.get_by_label("哪里的").select_option("140403007001001")
    page.get_by_label("只要家里有这样的人").select_option("out_flow")
    page.get_by_role("button", name="填好这张表").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    leader.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).worksheets[0]
    assert sheet["A1"].value == forms.TITLE
    assert sheet["A1"].font.size == 18
    assert sheet["A3"].value == 1
    assert sheet["B3"].value
    assert "*" in str(sheet["D3"].value)
    assert sheet["H3"].value is None


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_number_leads_to_what_is_still_missing(visit: Visit, size: str) -> None:
    leader = visit(size)
    leader.sign_in("leader")
    page = leader.open("/households/")
    page.get_by_role("link", name="台账齐不齐").click()
    leader.check()
    page.get_by_role("button", name="重新统计").click()
    expect(page.get_by_text("统计好了。")).to_be_visible()
    page.get_by_role("row", name="第一网格").get_by_role("link", name="第一网格", exact=True).click()
    expect(page.get_by_role("heading", name="台账齐不齐：第一网格")).to_be_visible()
    page.get_by_role("link", name="还缺：电话").click()
    expect(page.get_by_role("heading", name="还缺：电话")).to_be_visible()
    leader.check()
    page.locator("main section li a").first.click()
    expect(page).to_have_url(re.compile("/households/"))
