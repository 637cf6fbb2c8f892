from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core import clock
from linli.core.dates import DateProblem, ParsedDate, parse_date


@pytest.fixture(autouse=True)
def _first_of_november_2026():
    with clock.frozen(datetime(2026, 11, 1, 4, tzinfo=UTC)):
        yield


@pytest.mark.parametrize(
    "written",
    [
        "1961年8月25日",
        "1961 年 8 月 25 日",
        "1961年08月25号",
        "1961年8月25日生",
        "1961年8月25",
        "1961.08.25",
        "1961．8．25",
        "1961。8。25",
        "1961-08-25",
        "1961—8—25",
        "1961/8/25",
        "1961／8／25",
        "1961\\8\\25",
        "19610825",
        "１９６１０８２５",
        "１９６１年８月２５日",
        "1961-08-25 00:00:00",
        "1961-08-25T13:45",
        " 1961-08-25\u3000",
        "'1961-08-25",
        date(1961, 8, 25),
        datetime.fromisoformat("1961-08-25T23:59"),
        19610825,
        19610825.0,
        22518,
        22518.75,
        "22518",
    ],
)
def test_ways_of_writing_one_day(written):
    assert parse_date(written) == ParsedDate(date(1961, 8, 25))


@pytest.mark.parametrize("written", [None, "", "  ", "\u3000"])
def test_nothing_written_is_no_problem(written):
    assert parse_date(written) == ParsedDate(None, None)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("2021年4月", DateProblem.INCOMPLETE),
        ("2021年", DateProblem.INCOMPLETE),
        ("2021", DateProblem.INCOMPLETE),
        ("2021.4", DateProblem.INCOMPLETE),
        ("2021-04", DateProblem.INCOMPLETE),
        ("202104", DateProblem.INCOMPLETE),
        ("4月7日", DateProblem.INCOMPLETE),
        (2021, DateProblem.INCOMPLETE),
        (2021.04, DateProblem.INCOMPLETE),
        (202104, DateProblem.INCOMPLETE),
        ("1999-02-30", DateProblem.IMPOSSIBLE),
        ("1999年13月1日", DateProblem.IMPOSSIBLE),
        ("19990230", DateProblem.IMPOSSIBLE),
        ("0000-01-01", DateProblem.IMPOSSIBLE),
        (19990230, DateProblem.IMPOSSIBLE),
        (60, DateProblem.IMPOSSIBLE),
        ("2026-11-02", DateProblem.FUTURE),
        (date(2026, 11, 2), DateProblem.FUTURE),
        (46328, DateProblem.FUTURE),
        ("1899-12-31", DateProblem.TOO_EARLY),
        (datetime.fromisoformat("1899-12-31T00:00"), DateProblem.TOO_EARLY),
        ("不详", DateProblem.UNREADABLE),
        ("61.8.25", DateProblem.UNREADABLE),
        ("25/8/1961", DateProblem.UNREADABLE),
        ("1961-08-25 x", DateProblem.UNREADABLE),
        ("1961٠8٠25", DateProblem.UNREADABLE),
        (1234567, DateProblem.UNREADABLE),
        (0, DateProblem.UNREADABLE),
        (-5, DateProblem.UNREADABLE),
        (0.5, DateProblem.UNREADABLE),
        (True, DateProblem.UNREADABLE),
        (float("nan"), DateProblem.UNREADABLE),
        (float("inf"), DateProblem.UNREADABLE),
        pytest.param(10**5000, DateProblem.UNREADABLE, id="huge"),
        (time(8, 30), DateProblem.UNREADABLE),
        (timedelta(days=3), DateProblem.UNREADABLE),
        ([], DateProblem.UNREADABLE),
    ],
)
def test_what_is_no_date_is_named(written, problem):
    assert parse_date(written) == ParsedDate(None, problem)


def test_today_and_the_first_of_1900_are_the_bounds():
    assert parse_date("2026-11-01").value == date(2026, 11, 1)
    assert parse_date("1900-01-01").value == date(1900, 1, 1)


def test_a_future_day_may_stand_where_it_is_allowed():
    assert parse_date("2027-06-30", future_allowed=True) == ParsedDate(date(2027, 6, 30))
    assert parse_date("2027-06-31", future_allowed=True).problem is DateProblem.IMPOSSIBLE


@pytest.mark.parametrize(
    ("serial", "day"),
    [(1, date(1900, 1, 1)), (59, date(1900, 2, 28)), (61, date(1900, 3, 1)), (36526, date(2000, 1, 1))],
)
def test_excel_serial_numbers(serial, day):
    assert parse_date(serial).value == day


@given(st.dates(date(1900, 1, 1), date(2026, 11, 1)))
def test_every_day_comes_back_from_every_style(day):
    styles = [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y.%m.%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
    ]
    assert {parse_date(style).value for style in styles} == {day}


@given(st.one_of(st.text(), st.floats(), st.integers(), st.dates(), st.datetimes(), st.binary()))
def test_never_raises_and_never_gives_both(value):
    parsed = parse_date(value)
    assert parsed.value is None or parsed.problem is None
