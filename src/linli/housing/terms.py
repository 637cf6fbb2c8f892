"""By which words a facility is found."""

from __future__ import annotations

from linli.core.bigrams import document_terms
from linli.core.pinyin import readings


def facility_terms(name: str, place: str) -> str:
    """Return what a facility is found by: name, its pinyin and initials, and the place in words."""
    return " ".join(part for part in (document_terms(name), readings(name), document_terms(place)) if part)
