"""Refuse a file that must not be opened, before anything in it is opened.

The content decides what a file is, never its name. A zip is judged by its directory, without inflating an entry;
only the small content-types part and, in bounded pieces, the sheets' cell addresses are inflated.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
CONTENT_TYPES = "[Content_Types].xml"

_PIECE = 1 << 20
_OVERLAP = 64
_CELL_COLUMN = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,9})\d""")
_CELL_ROW = re.compile(rb"""\br\s*=\s*["'][A-Za-z]{0,9}(\d{1,12})["']""")
_XML_DECLARED_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_WEB_PAGE = re.compile(r"^\s*<(?:!doctype html|html|table|meta|head|body)", re.IGNORECASE)


class FileKind(Enum):
    """What a file really is."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


class WorkbookRefused(Exception):
    """The file cannot be taken. ``code`` is for programs, ``message`` says to a person what to do next."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be; sizes in bytes."""

    file_size: int = 50 * 1024 * 1024
    unpacked_size: int = 500 * 1024 * 1024
    entries: int = 10_000
    packing_ratio: int = 100
    ratio_matters_from: int = 10 * 1024 * 1024
    columns: int = 2_000
    cells: int = 40_000_000
    cell_characters: int = 100_000


DEFAULT_LIMITS = Limits()


def inspect(source: Path | bytes, limits: Limits = DEFAULT_LIMITS) -> FileKind:
    """Tell what the file is, or raise `WorkbookRefused`. A file over the size limit is not read at all."""
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > limits.file_size:
        raise WorkbookRefused(
            "too_large",
            _("This file is too large. Split it, for example into one file for each compound, and send the parts."),
        )
    if size == 0:
        raise WorkbookRefused("empty", _("This file is empty. Save the workbook again and send the new file."))
    with open_binary(source) as stream:
        magic = stream.read(len(OLE_MAGIC))
        if magic.startswith(ZIP_MAGIC):
            _inspect_package(stream, limits)
            return FileKind.XLSX
        if magic == OLE_MAGIC:
            stream.seek(0)
            _inspect_ole(stream.read())
            return FileKind.XLS
    return FileKind.CSV


def check_text(text: str, name: str) -> None:
    """Refuse text that is no table: a web page or a text file that is named like a workbook."""
    if _WEB_PAGE.match(text[:1000]):
        raise WorkbookRefused(
            "web_page",
            _("This file is a web page. Open it in the spreadsheet program, save it as .xlsx and send that file."),
        )
    if name.lower().endswith((".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods")):
        raise WorkbookRefused(
            "text_named_workbook",
            _(
                "This is a text file that was only renamed. Open it in the spreadsheet program and save it as .xlsx, "
                "or give it a name that ends in .csv."
            ),
        )


def open_binary(source: Path | bytes) -> IO[bytes]:
    """A readable stream over a path or over bytes."""
    return source.open("rb") if isinstance(source, Path) else io.BytesIO(source)


def damaged() -> WorkbookRefused:
    """The refusal of a file that breaks off or cannot be read."""
    return WorkbookRefused(
        "damaged",
        _("This file is damaged. Open it in the spreadsheet program, save it once more and send the new file."),
    )


def too_wide() -> WorkbookRefused:
    """The refusal of a sheet with more columns than any ledger has."""
    return WorkbookRefused(
        "too_wide",
        _("A sheet has far too many columns. Delete the empty columns on the right, save and send it again."),
    )


def cell_too_long() -> WorkbookRefused:
    """The refusal of a file with a whole document in one cell."""
    return WorkbookRefused(
        "cell_too_long",
        _("One cell holds far too much text. Shorten it, save and send the file again."),
    )


def _inspect_package(stream: IO[bytes], limits: Limits) -> None:
    try:
        with zipfile.ZipFile(stream) as package:
            entries = package.infolist()
            _check_entry_sizes(entries, limits)
            _check_package_kind(package, entries)
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _check_part(package, entry, limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise damaged() from error
    except RuntimeError as error:  # zipfile says so when an entry needs a password
        raise _encrypted() from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise damaged() from error


def _check_entry_sizes(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    inflates_too_far = any(
        entry.file_size > limits.ratio_matters_from
        and entry.file_size > limits.packing_ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    if (
        len(entries) > limits.entries
        or sum(entry.file_size for entry in entries) > limits.unpacked_size
        or inflates_too_far
    ):
        raise WorkbookRefused(
            "zip_bomb",
            _(
                "This file would grow far too large when opened. Copy the table into a new workbook, save it as .xlsx "
                "and send that file."
            ),
        )


def _check_package_kind(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    names = {entry.filename for entry in entries}
    content_types = package.read(CONTENT_TYPES)[: 4 * _PIECE] if CONTENT_TYPES in names else b""
    if b"macroEnabled" in content_types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _macro()
    if b"spreadsheetml" not in content_types:
        raise WorkbookRefused(
            "not_a_workbook",
            _("This file is no workbook in the .xlsx form. Open it in the spreadsheet program and save it as .xlsx."),
        )


def _check_part(package: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> None:
    """Refuse declared entities, and cell addresses so far out that the table between them would fill the memory."""
    is_sheet = "worksheets/" in entry.filename.lower()
    columns, last_row, before = {b"A"}, 1, b""
    with package.open(entry) as part:
        while piece := part.read(_PIECE):
            window = before + piece
            if _XML_DECLARED_ENTITY.search(window):
                raise WorkbookRefused(
                    "unsafe_xml",
                    _("This file holds instructions that a ledger does not need. Copy the table into a new workbook."),
                )
            if is_sheet:
                columns.update(_CELL_COLUMN.findall(window))
                last_row = max(last_row, max(map(int, set(_CELL_ROW.findall(window))), default=1))
            before = window[-_OVERLAP:]
    last_column = max(map(_column_number, columns))
    if last_column > limits.columns:
        raise too_wide()
    if last_column * last_row > limits.cells:
        raise WorkbookRefused(
            "too_many_cells",
            _("A sheet reaches too far down or to the right. Delete the empty rows and columns, save and send again."),
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _inspect_ole(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _encrypted()
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macro()
    if not any(stream.encode("utf-16-le") in content for stream in ("Workbook", "Book")):
        raise WorkbookRefused(
            "not_a_workbook",
            _("This file is no workbook. Open it in the program it comes from, and save the table as .xlsx."),
        )


def _encrypted() -> WorkbookRefused:
    return WorkbookRefused(
        "encrypted", _("This workbook has a password. Take the password off, save it and send it again.")
    )


def encrypted() -> WorkbookRefused:
    """The refusal of a workbook with a password."""
    return _encrypted()


def _macro() -> WorkbookRefused:
    return WorkbookRefused(
        "macro", _("This workbook carries a macro. Save it as .xlsx, which leaves the macro out, and send that file.")
    )
