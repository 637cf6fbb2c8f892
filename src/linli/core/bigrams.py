"""Search terms for Chinese text, made in Python so that SQLite and PostgreSQL find the same.

A text is a row of units: each Chinese character is one, each run of Latin letters and digits is one. The terms of a
document are its units and its bigrams, which are neighbouring units where both are Chinese or one is a number. So
“3号楼2单元501” gives 3 号 楼 2 单 元 501 3号 号楼 楼2 2单 单元 元501, and a search for 3号楼 does not find 13号楼.

Terms hold nothing but Chinese letters, digits and a to z; they are safe in FTS5 MATCH and in to_tsquery('simple').
The caller that wants unfinished words found, such as pinyin while it is typed, makes prefix queries of them.
"""

import re
import unicodedata
from itertools import pairwise

MOST_QUERY_TERMS = 32

_CHINESE = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af"
_UNIT = re.compile(rf"[{_CHINESE}]|[a-z0-9]+")
_RUN = re.compile(rf"[{_CHINESE}a-z0-9]+")


def document_terms(text: str) -> str:
    """Return the terms that a text is found by, each once, separated by spaces.

    Bigrams reach across spaces and punctuation, so that 3号楼2单元 also finds “3号楼-2单元”.
    """
    units = _UNIT.findall(_normalise(text))
    bigrams = [first + second for first, second in pairwise(units) if _belong_together(first, second)]
    return " ".join(dict.fromkeys(units + bigrams))


def query_terms(text: str) -> list[str]:
    """Return the terms that a document must all hold to answer a search, in the order of the text, 32 at most.

    What stands between spaces or punctuation is searched for separately.
    """
    terms: dict[str, None] = {}
    for run in _RUN.findall(_normalise(text)):
        terms.update(dict.fromkeys(_run_terms(_UNIT.findall(run))))
        if len(terms) >= MOST_QUERY_TERMS:
            break
    return list(terms)[:MOST_QUERY_TERMS]


def _run_terms(units: list[str]) -> list[str]:
    """Return the bigrams of a run, and every unit that is in none of them."""
    joined_before = [False, *(_belong_together(first, second) for first, second in pairwise(units))]
    joined_after = [*joined_before[1:], False]
    terms: list[str] = []
    for position, unit in enumerate(units):
        if joined_after[position]:
            terms.append(unit + units[position + 1])
        elif not joined_before[position]:
            terms.append(unit)
    return terms


def _belong_together(first: str, second: str) -> bool:
    """Tell whether two neighbours make a bigram: two words or numbers in a row do not, nor a word beside Chinese."""
    if first.isascii():
        return first.isdigit() and not second.isascii()
    return second.isdigit() or not second.isascii()


def _normalise(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
