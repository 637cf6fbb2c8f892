"""The rows that need work go out as a workbook; corrected, they come in again, and nothing is doubled."""

from __future__ import annotations

import io

import openpyxl
import pytest

from linli.exchange.actions import export_errors
from linli.people.models import Correction, Person
from tests.cast import Cast
from tests.exchange.samples import HEADERS, applied, resident, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

RIGHT_ID = "149999196108257324"
ROWS = [
    resident("李桂香", id_number=RIGHT_ID),
    # Held: no name. Marked: an impossible day, an ID number with a wrong digit.
    resident("", birth_date="1970-01-05", relation="配偶"),
    resident("王翠萍", room="602", birth_date="1961-02-30"),
    resident("赵小军", room="603", id_number="149999198802283311"),
]


def test_corrected_rows_land_and_nothing_is_doubled(cast: Cast) -> None:
    batch = applied(workbook(ROWS), cast.community_area, cast.leader)
    assert (batch.report["held"], Person.objects.count(), Correction.objects.count()) == (1, 3, 2)
    book = openpyxl.load_workbook(io.BytesIO(export_errors(batch, by=cast.leader)))
    sheet = book.worksheets[0]
    top = next(row for row in sheet.iter_rows() if "姓名" in [cell.value for cell in row])
    headers = [cell.value for cell in top]
    assert [header for header in HEADERS if header not in headers] == []
    rows = [row for row in sheet.iter_rows(min_row=top[0].row + 1) if any(cell.value for cell in row)]
    assert len(rows) == 3
    name, day, number = (headers.index(header) for header in ("姓名", "出生日期", "公民身份号码"))
    assert [bool(row[place].comment) for row, place in zip(rows, (name, day, number), strict=True)] == [True] * 3
    rows[0][name].value = "李建国"
    rows[1][day].value = "1961-02-28"
    rows[2][number].value = "149999198802283310"
    corrected = io.BytesIO()
    book.save(corrected)
    again = applied(corrected.getvalue(), cast.community_area, cast.leader)
    assert again.report["held"] == 0
    assert sorted(Person.objects.values_list("name", flat=True)) == sorted(["李桂香", "李建国", "王翠萍", "赵小军"])
    assert str(Person.objects.get(name="王翠萍").birth_date) == "1961-02-28"
    assert Person.objects.get(name="赵小军").id_number == "149999198802283310"
    assert set(Correction.objects.values_list("state", flat=True)) == {"done"}
    assert Person.objects.get(name="李建国").residences.get().household.residences.count() == 2
