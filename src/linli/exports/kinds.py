"""What can be taken out: each ledger registers its lists at start-up, so that exports imports none of them.

A list is registered by one call::

    kinds.register("dwellings", kinds.ExportKind(
        label=_("Homes"), list_name="dwelling-list", ability="people.view",
        columns=(kinds.Column("address", _("Address"), 30), kinds.Column("phone", _("Phone"), mask=mask_phone)),
        filters=("under", "q"), count=…, rows=…))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.utils.functional import Promise

from linli.core.paths import shared
from linli.core.registry import Registry
from linli.core.sheets.text import Cell
from linli.exports.choices import ExportFormat

if TYPE_CHECKING:
    from linli.areas.models import Area
    from linli.exports.models import Export

Row = Sequence[Cell]
Filters = Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """One column of a list.

    Args:
        name: its name in the code.
        label: its header.
        width: in characters.
        mask: how a hidden value is shown; such a column is clear only after a second person's approval.
        usual: whether it is taken unless somebody chooses otherwise.
    """

    name: str
    label: str | Promise
    width: int = 14
    mask: Callable[[Any], str] | None = None
    usual: bool = True


@dataclass(frozen=True)
class Asked:
    """Which rows are asked for: whose eyes look, in which area, narrowed how, which columns."""

    by: Any
    area: Area
    filters: Filters
    columns: tuple[str, ...] = ()

    def paths(self, scope: Iterable[str]) -> list[str]:
        """Return the part of a scope that lies in the area that is asked for."""
        return shared([self.area.path], scope)


def nothing_told(_filters: Filters) -> list[str]:
    """Say nothing about the filters: there are none."""
    return []


@dataclass(frozen=True)
class ExportKind:
    """One list that can be taken out.

    Args:
        label: what it is called on screen.
        list_name: URL name of the page that shows the list.
        ability: who sees the list; asked for the area beside ``exports.request``.
        columns: in their order.
        filters: the query parameters of the list's page that narrow it, beside ``under``.
        count: how many rows there are.
        rows: the rows in the order of the list, one after the other, in clear; each has the columns that are asked for.
        told: the filters in words.
        formats: what it can be written as.
        write: writes the file where it is no plain table; it gets the watermark, and returns how many rows there are.
        title: what one export of it is called, where the label alone says too little.
    """

    label: str | Promise
    list_name: str
    ability: str
    columns: tuple[Column, ...]
    filters: tuple[str, ...]
    count: Callable[[Asked], int]
    rows: Callable[[Asked], Iterator[Row]]
    told: Callable[[Filters], list[str]] = nothing_told
    formats: tuple[ExportFormat, ...] = (ExportFormat.XLSX, ExportFormat.CSV)
    write: Callable[[Export, Asked, str, IO[bytes]], int] | None = None
    title: Callable[[Filters], str] | None = None

    def column(self, name: str) -> Column:
        """Return the column of a name. Raises `KeyError`."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


kinds: Registry[ExportKind] = Registry("export")


def register(name: str, kind: ExportKind) -> None:
    """Add a list. Raises ``AlreadyRegisteredError`` for a name that there is."""
    kinds.register(name, kind)


def abilities() -> dict[str, list[str]]:
    """Return ability → the lists that it shows."""
    found: dict[str, list[str]] = {}
    for name in kinds.names():
        found.setdefault(kinds.get(name).ability, []).append(name)
    return found


def kind_for(name: str) -> ExportKind:
    """Return the list of a name. Raises ``NotRegisteredError``."""
    return kinds.get(name)
