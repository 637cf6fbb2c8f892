"""Takes everybody of the demo out of it, as workbook and as plain table, and prints as JSON how long that took.

python -m bench.exports

Two people of the bench hold posts for the whole place: one asks, the other approves, and the file is made as the
background work makes it. The memory is the most that this process ever had beyond what it had before, so the larger
file goes last.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import django

FORMS = ("csv", "xlsx")
COLUMNS = [
    *("address", "community", "grid", "building", "entrance", "room", "household", "relation", "name", "sex"),
    *("birth_date", "id_number", "phone", "registration", "presence", "registered_address"),
]
ROWS = 400_000
LIMIT_SECONDS = 90
LIMIT_MB = 300
START, END = "<!-- exports: begin -->", "<!-- exports: end -->"


def main() -> None:
    """Print for each format: rows, columns, seconds, size of the file, memory."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    print(json.dumps({form: _taken_out(form) for form in FORMS}))


def _taken_out(form: str) -> dict[str, float]:
    from django.test import override_settings

    from linli.exports.actions import decide_export, make_now, request_export

    asks, approves = _person("bench-asks"), _person("bench-approves")
    area = _whole()
    before = _memory()
    started = time.monotonic()
    export = request_export(
        "people", area=area, filters={}, columns=COLUMNS, form=form, clear=False, purpose="make bench", by=asks
    )
    asked = time.monotonic() - started
    # The bench does the work here, where it can be measured; nothing else takes it up.
    with override_settings(TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}):
        decide_export(export, approve=True, by=approves)
    started = time.monotonic()
    made = make_now(export, by=asks)
    seconds = time.monotonic() - started
    size = made.upload.size if made.upload is not None else 0
    return {
        "rows": made.rows,
        "columns": len(COLUMNS),
        "asked": asked,
        "seconds": seconds,
        "file_mb": size / 1024 / 1024,
        "memory_mb": _memory() - before,
    }


def _whole() -> Any:
    from linli.areas.choices import Level
    from linli.areas.models import Area

    found = Area.objects.current().filter(level__in=(Level.DISTRICT, Level.STREET)).order_by("path").first()
    assert found is not None, "there is no demo in the database"
    return found


def _person(username: str, role: str = "street") -> Any:
    from linli.accounts.actions import create_user
    from linli.accounts.models import User
    from linli.accounts.rules import SYSTEM
    from linli.areas.actions import create_post
    from linli.staff.actions import accept_pledge
    from linli.staff.text import pledge_text

    found = User.objects.filter(username=username).first()
    if found is None:
        found = create_user(username, username, "walk-the-grid-2026", by=SYSTEM)
        create_post(role=role, area=_whole(), holder=found, by=SYSTEM)
        accept_pledge(version=pledge_text().version, by=found)
    return User.objects.get(pk=found.pk)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """Return the figures as Markdown; ``results`` by database and format."""
    lines = [
        f"Everybody of the demo, {len(COLUMNS)} columns, numbers masked; made as the background work makes it,",
        f"encrypted and kept. For {ROWS:,} rows at most {LIMIT_SECONDS} s and {LIMIT_MB} MB beyond what the process"
        " had before.",
        "",
        "| format | database | rows | file, MB | seconds | seconds for 400,000 | ÷ first database | memory, MB |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for form in FORMS:
        first = next(iter(results.values()))[form]
        for database, result in results.items():
            one = result[form]
            lines.append(
                f"| {form} | {database} | {one['rows']:,.0f} | {one['file_mb']:.1f} | {one['seconds']:.1f} | "
                f"{_for_all(one):.0f} | {_for_all(one) / _for_all(first):.2f} | {one['memory_mb']:.0f} |"
            )
    return "\n".join(lines)


def _for_all(one: dict[str, float]) -> float:
    return one["seconds"] * ROWS / max(one["rows"], 1)


def not_held(results: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """Return in words which limits were not held; a small demo says nothing about time."""
    return [
        f"export {form} {database}: {one['seconds']:.0f} s, {one['memory_mb']:.0f} MB"
        for database, result in results.items()
        for form, one in result.items()
        if one["memory_mb"] > LIMIT_MB or (one["rows"] > ROWS / 2 and _for_all(one) > LIMIT_SECONDS)
    ]


def write_section(path: Path, results: dict[str, dict[str, dict[str, float]]]) -> None:
    """Put the table into its place in the page of the figures."""
    text = path.read_text(encoding="utf-8")
    before, after = text.partition(START)[0], text.partition(END)[2]
    path.write_text(f"{before}{START}\n{table(results)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
