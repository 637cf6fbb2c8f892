"""What can be wrong with a row, in a form that programs count and people read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise


class ProblemKind(StrEnum):
    """The kinds that reports name. A definition may add kinds of its own; they are plain strings."""

    BAD_ID = "bad_id"
    BAD_DATE = "bad_date"
    BAD_PHONE = "bad_phone"
    BAD_NUMBER = "bad_number"
    BAD_CHOICE = "bad_choice"
    MISSING = "missing"
    MISSING_NAME = "missing_name"
    DUPLICATE = "duplicate"
    NO_DWELLING = "no_dwelling"
    UNKNOWN_CODE = "unknown_code"
    TOO_LONG = "too_long"
    NO_HEADER = "no_header"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a column found wrong with one value, before it is known in which row it stands.

    ``value`` is what a report may show: an ID number or a phone number is masked here already.
    ``text % details`` is the message; it is put together late, so that each reader gets it in their language.
    """

    kind: str
    text: str | Promise
    value: str = ""
    held: bool = False
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one cell. ``row`` is the number that the spreadsheet program shows.

    ``column`` is the header as written and ``field`` our name for it; both are ``""`` when the row as a whole is meant.
    ``held`` tells whether the row is kept out because of this.
    """

    row: int
    column: str
    field: str
    fault: Fault
    sheet: str = ""
    index: int | None = None

    @property
    def kind(self) -> str:
        return self.fault.kind

    @property
    def value(self) -> str:
        return self.fault.value

    @property
    def held(self) -> bool:
        return self.fault.held

    @property
    def message(self) -> str:
        """What is wrong and what to do, in the reader's language."""
        return str(self.fault.text) % self.fault.details if self.fault.details else str(self.fault.text)

    @property
    def cell(self) -> str:
        """The cell's address such as ``I188``, or ``""`` when no single cell is meant."""
        return f"{column_letters(self.index)}{self.row}" if self.index is not None else ""

    def as_report(self) -> dict[str, Any]:
        """The problem as the import report gives it."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "kind": str(self.kind),
            "value": self.value,
            "message": self.message,
            "held": self.held,
        }


def column_letters(index: int) -> str:
    """A 0-based column index as the spreadsheet program names it: 0 -> ``A``, 26 -> ``AA``."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
