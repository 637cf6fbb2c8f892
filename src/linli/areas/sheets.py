"""The table of areas in and out: columns ``code``, ``level``, ``name``, ``parent_code``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.areas.actions import add_area
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import areas_geojson
from linli.core.sheets.reading import open_workbook
from linli.core.sheets.writing import write_csv, write_table
from linli.journal import actions as journal

COLUMNS = ("code", "level", "name", "parent_code")

Problem = dict[str, Any]


def import_areas(file: Path, *, by: Any, dry_run: bool, partial: bool) -> dict[str, Any]:
    """Add the areas of a table, parents first; what is there already is left as it is.

    Returns an import report. Without ``partial`` one held row means that nothing is applied.
    """
    require(by, "areas.edit")
    rows = list(_rows(file))
    problems: list[Problem] = []
    with transaction.atomic():
        added = sum(_take_in(number, row, problems, by) for number, row in rows)
        if dry_run or (problems and not partial):
            transaction.set_rollback(True)
            added = 0
    return {
        "batch": None,
        "rows": len(rows),
        "applied": {"areas": added},
        "problems": problems,
        "columns": [{"header": name, "field": name, "how": "exact"} for name in COLUMNS],
    }


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    sheet = open_workbook(file)[0]
    lines = [[str(cell).strip() for cell in row] for row in sheet.rows]
    header = lines[0] if lines else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise ValidationError(
            _("The first row must name the columns %(wanted)s; missing: %(missing)s.")
            % {"wanted": ", ".join(COLUMNS), "missing": ", ".join(missing)}
        )
    for number, line in enumerate(lines[1:], start=2):
        if any(line):
            yield number, {name: line[header.index(name)] for name in COLUMNS}


def _take_in(number: int, row: Mapping[str, str], problems: list[Problem], by: Any) -> int:
    """Add one area; a problem is noted with its row and column. Returns how many were added."""
    existing = Area.objects.filter(code=row["code"]).first()
    if existing is not None:
        return 0
    parent = Area.objects.filter(code=row["parent_code"]).first() if row["parent_code"] else None
    problem = _problem(row, parent)
    if problem is None:
        try:
            add_area(code=row["code"], name=row["name"], level=row["level"], parent=parent, by=by)
        except ValidationError as error:
            problem = ("code", "bad_value", " ".join(error.messages))
    if problem is None:
        return 1
    column, kind, message = problem
    problems.append(
        {"row": number, "column": column, "kind": kind, "value": row[column], "message": message, "held": True}
    )
    return 0


def _problem(row: Mapping[str, str], parent: Area | None) -> tuple[str, str, str] | None:
    if not row["code"].isdigit() or len(row["code"]) > 20:
        return "code", "unknown_code", _("A code is up to 20 digits.")
    if not row["name"]:
        return "name", "missing_name", _("An area needs a name.")
    if row["level"] not in Level.values:
        return "level", "bad_choice", _("The level must be one of %(levels)s.") % {"levels": ", ".join(Level.values)}
    if row["parent_code"] and parent is None:
        return "parent_code", "unknown_code", _("No area has this code. Put parents above their children.")
    return None


def export_areas(area: Area, out: Path, *, by: Any) -> int:
    """Write a subtree as .csv, .xlsx or .geojson and return the number of areas."""
    require(by, "areas.view", area)
    areas = Area.objects.current().under(area).select_related("parent").order_by("path")
    count = areas.count()
    journal.record(by, "areas.export", area, detail={"rows": count, "format": out.suffix})
    if out.suffix == ".geojson":
        out.write_text(json.dumps(areas_geojson(areas), ensure_ascii=False), encoding="utf-8")
        return count
    lines = ((a.code, a.level, a.name, a.parent.code if a.parent else "") for a in areas.iterator(chunk_size=2000))
    if out.suffix == ".csv":
        with out.open("wb") as file:
            return write_csv(file, COLUMNS, lines)
    if out.suffix == ".xlsx":
        return write_table(out, COLUMNS, lines)
    raise ValidationError(_("Write to a file that ends in .csv, .xlsx or .geojson."))
