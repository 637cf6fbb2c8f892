"""What a person is found by: name, pinyin, initials, address, and the last four digits of the phone."""

from __future__ import annotations

from functools import lru_cache

from linli.core import phones
from linli.core.bigrams import document_terms
from linli.core.fields import index_value
from linli.core.pinyin import readings, spellings, surname_length

TAIL_DIGITS = 4

# No Chinese syllable begins with v, so that nobody who types pinyin comes upon these terms.
_NAME_START = _TAIL_START = "v"
_TAIL_CONTEXT = "people.Person.phone_tail"
_TAIL_LENGTH = 16
_AS_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def search_terms(name: str, address: str, phone: str) -> str:
    """Return everything that a person is found by, separated by spaces; no digit of the phone is in it."""
    return joined_terms(name_terms(name), address, tail_term(phones.tail(phone)))


def joined_terms(name_terms: str, address: str, tail_term: str) -> str:
    """Return the same where the terms of name and phone were worked out before."""
    return " ".join(part for part in (name_terms, document_terms(address), tail_term) if part)


@lru_cache(maxsize=65536)
def name_terms(name: str) -> str:
    """Return what a name is found by: its characters, its ends for `name_piece`, and its readings."""
    letters = "".join(character for character in name.lower() if character.isalnum())
    ends = (_NAME_START + letters[start:] for start in range(len(letters)))
    return " ".join(filter(None, (document_terms(name), *ends, name_readings(name), given_readings(name))))


def name_piece(text: str) -> str:
    """Return the term whose beginning stands in the names that hold a piece of text, and in no address."""
    return _NAME_START + text.lower()


@lru_cache(maxsize=65536)
def name_readings(name: str) -> str:
    """Return the pinyin and the initials of a name, all readings, separated by spaces."""
    return readings(name)


@lru_cache(maxsize=65536)
def given_readings(name: str) -> str:
    """Return the whole pinyin of a given name of two characters or more, all readings: people are called by it."""
    letters = "".join(character for character in name if character.isalnum())
    given = letters[surname_length(letters) :]
    if len(given) < 2 or given.isascii():
        return ""
    return " ".join(dict.fromkeys(whole for whole, _initials in spellings(given)))


def tail_term(tail: str) -> str:
    """Return the term that stands for the last four digits of a phone: keyed, so that it tells nothing by itself."""
    if len(tail) != TAIL_DIGITS:
        return ""
    return _TAIL_START + index_value(tail, _TAIL_CONTEXT)[:_TAIL_LENGTH].translate(_AS_LETTERS)
