"""Find the header rows of a sheet by what stands in them, and tell which column is which.

A header has one to three rows, with titles above it and group headings such as 住址 over 小区名称 and 房号. Every
possible place and depth is scored by the columns it would explain; the best wins.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from linli.core.sheets.columns import Column
from linli.core.sheets.definition import SheetDefinition
from linli.core.sheets.never import is_never
from linli.core.sheets.reading import RawSheet
from linli.core.sheets.text import clean, without_spaces

SEARCHED_ROWS = 40
DEEPEST_HEADER = 3

_BRACKETS = re.compile(r"[(\[【〔{<《].*?[)\]】〕}>》]")
_NUMBERING = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、]")
_MARKS = "*:_-·.。、;,/\\'\"☆★※#?!"
_LONGEST_HEADER = 40
_LOOKS_LIKE_DATA = re.compile(r"\d{5,}|^\d{4}[-./年]\d|^\d+(?:\.\d+)?$")


class How(StrEnum):
    """How a column was recognised."""

    EXACT = "exact"
    SYNONYM = "synonym"
    CONTAINS = "contains"
    UNKNOWN = "unknown"
    NEVER = "never"
    CHOSEN = "chosen"
    LEARNT = "learnt"


Learnt = Mapping[str, str]
"""What headers mean in one place, because a person said so: `header_key` → our field."""

_SCORES = {How.LEARNT: 3.2, How.EXACT: 3.0, How.SYNONYM: 2.9, How.CONTAINS: 1.5, How.NEVER: 1.5, How.UNKNOWN: 0.0}
_LESSER = 2.0
_DATA_PENALTY = 1.5
_MOST_DATA_CELLS = 2
_DEPTH_PENALTY = 0.1


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """One column of a sheet: ``index`` from 0, the header as written, our field for it if any, and how it was found."""

    index: int
    header: str
    field: str | None
    how: How
    group: str = ""

    def as_report(self) -> dict[str, str | None]:
        """The column as the import report gives it."""
        return {"header": self.header, "field": self.field, "how": str(self.how)}


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is (0-based ``top`` row and ``depth`` rows) and what its columns are."""

    top: int
    depth: int
    columns: tuple[ColumnMatch, ...]

    @property
    def fields(self) -> dict[str, int]:
        """The column index of every field that has one."""
        return {column.field: column.index for column in self.columns if column.field is not None}


@dataclass(frozen=True, slots=True)
class _Label:
    leaf: str
    group: str
    wide_group: bool


@dataclass(frozen=True, slots=True)
class _Recognised:
    field: str | None
    how: How
    score: float


def find_header(definition: SheetDefinition, raw: RawSheet, learnt: Learnt | None = None) -> Header | None:
    """The header of a sheet, or ``None`` where nothing in it looks like this ledger's header."""
    recogniser = Recogniser(definition, learnt) if learnt else recogniser_of(definition)
    last = min(len(raw.rows), max(raw.first_row - 1, 0) + SEARCHED_ROWS)
    best: tuple[float, int, int] | None = None
    for top in range(max(raw.first_row - 1, 0), last):
        for depth in range(1, DEEPEST_HEADER + 1):
            score = _score(recogniser, raw, top, depth)
            if score > 0 and (best is None or score > best[0]):
                best = score, top, depth
    if best is None:
        return None
    _best_score, top, depth = best
    columns = recogniser.assign(_labels(raw, top, depth))
    found = {column.field for column in columns}
    if not all(found & wanted for wanted in definition.recognised_by):
        return None
    return Header(top, depth, columns)


def corrected(header: Header, mapping: Mapping[int, str | None]) -> Header:
    """The header after a person has said what some columns are: ``{column index: field or None}``.

    A field given to one column is taken from the other that had it. A column that must never be stored stays dropped.
    """
    chosen = {field for field in mapping.values() if field}
    columns = []
    for column in header.columns:
        if column.how is How.NEVER:
            columns.append(column)
        elif column.index in mapping:
            columns.append(_with_field(column, mapping[column.index], How.CHOSEN))
        elif column.field in chosen:
            columns.append(_with_field(column, None, How.UNKNOWN))
        else:
            columns.append(column)
    return Header(header.top, header.depth, tuple(columns))


def _with_field(column: ColumnMatch, field: str | None, how: How) -> ColumnMatch:
    return ColumnMatch(column.index, column.header, field, how, column.group)


@lru_cache(maxsize=8192)
def plain_label(text: str) -> str:
    """A header for comparing: no spaces, brackets, numbering or marks, in lower case."""
    compact = without_spaces(text).lower()
    bare = _NUMBERING.sub("", _BRACKETS.sub("", compact)).strip(_MARKS)
    return bare or compact.strip(_MARKS)


def header_key(header: str, group: str = "") -> str:
    """A header, with the heading of its group if it has one, as it is remembered."""
    leaf = plain_label(header)
    return f"{plain_label(group)}>{leaf}" if group else leaf


class Recogniser:
    """Tells columns by their headers, for one definition and what one place has taught."""

    def __init__(self, definition: SheetDefinition, learnt: Learnt | None = None) -> None:
        self.definition = definition
        known = {column.field for column in definition.columns}
        self._learnt = {key: field for key, field in (learnt or {}).items() if field in known}
        self._exact: dict[str, tuple[Column, How]] = {}
        self._grouped: dict[str, list[tuple[str, Column]]] = {}
        for column in definition.columns:
            for position, header in enumerate(column.headers):
                self._learn(column, header, How.SYNONYM if position else How.EXACT)

    def _learn(self, column: Column, header: str, how: How) -> None:
        group, separator, leaf = header.partition(">")
        if separator:
            self._grouped.setdefault(plain_label(leaf), []).append((plain_label(group), column))
        else:
            self._exact.setdefault(plain_label(header), (column, how))

    def recognise(self, label: _Label) -> _Recognised:
        """What a column with this label is."""
        if not label.leaf:
            return _Recognised(None, How.UNKNOWN, 0)
        leaf, group = plain_label(label.leaf), "" if label.wide_group else plain_label(label.group)
        exact = self._exact.get(leaf)
        if self._is_never(label, leaf, known=exact is not None):
            return _Recognised(None, How.NEVER, _SCORES[How.NEVER])
        key = header_key(label.leaf, label.group)
        if key in self._learnt:
            return _Recognised(self._learnt[key], How.LEARNT, _SCORES[How.LEARNT])
        for piece, column in self._grouped.get(leaf, []):
            if piece in group:
                return _recognised(column, How.SYNONYM)
        if self._is_foreign(group):
            return _Recognised(None, How.UNKNOWN, 0)
        lesser = any(piece in group for piece in self.definition.lesser_groups)
        found = exact or self._exact.get(group + leaf) or self._containing(leaf) or self._containing(group + leaf)
        if not found:
            return _Recognised(None, How.UNKNOWN, 0)
        return _recognised(found[0], found[1], lesser=lesser)

    def _is_never(self, label: _Label, leaf: str, *, known: bool) -> bool:
        group = "" if label.wide_group else label.group
        if is_never(leaf) or is_never(without_spaces(group)):
            return True
        # What stands in brackets only explains a column that is known by its name, such as 姓名(含少数民族).
        return not known and is_never(without_spaces(label.leaf))

    def _is_foreign(self, text: str) -> bool:
        return any(word in text for word in self.definition.foreign_words)

    def _containing(self, text: str) -> tuple[Column, How] | None:
        if self._is_foreign(text):
            return None
        best: tuple[int, Column] | None = None
        for column in self.definition.columns:
            if any(word in text for word in column.not_with):
                continue
            length = max((len(piece) for piece in column.contains if piece in text), default=0)
            if length and (best is None or length > best[0]):
                best = length, column
        return (best[1], How.CONTAINS) if best else None

    def assign(self, labels: Sequence[_Label]) -> tuple[ColumnMatch, ...]:
        """Give every field to the one column that fits it best, the leftmost of equals."""
        found = [self.recognise(label) for label in labels]
        taken: dict[str, int] = {}
        for index in sorted(range(len(found)), key=lambda position: (-found[position].score, position)):
            field = found[index].field
            if field is not None:
                taken.setdefault(field, index)
        columns = []
        for index, (label, recognised) in enumerate(zip(labels, found, strict=True)):
            if not label.leaf:
                continue
            kept = recognised.field is None or taken[recognised.field] == index
            field, how = (recognised.field, recognised.how) if kept else (None, How.UNKNOWN)
            columns.append(ColumnMatch(index, label.leaf, field, how, label.group))
        return tuple(columns)

    def score(self, labels: Sequence[_Label]) -> float:
        """How much of a header these labels explain: the best score of every field, and of what is known as never."""
        fields: dict[str, float] = {}
        never = 0.0
        for label in labels:
            recognised = self.recognise(label)
            if recognised.field is not None:
                fields[recognised.field] = max(fields.get(recognised.field, 0), recognised.score)
            elif recognised.how is How.NEVER:
                never += recognised.score
        return sum(fields.values()) + never if fields else 0


def _recognised(column: Column, how: How, *, lesser: bool = False) -> _Recognised:
    return _Recognised(column.field, how, _SCORES[how] - (_LESSER if lesser else 0))


_RECOGNISERS: dict[int, Recogniser] = {}


def recogniser_of(definition: SheetDefinition) -> Recogniser:
    """The recogniser of a definition; made once, for definitions are made once."""
    known = _RECOGNISERS.get(id(definition))
    if known is None or known.definition is not definition:
        known = _RECOGNISERS[id(definition)] = Recogniser(definition)
    return known


def _score(recogniser: Recogniser, raw: RawSheet, top: int, depth: int) -> float:
    rows = raw.rows[top : top + depth]
    texts = [[clean(cell) for cell in row] for row in rows]
    if len(rows) < depth or not any(texts[0]) or not any(texts[-1]):
        return 0
    data_cells = sum(1 for row in texts for text in row if text and _looks_like_data(text))
    if data_cells > _MOST_DATA_CELLS:
        return 0
    labels = _labels(raw, top, depth)
    last_row = {without_spaces(text) for text in texts[-1] if text}
    # The last row must hold headers of its own: a first data row adds nothing.
    own = any(
        without_spaces(label.leaf) in last_row and recogniser.recognise(label).how is not How.UNKNOWN
        for label in labels
    )
    if not own:
        return 0
    return recogniser.score(labels) - _DATA_PENALTY * data_cells - _DEPTH_PENALTY * depth


def _looks_like_data(text: str) -> bool:
    return len(text) > _LONGEST_HEADER or bool(_LOOKS_LIKE_DATA.search(text))


def _labels(raw: RawSheet, top: int, depth: int) -> list[_Label]:
    """The header of every column: the lowest text in it, and the texts above that as its group."""
    grid = header_grid(raw, top, depth)
    width = len(grid[0]) if grid else 0
    # A text over more than half of the columns is a title, not the heading of a group.
    wide = [{text for text in row if text and row.count(text) * 2 > max(width, 3)} for row in grid]
    labels = []
    for index in range(width):
        stack: list[tuple[str, bool]] = []
        for row, texts in enumerate(grid):
            text = texts[index]
            if text and (not stack or stack[-1][0] != text):
                stack.append((text, text in wide[row]))
        leaf = stack[-1][0] if stack else ""
        narrow = [text for text, is_wide in stack[:-1] if not is_wide]
        labels.append(_Label(leaf[:200], "".join(narrow)[:200], wide_group=not narrow))
    return labels


def header_grid(raw: RawSheet, top: int, depth: int) -> list[list[str]]:
    """The header's texts, with merged cells repeated and group headings drawn over the blank cells right of them."""
    rows = [[clean(cell) for cell in row] for row in raw.rows[top : top + depth]]
    width = max((len(row) for row in rows), default=0)
    grid = [row + [""] * (width - len(row)) for row in rows]
    merged_rows: set[int] = set()
    for merged in raw.merged:
        if merged.top > top + depth - 1 or merged.bottom < top or merged.top < top:
            continue
        text = grid[merged.top - top][merged.left] if merged.left < width else ""
        for row in range(merged.top - top, min(merged.bottom - top + 1, len(grid))):
            for column in range(merged.left, min(merged.right + 1, width)):
                grid[row][column] = text
        if merged.right > merged.left:
            merged_rows.add(merged.top - top)
    for row in range(len(grid) - 1):
        if row not in merged_rows:
            _draw_group_headings(grid, row)
    return grid


def _draw_group_headings(grid: list[list[str]], row: int) -> None:
    """Without merged cells, a blank cell over a lower header belongs to the heading on its left."""
    heading = ""
    for column, text in enumerate(grid[row]):
        below = grid[row + 1][column]
        if text:
            heading = text if below and below != text else ""
        elif below and heading:
            grid[row][column] = heading
        else:
            heading = ""
