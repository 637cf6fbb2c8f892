"""``make pictures``: every page of the street demo at both widths in both languages, into docs/pictures.

The demo is made and served in a folder of its own. ``python tools/pictures.py [NAME …]`` takes only the pages named.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from served import CHROMIUM, CHROMIUM_ARGUMENTS, SIZES, browser_environment, environment, make_demo, served

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
COLOURS = 256
TALLEST = 2400
WORKBOOK = ROOT / "tests" / "data" / "居民台账-广场西社区.xlsx"
CASE_LINK = "main a[href^='/cases/1']"
FIELD_CASE_LINK = "main a[href^='/field/cases/1']"
HOUSEHOLD_LINK = "main tbody a[href^='/households/']"
FIELD_HOUSEHOLD_LINK = "main a[href^='/field/households/']:not([href*='?'])"
BUILDING_LINK = "main tbody td a[href^='/buildings/']"
FIELD_BUILDING_LINK = "main a[href^='/field/buildings/']:not([href*='?'])"
DWELLING_LINK = "main tbody a[href^='/dwellings/']"
IMPORT_LINK = "main tbody a[href^='/imports/']"

# name → (who looks, address > links to follow from there one after the other, only these sizes)
PAGES: dict[str, tuple[str | None, str, tuple[str, ...]]] = {
    "sign-in": (None, "/sign-in/", ("desktop", "phone")),
    "workbench": ("leader", "/", ("desktop", "phone")),
    "case-list": ("leader", "/cases/", ("desktop", "phone")),
    "case": ("leader", f"/cases/?pile=waiting > {CASE_LINK}", ("desktop", "phone")),
    "case-new": ("leader", "/cases/new/", ("desktop", "phone")),
    "household-list": ("worker", "/households/", ("desktop", "phone")),
    "household": ("worker", f"/households/ > {HOUSEHOLD_LINK}", ("desktop", "phone")),
    "unit-list": ("worker", "/units/", ("desktop", "phone")),
    "unit-change": (
        "worker",
        "/units/ > main table a[href^='/units/'] > main a[href$='/change/']",
        ("desktop", "phone"),
    ),
    "field-unit-list": ("worker", "/field/units/", ("phone",)),
    "field-unit": ("worker", "/field/units/ > main li a[href^='/field/units/']", ("phone",)),
    "agreement-list": ("worker", "/agreements/", ("desktop", "phone")),
    "agreement": ("worker", "/agreements/ > main tbody a[href^='/agreements/']", ("desktop", "phone")),
    "agreement-template-list": ("street", "/agreements/texts/", ("desktop", "phone")),
    "field-agreement-list": ("worker", "/field/agreements/", ("phone",)),
    "field-agreement": ("worker", "/field/agreements/ > main li a[href^='/field/agreements/']", ("phone",)),
    "unit": ("worker", "/units/ > main table a[href^='/units/']", ("desktop", "phone")),
    "search": ("worker", "/search/?q=王", ("desktop", "phone")),
    "field-search": ("worker", "/field/search/?q=王", ("phone",)),
    "dashboard": ("street", "/dashboard/", ("desktop", "phone")),
    "map": ("street", "/map/", ("desktop", "phone")),
    "grid-list": ("street", "/grids/", ("desktop", "phone")),
    "grid": ("street", "/grids/ > main tbody a[href^='/grids/']:not([href*='?'])", ("desktop", "phone")),
    "grid-plans": ("leader", "/grid-plans/", ("desktop", "phone")),
    "grid-plan": ("street", "/grid-plans/ > main tbody a[href^='/grid-plans/']", ("desktop",)),
    "grid-coverage": ("admin", "/grids/coverage/", ("desktop", "phone")),
    "grid-coverage-rows": ("admin", "/grids/coverage/rows/?kind=size", ("desktop", "phone")),
    "grid-reason": ("admin", "/grids/coverage/rows/?kind=size > main a[href$='/reason/']", ("desktop", "phone")),
    "planned-list": ("leader", "/planned/", ("desktop", "phone")),
    "planned": ("leader", "/planned/ > main tbody a[href^='/planned/']", ("desktop", "phone")),
    "planned-new": ("leader", "/planned/new/", ("desktop", "phone")),
    "area-sizes": ("admin", "/areas/sizes/", ("desktop", "phone")),
    "case-step": ("leader", f"/cases/?pile=waiting > {CASE_LINK} > main a[href*='/steps/']", ("desktop", "phone")),
    "board": (None, "/find/?q=天河家属院1号楼 > main a[href^='/grid/']", ("desktop", "phone")),
    "import-new": ("gc-community", "/imports/new/", ("desktop", "phone")),
    "import-columns": ("gc-community", f"/imports/ > {IMPORT_LINK} > main a[href*='columns']", ("desktop", "phone")),
    "import-report": ("gc-community", f"/imports/ > {IMPORT_LINK}", ("desktop", "phone")),
    "import-headers": ("gc-community", "/imports/headers/", ("desktop", "phone")),
    "import-list": ("gc-community", "/imports/", ("desktop", "phone")),
    "roster-report": ("admin", f"/imports/ > {IMPORT_LINK}", ("desktop", "phone")),
    "roster-differences": ("admin", f"/imports/ > {IMPORT_LINK} > main a[href*='differences']", ("desktop", "phone")),
    "export-new": ("leader", "/exports/new/?kind=people", ("desktop", "phone")),
    "export-list": ("leader", "/exports/", ("desktop", "phone")),
    "form-list": ("leader", "/exports/forms/", ("desktop", "phone")),
    "form": ("leader", "/exports/forms/ > main tbody a[href^='/exports/forms/']", ("desktop", "phone")),
    "form-fill": ("leader", "/exports/forms/ > main tbody a[href$='/fill/']", ("desktop", "phone")),
    "quality": ("street", "/quality/", ("desktop", "phone")),
    "quality-delays": ("leader", "/quality/delays/", ("desktop", "phone")),
    "review-list": ("leader", "/reviews/", ("desktop", "phone")),
    "review": ("leader", "/reviews/140403007001002/", ("desktop", "phone")),
    "field-review": ("worker", "/field/review/", ("phone",)),
    "declaration-list": ("leader", "/declarations/", ("desktop", "phone")),
    "declaration": ("leader", "/declarations/ > main tbody a[href^='/declarations/']", ("desktop", "phone")),
    "declare": (None, "/declare/", ("desktop", "phone")),
    "declare-form": (None, "/declare/tenant/move_in/", ("desktop", "phone")),
    "my-post": ("worker", "/mine/", ("desktop", "phone")),
    "absence-list": ("leader", "/absences/", ("desktop", "phone")),
    "absence-new": ("worker", "/absences/new/", ("desktop", "phone")),
    "departure-list": ("leader", "/departures/", ("desktop", "phone")),
    "departure": ("leader", "/departures/ > main tbody a[href^='/departures/']", ("desktop", "phone")),
    "member": ("leader", "/staff/ > main tbody a[href^='/staff/']", ("desktop", "phone")),
    "dwelling-list": ("leader", "/dwellings/", ("desktop", "phone")),
    "building-rows": (
        "leader",
        f"/buildings/?q=天河家属院1号楼 > {BUILDING_LINK} > main a[href$='/rows/']",
        ("desktop", "phone"),
    ),
    "household-move-away": (
        "worker",
        f"/households/ > {HOUSEHOLD_LINK} > main a[href$='/move-out/']",
        ("desktop", "phone"),
    ),
    "vacancy-list": ("leader", "/vacancies/", ("desktop", "phone")),
    "member-list": ("leader", "/staff/", ("desktop", "phone")),
    "board-sheets": ("leader", "/boards/?under=140403007001", ("desktop",)),
    "message-list": ("worker", "/messages/", ("desktop", "phone")),
    "pledge": ("newcomer", "/households/", ("desktop", "phone")),
    "correction": ("worker", "/corrections/ > main a[href^='/corrections/']", ("desktop", "phone")),
    "correction-list": ("community", "/corrections/", ("desktop", "phone")),
    "journal": ("auditor", "/journal/", ("desktop", "phone")),
    "post-list": ("admin", "/posts/", ("desktop", "phone")),
    "post-new": ("admin", "/posts/new/", ("desktop", "phone")),
    "user-new": ("admin", "/users/new/", ("desktop", "phone")),
    "area": ("admin", "/areas/140403007/", ("desktop", "phone")),
    "user-list": ("admin", "/users/", ("desktop", "phone")),
    "area-list": ("admin", "/areas/", ("desktop", "phone")),
    "settings": ("worker", "/settings/", ("desktop", "phone")),
    "parts": ("leader", "/parts/", ("desktop", "phone")),
    "field-today": ("worker", "/field/", ("phone",)),
    "field-grid": ("worker", "/field/grid/", ("phone",)),
    "household-change": (
        "worker",
        f"/households/ > {HOUSEHOLD_LINK} > main a[href$='/move-home/']",
        ("desktop", "phone"),
    ),
    "building-list": ("leader", "/buildings/", ("desktop", "phone")),
    "building": ("leader", f"/buildings/?q=天河家属院1号楼 > {BUILDING_LINK}", ("desktop", "phone")),
    "building-plates": (
        "leader",
        f"/buildings/?q=天河家属院1号楼 > {BUILDING_LINK} > main a[href$='/plates/']",
        ("desktop",),
    ),
    "rental-list": ("worker", "/rentals/", ("desktop", "phone")),
    "dwelling": ("worker", f"/rentals/?mends=open > {DWELLING_LINK}", ("desktop", "phone")),
    "dwelling-check": (
        "worker",
        f"/rentals/?mends=open > {DWELLING_LINK} > main a[href$='/check/']",
        ("desktop", "phone"),
    ),
    "field-household-past": (
        "worker",
        f"/field/households/?q=王 > {FIELD_HOUSEHOLD_LINK} > main a[href^='?day=']",
        ("phone",),
    ),
    "unit-committee": ("leader", "/units/?kind=committee > main td a[href^='/units/']", ("desktop", "phone")),
    "field-building": ("worker", f"/field/buildings/ > {FIELD_BUILDING_LINK}", ("phone",)),
    "transfers": ("leader", "/transfers/", ("desktop", "phone")),
    "duplicates": ("leader", "/duplicates/", ("desktop", "phone")),
    "duplicate": ("leader", "/duplicates/ > main a.btn-small[href^='/duplicates/']", ("desktop", "phone")),
    "service-codes": ("worker", "/households/codes/", ("desktop",)),
    "field-households": ("worker", "/field/households/", ("phone",)),
    "field-household": ("worker", f"/field/households/?q=王 > {FIELD_HOUSEHOLD_LINK}", ("phone",)),
    "field-case": ("worker", f"/field/cases/ > {FIELD_CASE_LINK}", ("phone",)),
    "field-new": ("worker", "/field/new/", ("phone",)),
    "facility-list": ("leader", "/facilities/", ("desktop", "phone")),
    "facility": ("leader", "/facilities/?kind=hall > main tbody a[href^='/facilities/']", ("desktop", "phone")),
    "facility-photos": (
        "leader",
        "/facilities/?kind=hall > main tbody a[href^='/facilities/'] > main a[href$='/photos/']",
        ("desktop", "phone"),
    ),
    "facility-new": ("leader", "/facilities/new/", ("desktop", "phone")),
    "field-facilities": ("worker", "/field/facilities/", ("phone",)),
    "community-list": ("street", "/communities/", ("desktop", "phone")),
    "community": ("leader", "/communities/140403007001/", ("desktop", "phone")),
    "community-board": (None, "/community/140403007001/", ("desktop", "phone")),
    "item-list": ("admin", "/lists/", ("desktop", "phone")),
    "find": (None, "/find/", ("desktop", "phone")),
    "report": (None, "/report/", ("desktop", "phone")),
    "privacy": (None, "/privacy/", ("desktop", "phone")),
}
DARK = ("workbench", "case", "dashboard", "find", "field-today")


class Photographer:
    """One browser window per person, size, language and theme."""

    def __init__(self, browser: Browser, url: str, passwords: dict[str, str]) -> None:
        self.browser, self.url, self.passwords = browser, url, passwords
        self.windows: dict[tuple[str | None, str, str, str], Page] = {}

    def window(self, who: str | None, size: str, language: str, theme: str) -> Page:
        """Return the window, signed in at its first use."""
        key = (who, size, language, theme)
        if key not in self.windows:
            width, height = SIZES[size]
            context = self.browser.new_context(viewport={"width": width, "height": height}, has_touch=size == "phone")
            values = {"linli_language": "en" if language == "en" else "zh-hans", "linli_theme": theme}
            context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in values.items()])
            page = context.new_page()
            if who is not None:
                page.goto(f"{self.url}/sign-in/")
                page.fill("input[name=username]", who)
                page.fill("input[name=password]", self.passwords[who])
                page.press("input[name=password]", "Enter")
                page.wait_for_url(lambda address: "/sign-in/" not in address)
            self.windows[key] = page
        return self.windows[key]

    def take(self, name: str, size: str, language: str, theme: str = "light") -> None:
        """Open a page, follow its click if it has one, and write the picture with few colours."""
        who, way, _sizes = PAGES[name]
        path, *links = way.split(" > ")
        page = self.window(who, size, language, theme)
        page.goto(self.url + path)
        for link in links:
            page.goto(urljoin(page.url, page.locator(link).first.get_attribute("href")))
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(400)
        picture = self._whole(page, size)
        suffix = "-dark" if theme == "dark" else ""
        target = TARGET / f"{name}-{size}-{language}{suffix}.png"
        picture.convert("RGB").quantize(COLOURS).save(target, optimize=True)
        print(target.relative_to(ROOT), picture.size)

    def _whole(self, page: Page, size: str) -> Image.Image:
        """Make the window as tall as the page, so that bars at its edges stand at the edges of the picture."""
        width, height = SIZES[size]
        tall = min(TALLEST, int(page.evaluate("document.documentElement.scrollHeight")))
        page.set_viewport_size({"width": width, "height": max(height, tall)})
        page.wait_for_timeout(400)
        picture = Image.open(io.BytesIO(page.screenshot()))
        page.set_viewport_size({"width": width, "height": height})
        return picture

    def bring_workbook(self) -> None:
        """Let a community send its workbook in and check it, so that there is a report to look at."""
        page = self.window("gc-community", "desktop", "zh", "light")
        page.goto(f"{self.url}/imports/new/")
        page.set_input_files("input[name=file]", WORKBOOK)
        for button in ("看看有哪些列", "列都对，核对每一行"):
            page.get_by_role("button", name=button).click()
        # Both are done in the background.
        page.get_by_role("link", name="改列").wait_for()

    def make_draft(self) -> None:
        """Let a street have its grids planned anew."""
        page = self.window("street", "desktop", "zh", "light")
        page.goto(f"{self.url}/grid-plans/")
        page.get_by_role("button", name="开始划").click()
        # Done in the background.
        page.locator("[data-work]").wait_for(timeout=60_000)

    def follow(self, size: str, language: str) -> None:
        """Report something as a resident through the interface and take the page of the private link."""
        page = self.window(None, size, language, "light")
        locate = page.request.get(f"{self.url}/api/v1/areas?level=grid&page_size=1").json()
        code = locate["items"][0]["code"]
        shape = page.request.get(f"{self.url}/api/v1/areas.geojson?under={code}").json()["features"][0]["geometry"]
        ring = shape["coordinates"][0] if shape["type"] == "Polygon" else shape["coordinates"][0][0]
        middle = [sum(point[axis] for point in ring[:-1]) / (len(ring) - 1) for axis in (0, 1)]
        body = {"category": "street-light", "text": "楼前路灯不亮", "lon": middle[0], "lat": middle[1]}
        made = page.request.post(f"{self.url}/api/v1/reports", data=body).json()
        page.goto(made["url"])
        page.wait_for_load_state("networkidle")
        picture = self._whole(page, size)
        picture.convert("RGB").quantize(COLOURS).save(TARGET / f"follow-{size}-{language}.png", optimize=True)


def main() -> int:
    """Take every picture, or those named on the command line."""
    wanted = sys.argv[1:] or [*PAGES, "follow"]
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="linli-pictures-") as data:
        env = environment(data)
        passwords = {account["username"]: account["password"] for account in make_demo(env)}
        with served(env) as (url, _process), sync_playwright() as playwright:
            take_all(playwright, url, passwords, wanted)
    return 0


def take_all(playwright: Playwright, url: str, passwords: dict[str, str], wanted: list[str]) -> None:
    """Take the pages that are wanted, in both languages."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, env=browser_environment())
    camera = Photographer(browser, url, passwords)
    if any(name.startswith("import-") for name in wanted):
        camera.bring_workbook()
    if any(name.startswith("grid-plan") for name in wanted):
        camera.make_draft()
    for language in ("zh", "en"):
        for name in wanted:
            if name == "follow":
                for size in SIZES:
                    camera.follow(size, language)
                continue
            for size in PAGES[name][2]:
                camera.take(name, size, language)
                if language == "zh" and name in DARK:
                    camera.take(name, size, language, "dark")
    browser.close()


if __name__ == "__main__":
    sys.exit(main())
