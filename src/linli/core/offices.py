"""Who holds which office in a committee or an organisation, as people write it, and as it may be shown.

``主任：张三；副主任：李四、王五``, one a line, or ``主任张三、副主任李四`` in one cell: each name gets the
office before it. Whoever prefers not to be named has an office without a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.core.masking import MASK, mask_name
from linli.core.sheets.text import words

MOST = 40
LONGEST_OFFICE, LONGEST_NAME = 20, 30
# Stands for the name of somebody who prefers not to be named, and what people write there.
UNNAMED = "—"
DECLINED = frozenset((UNNAMED, *words("— - 不方便 不方便说 不愿公开 不愿透露 不愿说 不公开 保密 declined")))
# Offices that are written without anything between them and the name; the longest that fits counts.
KNOWN = tuple(
    sorted(
        words(
            "名誉会长 常务副会长 副会长 会长 常务副理事长 副理事长 理事长 常务理事 理事 副监事长 监事长 监事 "
            "副秘书长 秘书长 执行主任 副主任 主任 候补委员 委员 副主席 主席 财务负责人 财务 出纳 会计 干事 "
            "副组长 组长 副队长 队长 法定代表人 主要负责人 负责人"
        ),
        key=len,
        reverse=True,
    )
)
# What somebody is in a party is nobody's business here.
PARTY = "党"

_BETWEEN = re.compile(r"[;；\n]+")
_NAMES = re.compile(r"[、,，/]+")
_NO_OFFICE = _("An office is missing before “%(text)s”. Write the office and the name, as 主任：王建国.")
_NO_NAME = _("The name is missing behind “%(text)s”. Write it, or 不方便 if it is not to be named.")
_TOO_LONG = _("“%(text)s” is too long for an office and a name. Write each on a line of its own.")
_TOO_MANY = _("These are more than %(most)d. Write down those who are in office now.")
_IN_A_PARTY = _("Offices in a party are not kept here. Leave “%(text)s” out.")
_STARS = _("Stars stand here instead of names. Write the names, or leave it empty.")


@dataclass(frozen=True)
class Office:
    """An office and who holds it; without a name whoever holds it prefers not to be named."""

    title: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.title}：{self.name or UNNAMED}"


class OfficesFault(ValueError):
    """What was written can't be read as offices; ``message`` says why and what to do."""

    def __init__(self, reason: str | Promise, **details: object) -> None:
        super().__init__(str(reason))
        self.reason, self.details = reason, details

    @property
    def message(self) -> str:
        """The reason in words."""
        return str(self.reason) % self.details


def read_offices(written: str) -> list[Office]:
    """Return the offices of a text in their order. Raises ``OfficesFault``."""
    if MASK in written:
        raise OfficesFault(_STARS)
    found = [office for part in _BETWEEN.split(written) if part.strip() for office in _of_part(part.strip())]
    if len(found) > MOST:
        raise OfficesFault(_TOO_MANY, most=MOST)
    return list(dict.fromkeys(found))


def spell_offices(offices: Iterable[Office]) -> str:
    """Return offices as they are kept, in one line: ``read_offices`` gives them back."""
    return "；".join(str(office) for office in offices)


def kept_offices(kept: str) -> list[Office]:
    """Return the offices of a text that ``spell_offices`` made."""
    parts = (part.partition("：") for part in kept.split("；") if part)
    return [Office(title, "" if name == UNNAMED else name) for title, _colon, name in parts]


def mask_offices(kept: str | None) -> str:
    """Return a kept text with every name but its first character hidden."""
    return spell_offices(Office(office.title, mask_name(office.name)) for office in kept_offices(kept or ""))


def _of_part(part: str) -> Iterator[Office]:
    title = ""
    for piece in _NAMES.split(part):
        if not piece.strip():
            continue
        title, names = _parted(piece.strip(), title)
        for name in names:
            if PARTY in title:
                raise OfficesFault(_IN_A_PARTY, text=title)
            if len(title) > LONGEST_OFFICE or len(name) > LONGEST_NAME:
                raise OfficesFault(_TOO_LONG, text=piece.strip())
            yield Office(title, "" if name.lower() in DECLINED else name)


def _parted(piece: str, before: str) -> tuple[str, list[str]]:
    """Return the office of a piece and its names; ``before`` is the office of the piece before."""
    title, colon, rest = piece.replace(":", "：").partition("：")
    if colon:
        return _complete(title.strip(), rest)
    known = next((office for office in KNOWN if piece.startswith(office)), "")
    if known:
        return _complete(known, piece[len(known) :])
    parts = piece.split()
    if len(parts) > 1 and len(parts[0]) > 1:
        return _complete(parts[0], " ".join(parts[1:]))
    if not before:
        raise OfficesFault(_NO_OFFICE, text=piece)
    return before, _words(piece)


def _complete(title: str, rest: str) -> tuple[str, list[str]]:
    names = _words(rest)
    if not title:
        raise OfficesFault(_NO_OFFICE, text=rest.strip())
    if not names:
        raise OfficesFault(_NO_NAME, text=title)
    return title, names


def _words(text: str) -> list[str]:
    """Return the names of a text; one whose characters stand apart is one name: 王 五."""
    parts = text.split()
    if all(len(part) == 1 for part in parts):
        return ["".join(parts)] if parts else []
    return [" ".join(parts)] if text.isascii() else parts
