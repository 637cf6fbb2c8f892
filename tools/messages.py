"""Translations without the gettext programs: extract strings, compile them, and check that none is missing.

    python tools/messages.py extract [APP …]   bring every app's .po file up to date
    python tools/messages.py compile           write the .mo files that Django reads
    python tools/messages.py check             exit 1 and name each string without a Chinese text, or with two

Source strings are English, so English needs no file. Each app keeps its own
``locale/zh_Hans/LC_MESSAGES/django.po``; templates are read by Django's own template-to-Python step.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "linli"
LOCALE = Path("locale") / "zh_Hans" / "LC_MESSAGES"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")

Found = tuple[str | tuple[str, ...], str | None, str]


def apps() -> list[Path]:
    """Return the folders of all apps that may hold strings."""
    return sorted(path for path in SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists())


def strings_of(app: Path) -> Iterator[Found]:
    """Yield (message or (singular, plural), context, file) of every string in an app."""
    for path in sorted([*app.rglob("*.py"), *app.rglob("*.html"), *app.rglob("*.txt")]):
        if "migrations" in path.parts or "static" in path.parts or path.name.startswith("LICENSE"):
            continue
        text = path.read_text(encoding="utf-8")
        # Inside brackets Python doesn't mind how the lines of a template are indented.
        code = text if path.suffix == ".py" else f"({templatize(text, origin=str(path))}\n)"
        yield from _strings_in(code, str(path.relative_to(SOURCE.parent)))


def _strings_in(code: str, origin: str) -> Iterator[Found]:
    stream = io.BytesIO(code.encode("utf-8"))
    for _line, function, message, _comments in extract_python(stream, KEYWORDS, [], {"encoding": "utf-8"}):
        listed: Sequence[object] = message if isinstance(message, tuple | list) else [message]
        parts = [part for part in listed if isinstance(part, str)]
        if not parts or not parts[0]:
            continue
        context = parts.pop(0) if function in ("pgettext", "pgettext_lazy", "npgettext") else None
        plural = function in ("ngettext", "ngettext_lazy", "npgettext")
        yield ((parts[0], parts[1]) if plural else parts[0]), context, origin


def read(app: Path) -> Catalog:
    """Return the Chinese catalogue of an app, empty when there is none yet."""
    path = app / LOCALE / "django.po"
    if not path.exists():
        return Catalog(locale="zh_Hans", domain="django", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django")


def extract(app: Path) -> None:
    """Write an app's strings to its catalogue: kept where they have a text, dropped where they are gone."""
    before = read(app)
    after = Catalog(locale="zh_Hans", domain="django", project="Linli", fuzzy=False, header_comment="# Chinese texts")
    # A moving date in the file would make every extraction a change.
    after.creation_date = after.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    for message, context, origin in strings_of(app):
        old = before.get(message if isinstance(message, str) else message[0], context)
        after.add(message, old.string if old else None, locations=[(origin, None)], context=context)  # type: ignore[list-item]
    if not len(after):
        return
    path = app / LOCALE / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, after, width=120, sort_output=True, include_lineno=False, omit_header=False)


def compile_all() -> None:
    """Write the .mo file beside every .po file."""
    for po_path in SOURCE.rglob("django.po"):
        with po_path.open("rb") as source, po_path.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale="zh_Hans", domain="django"))


def texts_of(message: Message | None) -> list[str]:
    """Return the Chinese texts of a message: one, or one for each plural form; none when there is no message."""
    if message is None or message.string is None:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string)


def missing() -> Iterator[str]:
    """Yield a line for every string that has no Chinese text, or whose places differ from the English."""
    for app in apps():
        catalog = read(app)
        for message, context, origin in strings_of(app):
            first = message if isinstance(message, str) else message[0]
            found = catalog.get(first, context)
            texts = texts_of(found)
            if not texts or not all(texts):
                yield f"{origin}: no Chinese for {first!r}"
                continue
            wanted = first if isinstance(message, str) else message[-1]
            if any(sorted(PLACES.findall(text)) != sorted(PLACES.findall(wanted)) for text in texts):
                yield f"{origin}: the places in the Chinese differ from {first!r}"


def disagreeing() -> Iterator[str]:
    """Yield a line for every string that two apps put into Chinese differently: Django shows one of them in both."""
    said: dict[tuple[str, str | None], dict[str, list[str]]] = {}
    for app in apps():
        for message in read(app):
            if message.id:
                first = message.id if isinstance(message.id, str) else message.id[0]
                texts = said.setdefault((first, message.context), {})
                texts.setdefault(" / ".join(texts_of(message)), []).append(app.name)
    for (first, _context), texts in said.items():
        if len(texts) > 1:
            told = ", ".join(f"{text} ({'/'.join(names)})" for text, names in texts.items())
            yield f"{first!r} has several Chinese texts; give one of them a context: {told}"


def main() -> int:
    """Run the command named on the command line."""
    settings.configure(USE_I18N=True)
    django.setup()
    command, *names = sys.argv[1:] or [""]
    if command == "extract":
        for app in apps():
            if not names or app.name in names:
                extract(app)
    elif command == "compile":
        compile_all()
    elif command == "check":
        problems = [*missing(), *disagreeing()]
        print("\n".join(problems) or "every string has a Chinese text")
        return 1 if problems else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
