"""What the documents say agrees with the code."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
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


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "docs/architecture.md", "docs/production.md"])
def test_links_between_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
    missing = [target for target in targets if not ((ROOT / page).parent / target).exists()]
    assert missing == []


def test_commands_answer_help() -> None:
    for name, command in main.commands.items():
        context = click.Context(command, info_name=name)
        assert command.get_help(context)


@pytest.mark.parametrize(("folder", "language"), [("zh", "zh-hans"), ("en", "en")])
def test_the_guide_names_every_list_that_is_taken_out(folder: str, language: str) -> None:
    page = " ".join((ROOT / "docs" / "guide" / folder / "exports.md").read_text(encoding="utf-8").split())
    with translation.override(language):
        labels = [str(kind_for(name).label) for name in kinds.names() if kind_for(name).write is None]
    assert [label for label in labels if label not in page] == []
