import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core import phones
from linli.core.phones import PhoneCheck, PhoneKind


@pytest.mark.parametrize(
    "written",
    [
        "13867967113",
        "138-6796 7113",
        "138 6796 7113",
        "+8613867967113",
        "+86 138-6796-7113",
        "0086 13867967113",
        "8613867967113",
        "１３８６７９６７１１３",
        "＋８６　１３８６７９６７１１３",
        "'13867967113",
    ],
)
def test_ways_of_writing_one_mobile_number(written):
    assert phones.check(written) == PhoneCheck("13867967113", PhoneKind.OK)
    assert phones.check(written).ok


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0355-2023456", "03552023456"),
        ("(0355)2023456", "03552023456"),
        ("（010）8888 6666", "01088886666"),
        ("021-88886666", "02188886666"),
        ("0512-88886666", "051288886666"),
    ],
)
def test_landlines_with_area_code(written, value):
    assert phones.check(written) == PhoneCheck(value, PhoneKind.OK)


@pytest.mark.parametrize(
    ("written", "kind", "difference"),
    [
        (None, PhoneKind.EMPTY, 0),
        ("", PhoneKind.EMPTY, 0),
        (" - ", PhoneKind.EMPTY, 0),
        ("1386796711", PhoneKind.TOO_SHORT, 1),
        ("+86 138679", PhoneKind.TOO_SHORT, 5),
        ("2023456", PhoneKind.TOO_SHORT, 4),
        ("0355-202345", PhoneKind.TOO_SHORT, 1),
        ("010-8888666", PhoneKind.TOO_SHORT, 1),
        ("138679671134", PhoneKind.TOO_LONG, 1),
        ("8612345678901", PhoneKind.TOO_LONG, 2),
        ("010-888866666", PhoneKind.TOO_LONG, 1),
        ("0355-202345678", PhoneKind.TOO_LONG, 1),
        ("12867967113", PhoneKind.BAD_PREFIX, 0),
        ("23867967113", PhoneKind.BAD_PREFIX, 0),
        ("1386796711O", PhoneKind.BAD_CHARACTERS, 0),
        ("138****7113", PhoneKind.BAD_CHARACTERS, 0),
        ("13867967113/13867967114", PhoneKind.BAD_CHARACTERS, 0),
        ("13867٩67113", PhoneKind.BAD_CHARACTERS, 0),
        ("没有", PhoneKind.BAD_CHARACTERS, 0),
    ],
)
def test_what_is_wrong_is_named_with_the_digits_missing_or_too_many(written, kind, difference):
    result = phones.check(written)
    assert (result.kind, result.difference) == (kind, difference)
    assert not result.ok


@pytest.mark.parametrize(
    ("written", "tail"),
    [("138-6796 7113", "7113"), ("１３８６７９６７１１３", "7113"), ("113", "113"), ("", ""), (None, "")],
)
def test_tail(written, tail):
    assert phones.tail(written) == tail


@given(st.text(alphabet="0123456789+- ()０８６x"))
def test_normalising_ok_numbers_again_changes_nothing(text):
    result = phones.check(text)
    if result.ok:
        assert phones.check(result.value) == result
    assert (result.difference > 0) == (result.kind in {PhoneKind.TOO_SHORT, PhoneKind.TOO_LONG})
