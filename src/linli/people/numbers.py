"""Numbers of households: drawn by chance, so that they say nothing and can't be counted."""

from __future__ import annotations

import random
import secrets

from linli.core.tokens import UNAMBIGUOUS_ALPHABET
from linli.people.models import Household

CHARACTERS = 10
ASKED_AT_ONCE = 500


def new_numbers(count: int, rng: random.Random | None = None) -> list[str]:
    """Return so many numbers that no household has; ``rng`` is given by seeded demos only."""
    source = rng or secrets.SystemRandom()
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        fresh = ["".join(source.choices(UNAMBIGUOUS_ALPHABET, k=CHARACTERS)) for _each in range(count - len(drawn))]
        taken = _taken(fresh)
        drawn |= dict.fromkeys(number for number in fresh if number not in taken)
    return list(drawn)


def _taken(numbers: list[str]) -> set[str]:
    taken: set[str] = set()
    for start in range(0, len(numbers), ASKED_AT_ONCE):
        part = numbers[start : start + ASKED_AT_ONCE]
        taken.update(Household.objects.filter(number__in=part).values_list("number", flat=True))
    return taken
