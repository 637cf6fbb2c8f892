"""What a person is found by: name, pinyin, initials, address, and the last four digits of the phone."""

from __future__ import annotations

from linli.core import phones
from linli.core.bigrams import document_terms
from linli.core.nameterms import TAIL_DIGITS as TAIL_DIGITS
from linli.core.nameterms import given_readings as given_readings
from linli.core.nameterms import name_piece as name_piece
from linli.core.nameterms import name_terms as name_terms
from linli.core.nameterms import tail_term as tail_term


def search_terms(name: str, address: str, phone: str) -> str:
    """Return everything that a person is found by, separated by spaces; no digit of the phone is in it."""
    return joined_terms(name_terms(name), address, tail_term(phones.tail(phone)))


def joined_terms(name_terms: str, address: str, tail_term: str) -> str:
    """Return the same where the terms of name and phone were worked out before."""
    return " ".join(part for part in (name_terms, document_terms(address), tail_term) if part)
