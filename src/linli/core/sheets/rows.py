"""Tell the rows of data from everything else that people put into a table, and fill addresses down."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from linli.core.sheets.addresses import Address, find_building
from linli.core.sheets.headers import Header, plain_label
from linli.core.sheets.reading import RawSheet
from linli.core.sheets.text import Cell, clean, without_spaces

_TOTAL = re.compile(
    r"^.{0,16}?(?:合计|小计|总计|共计|累计|总人数|总户数)(?:[:(\d共].*)?$|^共\d+[人户].*$|^(?:sub)?total\b",
    re.IGNORECASE,
)
_NOTE = re.compile(
    r"^(?:备?注|说明|填表说明|填报说明|填写说明|填表要求|注意|提示|温馨提示|填表人|填报人|制表人?|审核人?|审核|复核|负责人|单位负责人|经办人|"
    r"联系人|采集人|登记人|网格员|填报单位|填报时间|填报日期|填表日期|填表时间|制表日期|制表时间|日期|单位|单位名称|社区|第\d+页)"
    r"(?:\(?(?:签字|签名|盖章|公章)\)?)?\s*(?:[:;.、].*|\d+[.、].*)?$|^第\d+页|^以上|^以下|^\*|^※"
)
_EXAMPLE = re.compile(r"^(?:示?例|样例|填写示例|example)[:\d]?$", re.IGNORECASE)
_FEW_CELLS = 3
_WIDE_MERGE = 3


class RowKind(Enum):
    """What a row below the header is."""

    DATA = "data"
    BLANK = "blank"
    TOTAL = "total"
    NOTE = "note"
    HEADER = "header"
    SECTION = "section"


@dataclass(slots=True)
class DataRow:
    """A row of data: its number in the spreadsheet program, its cells and their texts by field, and the building that
    a heading above it named."""

    number: int
    cells: dict[str, Cell]
    written: dict[str, str]
    section: Address | None = None
    has_own_address: bool = False


@dataclass(slots=True)
class RowReader:
    """Goes through the rows of one sheet below its header.

    ``merged_fields`` are those where a merged cell holds for all its rows; ``serial_fields`` those that say nothing
    about what the row holds.
    """

    raw: RawSheet
    header: Header
    merged_fields: frozenset[str] = frozenset()
    serial_fields: frozenset[str] = frozenset()
    address_fields: frozenset[str] = frozenset()
    data_words: frozenset[str] = frozenset()
    _labels: dict[str, frozenset[str]] = field(init=False)
    _merged_cells: dict[tuple[int, int], Cell] = field(init=False)
    _wide_rows: frozenset[int] = field(init=False)
    _titles: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        header = self.header
        fields = header.fields
        self._labels = {
            column.field: frozenset({column.header, plain_label(column.header), column.group} - {""})
            for column in header.columns
            if column.field
        }
        watched = {fields[name] for name in self.merged_fields if name in fields}
        self._merged_cells = _merged_cells(self.raw, watched, header.top + header.depth)
        self._wide_rows = frozenset(
            merged.top for merged in self.raw.merged if merged.right - merged.left + 1 >= _WIDE_MERGE
        )
        self._titles = frozenset(
            without_spaces(clean(cell)) for row in self.raw.rows[: header.top] for cell in row if clean(cell)
        )

    def data_rows(self) -> Iterator[DataRow]:
        """The rows of data, in their order."""
        fields = list(self.header.fields.items())
        width = max((index for _name, index in fields), default=0) + 1
        section: Address | None = None
        for position in range(self.header.top + self.header.depth, len(self.raw.rows)):
            row = self.raw.rows[position]
            if len(row) < width:
                row = [*row, *[""] * (width - len(row))]
            cells = {name: row[index] for name, index in fields}
            written = {name: clean(cell) if cell != "" else "" for name, cell in cells.items()}
            kind = self.kind_of(position, written)
            if kind is RowKind.SECTION:
                section = find_building(_first_text(row))
            elif kind is RowKind.DATA:
                self._fill_merged(position, cells, written)
                yield DataRow(position + 1, cells, written, section)

    def kind_of(self, position: int, written: Mapping[str, str]) -> RowKind:
        """What the row at a 0-based position is; ``written`` holds the texts of its recognised columns."""
        row = self.raw.rows[position]
        said = [text for name, text in written.items() if text and name not in self.serial_fields]
        if len(said) > _FEW_CELLS:
            return self._kind_of_full_row(row, written)
        texts = [text for text in map(clean, row) if text]
        if not texts:
            return RowKind.BLANK
        if _TOTAL.match(without_spaces(texts[0])) or (len(texts) > 1 and _TOTAL.match(without_spaces(texts[1]))):
            return RowKind.TOTAL
        if self._is_heading(position, texts, written):
            return RowKind.SECTION if find_building(texts[0]) else RowKind.NOTE
        if _NOTE.match(texts[0]) and texts[0] not in self.data_words and not self._is_a_home(written):
            return RowKind.NOTE
        if not said:
            return RowKind.BLANK
        return self._kind_of_full_row(row, written)

    def _kind_of_full_row(self, row: Sequence[Cell], written: Mapping[str, str]) -> RowKind:
        filled = [text for text in written.values() if text]
        repeated = [name for name, labels in self._labels.items() if written[name] in labels]
        if len(repeated) * 2 > len(filled):
            return RowKind.HEADER
        first = without_spaces(_first_text(row))
        if first == "1" and _is_counting(row):
            return RowKind.HEADER
        if _EXAMPLE.match(first):
            return RowKind.NOTE
        if _TOTAL.match(first) or any(_TOTAL.match(without_spaces(text)) for text in filled[:3]):
            return RowKind.TOTAL
        return RowKind.DATA

    def _is_heading(self, position: int, texts: Sequence[str], written: Mapping[str, str]) -> bool:
        """A line across the table: a repeated title, a building's name, a note."""
        if len(set(texts)) > 1:
            return False
        if without_spaces(texts[0]) in self._titles or position in self._wide_rows:
            return True
        in_columns = [name for name, text in written.items() if text]
        if not in_columns:
            return True
        only_serial = all(name in self.serial_fields for name in in_columns)
        return only_serial and not texts[0].isdigit()

    def _is_a_home(self, written: Mapping[str, str]) -> bool:
        return sum(1 for name in self.address_fields if written.get(name)) > 1

    def _fill_merged(self, position: int, cells: dict[str, Cell], written: dict[str, str]) -> None:
        for name in self.merged_fields:
            if name in written and not written[name]:
                cell = self._merged_cells.get((position, self.header.fields[name]))
                if cell is not None:
                    cells[name] = cell
                    written[name] = clean(cell)


def _merged_cells(raw: RawSheet, columns: set[int], first: int) -> dict[tuple[int, int], Cell]:
    """What a merged cell says, for each of its cells below the header in the watched columns."""
    said: dict[tuple[int, int], Cell] = {}
    for merged in raw.merged:
        if merged.left not in columns or merged.top < first or merged.bottom == merged.top:
            continue
        cell = raw.cell(merged.top, merged.left)
        for row in range(merged.top, min(merged.bottom + 1, len(raw.rows))):
            said[row, merged.left] = cell
    return said


def _first_text(row: Sequence[Cell]) -> str:
    for cell in row:
        if cell != "" and (text := clean(cell)):
            return text
    return ""


def _is_counting(row: Sequence[Cell]) -> bool:
    """A line under the header that only numbers the columns: 1, 2, 3, ..."""
    texts = [text for text in map(clean, row) if text]
    return texts == [str(number) for number in range(1, len(texts) + 1)]


def inherit(parts: Sequence[str], above: Sequence[str], *, starts_household: bool) -> list[str]:
    """Fill the blank parts of an address, wide to narrow, from the address above it.

    Blank parts before the first written one inherit, and so does a blank address as a whole. Blank parts behind a
    written one inherit only while everything written is as above, and never where a new household starts; a single
    blank part between written ones does so in second place only (a building), for an entrance may really be missing.
    """
    filled = list(parts)
    same = True
    for index, part in enumerate(parts):
        if part:
            same = same and part == above[index]
            continue
        if not same:
            break
        wider_is_written = index > 0 and bool(parts[index - 1])
        narrower_is_written = any(parts[index + 1 :])
        if not wider_is_written:
            filled[index] = above[index]
        elif narrower_is_written:
            filled[index] = above[index] if index == 1 else ""
        elif starts_household:
            break
        else:
            filled[index] = above[index]
    return filled
