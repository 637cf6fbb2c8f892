"""The real workbook and every variant: the report must agree with the truth."""

import functools
from collections import Counter
from pathlib import Path

import pytest

from linli.core.sheets.checking import CheckedWorkbook, check_workbook
from linli.core.sheets.people_rows import EMPTY_HOME, PEOPLE_SHEET, PeopleFigures, people_figures
from linli.core.sheets.reading import open_workbook
from tests.core.sheets.variants import Variant, all_variants

REAL = Path(__file__).parents[2] / "data" / "居民台账-广场西社区.xlsx"


@functools.cache
def checked(variant: Variant) -> CheckedWorkbook:
    return check_workbook(PEOPLE_SHEET, open_workbook(variant.content, variant.file_name))


@pytest.fixture(scope="module")
def real() -> CheckedWorkbook:
    return check_workbook(PEOPLE_SHEET, open_workbook(REAL))


def test_real_workbook_gives_the_figures_its_readme_names(real: CheckedWorkbook) -> None:
    figures = people_figures(real.rows)
    assert figures == PeopleFigures(people=786, dwellings=320, households=310, empty_homes=10, renting=47)
    assert real.report()["rows"] == 809
    kinds = Counter(problem.kind for problem in real.problems)
    assert kinds == {"bad_id": 29, "bad_date": 6, "missing_name": 8, "duplicate": 5}


def test_real_workbook_holds_only_nameless_and_repeated_rows(real: CheckedWorkbook) -> None:
    held = {row.number: [problem.kind for problem in row.problems if problem.held] for row in real.rows if row.held}
    assert len(held) == 13
    assert {kind for kinds in held.values() for kind in kinds} == {"missing_name", "duplicate"}


def test_problems_name_the_cell_as_the_spreadsheet_program_does(real: CheckedWorkbook) -> None:
    wrong_date = next(problem for problem in real.problems if problem.kind == "bad_date")
    assert (wrong_date.cell, wrong_date.column, wrong_date.value) == ("J233", "出生日期", "1987-13-45")
    repeat = next(problem for problem in real.problems if problem.row == 816)
    assert repeat.kind == "duplicate"
    assert "84" in repeat.message


def test_id_numbers_are_masked_in_problems_and_kept_in_values(real: CheckedWorkbook) -> None:
    for row in real.rows:
        for problem in row.problems:
            if problem.kind == "bad_id":
                assert "*" in problem.value
                assert str(row.values["id_number"]) != problem.value
                assert str(row.values["id_number"]) not in problem.message


def test_instruction_sheet_is_left_out_without_a_problem(real: CheckedWorkbook) -> None:
    assert real.left_out == ("填表说明",)


@pytest.mark.parametrize("variant", all_variants(), ids=lambda variant: variant.name)
def test_report_on_a_variant_agrees_with_the_truth(variant: Variant) -> None:
    workbook = checked(variant)
    truth = variant.truth
    assert Counter(problem.kind for problem in workbook.problems) == truth.problems
    assert workbook.report()["rows"] == truth.rows
    assert people_figures(workbook.rows) == PeopleFigures(
        truth.people, truth.dwellings, truth.households, truth.empty_homes, truth.renting
    )


@pytest.mark.parametrize("variant", all_variants(), ids=lambda variant: variant.name)
def test_every_variant_gives_the_same_people_in_the_same_homes(variant: Variant) -> None:
    told = ("compound", "building", "entrance", "room", "name")
    expected = [[row.values[name] for name in told] for row in checked(all_variants()[0]).rows if not row.held]
    found = [[row.values[name] for name in told] for row in checked(variant).rows if not row.held]
    assert sorted(found) == sorted(expected)


def test_never_columns_are_named_and_their_values_are_nowhere() -> None:
    variant = next(variant for variant in all_variants() if "never" in variant.name)
    workbook = checked(variant)
    how = {column["header"]: column["how"] for column in workbook.report()["columns"]}
    never = {header for header, found in how.items() if found == "never"}
    assert never == {"民族", "政治面貌", "疾病史", "婚育情况", "是否信访人员", "宗教信仰", "吸毒史"}
    assert all("x" not in row.values.values() for row in workbook.rows)


def test_empty_homes_are_no_people() -> None:
    workbook = checked(all_variants()[0])
    empty = [row for row in workbook.rows if row.nature == EMPTY_HOME]
    assert len(empty) == 3
    assert all(not row.values["name"] and not row.problems for row in empty)
