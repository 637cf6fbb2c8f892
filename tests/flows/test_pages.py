"""Every page that somebody reaches by links: it opens, reads in one language, fits the window and passes axe."""

from __future__ import annotations

from collections import deque
from urllib.parse import urldefrag, urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.flows.conftest import Visit, Visitor

pytestmark = pytest.mark.flow

SIZES = ("desktop", "phone")
# What a link leads to without being a page: pictures of a case.
NOT_PAGES = {"case-photo", "follow-photo", "plate-qr"}

# By role: where the walk begins, and below the pages that it must come past.
FOUND = "/search/?q=天河家属院1号楼"
STARTS = {
    "worker": ("/field/", "/field/households/", "/field/households/?q=天河", "/", FOUND),
    "leader": ("/", FOUND),
    "community": ("/", FOUND),
    "street": ("/", FOUND, "/dashboard/?under=140403007001"),
    "heating": ("/", FOUND),
    "district": ("/",),
    "police": ("/",),
    "admin": ("/",),
    "auditor": ("/",),
}
FIELD = {"field-today", "field-case-list", "field-case-new", "field-household-list", "field-grid", "field-case"}
CASES = {"workbench", "case-list", "case", "case-new", "case-step"}
PLACES = {"grid-list", "grid", "map", "dashboard"}
LEDGERS = {"search", "household-list", "household", "person-reveal"}
IMPORTS = {"import-list", "import-new"}
PAGES = {
    "worker": FIELD | CASES | PLACES | LEDGERS | {"field-household", "field-case-step", "correction-list", "settings"},
    "leader": CASES | PLACES | LEDGERS | IMPORTS | {"correction-list", "settings"},
    "community": CASES | PLACES | LEDGERS | IMPORTS | {"correction-list", "settings"},
    "street": CASES | PLACES | LEDGERS | IMPORTS | {"settings"},
    "heating": {"workbench", "case-list", "case", "case-step", "settings"},
    "district": {"workbench", "case-list", "case", "settings"} | PLACES,
    "police": {"workbench", "case-new", "settings"},
    "admin": {"workbench", "grid-list", "map", "area-list", "area", "post-list", "post-new", "user-list", "user-new"},
    "auditor": {"workbench", "post-list", "journal", "settings"},
}
PUBLIC_START = "/find/?under=140403007001"
# Pages that say no, with their status.
REFUSALS = {"/follow/no-such-link/": 404, "/d/no-such-plate/": 404, "/report/sent/": 404, "/no/such/page/": 404}


def links_of(visitor: Visitor) -> list[str]:
    """Return the addresses on this site that the page leads to, in their order."""
    found: list[str] = visitor.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    here = [urldefrag(link).url.removeprefix(visitor.site.url) for link in found if link.startswith(visitor.site.url)]
    return [path for path in here if path]


def name_of(path: str) -> str:
    """Return the URL name of a path; a link that leads nowhere fails."""
    try:
        return resolve(urlsplit(path).path).url_name or ""
    except Resolver404:
        pytest.fail(f"a link leads nowhere: {path}")


def walk(visitor: Visitor, starts: tuple[str, ...]) -> tuple[set[str], list[str]]:
    """Open one page of every sort that links lead to; return the URL names and the faults."""
    seen: set[str] = set()
    faults: list[str] = []
    opened: set[str] = set()
    waiting = deque(starts)
    while waiting:
        path = waiting.popleft()
        name = name_of(path)
        known = name in seen and path not in starts
        if known or path in opened or name in NOT_PAGES:
            continue
        opened.add(path)
        seen.add(name)
        answer = visitor.page.goto(visitor.site.url + path)
        assert answer is not None
        faults += [] if answer.status == 200 else [f"{path} answered {answer.status}"]
        faults += visitor.faults()
        waiting += links_of(visitor)
    return seen, faults


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("role", STARTS)
def test_every_page_of_a_role(visit: Visit, role: str, size: str, language: str) -> None:
    visitor = visit(size, language)
    visitor.sign_in(role)
    seen, faults = walk(visitor, STARTS[role])
    assert faults == []
    assert PAGES[role] - seen == set()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_public_page(visit: Visit, size: str, language: str) -> None:
    visitor = visit(size, language)
    seen, faults = walk(visitor, (PUBLIC_START, "/sign-in/"))
    assert faults == []
    assert {"find", "board", "report", "privacy", "sign-in"} <= seen
    for path, status in REFUSALS.items():
        visitor.open(path, status=status)
