"""Invented names, phone numbers and addresses. Nobody real is meant."""

from __future__ import annotations

import random
import tomllib
from functools import cache
from importlib.resources import files

COMMON_SHARE = 0.35
INVENTED_REGION = "149999"
INVENTED_MOBILE = "1900"
INVENTED_LANDLINE = "0355-000-"


@cache
def words(kind: str) -> tuple[str, ...]:
    """Return a list of words from ``data/words.toml``."""
    text = files("linli.demo").joinpath("data/words.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)[kind].split())


def given_name(sex: str, rng: random.Random) -> str:
    """Return a name for a woman, or for a man where ``sex`` is ``male``."""
    return rng.choice(words("male_names" if sex == "male" else "female_names"))


def family_name(rng: random.Random) -> str:
    """Return a family name, the common ones more often."""
    common = rng.random() < COMMON_SHARE
    return rng.choice(words("common_family_names" if common else "family_names"))


def mobile(rng: random.Random) -> str:
    """Return a number of the right form in a range that no operator gives out."""
    return f"{INVENTED_MOBILE}{rng.randrange(10_000_000):07d}"
