"""From a sheet as it was written to clean rows with every problem named."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.core import progress
from linli.core.sheets.addresses import Address, find_building
from linli.core.sheets.columns import Ignored, Parsed, Value
from linli.core.sheets.definition import RowDraft, RowKeys, RowRule, SheetDefinition, SheetFacts
from linli.core.sheets.headers import ColumnMatch, Header, Learnt, corrected, find_header
from linli.core.sheets.problems import Fault, Problem, ProblemKind
from linli.core.sheets.reading import RawSheet
from linli.core.sheets.rows import DataRow, RowReader, inherit
from linli.core.sheets.text import Cell, clean

ColumnChoices = Mapping[int, str | None]
"""What a person says about columns: ``{0-based column index: field, or None to leave the column out}``."""

_NO_HEADER = _("No header was found here. Name the columns in one row above the table, for example name and room.")
_LONGEST_REMEMBERED = 40
# So many rows are checked between two words about the progress.
_TOLD_ROWS = 500
# So many rows of a sheet are kept to be shown where its rows are handed on one by one.
FIRST_ROWS = 20
READ_STEP = "read"

_MISSING = _("This must be filled in. Write it down and send the row again.")
_SAME_ROW = _("Same as row %(row)d. Delete one of the two rows.")
_SAME_ROW_ELSEWHERE = _("Same as row %(row)d on the sheet %(sheet)s. Delete one of the two rows.")


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row of data, ready to apply unless ``held``. ``number`` is the one that the spreadsheet program shows."""

    number: int
    values: Mapping[str, Value]
    problems: tuple[Problem, ...]
    nature: str
    sheet: str = ""

    @property
    def held(self) -> bool:
        return any(problem.held for problem in self.problems)


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """What a sheet holds. ``header`` is ``None`` where none was found; then there are no rows.

    ``rows`` are all of them, or, where they were handed on one by one, the first ones and those with problems;
    ``count`` and ``held`` count all.
    """

    name: str
    header: Header | None
    rows: tuple[CheckedRow, ...]
    problems: tuple[Problem, ...]
    count: int = 0
    held: int = 0

    @property
    def columns(self) -> tuple[ColumnMatch, ...]:
        return self.header.columns if self.header else ()


@dataclass(frozen=True, slots=True)
class CheckedWorkbook:
    """All sheets that hold this ledger, and the names of those that do not: instructions, statistics, hidden copies."""

    sheets: tuple[CheckedSheet, ...]
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...] = field(default=())

    @property
    def rows(self) -> Iterator[CheckedRow]:
        """The rows of all sheets, in their order."""
        for sheet in self.sheets:
            yield from sheet.rows

    def report(self) -> dict[str, Any]:
        """The reading part of the import report: ``rows``, ``problems``, ``columns``."""
        columns: dict[tuple[str, str | None], dict[str, str | None]] = {}
        for sheet in self.sheets:
            for column in sheet.columns:
                columns.setdefault((column.header, column.field), column.as_report())
        return {
            "rows": sum(sheet.count for sheet in self.sheets),
            "problems": [problem.as_report() for problem in self.problems],
            "columns": list(columns.values()),
        }


class SeenRows:
    """Remembers rows by what makes them the same, over all sheets of a workbook."""

    def __init__(self) -> None:
        self._first: dict[Hashable, tuple[str, int]] = {}

    def earlier_or_remember(self, keys: RowKeys, sheet: str, number: int) -> tuple[str, int] | None:
        """The sheet and row number of the first row that is the same; without one, keep this row as the first."""
        earlier = next((self._first[key] for key in keys.sought if key in self._first), None)
        if earlier is None:
            for key in keys.kept:
                self._first.setdefault(key, (sheet, number))
        return earlier


Taker = Callable[[CheckedRow], None]
"""Takes the rows one by one, held ones too, so that a large workbook need not lie in memory as a whole."""


def check(
    definition: SheetDefinition,
    raw: RawSheet,
    mapping: ColumnChoices | None = None,
    seen: SeenRows | None = None,
    *,
    learnt: Learnt | None = None,
    take: Taker | None = None,
    look: RowRule | None = None,
) -> CheckedSheet:
    """Check one sheet.

    Args:
        mapping: corrects what the columns were taken for.
        seen: finds repeats over sheets.
        learnt: what headers mean in this place.
        take: is given every row; what is not kept for showing is then forgotten, in ``raw`` too.
        look: a rule over a whole row that knows more than the sheet does; it comes after the definition's own.
    """
    header = find_header(definition, raw, learnt)
    if header is None:
        fault = Fault(ProblemKind.NO_HEADER, _NO_HEADER)
        return CheckedSheet(raw.name, None, (), (Problem(max(raw.first_row, 1), "", "", fault, raw.name),))
    if mapping:
        header = corrected(header, mapping)
    checker = _SheetChecker(definition, raw, header, seen or SeenRows(), look)
    kept: list[CheckedRow] = []
    count = held = 0
    for row in checker.rows():
        count += 1
        held += row.held
        if take is None or row.problems or count <= FIRST_ROWS:
            kept.append(row)
        else:
            checker.forget(row.number)
        if take is not None:
            take(row)
    problems = tuple(problem for row in kept for problem in row.problems)
    return CheckedSheet(raw.name, header, tuple(kept), problems, count, held)


def check_workbook(
    definition: SheetDefinition,
    sheets: Sequence[RawSheet],
    mapping: Mapping[str, ColumnChoices] | None = None,
    *,
    learnt: Learnt | None = None,
    take: Taker | None = None,
    look: RowRule | None = None,
) -> CheckedWorkbook:
    """Check every visible sheet that holds this ledger; ``mapping`` is by sheet name, the others as for `check`.

    Hidden sheets are left out: nobody sees what is in them. If no sheet has a header, that is the one problem.
    """
    seen = SeenRows()
    visible = [raw for raw in sheets if not raw.hidden]
    progress.begin(READ_STEP, sum(len(raw.rows) for raw in visible))
    results = [
        check(definition, raw, (mapping or {}).get(raw.name), seen, learnt=learnt, take=take, look=look)
        for raw in visible
    ]
    found = tuple(result for result in results if result.header)
    names = {result.name for result in found}
    left_out = tuple(raw.name for raw in sheets if raw.hidden or raw.name not in names)
    problems = tuple(problem for result in found or results[:1] for problem in result.problems)
    if not results:
        problems = (Problem(1, "", "", Fault(ProblemKind.NO_HEADER, _NO_HEADER)),)
    return CheckedWorkbook(found, left_out, problems)


class _SheetChecker:
    """Checks the rows of one sheet whose header is known."""

    def __init__(
        self, definition: SheetDefinition, raw: RawSheet, header: Header, seen: SeenRows, look: RowRule | None
    ) -> None:
        self.definition = definition
        self.raw = raw
        self.header = header
        self.seen = seen
        self.look = look
        self.headers = {column.field: column for column in header.columns if column.field}
        known = {column.field: column for column in definition.columns}
        self.columns = {name: known[name] for name in header.fields if not isinstance(known[name], Ignored)}
        self.serial = frozenset(header.fields) - self.columns.keys()
        self.blanks = {name: column.blank for name, column in self.columns.items()}
        self.required = [name for name, column in self.columns.items() if column.required]
        self.remembered: dict[tuple[str, str], Parsed] = {}
        self.place = self._place()

    def rows(self) -> Iterator[CheckedRow]:
        definition = self.definition
        reader = RowReader(
            self.raw,
            self.header,
            definition.merged_fields,
            self.serial,
            frozenset(definition.address_fields),
            definition.data_words,
        )
        above: dict[str, str] = dict(self.place)
        section: Address | None = None
        previous: RowDraft | None = None
        told = 0
        for row in reader.data_rows():
            if row.number - told >= _TOLD_ROWS:
                progress.advance(row.number - told)
                told = row.number
            if row.section is not section and row.section is not None:
                section = row.section
                above.update({name: text for name, text in section.parts().items() if text or name != "compound"})
            self._fill_down(row, above)
            draft = self._draft(row)
            facts = SheetFacts(frozenset(self.headers), self.place_of(section), previous)
            definition.finish(draft, facts)
            if self.look is not None and not draft.skipped:
                self.look(draft, facts)
            if draft.skipped:
                continue
            self._find_repeat(draft)
            previous = draft
            yield self._checked(draft)
        progress.advance(len(self.raw.rows) - told)

    def forget(self, number: int) -> None:
        """Let go of a row as it was written; its number is that of the spreadsheet program."""
        if isinstance(self.raw.rows, list):
            self.raw.rows[number - 1] = ()

    def place_of(self, section: Address | None) -> Mapping[str, str]:
        """The building that a heading inside the table, else the sheet's name or title, speaks of."""
        if section is None:
            return self.place
        return self.place | {name: text for name, text in section.parts().items() if text}

    def _place(self) -> dict[str, str]:
        if not self.definition.address_fields:
            return {}
        named = find_building(self.raw.name)
        if named is None and "building" not in self.headers:
            titles = (clean(cell) for row in self.raw.rows[: self.header.top] for cell in row)
            named = next((address for title in titles if title and (address := find_building(title))), None)
        return named.parts() if named else {}

    def _fill_down(self, row: DataRow, above: dict[str, str]) -> None:
        """Give the row the address that the rows above it say, and remember it for the next ones."""
        names = self.definition.address_fields
        row.has_own_address = any(row.written.get(name) for name in (*names, *self.definition.inherited_fields))
        starts = self.definition.household_start(row.written)
        parts = [self._address_part(name, row) for name in names]
        filled = inherit(parts, [above.get(name, "") for name in names], starts_household=starts)
        for name, text in zip(names, filled, strict=True):
            above[name] = text
            row.written[name] = row.cells[name] = text
        for name in self.definition.inherited_fields & row.written.keys():
            row.written[name] = row.written[name] or above.get(name, "")
            row.cells[name] = above[name] = row.written[name]

    def _address_part(self, name: str, row: DataRow) -> str:
        """The address part in its one spelling; one that the column refuses stays as written, to be refused again."""
        written = row.written.get(name, "")
        if not written:
            return ""
        value, fault = self._parsed(name, row.cells[name], written)
        return written if fault else str(value or "")

    def _parsed(self, name: str, cell: Cell, written: str) -> Parsed:
        """What the column makes of a cell. Words that come again in every row are parsed once for the sheet."""
        column = self.columns[name]
        if not column.few_values or len(written) > _LONGEST_REMEMBERED:
            return column.parse(cell, written)
        known = self.remembered.get((name, written))
        if known is None:
            known = self.remembered[name, written] = column.parse(cell, written)
        return known

    def _draft(self, row: DataRow) -> RowDraft:
        values: dict[str, Value] = {name: row.written[name] for name in self.definition.address_fields}
        draft = RowDraft(row.number, row.written, values, has_own_address=row.has_own_address)
        for name, blank in self.blanks.items():
            text = row.written[name]
            if not text:
                values[name] = blank
                continue
            value, fault = self._parsed(name, row.cells[name], text)
            values[name] = value
            if fault is not None:
                draft.mark(name, fault)
        for name in self.required:
            if values[name] in ("", None):
                draft.mark(name, Fault(ProblemKind.MISSING, _MISSING, held=True))
        return draft

    def _find_repeat(self, draft: RowDraft) -> None:
        if draft.held:
            return
        earlier = self.seen.earlier_or_remember(self.definition.identity(draft), self.raw.name, draft.number)
        if earlier is None:
            return
        sheet, number = earlier
        text = _SAME_ROW if sheet == self.raw.name else _SAME_ROW_ELSEWHERE
        draft.mark("", Fault(ProblemKind.DUPLICATE, text, held=True, details={"row": number, "sheet": sheet}))

    def _checked(self, draft: RowDraft) -> CheckedRow:
        problems = tuple(self._problem(draft.number, name, fault) for name, fault in draft.faults)
        return CheckedRow(draft.number, draft.values, problems, draft.nature, self.raw.name)

    def _problem(self, number: int, name: str, fault: Fault) -> Problem:
        column = self.headers.get(name)
        if column is None:
            return Problem(number, "", name, fault, self.raw.name)
        return Problem(number, column.header, name, fault, self.raw.name, column.index)
