"""Every way in which a Chinese text may be typed in pinyin, for the search index.

Readings come from pypinyin, without tones. Two tables of our own come before them, because the library gives the most
frequent reading of a character, not that of a name: surnames, and phrases such as 长治, which it reads “zhang zhi”.
"""

import os
import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

MOST_COMBINATIONS = 16

_MOST_READINGS = 4
_UNIT = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]|[a-z0-9]+")

# Read so at the beginning of a name.
_SURNAMES = {
    "万俟": ("mo", "qi"),
    "单于": ("chan", "yu"),
    "尉迟": ("yu", "chi"),
    "澹台": ("tan", "tai"),
    "乐": ("yue",),
    "乜": ("nie",),
    "仇": ("qiu",),
    "区": ("ou",),
    "单": ("shan",),
    "卜": ("bu",),
    "召": ("shao",),
    "员": ("yun",),
    "折": ("she",),
    "曾": ("zeng",),
    "朴": ("piao",),
    "查": ("zha",),
    "洗": ("xian",),
    "祭": ("zhai",),
    "种": ("chong",),
    "秘": ("bi",),
    "繁": ("po",),
    "缪": ("miao",),
    "翟": ("zhai",),
    "盖": ("ge",),
    "覃": ("qin",),
    "解": ("xie",),
    "郇": ("xun",),
    "隗": ("wei",),
    "黑": ("he",),
}

# Surnames of two characters.
_LONG_SURNAMES = frozenset(
    {
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "司徒",
        "司空",
        "夏侯",
        "轩辕",
        "单于",
        "万俟",
        "澹台",
        "端木",
        "南宫",
        "西门",
        "百里",
        "呼延",
    }
)

# Read so wherever they stand.
_PHRASES = {
    "长治": ("chang", "zhi"),
    "长兴": ("chang", "xing"),
    "长安": ("chang", "an"),
    "长北": ("chang", "bei"),
    "太行": ("tai", "hang"),
    "重庆": ("chong", "qing"),
    "厦门": ("xia", "men"),
    "六安": ("lu", "an"),
    "洪洞": ("hong", "tong"),
    "银行": ("yin", "hang"),
    "音乐": ("yin", "yue"),
}

# A syllable, or as much of its beginning as people type for it: san, s, and sh for shan.
_SYLLABLE = re.compile(
    "(?=(?P<initial>zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?P<final>iang|iong|uang|ang|eng|ian|iao|ing|ong|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|"
    "[aeiouv])?)"
)
_TWO_LETTERS = ("zh", "ch", "sh")
# A name of more characters than this is found by its beginning.
_MOST_PIECES = 6
_MOST_PARTINGS = 24

Combination = tuple[int, str, str]


def readings(text: str) -> str:
    """Return the readings of a text, likeliest first: each as whole pinyin without spaces, then as initials.

    Latin letters and digits stay as they are, everything else is left out. ``readings("单田芳")`` begins with
    ``shantianfang stf dantianfang dtf``. At most 16 combinations of readings are given.
    """
    words = [word for spelling in spellings(text) for word in spelling]
    return " ".join(dict.fromkeys(filter(None, words)))


def spellings(text: str) -> list[tuple[str, str]]:
    """Return whole pinyin and initials of every reading of a text, the likeliest first."""
    units = _UNIT.findall(unicodedata.normalize("NFKC", text).lower())
    preferred = _preferred_readings(units)
    combinations: list[Combination] = [(0, "", "")]
    for position, unit in enumerate(units):
        options = _options(unit, preferred.get(position))
        combinations = _extend(combinations, options)
    return [(whole, initials) for _rank, whole, initials in combinations]


def partings(typed: str) -> list[str]:
    """Return the initials of every row of characters that letters may be typed for, the shortest rows first.

    Each character may stand there with its whole syllable or with its first letter: ``zhangsf`` gives zsf, zasf, zgsf,
    … Whether a name reads so is told by `read_as`.
    """
    reached: dict[int, set[str]] = {0: {""}}
    for position in range(len(typed)):
        ends = _ends_of_piece(typed, position)
        for before in reached.get(position, ()):
            if len(before) < _MOST_PIECES:
                for end in ends:
                    reached.setdefault(end, set()).add(before + typed[position])
    return sorted(reached.get(len(typed), ()), key=lambda initials: (len(initials), initials))[:_MOST_PARTINGS]


def read_as(text: str, typed: str) -> int | None:
    """Tell how much of a text the typed letters are: 0 all of it, 1 its beginning, None nothing of it.

    Each character may be typed with any of its readings, or with the first letter of one; the last one as far as the
    person has come.
    """
    units = _UNIT.findall(unicodedata.normalize("NFKC", text).lower())
    preferred = _preferred_readings(units)
    positions = {0}
    for place, unit in enumerate(units):
        syllables = [whole for whole, _initial in _options(unit, preferred.get(place)) if whole]
        rest = [typed[position:] for position in positions]
        if any(syllable.startswith(left) for left in rest for syllable in syllables):
            return 0 if place == len(units) - 1 else 1
        positions = {
            position + len(piece)
            for position in positions
            for syllable in syllables
            for piece in (syllable, *_beginnings(syllable))
            if typed.startswith(piece, position)
        }
        if not positions:
            return None
    return None


def _ends_of_piece(typed: str, position: int) -> set[int]:
    """Return where a syllable or its first letter that begins at a position may end."""
    match = _SYLLABLE.match(typed, position)
    if match is None:
        return set()
    initial, final = match["initial"] or "", match["final"] or ""
    # No syllable begins with these.
    if not initial and final[:1] in ("i", "u", "v"):
        return set()
    ends = {position + len(piece) for piece in (initial, initial[:1]) if piece}
    # 先 is xian and 西安 too: every beginning of a final may be all of it.
    return ends | {position + len(initial) + length for length in range(1, len(final) + 1)}


def _beginnings(syllable: str) -> tuple[str, ...]:
    return (syllable[0], syllable[:2]) if syllable.startswith(_TWO_LETTERS) else (syllable[0],)


def surname_length(name: str) -> int:
    """Return how many characters of a name are the surname: two of 尉迟恭, one of 单田芳."""
    return 2 if len(name) > 2 and name[:2] in _LONG_SURNAMES else 1


def _extend(combinations: list[Combination], options: tuple[tuple[str, str], ...]) -> list[Combination]:
    """Add a unit to each combination in each reading, keeping the likeliest; a combination's rank is the sum of its
    readings' places, so that one rare reading goes before two."""
    if len(options) == 1:
        whole, initial = options[0]
        return [(rank, before + whole, initials + initial) for rank, before, initials in combinations]
    extended = [
        (rank + place, before + whole, initials + initial)
        for rank, before, initials in combinations
        for place, (whole, initial) in enumerate(options)
    ]
    extended.sort(key=_rank)
    return extended[:MOST_COMBINATIONS]


def _rank(combination: Combination) -> int:
    return combination[0]


def _preferred_readings(units: list[str]) -> dict[int, str]:
    """Return the reading that a surname or a phrase gives to the unit at a position."""
    preferred: dict[int, str] = {}
    for length in (3, 2):
        for start in range(len(units) - length + 1):
            _prefer(preferred, start, _PHRASES.get("".join(units[start : start + length])))
    surname = _SURNAMES.get("".join(units[:2])) or _SURNAMES.get("".join(units[:1]))
    _prefer(preferred, 0, surname)
    return preferred


def _prefer(preferred: dict[int, str], start: int, syllables: tuple[str, ...] | None) -> None:
    for offset, syllable in enumerate(syllables or ()):
        preferred.setdefault(start + offset, syllable)


@cache
def _library() -> tuple[Any, Any]:
    """Load pypinyin at its first use: serving pages needs no readings, and its table of phrases is never needed."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    return pinyin, Style.NORMAL


@lru_cache(maxsize=50_000)
def _options(unit: str, preferred: str | None) -> tuple[tuple[str, str], ...]:
    """Return the readings of a unit with their initials, the preferred one first."""
    if unit.isascii():
        return ((unit, unit),)
    pinyin, style = _library()
    # A character that the library does not know comes back as nothing at all.
    known = pinyin(unit, style=style, heteronym=True, errors="ignore")
    syllables = dict.fromkeys([preferred] if preferred else [])
    syllables.update(dict.fromkeys(syllable for group in known for syllable in group))
    return tuple((syllable, syllable[0]) for syllable in list(syllables)[:_MOST_READINGS]) or (("", ""),)
