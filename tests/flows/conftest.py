"""A served demo and a browser for the stories: the product as it is started for people, not a test server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from linli.core.tokens import UNAMBIGUOUS_ALPHABET
from served import (
    CHROMIUM,
    CHROMIUM_ARGUMENTS,
    DEMO_ACCOUNTS,
    DEMO_VARIABLE,
    LINLI,
    SIZES,
    environment,
    make_demo,
    served,
)

ROOT = Path(__file__).resolve().parent.parent.parent
AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Where a pin stands on a map, and so what it overlaps, is given by the place: WCAG 2.5.8 excepts it.
RUN_AXE = """async (tags) => {
  if (!window.axe) window.loadAxe();
  const how = {runOnly: tags, resultTypes: ["violations"], preload: false, elementRef: true};
  const found = await window.axe.run(document, how);
  const counts = (rule, node) => rule.id !== "target-size" || !node.element.classList.contains("l-pin");
  return found.violations
    .map((rule) => [rule.id, rule.nodes.filter((node) => counts(rule, node)).map((node) => node.target.join(" "))])
    .filter(([, nodes]) => nodes.length)
    .map(([id, nodes]) => `${id}: ${nodes.join(", ")}`);
}"""
SAMPLES = ("/views/parts.py", "/web/parts.html", "/parts_sample.html")
# Names, addresses and the like, which are the same in every language.
OWN_WORDS = "script, style, [lang]:not(html), .maplibregl-map, [translate=no]"
SHOWN_TEXTS = """(own) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent?.checkVisibility() && !parent.closest(own)) texts.push(walker.currentNode.textContent.trim());
  }
  return texts.filter(Boolean);
}"""
# Latin words that a Chinese page may show: names of the product and of formats, units, sample addresses.
# What is written with digits is a number of a case, a code, a value.
LATIN = re.compile(r"(?<![\w.-])[A-Za-z][A-Za-z.-]*[A-Za-z](?![\w-])", re.ASCII)
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
    "GeoJSON",
    "MB",
    "ID",
    "li.wenjing",
}
# Codes are drawn from digits and letters; now and then there is no digit among them.
CODE = re.compile(rf"[{UNAMBIGUOUS_ALPHABET}]{{8,}}")
# What waits for an answer, has just come or fades in is paler for a moment that nobody reads.
PASSING = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
STAND_STILL = "() => Promise.allSettled(document.getAnimations().map((one) => one.finished))"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Milliseconds; machines that build are slow at times.
TIMEOUT = 30_000
# What the browser says of a page that was left while a script looked at it.
LEFT = "Execution context was destroyed"
expect.set_options(timeout=TIMEOUT)


@dataclass(frozen=True)
class Site:
    """The served demo: its address and its accounts by user name."""

    url: str
    accounts: dict[str, dict[str, str]]
    data: Path
    # By user name: the cookies of those who have signed in.
    cookies: dict[str, Any] = field(default_factory=dict)

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

    def ask(self, code: str) -> str:
        """Run Python on the same data, for what no page shows, and return what it prints."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{code}"]
        env = environment(self.data) | {"DJANGO_SETTINGS_MODULE": "linli.settings"}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, cwd=ROOT)
        return done.stdout.strip()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Make the street demo, or copy the one that was made before the tests, and serve it with ``linli serve``."""
    data = tmp_path_factory.mktemp("site")
    env = environment(data)
    made_before = os.environ.get(DEMO_VARIABLE)
    if made_before:
        shutil.copytree(made_before, data, dirs_exist_ok=True)
        rows = json.loads((data / DEMO_ACCOUNTS).read_text(encoding="utf-8"))
    else:
        rows = make_demo(env)
    accounts = {row["username"]: row for row in rows}
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

    def open(self, path: str, status: int = 200) -> Page:
        """Go to a page, whose answer must have this status, and check it."""
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}"
        self.check()
        return self.page

    def sign_in(self, username: str) -> Page:
        """Sign in as one of the demo's people; whoever did it once keeps the cookie, as people do."""
        if username in self.site.cookies:
            self.context.add_cookies(self.site.cookies[username])
            return self.page
        self.page.goto(f"{self.site.url}/sign-in/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", self.site.accounts[username]["password"])
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        cookies: Any = [cookie for cookie in self.context.cookies() if "language" not in cookie.get("name", "")]
        self.site.cookies[username] = cookies
        return self.page

    def check(self) -> None:
        """Fail on any fault of the page."""
        assert self.faults() == []

    def speak(self, language: str) -> None:
        """Choose the language of the pages that are opened from now on."""
        self.language = language
        self.context.add_cookies([{"name": "linli_language", "value": language, "url": self.site.url}])

    def resize(self, size: str) -> None:
        """Make the window as large as a desktop or as narrow as a phone."""
        width, height = SIZES[size]
        self.page.set_viewport_size({"width": width, "height": height})

    def faults(self, *, axe: bool = True) -> list[str]:
        """Name accessibility violations, foreign words, sideways scrolling, script errors and refused scripts."""
        try:
            return self._look(axe)
        except Error as gone:
            # A click before does not wait for the page that it leads to, so the one looked at can go away meanwhile.
            if LEFT not in str(gone):
                raise
            return self._look(axe)

    def _look(self, axe: bool) -> list[str]:
        self.page.wait_for_load_state("load")
        expect(self.page.locator(PASSING)).to_have_count(0)
        self.page.evaluate(STAND_STILL)
        found = self._violations() if axe else []
        found += [f"foreign: {word}" for word in self._foreign_words()]
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found += [f"scrolls sideways by {wide} px"] if wide > 0 else []
        said, self.problems = self.problems, []
        return [f"{self.page.url}: {fault}" for fault in [*said, *found]]

    def _violations(self) -> list[str]:
        before = len(self.problems)
        found: list[str] = self.page.evaluate(RUN_AXE, RULES)
        # axe tries inline styles itself; what the policy says about them is not the page's fault.
        self.problems[before:] = [problem for problem in self.problems[before:] if problem.startswith("script:")]
        return found

    def _foreign_words(self) -> list[str]:
        texts = self.page.evaluate(SHOWN_TEXTS, OWN_WORDS)
        if self.language == "zh":
            words = {word for text in texts for word in LATIN.findall(text)}
            words -= ALLOWED_LATIN | set(self.site.accounts)
            return sorted(word for word in words if not CODE.fullmatch(word))
        return sorted({text for text in texts if text in chinese_interface()})


def chinese_interface() -> frozenset[str]:
    """Return the Chinese texts of the interface that hold no values."""
    if not _interface:
        for path in (ROOT / "src").rglob("django.po"):
            with path.open("rb") as file:
                catalog = read_po(file, locale="zh_Hans", domain="django")
            texts = (message.string for message in catalog if message.id and not _is_sample(message))
            _interface.update(text for text in texts if isinstance(text, str) and _could_stand_alone(text))
    return frozenset(_interface)


def _is_sample(message: Message) -> bool:
    """Tell whether a text stands on the page of samples only, where names of places are translated too."""
    return all(file.endswith(SAMPLES) for file, _line in message.locations)


def _could_stand_alone(text: str) -> bool:
    return bool(CHINESE.search(text)) and "%" not in text and len(text) > 2


_interface: set[str] = set()

Visit = Callable[..., Visitor]


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    """Return a function that opens a window: ``visit("phone", "zh")``."""
    contexts: list[BrowserContext] = []

    def make(size: str = "desktop", language: str = "zh") -> Visitor:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            bypass_csp=False,
            has_touch=size == "phone",
            locale="en-US",
            # Each step of what fades in would have to be drawn.
            reduced_motion="reduce",
        )
        contexts.append(context)
        # Handed over once; a page that is looked at reads it then.
        context.add_init_script(f"window.loadAxe = () => {{ {AXE} }};")
        visitor = Visitor(site, context, language)
        if language != "zh":
            visitor.speak(language)
        visitor.page.set_default_timeout(TIMEOUT)
        return visitor

    yield make
    for context in contexts:
        context.close()
