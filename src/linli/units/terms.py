"""By which words a unit is found."""

from __future__ import annotations

from linli.core.bigrams import document_terms
from linli.core.nameterms import hidden_terms
from linli.core.pinyin import readings


def search_terms(name: str, place: str, credit_code: str, *contacts: tuple[str, str]) -> str:
    """Return what a unit is found by: name, its pinyin, address and code; contacts, each a name and a phone, by keyed
    terms alone.
    """
    parts = (
        document_terms(name),
        readings(name),
        document_terms(place),
        document_terms(credit_code),
        *(hidden_terms(contact, phone) for contact, phone in contacts),
    )
    return " ".join(part for part in parts if part)
