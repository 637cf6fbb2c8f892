"""A community takes its own workbook over, looks at it, and takes it back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from linli.core.paging import PAGE_SIZE
from tests.flows.conftest import Visit, Visitor

pytestmark = pytest.mark.flow

WORKBOOK = Path(__file__).parents[1] / "data" / "居民台账-广场西社区.xlsx"
# What tests/data/README.md says is in it.
FIGURES = {"居民": "786", "住户": "310", "房屋": "320", "空房": "10", "出租房": "47"}
PROBLEMS = ("身份证号不对 29", "日期不对 6", "同一个人写了两遍 5", "没有姓名 8")
BYTES_PER_MB = 1024 * 1024


def upload(community: Visitor, file: Path) -> Page:
    """Send a file in as the workbook of 广场西."""
    page = community.page
    page.goto(f"{community.site.url}/imports/new/")
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="看看有哪些列").click()
    return page


def figures(page: Page) -> dict[str, str]:
    """Return label → number of the report."""
    labels, numbers = page.locator(".l-facts-row dt"), page.locator(".l-facts-row dd")
    return dict(zip(labels.all_inner_texts(), numbers.all_inner_texts(), strict=True))


def search(community: Visitor, asked: str) -> str:
    """Return what a search shows."""
    return community.open(f"/search/?q={asked}").locator("#results").inner_text()


def test_a_workbook_is_taken_over_and_taken_back(visit: Visit) -> None:
    community = visit("desktop")
    community.sign_in("gc-community")
    page = upload(community, WORKBOOK)
    # It is read in the background; the page goes on by itself.
    expect(page.get_by_label("O 列是")).to_be_visible()
    expect(page.get_by_role("heading", name="居民台账")).to_be_visible()
    community.check()
    # Column O holds the places of work.
    page.get_by_label("O 列是").select_option("")
    page.get_by_role("button", name="列都对，核对每一行").click()

    expect(page.get_by_text("还什么都没写")).to_be_visible()
    community.check()
    assert FIGURES.items() <= figures(page).items()
    problems = page.locator("section", has=page.locator("#problems-title"))
    for words in PROBLEMS:
        expect(problems).to_contain_text(words)
    page.get_by_role("link", name="改列").click()
    expect(page.get_by_label("O 列是")).to_have_value("")
    page.go_back()
    problems.get_by_role("link", name="先不收的行").click()
    expect(problems.locator("tbody tr")).to_have_count(13)
    assert "没有符合的" in search(community, "杨红")

    page.go_back()
    page.get_by_role("button", name="收进786人、320套房").click()
    expect(page.get_by_role("link", name="整份撤回")).to_be_visible()
    expect(page.get_by_text("已收进786人、320套房")).to_be_visible()
    community.check()
    assert FIGURES.items() <= figures(page).items()
    report = page.url.removeprefix(community.site.url)
    assert "古公寓4号楼" in search(community, "杨红")
    community.open("/corrections/")
    expect(page.locator("tbody tr")).to_have_count(PAGE_SIZE)
    community.open("/corrections/?page=2")
    expect(page.locator("tbody tr")).to_have_count(35 - PAGE_SIZE)
    assert "149999" not in page.locator("main").inner_text()

    community.open(report).get_by_role("link", name="整份撤回").click()
    community.check()
    page.get_by_role("button", name="全部放回去").click()
    expect(page.get_by_text("这份表已撤回")).to_be_visible()
    assert "没有符合的" in search(community, "杨红")
    community.open("/corrections/")
    expect(page.get_by_text("没有要改的")).to_be_visible()


def test_a_file_that_can_not_be_taken_is_refused_in_words_beside_the_field(visit: Visit, tmp_path: Path) -> None:
    text = tmp_path / "台账.xlsx"
    text.write_text("姓名,房号\n杨红,201\n", encoding="utf-8")
    macro = tmp_path / "带宏.xlsx"
    macro.write_bytes(WORKBOOK.read_bytes())
    with zipfile.ZipFile(macro, "a") as package:
        package.writestr("xl/vbaProject.bin", b"macro")
    large = tmp_path / "太大.xlsx"
    with large.open("wb") as file:
        file.truncate(60 * BYTES_PER_MB)

    community = visit("desktop")
    community.sign_in("gc-community")
    for path, words in ((text, "这是改了名的文本文件"), (macro, "这个工作簿带宏"), (large, "50 MB")):
        page = upload(community, path)
        field = page.locator(".l-field-row", has=page.locator("input[name=file]"))
        expect(field.locator(".l-error")).to_contain_text(words)
        community.check()
