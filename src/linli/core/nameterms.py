"""What names and phones are found by, in the clear and keyed, and how well a name fits what was typed.

A name that is no secret gives terms of its own, which are found by their beginnings. Of one that lies encrypted every
piece and reading is kept as a keyed term, which tells nothing by itself and is found as a whole only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from linli.core import phones
from linli.core.bigrams import document_terms
from linli.core.fields import index_value
from linli.core.pinyin import partings, read_as, readings, spellings, surname_length

TAIL_DIGITS = 4
SHORTEST_MIXED = 3

# No Chinese syllable begins with v, so that nobody who types pinyin comes upon these terms.
_NAME_START = _TAIL_START = "v"
# Nothing that is typed gives a term with this letter: units are found by Latin words too.
_HIDDEN_START = "\u03c9"
_TAIL_CONTEXT = "people.Person.phone_tail"
_TAIL_LENGTH = 16
_HIDDEN_CONTEXT = "core.nameterms.hidden"
_HIDDEN_LENGTH = 12
_LONGEST_HIDDEN = 12
_AS_LETTERS = str.maketrans("0123456789", "ghijklmnop")


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


def hidden_terms(name: str, phone: str) -> str:
    """Return what an encrypted name and phone are found by, each as a keyed term, separated by spaces."""
    tail = phones.tail(phone)
    words = [*_pieces(name), *([tail] if len(tail) == TAIL_DIGITS else [])]
    return " ".join(dict.fromkeys(_keyed(word) for word in words if word))


def hidden_searches(typed: str) -> list[list[str]]:
    """Return the terms of every way in which letters may mean an encrypted name, or digits the end of its phone.

    ``typed`` has no spaces and small letters.
    """
    if typed.isdigit():
        fits = TAIL_DIGITS <= len(typed) <= phones.MOBILE_DIGITS
        return [[_keyed(typed[-TAIL_DIGITS:])]] if fits else []
    if len(typed) < 2 or not typed.isalpha():
        return []
    mixed = partings(typed) if typed.isascii() and len(typed) >= SHORTEST_MIXED else []
    return [[_keyed(word)] for word in dict.fromkeys([typed, *(initials for initials in mixed if len(initials) > 1)])]


def likeness_of(name: str, typed: str) -> int | None:
    """Tell how well a name fits what was typed, 0 best; None where it does not.

    ``typed`` has no spaces and small letters.
    """
    lower = name.lower()
    if typed in lower:
        return 0 if lower == typed else 1 if lower.startswith(typed) else 3
    if not (typed.isascii() and typed.isalpha()):
        return None
    rank = reading_rank(name, typed)
    if rank is None and len(typed) >= SHORTEST_MIXED:
        mixed = read_as(name, typed)
        rank = None if mixed is None else 2 + mixed
    return rank


def reading_rank(name: str, typed: str) -> int | None:
    """Order by pinyin: whole, initials, beginning, the given name alone; None for everything else."""
    read = spellings(name)
    if any(typed == whole for whole, _initials in read):
        return 0
    if any(typed == initials for _whole, initials in read):
        return 1
    if any(word.startswith(typed) for spelling in read for word in spelling):
        return 2
    return 3 if any(word.startswith(typed) for word in given_readings(name).split()) else None


def _pieces(name: str) -> Iterator[str]:
    letters = "".join(character for character in name.lower() if character.isalnum())[:_LONGEST_HIDDEN]
    for start in range(len(letters)):
        yield from (letters[start:end] for end in range(start + 2, len(letters) + 1))
    yield letters
    yield from readings(letters).split()
    yield from given_readings(letters).split()


def _keyed(word: str) -> str:
    return _HIDDEN_START + index_value(word, _HIDDEN_CONTEXT)[:_HIDDEN_LENGTH].translate(_AS_LETTERS)
