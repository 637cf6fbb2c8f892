"""What people do on the pages, so that the stories read as stories."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.flows.conftest import Visitor

GRID = "140403007001001"
# A building of the grid.
ADDRESS = "天河家属院1号楼"
COMMUNITY = "140403007001"
WORKER = "李文静"
# Everybody of the demo who acts in these stories: none of them is named to residents through the private link.
STAFF = (WORKER, "郭建英", "靳晓峰", "秦志强", "苗海燕")


@dataclass(frozen=True)
class Matter:
    """A report as the resident knows it: its number, the path of the private link."""

    number: str
    link: str


def words(what: str) -> str:
    """Return a sentence that no other test writes; its beginning tells it apart."""
    return f"{10_000 + secrets.randbelow(90_000)}号{what}"


def wait_for_field(place: Page | Locator, name: str) -> None:
    """Wait until there is a field of this name: a click before does not wait for the page that it leads to."""
    place.locator(f"[name={name}]").first.wait_for(state="attached")


def choose(place: Page | Locator, name: str, value: str) -> None:
    """Choose a value from a list or from chips."""
    wait_for_field(place, name)
    chips = place.locator(f"label:has(input[name={name}][value='{value}'])")
    if chips.count():
        chips.click()
    else:
        place.locator(f"select[name={name}]").select_option(value)


def fill(place: Page | Locator, values: dict[str, str]) -> None:
    """Fill a form by the names of its fields."""
    for name, value in values.items():
        wait_for_field(place, name)
        field = place.locator(f"textarea[name={name}], input[name={name}]:not([type=radio]):not([type=hidden])")
        if field.count():
            field.fill(value)
        else:
            choose(place, name, value)


def report(resident: Visitor, text: str, *, photo: Path | None = None, place: str = f"grid={GRID}") -> Matter:
    """Report a broken street light, by default from the board of the first grid, and keep the link."""
    page = resident.page
    page.goto(f"{resident.site.url}/report/?{place}")
    fill(page, {"category": "street-light", "text": text})
    if photo:
        page.set_input_files("input[name=photos]", photo)
        expect(page.locator("[data-photo-list] img")).to_be_visible()
    page.get_by_role("button", name="报上去").click()
    expect(page.get_by_role("heading", name="收到了")).to_be_visible()
    page.wait_for_load_state()
    link = page.locator(".l-public-link a").get_attribute("href") or ""
    found = re.search(r"\d{4}-\w{5}", page.locator("main").inner_text())
    assert found is not None
    return Matter(found[0], link.removeprefix(resident.site.url))


def open_case(officer: Visitor, number: str) -> Page:
    """Look for a case by its number, and open it."""
    page = officer.page
    page.goto(officer.site.url + "/cases/")
    page.fill("[data-search]", number)
    page.press("[data-search]", "Enter")
    page.locator("#results").get_by_role("link").first.click()
    expect(page.locator(".l-crumbs")).to_contain_text(number)
    return page


def begin_step(officer: Visitor, label: str) -> Locator:
    """Open the form of a step, and return its dialog."""
    # A click before the scripts are there opens the form as a page of its own.
    officer.page.wait_for_load_state("networkidle")
    officer.page.locator("main").get_by_role("link", name=label, exact=True).first.click()
    dialog = officer.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=label, exact=True)).to_be_visible()
    return dialog


def take_step(officer: Visitor, label: str, **values: str) -> None:
    """Take a step on the open case."""
    dialog = begin_step(officer, label)
    fill(dialog, values)
    dialog.get_by_role("button", name=label, exact=True).click()
    expect(dialog).to_be_hidden()
    expect(officer.page.locator(".l-toast")).to_be_visible()


def take_step_on_foot(worker: Visitor, label: str, **values: str) -> None:
    """Take a step on the open case, on the phone."""
    page = worker.page
    page.locator("main").get_by_role("link", name=label, exact=True).click()
    # The click does not wait for the next page, and a field of the step is looked for at once.
    send = page.get_by_role("button", name=label, exact=True)
    expect(send).to_be_visible()
    fill(page.locator("main"), values)
    send.click()
    expect(page.locator(".l-toast")).to_be_visible()


def note_on_foot(worker: Visitor, **values: str) -> str:
    """Note a case on the phone, and return its number."""
    page = worker.page
    page.goto(f"{worker.site.url}/field/new/")
    fill(page.locator("main"), values)
    page.get_by_role("button", name="记下来").click()
    page.wait_for_url(re.compile(r"/field/cases/\d{4}-\w{5}/$"))
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def register(officer: Visitor, **values: str) -> str:
    """Register a case on the desktop, and return its number."""
    page = officer.page
    page.goto(f"{officer.site.url}/cases/new/")
    fill(page.locator("main"), values)
    page.get_by_role("button", name="登记", exact=True).click()
    page.wait_for_url(re.compile(r"/cases/\d{4}-\w{5}/$"))
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def choose_photo(place: Page | Locator, path: Path) -> None:
    place.locator("input[name=photos]").set_input_files(path)
    expect(place.locator("[data-photo-list] img")).to_be_visible()


def expect_photos(page: Page, place: str, count: int) -> None:
    """Load the page until the photos were drawn anew in the background."""
    for _try in range(60):
        if page.locator(f"{place} img.l-thumb").count() == count:
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator(f"{place} img.l-thumb")).to_have_count(count)
