"""Kinds of columns: each turns one cell into a clean value and says what is wrong with it.

A value that is wrong is kept as written where it can be corrected later (ID number, phone), and is ``None`` where
nothing fitting can be kept (date, choice); it never raises.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.core import dates, idnumber, phones
from linli.core.masking import mask_id_number, mask_phone
from linli.core.sheets import addresses
from linli.core.sheets.problems import Fault, ProblemKind
from linli.core.sheets.text import Cell, clean, has_lost_digits, is_nothing, without_spaces, words

Value = str | bool | int | float | datetime.date | None
"""What a cell becomes. Text without content is ``""``, everything else without content ``None``."""

_SHOWN_CHARACTERS = 60
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_DOTS_IN_NAMES = re.compile(r"[•・‧∙⋅●.]")
_EXPONENT = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.IGNORECASE)


class Parsed(NamedTuple):
    """A value and what is wrong with it, if anything."""

    value: Value
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a ledger.

    Args:
        field: our name for it.
        label: what it is called on screen.
        headers: what workbooks call it; the first is the usual name. ``"户籍>地址"`` means the header 地址 below a
            group heading that contains 户籍.
        contains: pieces that tell this column in a longer header.
        not_with: pieces in a longer header that show that another column is meant.
        required: a row without it is held.
        placeholder_is_blank: whether “无”, “/”, “不详” and the like count as nothing written.
    """

    field: str
    label: str | Promise
    headers: tuple[str, ...]
    contains: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()
    required: bool = False
    placeholder_is_blank: bool = True

    few_values: ClassVar[bool] = False
    """Whether the column holds the same few words again and again, none of them about one person alone."""

    def parse(self, cell: Cell, text: str | None = None) -> Parsed:
        """The clean value of a cell, and its fault; ``text`` is the cleaned cell where the caller has it already."""
        if text is None:
            text = clean(cell)
        if not text or (self.placeholder_is_blank and is_nothing(text)):
            return Parsed(self.blank)
        return self.parse_text(text, cell)

    @property
    def blank(self) -> Value:
        """The value of an empty cell."""
        return None

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        """``parse`` for a cell that holds something; ``text`` is the cleaned cell."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Ignored(Column):
    """A column that is known and not taken over, such as the serial number."""

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        return Parsed(None)


@dataclass(frozen=True, kw_only=True)
class Text(Column):
    """Plain text of at most ``max_length`` characters."""

    max_length: int = 200

    @property
    def blank(self) -> Value:
        return ""

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        if len(text) > self.max_length:
            too_long = _("Too long: %(length)d characters. Shorten it to %(max_length)d.")
            details = {"length": len(text), "max_length": self.max_length}
            return Parsed("", Fault(ProblemKind.TOO_LONG, too_long, shown(text), self.required, details))
        return Parsed(text)


@dataclass(frozen=True, kw_only=True)
class Name(Text):
    """A person's name: ``李 桂 香`` -> ``李桂香``; the dot in names of other peoples is written ``·``."""

    max_length: int = 50

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        if _HAN.search(text):
            text = _DOTS_IN_NAMES.sub("·", without_spaces(text)).strip("·")
        return super().parse_text(text, cell)


@dataclass(frozen=True, kw_only=True)
class Choice(Column):
    """One of a few words.

    ``words`` maps what people write (without spaces, lower case) to the stored value, ``contains`` pieces of it.
    ``otherwise`` is the value for any other word; without it such a word is a `bad_choice`.
    """

    few_values: ClassVar[bool] = True

    words: Mapping[str, str]
    pieces: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None

    @property
    def blank(self) -> Value:
        return ""

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        found = self.words.get(text)
        if found is not None:
            return Parsed(found)
        word = without_spaces(text).lower()
        found = self.words.get(word)
        if found is None:
            found = next((value for piece, value in self.pieces.items() if piece in word), self.otherwise)
        if found is None:
            unknown = _("Nobody knows this word here. Choose one that the list offers.")
            return Parsed("", Fault(ProblemKind.BAD_CHOICE, unknown, shown(text)))
        return Parsed(found)


YES_WORDS = frozenset(words("是 有 对 真 y yes t true 1 √ ✓ ✔ ☑ v"))
NO_WORDS = frozenset(words("否 无 没有 没 不是 不 非 未 n no f false 0 × x ✗ ✘ ☐ / - —"))


@dataclass(frozen=True, kw_only=True)
class YesNo(Column):
    """Yes, no, or nothing said. ``yes`` and ``no`` add words of this column's own, such as 出租 and 自住."""

    few_values: ClassVar[bool] = True

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    placeholder_is_blank: bool = False

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        word = without_spaces(text).lower()
        if word in YES_WORDS or word in self.yes:
            return Parsed(True)
        if word in NO_WORDS or word in self.no:
            return Parsed(False)
        if is_nothing(word):
            return Parsed(None)
        return Parsed(None, Fault(ProblemKind.BAD_CHOICE, _("Write yes or no here."), shown(text)))


@dataclass(frozen=True, kw_only=True)
class Number(Column):
    """A number between ``least`` and ``most``; units such as 平方米 behind it are dropped."""

    least: float | None = None
    most: float | None = None
    whole: bool = False

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        match = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*[^\d.]{0,6}", text.replace(",", ""))
        number = float(match[1]) if match else None
        if number is None or (self.whole and not number.is_integer()) or not self._within(number):
            return Parsed(None, Fault(ProblemKind.BAD_NUMBER, _("This is no fitting number. Correct it."), shown(text)))
        return Parsed(int(number) if self.whole else number)

    def _within(self, number: float) -> bool:
        return (self.least is None or number >= self.least) and (self.most is None or number <= self.most)


_DATE_TEXTS = {
    dates.DateProblem.INCOMPLETE: _("Year, month and day belong to a date. Write it as 1961-08-25."),
    dates.DateProblem.IMPOSSIBLE: _("There is no such day. Look at the document and correct it."),
    dates.DateProblem.FUTURE: _("This day is still to come. Look at the document and correct it."),
    dates.DateProblem.TOO_EARLY: _("This is before 1900. Look at the document and correct it."),
    dates.DateProblem.UNREADABLE: _("This is no date. Write it as 1961-08-25."),
}


@dataclass(frozen=True, kw_only=True)
class DateColumn(Column):
    """A date in any of the ways people write one."""

    future_allowed: bool = False

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        parsed = dates.parse_date(text if isinstance(cell, str) else cell, future_allowed=self.future_allowed)
        if parsed.problem is None:
            return Parsed(parsed.value)
        return Parsed(None, Fault(ProblemKind.BAD_DATE, _DATE_TEXTS[parsed.problem], shown(text)))


_ID_TEXTS = {
    idnumber.IdKind.FIFTEEN_DIGITS: _("This is the old number of 15 digits. Ask for the one of 18."),
    idnumber.IdKind.BAD_CHECK_DIGIT: _("One of the digits is wrong. Compare the number with the card."),
    idnumber.IdKind.BAD_LENGTH: _("An ID number has 18 characters, here are %(length)d. Compare it with the card."),
    idnumber.IdKind.BAD_CHARACTERS: _("An ID number has only digits, and perhaps an X at its end. Correct it."),
    idnumber.IdKind.BAD_BIRTH_DATE: _("The birth date in this number cannot be. Compare the number with the card."),
}
_LOST_DIGITS = _("The spreadsheet has lost the last digits. Make the cell a text cell and type the number again.")


@dataclass(frozen=True, kw_only=True)
class IdNumberColumn(Column):
    """A citizen's ID number. A wrong one is kept as written, in one spelling, and marked."""

    @property
    def blank(self) -> Value:
        return ""

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        if has_lost_digits(cell) or _EXPONENT.fullmatch(text):
            return Parsed(text, Fault(ProblemKind.BAD_ID, _LOST_DIGITS, mask_id_number(text)))
        found = idnumber.check(text)
        if found.ok or found.kind is idnumber.IdKind.EMPTY:
            return Parsed(found.value)
        kept = found.value[:_SHOWN_CHARACTERS]
        details = {"length": len(found.value)}
        return Parsed(kept, Fault(ProblemKind.BAD_ID, _ID_TEXTS[found.kind], mask_id_number(kept), False, details))


_PHONE_TEXTS = {
    phones.PhoneKind.TOO_SHORT: _("%(difference)d digits are missing. A mobile number has 11."),
    phones.PhoneKind.TOO_LONG: _("%(difference)d digits too many. A mobile number has 11."),
    phones.PhoneKind.BAD_CHARACTERS: _("There is more than digits here. Write only the number."),
    phones.PhoneKind.BAD_PREFIX: _("No number begins like this. Ask for it again."),
}
_SEVERAL_PHONES = re.compile(r"[/,;、|]|(?<=\d{11})\s+(?=1\d)|\s或\s?")


@dataclass(frozen=True, kw_only=True)
class PhoneColumn(Column):
    """A telephone number. Of several in one cell the first good one is taken; a wrong one is kept and marked."""

    @property
    def blank(self) -> Value:
        return ""

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        found = phones.check(text)
        if not found.ok:
            pieces = [phones.check(piece) for piece in _SEVERAL_PHONES.split(text)]
            found = next((piece for piece in pieces if piece.ok), found)
        if found.ok or found.kind is phones.PhoneKind.EMPTY:
            return Parsed(found.value)
        kept = found.value[:_SHOWN_CHARACTERS]
        details = {"difference": found.difference}
        return Parsed(kept, Fault(ProblemKind.BAD_PHONE, _PHONE_TEXTS[found.kind], mask_phone(kept), False, details))


@dataclass(frozen=True, kw_only=True)
class CompoundColumn(Text):
    """The name of a compound or village, without the district and community before it."""

    few_values: ClassVar[bool] = True

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        return super().parse_text(addresses.compound_name(text), cell)


@dataclass(frozen=True, kw_only=True)
class BuildingColumn(Text):
    """A building's number or name: ``3号楼`` -> ``3``."""

    few_values: ClassVar[bool] = True

    max_length: int = 50

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        return super().parse_text(addresses.building_number(text), cell)


@dataclass(frozen=True, kw_only=True)
class EntranceColumn(Text):
    """An entrance's number: ``2单元`` -> ``2``."""

    few_values: ClassVar[bool] = True

    max_length: int = 50

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        return super().parse_text(addresses.entrance_number(text), cell)


@dataclass(frozen=True, kw_only=True)
class RoomColumn(Text):
    """A room's number: ``501室`` -> ``501``."""

    few_values: ClassVar[bool] = True

    max_length: int = 50

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        return super().parse_text(addresses.room_number(text), cell)


def shown(text: str) -> str:
    """As much of a value as a report shows."""
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
