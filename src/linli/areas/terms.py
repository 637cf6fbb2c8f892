"""By which words an area is found."""

from __future__ import annotations

from linli.core.bigrams import document_terms
from linli.core.pinyin import readings


def area_terms(name: str, above: str) -> str:
    """Return what an area is found by: name and its pinyin, behind the name of the area above as people say both."""
    words = " ".join((document_terms(above + name), readings(name), readings(above + name)))
    return " ".join(dict.fromkeys(words.split()))
