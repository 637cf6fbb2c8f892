"""A served demo and a browser for the stories: the product as it is started for people, not a test server."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from served import CHROMIUM, CHROMIUM_ARGUMENTS, LINLI, SIZES, environment, make_demo, served

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Latin words that a Chinese page may show: names of the product and of formats, units, sample addresses.
LATIN = re.compile(r"[A-Za-z]{2,}")
ALLOWED_LATIN = {
    "Linli",
    "English",
    "QR",
    "xlsx",
    "xls",
    "csv",
    "CSV",
    "Excel",
    "JPG",
    "JPEG",
    "PNG",
    "WebP",
    "MB",
    "ID",
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Site:
    """The served demo: its address and its accounts by user name."""

    url: str
    accounts: dict[str, dict[str, str]]
    data: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a ``linli`` command on the same data."""
        return subprocess.run(
            [*LINLI, *command],
            env=environment(self.data),
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Make the street demo and serve it with ``linli serve``."""
    data = tmp_path_factory.mktemp("site")
    env = environment(data)
    accounts = {row["username"]: row for row in make_demo(env)}
    with served(env) as (url, _process):
        yield Site(url, accounts, data)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


class Visitor:
    """One person in one browser window, with the checks that every page must pass."""

    def __init__(self, site: Site, context: BrowserContext, language: str) -> None:
        self.site, self.context, self.language = site, context, language
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", self._console)

    def _console(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.problems.append(message.text)

    def open(self, path: str) -> Page:
        """Go to a page and check it."""
        self.page.goto(self.site.url + path)
        self.check()
        return self.page

    def sign_in(self, username: str) -> Page:
        """Sign in as one of the demo's people."""
        self.page.goto(f"{self.site.url}/sign-in/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", self.site.accounts[username]["password"])
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        return self.page

    def check(self) -> None:
        """Fail on accessibility violations, foreign words, sideways scrolling, script errors and refused scripts."""
        self.page.wait_for_load_state("load")
        self.page.evaluate(AXE)
        found = self.page.evaluate(
            "async (tags) => { const r = await window.axe.run(document, {runOnly: tags});"
            " return r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')) }",
            RULES,
        )
        assert found == [], f"{self.page.url}: {found}"
        assert self._foreign_words() == [], self.page.url
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} scrolls sideways by {wide} px"
        assert self.problems == []

    def _foreign_words(self) -> list[str]:
        texts = self.page.evaluate(
            "() => { const w = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); const out = [];"
            " while (w.nextNode()) { const p = w.currentNode.parentElement;"
            " if (p && p.checkVisibility() && !p.closest('script,style,[lang]:not(html),.maplibregl-map,[data-names]'))"
            " out.push(w.currentNode.textContent.trim()) } return out.filter(Boolean) }"
        )
        if self.language == "zh":
            words = {word for text in texts for word in LATIN.findall(text)}
            return sorted(words - ALLOWED_LATIN - set(self.site.accounts))
        return sorted({text for text in texts if text in chinese_interface()})


def chinese_interface() -> frozenset[str]:
    """Return the Chinese texts of the interface that hold no values."""
    if not _interface:
        for path in (ROOT / "src").rglob("django.po"):
            with path.open("rb") as file:
                catalog = read_po(file, locale="zh_Hans", domain="django")
            texts = (message.string for message in catalog if message.id and isinstance(message.string, str))
            _interface.update(text for text in texts if CHINESE.search(text) and "%" not in text and len(text) > 2)
    return frozenset(_interface)


_interface: set[str] = set()

Visit = Callable[..., Visitor]


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    """Return a function that opens a window: ``visit("phone", "zh")``."""
    contexts: list[BrowserContext] = []

    def make(size: str = "desktop", language: str = "zh") -> Visitor:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, bypass_csp=False, has_touch=size == "phone", locale="en-US"
        )
        if language == "en":
            context.add_cookies([{"name": "linli_language", "value": "en", "url": site.url}])
        contexts.append(context)
        visitor = Visitor(site, context, language)
        visitor.page.set_default_timeout(15_000)
        return visitor

    yield make
    for context in contexts:
        context.close()
