"""How a form is laid out: where its headers are, what its columns want, where its rows go, what stands below them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from linli.core.sheets.headers import Header, How, corrected, find_header
from linli.core.sheets.people_rows import PEOPLE_SHEET
from linli.core.sheets.reading import RawSheet, open_workbook
from linli.core.sheets.rows import RowKind, RowReader
from linli.core.sheets.safety import Limits, WorkbookRefused
from linli.core.sheets.text import clean, without_spaces

MOST_MEGABYTES = 5
MOST_FORM_ROWS = 2000
EXAMPLES = ("例", "示例", "样例", "填写示例", "example")
SERIAL = "serial"
# Fields of the ledgers' own workbook, and the columns of the list of people that fill them.
FILLED_BY = {
    **{name: name for name in ("compound", "building", "entrance", "room", "address", "head_name", "relation", "name")},
    **{name: name for name in ("sex", "id_number", "birth_date", "phone", "registered_address", "residence_status")},
    **{name: name for name in ("renting", "employer")},
}


@dataclass(frozen=True)
class FormColumn:
    """One column of a form: its place from 0, its header, and what fills it, if anything."""

    index: int
    header: str
    field: str | None
    how: How
    hidden: bool

    @property
    def letter(self) -> str:
        """The letter of the spreadsheet program."""
        return get_column_letter(self.index + 1)

    @property
    def is_filled(self) -> bool:
        """Whether the ledgers have what it wants; a hidden column is left empty, for nobody would see what goes out."""
        return self.field is not None and self.how is not How.NEVER and not self.hidden


@dataclass(frozen=True)
class Layout:
    """A form as it was understood. Rows count from 1; data go from ``first`` to ``last``, which may lie before it."""

    sheet: str
    first: int
    last: int
    columns: tuple[FormColumn, ...]
    has_drawings: bool

    @property
    def fields(self) -> list[str]:
        """What is asked of the ledgers, in the order of the columns."""
        return [column.field for column in self.columns if column.is_filled and column.field in FILLED_BY]

    @property
    def digest(self) -> str:
        """What the headers come down to: the same for the same form, however it is called."""
        headers = [(column.index, without_spaces(column.header)) for column in self.columns]
        return sha256(json.dumps(headers, ensure_ascii=False).encode()).hexdigest()

    @property
    def by_household(self) -> bool:
        """Whether a row is a household and no person: it asks for the head, and for nobody else by name."""
        return "head_name" in self.fields and "name" not in self.fields


def understood(
    content: bytes, name: str, mapping: Mapping[int, str | None], learnt: Mapping[str, str] | None = None
) -> Layout:
    """Return how a form is laid out.

    Args:
        mapping: column number from 0 → field, or None to leave it empty, as a person corrected it.
        learnt: what headers mean in this place.

    Raises:
        WorkbookRefused: it can't be read, is no .xlsx file, or nothing in it looks like a header of people.
    """
    if not name.lower().endswith(".xlsx"):
        raise WorkbookRefused("not_a_form", _("Send the form as .xlsx: open it, and save it so."))
    raws = open_workbook(content, name, Limits(file_size=MOST_MEGABYTES * 1024 * 1024))
    found = [(raw, header) for raw in raws if not raw.hidden and (header := find_header(PEOPLE_SHEET, raw, learnt))]
    if not found:
        raise WorkbookRefused(
            "no_header", _("No row of this form looks like headers such as name, address, ID number. Send another one.")
        )
    raw, header = max(found, key=lambda pair: len(pair[1].fields))
    if len(raw.rows) > MOST_FORM_ROWS:
        raise WorkbookRefused(
            "full_table", _("This is a table that is filled already. Send the form without its rows.")
        )
    header = corrected(header, mapping) if mapping else header
    sheet = opened(content)[raw.name]
    first = _first_row(raw, header)
    return Layout(
        sheet=raw.name,
        first=first,
        last=_last_row(raw, header, sheet, first),
        columns=tuple(_columns(header, sheet)),
        has_drawings=_has_drawings(content),
    )


def opened(content: bytes) -> Workbook:
    """Return the form as it can be written into."""
    return load_workbook(BytesIO(content))


def _columns(header: Header, sheet: Worksheet) -> list[FormColumn]:
    hidden = _hidden_columns(sheet)
    known = {SERIAL, *FILLED_BY}
    return [
        FormColumn(
            index=column.index,
            header=f"{column.group} {column.header}".strip() if column.group else column.header,
            field=column.field if column.field in known else None,
            how=column.how if column.field in known or column.how is How.NEVER else How.UNKNOWN,
            hidden=column.index + 1 in hidden,
        )
        for column in header.columns
    ]


def _hidden_columns(sheet: Worksheet) -> set[int]:
    return {
        number
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for number in range(dimension.min or 0, (dimension.max or 0) + 1)
    }


def _first_row(raw: RawSheet, header: Header) -> int:
    """Return the first row below the headers, and below a line that only numbers the columns."""
    below = header.top + header.depth
    if below < len(raw.rows):
        texts = [text for cell in raw.rows[below] if (text := clean(cell))]
        if len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]:
            return below + 2
    return below + 1


def _last_row(raw: RawSheet, header: Header, sheet: Worksheet, first: int) -> int:
    """Return the last of the sample and blank rows below the headers: what comes after is kept below the data."""
    reader = RowReader(raw, header, serial_fields=frozenset({SERIAL}))
    width = max(header.fields.values(), default=0) + 1
    for position in range(first - 1, len(raw.rows)):
        row = [*raw.rows[position], *[""] * width]
        written = {name: clean(row[index]) for name, index in header.fields.items()}
        if reader.kind_of(position, written) in (RowKind.TOTAL, RowKind.NOTE, RowKind.SECTION):
            texts = [text for cell in raw.rows[position] if (text := without_spaces(clean(cell)))]
            if not texts or texts[0].rstrip(":：0123456789").lower() not in EXAMPLES:
                return position
    # Nothing stands below: the rows that are drawn belong to the data.
    return max(sheet.max_row, first - 1) if sheet.max_row <= MOST_FORM_ROWS else max(len(raw.rows), first - 1)


def _has_drawings(content: bytes) -> bool:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return any(name.startswith(("xl/charts/", "xl/drawings/drawing")) for name in package.namelist())
