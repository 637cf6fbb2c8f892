"""What a ledger says about its workbook: its columns, and what makes a row right, empty or repeated."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from linli.core.sheets.columns import Column, Value
from linli.core.sheets.problems import Fault

MAIN_ROW = "main"
"""The nature of an ordinary row; a definition may tell others apart, such as an empty home."""


@dataclass(slots=True)
class RowDraft:
    """A data row while it is being checked. ``number`` is the row number of the spreadsheet program.

    ``written`` holds the cleaned text of every recognised column, ``values`` what the columns made of it.
    ``has_own_address`` tells whether the row itself says where it is, or has its address from a row above.
    A rule may change ``values`` and ``nature``, and set ``skipped`` for a line of the form that nobody filled in.
    """

    number: int
    written: dict[str, str]
    values: dict[str, Value]
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    nature: str = MAIN_ROW
    skipped: bool = False
    has_own_address: bool = False

    def mark(self, column: str, fault: Fault) -> None:
        """Note a fault of a field; ``""`` means the row as a whole."""
        self.faults.append((column, fault))

    @property
    def held(self) -> bool:
        return any(fault.held for _field, fault in self.faults)


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What a row rule may know about the sheet: which fields have a column, and what came before the row."""

    fields: frozenset[str]
    place: Mapping[str, str]
    previous: RowDraft | None = None


class RowKeys(NamedTuple):
    """By what a row is known: it repeats an earlier row that kept one of the keys that it seeks."""

    sought: tuple[Hashable, ...] = ()
    kept: tuple[Hashable, ...] = ()


RowRule = Callable[[RowDraft, SheetFacts], None]
Identity = Callable[[RowDraft], RowKeys]


def _no_rule(_row: RowDraft, _facts: SheetFacts) -> None:
    """Rows need nothing beyond their columns."""


def _no_identity(_row: RowDraft) -> RowKeys:
    """Rows may repeat."""
    return RowKeys()


@dataclass(frozen=True)
class SheetDefinition:
    """A kind of workbook.

    Args:
        kind: the name by which it is imported, such as ``people``.
        columns: what may be in it.
        recognised_by: of each of these sets at least one field must have a column, else the sheet is another table.
        address_fields: from wide to narrow; a blank one inherits from the row above.
        inherited_fields: blank ones inherit from the row above as a whole, such as one column with the whole address.
        merged_fields: a merged cell in such a column holds for all its rows.
        household_start: tells from the written cells whether the row begins a new household.
        foreign_words: pieces of a header that show that it speaks of another person or thing than the row does.
        lesser_groups: pieces of a group heading whose columns are taken only if there is no other one.
        data_words: what would begin a note below another table begins rows of data here.
        finish: the rule over a whole row.
        identity: the keys by which two rows are the same; the first one stays, the others are held.
    """

    kind: str
    columns: tuple[Column, ...]
    recognised_by: tuple[frozenset[str], ...] = ()
    address_fields: tuple[str, ...] = ()
    inherited_fields: frozenset[str] = frozenset()
    merged_fields: frozenset[str] = frozenset()
    household_start: Callable[[Mapping[str, str]], bool] = lambda _written: False
    foreign_words: tuple[str, ...] = ()
    lesser_groups: tuple[str, ...] = ()
    data_words: frozenset[str] = frozenset()
    finish: RowRule = _no_rule
    identity: Identity = _no_identity

    def column(self, name: str) -> Column:
        """The column of a field. Raises `KeyError` for a field that it has not."""
        for column in self.columns:
            if column.field == name:
                return column
        raise KeyError(name)
