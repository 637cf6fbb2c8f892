"""What the documents say agrees with the code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.db.models import TextChoices
from django.utils import translation

from linli.cli import main
from linli.exports.kinds import kind_for, kinds

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = re.compile(r"LINLI_[A-Z_]+[A-Z]")


def in_code() -> set[str]:
    """Return the variables that the code reads."""
    reads = re.compile(r"""(?:environ\.get\(\s*|environ\[|load_key\()["'](LINLI_[A-Z_]+)""")
    return {name for path in (ROOT / "src").rglob("*.py") for name in reads.findall(path.read_text(encoding="utf-8"))}


def test_every_variable_is_documented_and_every_documented_one_is_read() -> None:
    table = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(LINLI_[A-Z_]+)`", table, re.MULTILINE))
    assert documented == in_code()


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_in_the_architecture_page(name: str) -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    command = main.commands[name]
    assert command.hidden or f"linli {name}" in page
    assert command.hidden or (command.help or "").strip()


@pytest.mark.parametrize(
    "page",
    [
        *("README.md", "README.zh-CN.md", "docs/architecture.md", "docs/production.md"),
        *(str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs" / "guide").rglob("*.md"))),
    ],
)
def test_links_between_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    missing = [target for target in targets if not ((ROOT / page).parent / target).exists()]
    assert missing == []


def test_commands_answer_help() -> None:
    for name, command in main.commands.items():
        context = click.Context(command, info_name=name)
        assert command.get_help(context)


GUIDE = ROOT / "docs" / "guide"
LANGUAGES = ("zh", "en")
PAGES = sorted({page.name for language in LANGUAGES for page in (GUIDE / language).glob("*.md")})
# Words that the guide quotes from a workbook, and no page shows.
FROM_WORKBOOKS = {"空缺", "房屋性质/房屋用途"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_guide_is_there_in_both_languages_and_listed_once(language: str) -> None:
    assert sorted(page.name for page in (GUIDE / language).glob("*.md")) == PAGES
    listed = re.findall(r"^- \[[^\]]+\]\(([a-z-]+\.md)\)", (GUIDE / language / "index.md").read_text("utf-8"), re.M)
    assert sorted(listed) == [name for name in PAGES if name != "index.md"]


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_the_readme_leads_to_the_guide(readme: str, language: str) -> None:
    assert f"](docs/guide/{language}/index.md)" in (ROOT / readme).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def on_screen() -> dict[str, set[str]]:
    """Return language → every text of the screen; what is put into it is written as “…”."""
    paths = (ROOT / "src").rglob("zh_Hans/LC_MESSAGES/django.po")
    messages = [message for path in paths for message in read_po(BytesIO(path.read_bytes()))]
    return {
        "zh": {_plain(text) for message in messages for text in _forms_of(message.string)},
        "en": {_plain(text) for message in messages for text in _forms_of(message.id)},
    }


def _forms_of(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _plain(text: str) -> str:
    return re.sub(r"\s*(?:%\(\w+\)[sd]|…+)\s*", "…", text).strip(" 。.,")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_calls_buttons_as_the_screen_does(language: str, page: str, on_screen: dict[str, set[str]]) -> None:
    quoted = re.findall(r"“([^”]+)”", (GUIDE / language / page).read_text(encoding="utf-8"))
    words = {_plain(" ".join(word.split())) for path in quoted for word in path.split("→")}
    assert words - on_screen[language] - FROM_WORKBOOKS == set()


def _everything_named() -> list[str]:
    choices = [f"{app.name}.choices" for app in apps.get_app_configs() if app.name.startswith("linli")]
    modules = [import_module(name) for name in choices if find_spec(name)]
    named = {kind for module in modules for kind in vars(module).values() if inspect.isclass(kind)}
    models = [model.__name__ for model in apps.get_models() if model.__module__.startswith("linli")]
    return sorted({*models, *(kind.__name__ for kind in named if issubclass(kind, TextChoices))} - {"TextChoices"})


def test_the_glossary_has_a_word_for_every_model_and_every_list_of_states() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = {word for code in re.findall(r"`([^`]+)`", glossary) for word in code.split(".")}
    assert [name for name in _everything_named() if name not in words] == []


@pytest.mark.parametrize(("folder", "language"), [("zh", "zh-hans"), ("en", "en")])
def test_the_guide_names_every_list_that_is_taken_out(folder: str, language: str) -> None:
    page = " ".join((ROOT / "docs" / "guide" / folder / "exports.md").read_text(encoding="utf-8").split())
    with translation.override(language):
        labels = [str(kind_for(name).label) for name in kinds.names() if kind_for(name).write is None]
    assert [label for label in labels if label not in page] == []
