"""Numbers and links that cannot be guessed or counted."""

import random
import secrets
from datetime import date, datetime
from hashlib import sha256

from linli.core import clock

# Without 0 O 1 I L, which people mistake for each other when they read a number out or off a door.
UNAMBIGUOUS_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CASE_NUMBER_CHARACTERS = 5
PLATE_TOKEN_CHARACTERS = 12
SHORTEST_TOKEN = 16


def new_token(length: int = 22) -> str:
    """Return a secret for a link: that many URL-safe characters of six random bits each, 132 bits by default.

    Raises:
        ValueError: fewer than 16 characters, which could be guessed.
    """
    if length < SHORTEST_TOKEN:
        raise ValueError(f"a token has at least {SHORTEST_TOKEN} characters, not {length}")
    return secrets.token_urlsafe(length)[:length]


def token_digest(token: str) -> str:
    """Return the SHA-256 of a token as 64 hexadecimal characters; only this is stored."""
    return sha256(token.encode("utf-8")).hexdigest()


def new_case_number(day: date, rng: random.Random | None = None) -> str:
    """Return a case number such as ``1122-K7QF3``: month and day in Shanghai, and five of 31 characters.

    Args:
        day: the day, or an aware moment whose day in Shanghai counts.
        rng: where chance comes from; the operating system unless a seeded demo gives its own.

    There are 28 million numbers a day; the caller draws again when one is taken.
    """
    if isinstance(day, datetime):
        day = clock.local(day).date()
    return f"{day:%m%d}-{_draw(CASE_NUMBER_CHARACTERS, rng)}"


def new_plate_token(rng: random.Random | None = None) -> str:
    """Return the 12 characters (59 bits) behind the QR code of a door plate; they can also be typed."""
    return _draw(PLATE_TOKEN_CHARACTERS, rng)


def _draw(length: int, rng: random.Random | None) -> str:
    source = rng or random.SystemRandom()
    return "".join(source.choices(UNAMBIGUOUS_ALPHABET, k=length))
