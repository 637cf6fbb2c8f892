"""Street, auditor and everybody: numbers that open their rows, the proof of the journal, signing in, how pages look."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.flows.conftest import Visit, Visitor

pytestmark = pytest.mark.flow


def rows_behind(officer: Visitor, path: str) -> int:
    """Open a list of cases and return how many it says that it holds."""
    page = officer.page
    page.goto(officer.site.url + path)
    counted = re.search(r"\d+", page.locator(".l-page-head .l-second").inner_text())
    assert counted is not None
    return int(counted[0])


def numbers_of(officer: Visitor, selector: str) -> dict[str, int]:
    """Return address → number of the links that a selector finds."""
    found = officer.page.eval_on_selector_all(
        selector, "links => links.map(a => [a.getAttribute('href'), (a.querySelector('b') || a).textContent.trim()])"
    )
    return {address: int(number) for address, number in found}


def behind_still(officer: Visitor, read: Callable[[], dict[str, int]]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the numbers of a page and those of the lists behind them, both of one moment.

    A deadline may run out while the lists are opened one by one; then the page is read once more.
    """
    for _ in range(5):
        shown = read()
        rows = {address: rows_behind(officer, address) for address in shown}
        if read() == shown:
            break
    return shown, rows


def test_the_piles_of_the_street_hold_what_they_say(visit: Visit) -> None:
    street = visit("desktop")
    street.sign_in("street")

    def piles() -> dict[str, int]:
        street.open("/")
        return numbers_of(street, ".l-piles a")

    shown, rows = behind_still(street, piles)
    assert len(shown) >= 4
    assert rows == shown
    assert max(shown.values()) > 0


def test_a_number_of_the_dashboard_opens_its_rows(visit: Visit) -> None:
    street = visit("desktop")
    street.sign_in("street")

    def figures() -> dict[str, int]:
        street.open("/dashboard/?span=month")
        totals = numbers_of(street, ".card-footer .l-figure a.l-rows")
        by_place = numbers_of(street, ".table tbody tr:first-child .l-number a.l-rows[aria-label]")
        assert totals
        assert by_place
        return totals | by_place

    shown, rows = behind_still(street, figures)
    assert rows == shown
    assert max(shown.values()) > 0


def test_the_auditor_filters_the_journal_and_proves_it(visit: Visit) -> None:
    auditor = visit("desktop")
    auditor.sign_in("auditor")
    page = auditor.open("/journal/")
    page.fill("input[name=actor]", "auditor")
    page.select_option("select[name=action]", "accounts.sign_in")
    page.locator("main form[method=get] button").click()
    page.wait_for_url(re.compile("action=accounts.sign_in"))
    expect(page.locator("tbody tr").first).to_contain_text("梁文斌")
    told = page.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert set(told) == {"登录"}
    page.get_by_role("button", name="查一查有没有人改过").click()
    expect(page.get_by_text("日志没有被改动")).to_be_visible()
    auditor.check()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_five_wrong_passwords_close_the_door_in_words(visit: Visit, size: str) -> None:
    # Each size tries an account of its own that no other story needs.
    username = {"desktop": "supervisor", "phone": "volunteer"}[size]
    visitor = visit(size)
    page = visitor.open("/sign-in/")
    for _turn in range(5):
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", "not-the-password")
        with page.expect_navigation():
            page.press("input[name=password]", "Enter")
    expect(page.get_by_role("heading", name="暂时不能登录")).to_be_visible()
    expect(page.locator("main")).to_contain_text("15")
    visitor.check()
    page.get_by_role("link", name="回到登录").click()
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", visitor.site.accounts[username]["password"])
    page.press("input[name=password]", "Enter")
    expect(page.get_by_role("heading", name="暂时不能登录")).to_be_visible()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_language_and_large_letters_are_one_tap_away(visit: Visit, size: str) -> None:
    resident = visit(size)
    page = resident.open("/find/")
    page.get_by_role("button", name="大字").click()
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    resident.check()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Find my grid worker")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    resident.language = "en"
    resident.check()
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_dark_colours_are_readable(visit: Visit) -> None:
    leader = visit("desktop")
    leader.sign_in("leader")
    page = leader.open("/")
    page.locator("summary.l-who").click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    for path in ("/", "/cases/", "/households/", "/dashboard/"):
        leader.open(path)
