"""What a new grid is called: 第一网格, 第十二网格; one whose code has no number is called by its code."""

from __future__ import annotations

from collections.abc import Collection

DIGITS = "零一二三四五六七八九"
ENDING = "网格"
TENS, HUNDREDS = 10, 100


def ordinal(number: int) -> str:
    """Return a number up to 999 as it is spoken in the name of a grid: 十二, 二十, 一百零三."""
    hundreds, rest = divmod(number, HUNDREDS)
    if hundreds:
        zero = "零" if 0 < rest < TENS else ""
        ten = "一" if TENS <= rest < 2 * TENS else ""
        return f"{DIGITS[hundreds]}百{zero}{ten}{ordinal(rest) if rest else ''}"
    tens, ones = divmod(rest, TENS)
    front = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return front + (DIGITS[ones] if ones or not tens else "")


def grid_name(code: str, community: str, taken: Collection[str]) -> str:
    """Return the name of a new grid by the number at the end of its code; one that nobody else in the place has."""
    tail = code.removeprefix(community)
    number = int(tail) if tail.isdigit() else 0
    name = f"第{ordinal(number)}{ENDING}" if 0 < number < HUNDREDS * TENS else f"{code}{ENDING}"
    return name if name not in taken else f"{name}({tail or code})"
