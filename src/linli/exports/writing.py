"""The file itself: a table with a watermark, written row by row, encrypted on its way.

The workbook is written here by hand and not by a library: libraries that keep memory flat put the rows into files on
the way, in clear, and what goes out must lie on no disk unencrypted.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO

from django.utils.translation import gettext as _

from linli.core import clock, progress
from linli.core.sheets.text import Cell, clean
from linli.core.sheets.writing import LONGEST_CELL, guarded
from linli.exports.choices import ExportFormat
from linli.exports.kinds import Column, Row

WRITE_STEP = "export"
CHUNK = 1000
MOST_SHEET_ROWS = 1_048_000
LONGEST_FOOTER = 220

_FIRST_DAY = date(1899, 12, 30).toordinal()
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# What XML 1.0 can't hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# The styles, by their place in the list of styles.xml.
_PLAIN, _HEADER, _MARK, _DATE, _MOMENT = range(5)

_STATIC = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>'
    '<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font>'
    '<font><sz val="9"/><color rgb="FF808080"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="2"><border/><border><bottom style="thin"/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf xfId="0"/>'
    '<xf xfId="0" fontId="1" borderId="1" applyFont="1" applyBorder="1"/>'
    '<xf xfId="0" fontId="2" applyFont="1"/>'
    '<xf xfId="0" numFmtId="164" applyNumberFormat="1"/><xf xfId="0" numFmtId="165" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


def masked_rows(rows: Iterable[Row], columns: Sequence[Column], *, clear: bool) -> Iterator[Row]:
    """Return the rows with their hidden values masked, unless they may be clear."""
    masks = [(place, column.mask) for place, column in enumerate(columns) if column.mask is not None]
    if clear or not masks:
        yield from rows
        return
    for row in rows:
        cells = list(row)
        for place, mask in masks:
            cells[place] = mask(cells[place])
        yield cells


def counted(rows: Iterable[Row], total: int) -> Iterator[Row]:
    """Return the rows, and tell on the way how far one is."""
    progress.begin(WRITE_STEP, total)
    pending = 0
    for row in rows:
        yield row
        pending += 1
        if pending == CHUNK:
            progress.advance(pending)
            pending = 0
    progress.advance(pending)


def write_file(
    form: str, columns: Sequence[Column], rows: Iterable[Row], out: IO[bytes], *, title: str, watermark: str
) -> int:
    """Write a table with its watermark; return how many rows it holds."""
    headers = [str(column.label) for column in columns]
    if form == ExportFormat.CSV:
        return write_csv(out, headers, rows, watermark=watermark)
    widths = [column.width for column in columns]
    return write_workbook(out, headers, rows, widths=widths, title=title, watermark=watermark)


def write_csv(out: IO[bytes], headers: Sequence[str], rows: Iterable[Row], *, watermark: str) -> int:
    """Write a table as spreadsheet programs open it in Chinese; the first line is the watermark."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([f"# {watermark}"])
    writer.writerow([guarded(header) for header in headers])
    count = 0
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        count += 1
    text.flush()
    text.detach()
    return count


def write_workbook(
    out: IO[bytes], headers: Sequence[str], rows: Iterable[Row], *, widths: Sequence[int], title: str, watermark: str
) -> int:
    """Write an .xlsx file; the watermark stands above the table, and at head and foot of every printed page."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as package:
        for name, content in _STATIC.items():
            package.writestr(name, _HEAD + content)
        package.writestr("xl/workbook.xml", _HEAD + _workbook(title))
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write((_HEAD + _sheet_head(widths)).encode())
            sheet.write((_row_xml(1, [watermark], _MARK) + _row_xml(2, headers, _HEADER)).encode())
            count, lines = 0, []
            for count, row in enumerate(rows, 1):
                lines.append(_row_xml(count + 2, row))
                if len(lines) == CHUNK:
                    sheet.write("".join(lines).encode())
                    lines.clear()
            sheet.write("".join(lines).encode())
            sheet.write(_sheet_foot(watermark).encode())
    return count


def _row_xml(number: int, row: Row, style: int = _PLAIN) -> str:
    return f'<row r="{number}">{"".join([_cell_xml(cell, style) for cell in row])}</row>'


def _cell_xml(cell: Cell, style: int) -> str:
    if isinstance(cell, str):
        if not cell:
            return "<c/>"
        text = _NOT_XML.sub("", cell[:LONGEST_CELL]).translate(_ESCAPES)
        return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    if cell is None:
        return "<c/>"
    if isinstance(cell, datetime):
        here = clock.local(cell) if cell.tzinfo else cell
        days = here.toordinal() - _FIRST_DAY + (here.hour * 60 + here.minute) / 1440
        return f'<c s="{_MOMENT}"><v>{days:.6f}</v></c>'
    if isinstance(cell, date):
        # Before 1900 spreadsheet programs know no days.
        days = cell.toordinal() - _FIRST_DAY
        return f'<c s="{_DATE}"><v>{days}</v></c>' if days > 60 else _cell_xml(f"{cell:%Y-%m-%d}", style)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f'<c s="{style}"><v>{cell}</v></c>'
    return _cell_xml(clean(cell), style)


def _workbook(title: str) -> str:
    name = re.sub(r"[\[\]:*?/\\'\"<>&]", " ", title).strip()[:31] or _("Table")
    # Watermark and headers stand on every printed page.
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}">'
        f'<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets>'
        f'<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">\'{name}\'!$1:$2</definedName>'
        "</definedNames></workbook>"
    )


def _sheet_head(widths: Sequence[int]) -> str:
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(widths, 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="2" topLeftCell="A3" state="frozen"/></sheetView>'
        f"</sheetViews><cols>{columns}</cols><sheetData>"
    )


def _sheet_foot(watermark: str) -> str:
    mark = watermark.replace("&", "&&")[:LONGEST_FOOTER].translate(_ESCAPES)
    return (
        '</sheetData><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter><oddHeader>&amp;C&amp;8{mark}</oddHeader>"
        f"<oddFooter>&amp;L&amp;8{mark}&amp;R&amp;8&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )
