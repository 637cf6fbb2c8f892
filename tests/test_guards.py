"""The lines that Linli does not cross, and the doors that nothing goes round.

A field, choice, form, column or indicator is judged by its name and by its labels in both languages.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

import linli
from linli.cli import main

SOURCE = Path(linli.__file__).resolve().parent
OURS = [config for config in apps.get_app_configs() if config.name.startswith("linli.")]

# “What Linli never does”, as words in names and labels.
NEVER = re.compile(
    r"religi|faith\b|\bbelief|ethnic|\bnation(ality)?\b|\brace\b|politic|party.?member|petition|criminal|convict"
    r"|drug.?us|diagnos|disease|illness|fertilit|contracept|pregnan|whereabouts|\btrack(ing)?\b|face.?recog|biometric"
    r"|key.?person|attention.?list|watch.?list|\brank(ing)?\b|league|quota|\bpenalt|\bscore\b|online.?time|check.?in"
    r"|temporary.?residence.?permit|family.?planning"
    r"|民族|宗教|信仰|政治面貌|党员|团员|信访|上访|前科|犯罪|刑满|吸毒|涉毒|诊断|疾病|病史|精神障碍|生育|避孕|怀孕|孕情|计生"
    r"|计划生育|行踪|轨迹|人脸|重点人|重点关注|排名|排行|积分|考勤|打卡|签到|在线时长|暂住证|婚育",
    re.IGNORECASE,
)

# Addresses that anybody may open, with the reason; every other view says which ability opens it.
PUBLIC_VIEWS = {
    "sign-in": "the way in",
    "sign-out": "ends one's own session",
    "language": "sets a cookie of the visitor",
    "display": "sets a cookie of the visitor",
    "healthz": "tells only whether the service lives",
}
PUBLIC_SURFACE = "linli.public."


def labels(*values: Any) -> Iterator[str]:
    """Yield each value as text, in English and in Chinese."""
    for language in ("en", "zh-hans"):
        with translation.override(language):
            yield from [str(value) for value in values if value]


def model_words() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        if not model.__module__.startswith("linli."):
            continue
        meta = model._meta
        for word in labels(meta.model_name, meta.verbose_name):
            yield meta.label, word
        for field in meta.get_fields():
            choices = [part for choice in getattr(field, "choices", None) or [] for part in choice]
            for word in labels(field.name, getattr(field, "verbose_name", ""), *choices):
                yield f"{meta.label}.{field.name}", word


def all_modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages([str(SOURCE)], "linli."):
        if ".migrations" not in found.name and not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def form_words() -> Iterator[tuple[str, str]]:
    for module in all_modules():
        for _name, form in inspect.getmembers(module, inspect.isclass):
            if issubclass(form, forms.BaseForm) and form.__module__ == module.__name__:
                for name, field in getattr(form, "base_fields", {}).items():
                    choices = [part for choice in getattr(field, "choices", []) or [] for part in choice]
                    for word in labels(name, field.label, field.help_text, *choices):
                        yield f"{form.__name__}.{name}", word


def enumeration_words() -> Iterator[tuple[str, str]]:
    for module in all_modules():
        for _name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, models.TextChoices) and kind is not models.TextChoices:
                for member in kind:
                    for word in labels(member.value, member.label):
                        yield f"{kind.__name__}.{member.name}", word


def column_words() -> Iterator[tuple[str, str]]:
    from linli.exchange.ledgers import kinds, ledger_for

    for ledger in map(ledger_for, kinds()):
        for column in ledger.sheet.columns:
            for word in labels(column.field, column.label, *column.headers, *column.contains):
                yield f"{ledger.sheet.kind}.{column.field}", word


def category_words() -> Iterator[tuple[str, str]]:
    import tomllib

    presets = tomllib.loads((SOURCE / "cases" / "data" / "categories.toml").read_text(encoding="utf-8"))
    for text in _texts(presets):
        yield "categories.toml", text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.django_db
@pytest.mark.parametrize("source", [model_words, form_words, enumeration_words, column_words, category_words])
def test_nothing_is_kept_or_asked_that_linli_never_does(source: Any) -> None:
    words = list(source())
    assert words, "the guard found nothing to look at"
    assert [f"{where}: {word}" for where, word in words if NEVER.search(word)] == []


@pytest.mark.parametrize("word", ["民族", "ethnicity", "政治面貌", "petition_count", "积分", "league table", "轨迹"])
def test_the_guard_itself_knows_the_words(word: str) -> None:
    assert NEVER.search(word)


def views(resolver: URLResolver | None = None) -> Iterator[tuple[str, Any]]:
    """Yield (name, view) of every address but those of the JSON interface, which has its own test."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "api":
                yield from views(entry)
        elif isinstance(entry, URLPattern):
            yield str(entry.name), entry.callback


def test_every_view_says_who_may_open_it() -> None:
    silent = [
        name
        for name, view in views()
        if not hasattr(view, "ability") and name not in PUBLIC_VIEWS and not view.__module__.startswith(PUBLIC_SURFACE)
    ]
    assert silent == []


def test_every_api_call_says_who_may_make_it() -> None:
    from linli.api.api import api

    silent = [
        f"{operation.methods} {path}"
        for _prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        if not hasattr(operation.view_func, "ability") and not hasattr(operation.view_func, "public")
    ]
    assert silent == []


def test_every_ability_that_is_asked_for_is_in_the_roles_table() -> None:
    from linli.areas.roles import abilities

    asked = {view.ability for _name, view in views() if hasattr(view, "ability")} - {"signed-in"}
    assert asked <= abilities()


def test_every_command_that_reads_or_writes_acts_as_somebody() -> None:
    # `plan` works on files alone and opens no database.
    without_actor = {"serve", "work", "journal", "plan"}
    silent = [
        name
        for name, command in main.commands.items()
        if name not in without_actor and not any(option.name == "acting_user" for option in command.params)
    ]
    assert silent == []


SURFACES = ("web", "field", "api")
# Areas and departments are public, and so are categories.
OPEN_MODELS = {"Area", "Department", "Category"}


def test_surfaces_read_through_the_read_door() -> None:
    around = []
    for surface in SURFACES:
        for path in (SOURCE / surface).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Attribute)
                    and node.value.attr == "objects"
                    and node.attr not in ("visible_to",)
                    and isinstance(node.value.value, ast.Name)
                    and node.value.value.id not in OPEN_MODELS
                ):
                    around.append(f"{path.relative_to(SOURCE)}:{node.lineno} {ast.unparse(node)}")
    assert around == [], "\n".join(around)


def asks_for_nothing(queryset: Any) -> bool:
    """Tell whether a query is empty by its conditions, whatever lies in the table."""
    try:
        str(queryset.query)
    except EmptyResultSet:
        return True
    return False


def test_every_ledger_row_has_a_read_door_that_fails_closed() -> None:
    from django.contrib.auth.models import AnonymousUser

    open_doors = []
    for model in apps.get_models():
        if not model.__module__.startswith("linli.") or not any(f.name == "path" for f in model._meta.fields):
            continue
        scoped = getattr(model.objects, "visible_to", None)  # type: ignore[attr-defined]
        if scoped is None or not asks_for_nothing(scoped(AnonymousUser())):
            open_doors.append(model._meta.label)
    assert open_doors == []


WRITES = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
QUERY_WRITES = {"create", "update", "delete"}
# Files that may write: the write doors, and the bulk doors beside them.
DOORS = re.compile(r"(^|/)(actions(/\w+)?|bulk|moving|merging)\.py$")
# Infrastructure that keeps rows of its own.
OWN_ROWS = {"jobs/schedule.py", "accounts/ratelimit.py"}
# Files that save pictures and workbooks, not rows.
PICTURES = {
    "public/links.py",
    "files/photos.py",
    "demo/pictures.py",
    "demo/sheets.py",
    "demo/tables.py",
    "reporting/filling.py",
}


def test_nothing_writes_past_the_write_door() -> None:
    past = []
    for path in SOURCE.rglob("*.py"):
        name = str(path.relative_to(SOURCE))
        if "migrations" in name or DOORS.search(name) or name in OWN_ROWS | PICTURES or name.startswith("core/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                method, source = node.func.attr, ast.unparse(node.func.value)
                if method in WRITES or (method in QUERY_WRITES and ".objects" in source):
                    past.append(f"{name}:{node.lineno} {source}.{method}")
    assert past == [], "\n".join(past)
