"""Cells to text: what a person sees in a cell, without the dirt that typing and copying leave."""

import datetime
import re
import unicodedata
from decimal import Decimal

Cell = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None
"""A cell as the readers give it. An empty cell is ``""`` or ``None``."""


def words(text: str) -> tuple[str, ...]:
    """The words of a list that is written as one text, for lists too long to be read one a line."""
    return tuple(text.split())


EXACT_DIGITS = 15
"""A spreadsheet keeps this many digits of a number; further ones are lost."""

LOST_FROM: int = 10**EXACT_DIGITS
"""The first number with a digit too many."""

NOTHING_WRITTEN = frozenset(
    words(
        "无 没有 暂无 不详 不明 未知 不清楚 未提供 不提供 不便提供 未填 空白 "
        "/ // \\ - -- --- — —— _ . 、 * n/a na none null nil "
        "#n/a #ref! #value! #name? #div/0! #null! #num! 拒绝 拒绝登记 拒绝提供 不愿提供 不愿登记 不方便"
    )
)
"""What people write when they have nothing to write, in lower case."""

_LONGEST_NOTHING = max(map(len, NOTHING_WRITTEN))

_CHINESE_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百]+")
_SPREADSHEET_TEXT_FORMULA = re.compile(r'^="(.*)"$')


def clean(cell: Cell) -> str:
    """The text of a cell: half-width, one space between words, no control or invisible characters.

    Whole numbers lose the ``.0`` a spreadsheet adds, dates become ``YYYY-MM-DD``, and the apostrophe or ``="…"`` that
    keeps a number as text goes away. Never fails.
    """
    if isinstance(cell, str):
        if cell.isalnum() and (cell.isascii() or unicodedata.is_normalized("NFKC", cell)):
            return cell
        return clean_string(cell) if cell else ""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def clean_string(written: str) -> str:
    """``clean`` for a cell that already is text."""
    text = written if written.isascii() else unicodedata.normalize("NFKC", written)
    text = " ".join(text.split())
    if not text.isprintable():
        text = "".join(character for character in text if character.isprintable()).strip()
    if text.startswith(("'", "=")):
        formula = _SPREADSHEET_TEXT_FORMULA.match(text)
        text = formula.group(1).strip() if formula else text.lstrip("'").strip()
    return text


def number_text(number: int | float) -> str:
    """A number as a person would write it: ``3`` for 3.0, all digits instead of an exponent."""
    if isinstance(number, int):
        return str(number)
    if number != number or number in (float("inf"), float("-inf")):
        return ""
    if number.is_integer() and abs(number) < LOST_FROM:
        return str(int(number))
    if number.is_integer():
        return format(Decimal(repr(number)).quantize(Decimal(1)), "f") if abs(number) < 1e25 else repr(number)
    return repr(number)


def has_lost_digits(cell: Cell) -> bool:
    """Whether the cell is a number too long for a spreadsheet, so that its last digits are not the ones typed."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return abs(cell) >= LOST_FROM


def is_nothing(text: str) -> bool:
    """Whether the cleaned text only says that there is nothing to say."""
    return len(text) <= _LONGEST_NOTHING and (not text or text.lower() in NOTHING_WRITTEN)


def without_spaces(text: str) -> str:
    """The text with every space removed."""
    return text.replace(" ", "")


def arabic_digits(text: str) -> str:
    """The text with Chinese numbers up to 199 written in digits: ``二十三号楼`` -> ``23号楼``."""
    return _CHINESE_NUMBER.sub(lambda match: _number_of(match.group()), text)


def _number_of(written: str) -> str:
    if "十" not in written and "百" not in written:
        return "".join(str(_CHINESE_DIGITS[character]) for character in written)
    hundreds, _, rest = written.rpartition("百")
    tens, has_tens, ones = rest.rpartition("十")
    parts = (hundreds, tens, ones)
    if any(len(part.lstrip("零〇")) > 1 for part in parts):
        return written
    values = [_CHINESE_DIGITS.get(part[-1:], 0) for part in parts]
    if "百" in written and not hundreds:
        values[0] = 1
    if has_tens and not tens:
        values[1] = 1
    return str(values[0] * 100 + values[1] * 10 + values[2])
