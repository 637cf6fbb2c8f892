"""From the bytes of a workbook to its checked rows and the import report; no writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from linli.areas.models import Area
from linli.core import progress
from linli.core.sheets.checking import CheckedRow, CheckedWorkbook, ColumnChoices, Taker, check_workbook
from linli.core.sheets.headers import Learnt
from linli.core.sheets.problems import Problem
from linli.core.sheets.reading import RawSheet, open_workbook
from linli.core.sheets.safety import Limits
from linli.core.sheets.writing import write_workbook_errors
from linli.exchange.ledgers import Ledger
from linli.exchange.plans import Figures

OPEN_STEP = "open"
NOTHING: Figures = {"people": 0, "dwellings": 0, "households": 0, "empty_homes": 0, "renting": 0, "updated": 0}

# An ID number or a phone that stands in the wrong column is masked nowhere else. Dates have eight digits.
_LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){7,}[\dXx]")
_KEPT_DIGITS = 3
# So many problems are named one by one in a report.
MOST_PROBLEMS = 10_000


@dataclass(frozen=True)
class ReadWorkbook:
    """A workbook as it was written, and as it was understood.

    Where its rows were handed on one by one, only the first ones and those with problems are here.
    """

    raw: list[RawSheet]
    checked: CheckedWorkbook

    @property
    def rows(self) -> list[CheckedRow]:
        """The rows to be taken over."""
        return [row for row in self.checked.rows if not row.held]

    @property
    def count(self) -> int:
        """How many rows of data there are."""
        return sum(sheet.count for sheet in self.checked.sheets)

    @property
    def held(self) -> int:
        """How many rows are kept out."""
        return sum(sheet.held for sheet in self.checked.sheets)


def read_workbook(
    source: bytes | Path,
    name: str,
    ledger: Ledger,
    area: Area,
    limits: Limits,
    *,
    choices: Mapping[str, ColumnChoices] | None = None,
    learnt: Learnt | None = None,
    take: Taker | None = None,
) -> ReadWorkbook:
    """Read and check a workbook.

    Args:
        area: the place that the workbook is for.
        choices: by sheet name what a person corrected about its columns.
        learnt: what headers mean in the place that the workbook is for.
        take: is given every row; most of them are then forgotten.

    Raises:
        linli.core.sheets.safety.WorkbookRefused: the file can't be taken.
    """
    progress.begin(OPEN_STEP, 0)
    raw = open_workbook(source, name, limits)
    look = ledger.look(area) if ledger.look else None
    return ReadWorkbook(raw, check_workbook(ledger.sheet, raw, choices, learnt=learnt, take=take, look=look))


def pass_over(_row: CheckedRow) -> None:
    """Take a row that nobody needs."""


def report_of(read: ReadWorkbook, applied: Figures, *, number: str, state: str) -> dict[str, Any]:
    """Return the import report, without any ID number or phone number in clear.

    Beyond ``batch``, ``rows``, ``applied``, ``problems`` and ``columns`` it tells ``state`` of the batch, ``held``
    (rows kept out), ``kinds`` (kind of problem → how many) and ``left_out`` (names of sheets that hold something
    else). Of very many problems only the first are named one by one; the workbook to correct holds them all.
    """
    report = read.checked.report()
    return {
        "batch": number,
        "state": state,
        "rows": report["rows"],
        "held": read.held,
        "applied": NOTHING | applied,
        "problems": shown_problems(read.checked.problems[:MOST_PROBLEMS]),
        "kinds": dict(Counter(str(problem.kind) for problem in read.checked.problems).most_common()),
        "columns": [{**column, "header": hide_numbers(column["header"])} for column in report["columns"]],
        "left_out": list(read.checked.left_out),
    }


def shown_problems(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems as the import report names them, in the present language."""
    return [shown_problem(problem) for problem in problems]


def shown_problem(problem: Problem) -> dict[str, Any]:
    """Return one problem as the import report names it, in the present language."""
    named = problem.as_report()
    return {**named, "value": hide_numbers(named["value"])}


def hide_numbers(text: str) -> str:
    """Return a text in which every number of nine and more digits shows its first and last three digits only."""
    return _LONG_NUMBER.sub(_hidden, text)


def _hidden(match: re.Match[str]) -> str:
    number = match[0]
    return number[:_KEPT_DIGITS] + "*" * (len(number) - 2 * _KEPT_DIGITS) + number[-_KEPT_DIGITS:]


def write_errors(read: ReadWorkbook, out: Path | IO[bytes]) -> None:
    """Write an .xlsx file of the rows that need work, each problem noted at its cell."""
    raw = {sheet.name: sheet for sheet in read.raw}
    write_workbook_errors(out, [(raw[sheet.name], sheet) for sheet in read.checked.sheets])
