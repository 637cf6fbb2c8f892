"""A form on its way: kept, corrected, filled under the rules of every list that goes out."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from linli.accounts.rules import Refused
from linli.core import clock
from linli.core.sheets.headers import plain_label
from linli.core.sheets.safety import WorkbookRefused
from linli.exchange.models import LearntHeader
from linli.exports.actions import decide_export, take_file
from linli.exports.choices import ExportState
from linli.exports.models import Export
from linli.exports.queries import title_of
from linli.exports.rules import NotPossible
from linli.files.models import Upload
from linli.jobs.choices import JobState
from linli.people.choices import Standing
from linli.reporting.actions import fill_template, keep_template, remove_template, set_columns
from linli.reporting.models import Template
from linli.reporting.queries import layout_of, templates_for
from tests.cast import Cast
from tests.reporting import forms
from tests.web.ledgers import ID_NUMBER, PHONE, settle

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def settled(cast: Cast) -> Cast:
    settle(cast)
    return cast


def kept(cast: Cast, content: bytes | None = None, **values: Any) -> Template:
    given: dict[str, Any] = {"name": "表.xlsx", "title": "登记表", "area": cast.community_area, "by": cast.leader}
    return keep_template(content or forms.plain(), **(given | values))


def filled(template: Template, cast: Cast, **values: Any) -> Export:
    given: dict[str, Any] = {"area": cast.community_area, "clear": False, "purpose": "民政局要", "by": cast.leader}
    return fill_template(template, **(given | values))


def fresh(export: Export) -> Export:
    return Export.objects.select_related("upload", "job", "area").get(pk=export.pk)


def sheet_of(export: Export, by: Any) -> Worksheet:
    sheet: Worksheet = load_workbook(io.BytesIO(b"".join(take_file(fresh(export), by=by)))).worksheets[0]
    return sheet


def test_a_form_is_filled_from_the_ledgers_with_numbers_masked(settled: Cast) -> None:
    export = filled(kept(settled), settled)
    assert (export.state, export.rows, export.needs_approval) == (ExportState.READY, 4, False)
    assert title_of(export) == "登记表"
    sheet = sheet_of(export, settled.leader)
    rows = [tuple(row) for row in sheet.iter_rows(min_row=3, max_row=6, values_only=True)]
    assert sheet["A1"].value == forms.TITLE
    assert {row[1] for row in rows} == {"单田芳", "单小雨", "李桂香", "王翠萍"}
    first = next(row for row in rows if row[1] == "单田芳")
    assert (first[3], first[5], first[6]) == ("1499**********7324", "150****9934", "黎花园3号楼2单元501")
    assert {(row[7], row[8]) for row in rows} == {(None, None)}
    text = str(rows)
    assert ID_NUMBER not in text
    assert PHONE not in text
    assert "郭建英" in str(sheet["A8"].value)
    assert "民政局要" in str(sheet["A8"].value)


def test_a_form_of_households_has_a_row_for_each_head(settled: Cast) -> None:
    export = filled(kept(settled, forms.on_the_second_sheet()), settled, area=settled.grid)
    rows = load_workbook(io.BytesIO(b"".join(take_file(fresh(export), by=settled.leader))))["登记表"]
    assert export.rows == 2
    assert [rows.cell(number, 1).value for number in (3, 4)] == ["单田芳", "李桂香"]


def test_it_is_narrowed_like_the_list(settled: Cast) -> None:
    template = kept(settled)
    assert filled(template, settled, area=settled.other_grid).rows == 1
    assert filled(template, settled, narrowed={"q": "李桂香"}).rows == 1
    with pytest.raises(NotPossible):
        filled(template, settled, narrowed={"standing": Standing.OUT_FLOW})


def test_numbers_in_clear_and_many_rows_need_a_second_person(settled: Cast, settings: Any) -> None:
    template = kept(settled)
    export = filled(template, settled, clear=True)
    assert export.state == ExportState.WAITING
    with pytest.raises(Refused):
        decide_export(export, approve=True, by=settled.leader)
    decide_export(export, approve=True, by=settled.community)
    assert ID_NUMBER in str(list(sheet_of(export, settled.leader).iter_rows(values_only=True)))
    settings.LINLI_EXPORT_ROWS = 3
    many = filled(template, settled)
    assert many.state == ExportState.WAITING
    decide_export(many, approve=True, by=settled.street)
    made = fresh(many)
    # It was filled in the background.
    assert made.job is not None
    assert (made.state, made.job.state) == (ExportState.READY, JobState.DONE)


def test_the_columns_that_a_person_corrected_are_remembered_for_the_same_form(settled: Cast) -> None:
    template = set_columns(kept(settled), {8: "head_name", 2: None}, by=settled.leader)
    sheet = sheet_of(filled(template, settled), settled.leader)
    assert [sheet.cell(3, column).value for column in (3, 9)] == [None, "单田芳"]
    again = kept(settled, title="下一年的登记表")
    assert again.mapping == {"8": "head_name", "2": None}
    other = kept(settled, forms.with_totals())
    assert other.mapping == {}


def test_what_linli_never_keeps_stays_empty_whatever_is_said(settled: Cast) -> None:
    template = set_columns(kept(settled), {7: "employer"}, by=settled.leader)
    columns = {column.header: column.is_filled for column in layout_of(template).columns}
    assert columns["民族"] is False
    with pytest.raises(ValidationError):
        set_columns(template, {8: "religion"}, by=settled.leader)


def test_nothing_is_kept_of_what_is_no_form(settled: Cast) -> None:
    with pytest.raises(WorkbookRefused):
        kept(settled, b"text")
    assert not Template.objects.exists()
    assert not Upload.objects.filter(name="表.xlsx").exists()


def test_a_form_that_nothing_fills_says_so(settled: Cast) -> None:
    template = kept(settled, forms.with_totals())
    set_columns(template, dict.fromkeys(range(5)), by=settled.leader)
    template.refresh_from_db()
    with pytest.raises(NotPossible):
        filled(template, settled)


def test_a_form_that_was_removed_is_filled_no_more(settled: Cast, settings: Any) -> None:
    template = kept(settled)
    settings.LINLI_EXPORT_ROWS = 0
    export = filled(template, settled)
    remove_template(template, by=settled.leader)
    assert not templates_for(settled.leader).exists()
    decide_export(export, approve=True, by=settled.community)
    made = fresh(export)
    assert made.job is not None
    assert (made.state, made.job.state) == (ExportState.APPROVED, JobState.FAILED)
    assert "再" in made.job.message
    assert title_of(made) == "登记表"


def test_who_may(settled: Cast) -> None:
    template = kept(settled)
    street = kept(settled, area=settled.street_area, by=settled.street)
    # Those below fill what stands above them, and change nothing of it.
    assert {row.pk for row in templates_for(settled.leader)} == {template.pk, street.pk}
    assert not templates_for(settled.far_leader).exists()
    assert filled(street, settled).rows == 4
    with pytest.raises(Refused):
        set_columns(street, {}, by=settled.leader)
    with pytest.raises(Refused):
        remove_template(street, by=settled.leader)
    with pytest.raises(Refused):
        kept(settled, by=settled.worker)
    with pytest.raises(Refused):
        kept(settled, area=settled.street_area)
    with pytest.raises(Refused):
        filled(template, settled, by=settled.far_leader)
    with pytest.raises(Refused):
        filled(template, settled, area=settled.far_community)


def test_what_a_community_taught_about_headers_holds_for_forms_too(settled: Cast) -> None:
    before = {column.header: column.field for column in layout_of(kept(settled)).columns}
    assert before["幸福指数"] is None
    LearntHeader.objects.create(
        area=settled.community_area,
        kind="people",
        header=plain_label("幸福指数"),
        written="幸福指数",
        field="employer",
        learnt_by="leader",
        path=settled.community_area.path,
        learnt_at=clock.now(),
    )
    after = {column.header: column.field for column in layout_of(kept(settled)).columns}
    assert after["幸福指数"] == "employer"
