"""Every page that somebody reaches by links: it opens, reads in one language, fits the window and passes axe.

Every role fetches every sort of page that links lead it to. A browser then shows each sort to the roles for whom it
says something of its own: in Chinese with axe, and once more in English, which changes words and widths, no structure.
"""

from __future__ import annotations

import re
from collections import deque
from html import unescape
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.flows.conftest import Visit, Visitor

pytestmark = pytest.mark.flow

# What a link leads to without being a page: pictures of a case.
NOT_PAGES = {
    "case-photo",
    "facility-photo",
    "follow-photo",
    "import-problems",
    "plate-qr",
    "household-print",
    "household-codes-print",
    "community-print",
    "agreement-print",
    "my-photo",
    "board-photo",
}

# By role: where the walk begins, and below the pages that it must come past.
FOUND = "/search/?q=天河家属院1号楼"
FIELD_FOUND = "/field/search/?q=王"
ROSTER = "网格员花名册.xlsx"
# The first home that the walk comes to is let, and nobody has written down to whom.
LET = "/rentals/?tenancy=missing"
STARTS = {
    "worker": (LET, "/field/", "/field/households/", "/field/households/?q=天河", FIELD_FOUND, "/", FOUND),
    "leader": (LET, "/", FOUND),
    "community": ("/", FOUND),
    "street": ("/", FOUND, "/dashboard/?under=140403007001"),
    "heating": ("/", FOUND),
    "district": ("/",),
    "police": ("/",),
    "admin": ("/",),
    "auditor": ("/",),
}
FIELD = {
    "field-today",
    "field-case-list",
    "field-case-new",
    "field-household-list",
    "field-grid",
    "field-case",
    "field-search",
}
CASES = {"workbench", "case-list", "case", "case-new", "case-step"}
PLACES = {"grid-list", "grid", "map", "dashboard", "grid-coverage", "planned-list"}
PLANS = {"planned", "planned-new", "planned-change", "planned-finish", "planned-give-up", "grid-coverage-rows"} | {
    "grid-plans",
}
LEDGERS = {"search", "household-list", "household", "person-reveal"}
CHANGES = {"household-change", "person-edit", "household-codes", "home-move-in", "transfer-list", "transfer"} | {
    "departure-list",
    "departure",
}
IMPORTS = {"import-list", "import-new", "import-headers"}
OUTSIDE = {"facility-list", "facility", "community-list", "community"}
KEPT = {"facility-new", "facility-edit", "facility-remove", "facility-repair", "facility-book"} | {
    "facility-photos",
    "facility-photo-remove",
    "community-edit",
    "community-money",
    "community-money-remove",
    "community-honour",
    "community-honour-remove",
    "community-clear",
}
TEAM = {"my-post", "absence-list", "absence-new", "message-list", "board-sheets"}
ARRANGES = {"vacancy-list", "member-list", "member", "absence"}
EXPORTS = {"export-list", "export-new", "export-form-list", "export-form-new", "export-form", "export-form-fill"}
QUALITY = {"quality-list", "quality-rows", "quality-delays", "quality-slow", "review-list", "review"}
DUPLICATES = {"duplicate-list", "duplicate"}
UNITS = {"unit-list", "unit", "unit-contact", "unit-new", "unit-change", "unit-move", "unit-close", "unit-notice"}
AGREEMENTS = {"agreement-list", "agreement", "agreement-new", "agreement-check", "agreement-renew", "agreement-end"}
FIELD_AGREEMENTS = {"field-agreement-list", "field-agreement", "field-agreement-check"}
FIELD_UNITS = {"field-unit-list", "field-unit", "field-unit-new", "field-unit-change"}
HOUSING = {"building-list", "building", "building-plates", "dwelling-list", "dwelling", "rental-list"}
HOMES = {"building-rows", "building-home-new", "dwelling-edit", "dwelling-remove", "dwelling-owner-new"} | {
    "dwelling-check",
    "dwelling-tenancy-new",
}
BUILDINGS = {"building-new", "building-edit", "building-remove", "building-compound", "building-compound-new"}
FIELD_HOMES = {"field-building-list", "field-building", "field-dwelling", "field-dwelling-check"}
DECLARATIONS = {"declaration-list", "declaration", "declaration-step", "declaration-reveal"}
PAGES = {
    "worker": FIELD
    | {"field-facility-list", "field-facility-repair", "field-facility-photos", "field-review", "review-list", "review"}
    | OUTSIDE
    | FIELD_HOMES
    | HOUSING
    | HOMES
    | CASES
    | PLACES
    | LEDGERS
    | TEAM
    | {"my-record", "pledge"}
    | UNITS
    | FIELD_UNITS
    | AGREEMENTS
    | FIELD_AGREEMENTS
    | {"declaration-list", "departure-list", "rental-list"}
    | {"household-change", "person-edit", "household-codes", "transfer-list", "field-household-change"}
    | {"field-household", "field-case-step", "correction-list", "settings"},
    "leader": CASES
    | PLACES
    | LEDGERS
    | CHANGES
    | IMPORTS
    | EXPORTS
    | DECLARATIONS
    | OUTSIDE
    | KEPT
    | TEAM
    | ARRANGES
    | QUALITY
    | DUPLICATES
    | HOUSING
    | HOMES
    | BUILDINGS
    | PLANS
    | {"correction-list", "settings"},
    "community": CASES | PLACES | LEDGERS | IMPORTS | {"correction-list", "settings"},
    "street": OUTSIDE | CASES | PLACES | LEDGERS | IMPORTS | {"settings"},
    "heating": {"workbench", "case-list", "case", "case-step", "settings"},
    "district": {"workbench", "case-list", "case", "settings"} | PLACES | OUTSIDE,
    "police": {"workbench", "case-new", "settings"},
    "admin": {"workbench", "grid-list", "map", "area-list", "area", "post-list", "post-new", "user-list", "user-new"}
    | {"item-list", "item-new", "item", "import-list", "import-new", "import", "import-differences"}
    | {"area-sizes", "area-size", "grid-coverage", "grid-coverage-rows", "grid-reason", "planned-list"},
    "auditor": {"workbench", "post-list", "journal", "settings"},
}
# By role: the pages that a browser shows to it. Pages that stand under no role are shown to everybody who reaches them.
SHOWN = {
    "worker": FIELD
    | {"field-facility-list", "field-facility-repair", "field-facility-photos", "field-review"}
    | FIELD_HOMES
    | LEDGERS
    | {"my-post", "my-record", "absence-new", "message-list", "pledge", "board-sheets"}
    | UNITS
    | FIELD_UNITS
    | AGREEMENTS
    | FIELD_AGREEMENTS
    | {"field-household-change", "household-codes", "field-household", "field-case-step", "workbench", "settings"},
    "leader": IMPORTS
    | OUTSIDE
    | KEPT
    | HOUSING
    | HOMES
    | BUILDINGS
    | EXPORTS
    | QUALITY
    | PLANS
    | DECLARATIONS
    | ARRANGES
    | {"absence-list"}
    | DUPLICATES
    | (CHANGES - {"household-codes"})
    | {"correction-list", "case", "case-step"},
    "community": {"case-new", "grid-list", "grid", "map"},
    "street": {"workbench", "case-list", "case", "case-step", "dashboard", "community-list", "planned-list"},
    "heating": {"workbench", "case-list", "case"},
    "district": {"workbench", "dashboard", "map"},
    "police": {"workbench", "case-new"},
    "admin": PAGES["admin"],
    "auditor": PAGES["auditor"] - {"settings"},
}
# The others' maps are the same; they see the pages as they are where no map can be drawn.
WITH_MAPS = ("worker", "community", "street")
LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
PUBLIC_START = "/find/?under=140403007001"
# Pages that say no, with their status.
REFUSALS = {
    "/follow/no-such-link/": 404,
    "/d/no-such-plate/": 404,
    "/report/sent/": 404,
    "/declare/sent/": 404,
    "/no/such/page/": 404,
}


def links_of(page: str, path: str) -> list[str]:
    """Return the addresses on this site that a page leads to, in their order."""
    links = (urljoin(path, unescape(link)) for link in LINK.findall(page))
    return [urldefrag(link).url for link in links if not urlsplit(link).scheme and urldefrag(link).url]


def name_of(path: str) -> str:
    """Return the URL name of a path; a link that leads nowhere fails."""
    try:
        return resolve(urlsplit(path).path).url_name or ""
    except Resolver404:
        pytest.fail(f"a link leads nowhere: {path}")


def walk(visitor: Visitor, starts: tuple[str, ...]) -> list[tuple[str, str]]:
    """Fetch one page of every sort that links lead to; return their URL names and paths. A page that fails, fails."""
    found: list[tuple[str, str]] = []
    seen: set[str] = set()
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        name = name_of(path)
        known = name in seen and path not in starts
        if known or (name, path) in found or name in NOT_PAGES:
            continue
        seen.add(name)
        found.append((name, path))
        answer = visitor.context.request.get(visitor.site.url + path)
        assert answer.status == 200, f"{path} answered {answer.status}"
        waiting += links_of(answer.text(), path)
    return found


def faults_of(visitor: Visitor, paths: list[str], *, axe: bool) -> list[str]:
    """Show the pages one by one, each on a desktop and then as narrow as a phone; return what is wrong with them."""
    faults = []
    for path in paths:
        visitor.resize("desktop")
        visitor.page.goto(visitor.site.url + path)
        faults += visitor.faults(axe=axe)
        visitor.resize("phone")
        faults += visitor.faults(axe=axe)
    return faults


def look_through(visitor: Visitor, paths: list[str]) -> None:
    """Show the pages in both languages; maps are drawn once, they show the same."""
    assert faults_of(visitor, paths, axe=True) == []
    visitor.speak("en")
    without_maps(visitor)
    assert faults_of(visitor, paths, axe=False) == []


def without_maps(visitor: Visitor) -> None:
    """Let the browser fail to load what draws maps."""
    visitor.page.route("**/maplibre-gl*.mjs", lambda route: route.abort())


def test_every_page_is_shown_to_somebody() -> None:
    assert set.union(*PAGES.values()) - set.union(*SHOWN.values()) == set()
    assert [role for role in SHOWN if SHOWN[role] - PAGES[role]] == []


@pytest.mark.parametrize("role", STARTS)
def test_every_page_of_a_role(visit: Visit, role: str) -> None:
    visitor = visit()
    visitor.sign_in(role)
    starts = STARTS[role]
    if role == "admin":
        visitor.page.goto(f"{visitor.site.url}/imports/")
        # Other stories send rosters too; this one changes posts that there are, and waits.
        row = visitor.page.locator("main tr", has_text=ROSTER).locator("a[href^='/imports/']").first
        starts = (row.get_attribute("href") or "", *starts)
    found = walk(visitor, starts)
    assert PAGES[role] - {name for name, _path in found} == set()
    if role not in WITH_MAPS:
        without_maps(visitor)
    elsewhere = set.union(*(names for other, names in SHOWN.items() if other != role)) - SHOWN[role]
    look_through(visitor, [path for name, path in found if name not in elsewhere])


def test_every_public_page(visit: Visit) -> None:
    visitor = visit()
    found = walk(visitor, (PUBLIC_START, "/sign-in/"))
    reached = {name for name, _path in found}
    assert {
        "find",
        "board",
        "community-board",
        "report",
        "declare",
        "declare-form",
        "declare-pick",
        "privacy",
        "sign-in",
    } <= reached
    look_through(visitor, [path for _name, path in found])
    for path, status in REFUSALS.items():
        visitor.open(path, status=status)
