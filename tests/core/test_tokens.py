import hashlib
import random
import re
from datetime import UTC, date, datetime

import pytest

from linli.core import tokens


def test_tokens_have_their_length_are_url_safe_and_differ():
    drawn = [tokens.new_token() for _ in range(1000)]
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", token) for token in drawn)
    assert len(set(drawn)) == 1000
    assert len(tokens.new_token(43)) == 43


def test_a_token_that_could_be_guessed_is_refused():
    assert len(tokens.new_token(16)) == 16
    with pytest.raises(ValueError, match="at least 16"):
        tokens.new_token(15)


def test_the_digest_is_sha256():
    assert tokens.token_digest("abc") == hashlib.sha256(b"abc").hexdigest()


def test_case_numbers_carry_the_day_and_no_ambiguous_character():
    drawn = {tokens.new_case_number(date(2026, 11, 22)) for _ in range(1000)}
    assert all(re.fullmatch(r"1122-[2-9A-HJKMNP-Z]{5}", number) for number in drawn)
    assert len(drawn) > 990


def test_case_numbers_take_the_day_in_shanghai():
    late_in_utc = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)
    assert tokens.new_case_number(late_in_utc).startswith("1122-")
    assert tokens.new_case_number(late_in_utc.replace(hour=15)).startswith("1121-")


def test_a_seeded_demo_draws_the_same_numbers_again():
    first, again, other = (tokens.new_case_number(date(2026, 3, 5), random.Random(seed)) for seed in (7, 7, 8))
    assert first == again != other
    assert first.startswith("0305-")


def test_plate_tokens_can_be_typed_and_differ():
    drawn = {tokens.new_plate_token() for _ in range(1000)}
    assert all(re.fullmatch(r"[2-9A-HJKMNP-Z]{12}", token) for token in drawn)
    assert len(drawn) == 1000
    assert tokens.new_plate_token(random.Random(1)) == tokens.new_plate_token(random.Random(1))


def test_the_alphabet_leaves_out_what_people_mistake():
    assert not set("0O1IL") & set(tokens.UNAMBIGUOUS_ALPHABET)
    assert len(set(tokens.UNAMBIGUOUS_ALPHABET)) == len(tokens.UNAMBIGUOUS_ALPHABET) == 31
