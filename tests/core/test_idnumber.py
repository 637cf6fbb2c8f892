from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core import clock, idnumber
from linli.core.idnumber import IdKind

# The two examples that GB 11643-1999 itself gives.
STANDARD = "11010519491231002X"
STANDARD_OLDER = "440524188001010014"


def test_the_example_of_the_standard_is_ok():
    assert idnumber.check(STANDARD) == idnumber.IdCheck(STANDARD, IdKind.OK)
    assert idnumber.check(STANDARD).ok


def test_the_older_example_of_the_standard_has_the_right_check_digit_but_a_birth_before_1900():
    assert idnumber.check_character(STANDARD_OLDER) == "4"
    assert idnumber.check(STANDARD_OLDER).kind is IdKind.BAD_BIRTH_DATE


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "'11010519491231002X",
        "110105\u300019491231\u00a0002X\u200b",
    ],
)
def test_ways_of_writing_one_number(written):
    assert idnumber.check(written) == idnumber.IdCheck(STANDARD, IdKind.OK)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (None, IdKind.EMPTY),
        ("", IdKind.EMPTY),
        (" \u3000-", IdKind.EMPTY),
        ("110105491231002", IdKind.FIFTEEN_DIGITS),
        ("11010549123100X", IdKind.BAD_LENGTH),
        ("110105194912310021", IdKind.BAD_CHECK_DIGIT),
        ("1101051949123100", IdKind.BAD_LENGTH),
        ("11010519491231002X1", IdKind.BAD_CHARACTERS),
        ("110105194912310020X", IdKind.BAD_LENGTH),
        ("1101051949X231002X", IdKind.BAD_CHARACTERS),
        ("1101********31002X", IdKind.BAD_CHARACTERS),
        ("无", IdKind.BAD_CHARACTERS),
        ("1.10105E+17", IdKind.BAD_CHARACTERS),
        ("110105194902300021", IdKind.BAD_BIRTH_DATE),
        ("110105194913310021", IdKind.BAD_BIRTH_DATE),
        ("110105000012310021", IdKind.BAD_BIRTH_DATE),
    ],
)
def test_what_is_wrong_is_named(written, kind):
    result = idnumber.check(written)
    assert result.kind is kind
    assert not result.ok


def test_a_birth_today_is_possible_and_tomorrow_is_not():
    with clock.frozen(datetime(2026, 5, 1, 12, tzinfo=UTC)):
        assert idnumber.check(idnumber.make("140403", date(2026, 5, 1), 1)).ok
        assert idnumber.check(idnumber.make("140403", date(2026, 5, 2), 1)).kind is IdKind.BAD_BIRTH_DATE


def test_an_unknown_region_is_no_problem():
    assert idnumber.check(idnumber.make("149999", date(1961, 8, 25), 732)).ok
    assert idnumber.check(idnumber.make("000000", date(1961, 8, 25), 732)).ok


def test_make_agrees_with_a_number_from_the_workbook():
    assert idnumber.make("149999", date(1961, 8, 25), 732) == "149999196108257324"


@pytest.mark.parametrize(("region", "sequence"), [("14040", 1), ("14040a", 1), ("140403", -1), ("140403", 1000)])
def test_make_refuses_what_is_out_of_range(region, sequence):
    with pytest.raises(ValueError, match=r"region|sequence"):
        idnumber.make(region, date(1961, 8, 25), sequence)


@pytest.mark.parametrize(
    ("value", "birth"),
    [
        (STANDARD, date(1949, 12, 31)),
        ("110105491231002", date(1949, 12, 31)),
        ("110105194902300021", None),
        ("110105490230002", None),
        ("110105ABCD1231002X", None),
        ("1101", None),
        ("", None),
    ],
)
def test_birth_date(value, birth):
    assert idnumber.birth_date(value) == birth


@pytest.mark.parametrize(
    ("value", "sex"),
    [
        ("149999196108257324", "female"),
        ("149999199307129415", "male"),
        ("110105491231003", "male"),
        ("110105491231002", "female"),
        ("1101054912310*X", None),
        ("11010549123100X", None),
        ("", None),
    ],
)
def test_sex(value, sex):
    assert idnumber.sex(value) == sex


@given(
    region=st.from_regex(r"[0-9]{6}", fullmatch=True),
    birth=st.dates(date(1900, 1, 1), date(2025, 12, 31)),
    sequence=st.integers(0, 999),
    position=st.integers(0, 16),
    change=st.integers(1, 9),
)
def test_every_made_number_is_ok_and_no_single_wrong_digit_passes(region, birth, sequence, position, change):
    value = idnumber.make(region, birth, sequence)
    assert idnumber.check(value).ok
    assert idnumber.birth_date(value) == birth
    assert idnumber.sex(value) == ("male" if sequence % 2 else "female")
    wrong = value[:position] + str((int(value[position]) + change) % 10) + value[position + 1 :]
    assert not idnumber.check(wrong).ok


@given(st.text(alphabet="0123456789xX１ｘ -'\u3000"))
def test_checking_again_what_was_normalised_changes_nothing(text):
    result = idnumber.check(text)
    assert idnumber.check(result.value) == result


@given(st.text(max_size=30))
def test_any_text_gets_an_answer_and_only_eighteen_characters_are_ok(text):
    result = idnumber.check(text)
    assert not result.ok or len(result.value) == 18
