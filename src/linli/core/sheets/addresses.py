"""Where a home is: compound, building, entrance, room, written alike whatever way they were written."""

import re
from dataclasses import dataclass
from functools import lru_cache

from linli.core.sheets.text import arabic_digits, clean_string, without_spaces

ADDRESS_PARTS = ("compound", "building", "entrance", "room")
"""The parts of an address from wide to narrow, as field names."""

_BUILDING_WORDS = r"(?:号楼|号栋|号幢|号院楼|楼栋|栋楼|幢楼|楼|栋|幢|座|#楼|#|号)"
_ENTRANCE_WORDS = r"(?:单元|门洞|号门|门|梯|口)"
_ROOM_WORDS = r"(?:室|房间|房|号房|号室|户|号)"

_BUILDING = re.compile(rf"第?(?P<number>[0-9A-Z]{{1,5}}(?:-[0-9]{{1,3}})?){_BUILDING_WORDS}?")
_ENTRANCE = re.compile(rf"第?(?P<number>[0-9A-Z]{{1,3}}|[东西中南北]){_ENTRANCE_WORDS}?")
_ROOM = re.compile(rf"(?P<number>[0-9A-Z]{{1,6}}(?:-[0-9]{{1,4}})?){_ROOM_WORDS}?")

# 潞州区 ends a district, 刘小区 and 工业园区 do not; these endings belong to places that people live in.
_ADMINISTRATION = re.compile(
    r"^(?P<province>[^\d]{2,8}?(?:省|自治区))?(?P<city>[^\d]{2,8}?(?:市(?![场政委])|自治州|盟))?"
    r"(?P<county>[^\d]{1,7}?(?:县|旗))?(?P<district>[^\d]{1,7}?(?<![小园社校新矿牧院])区)?"
    r"(?P<town>[^\d]{1,9}?(?:镇|乡))?(?P<street>[^\d]{1,9}?(?:街道办事处|街道))?"
    r"(?P<community>[^\d]{1,9}?(?:社区居委会|居委会|社区|村委会))?"
)
_ENOUGH_ALONE = frozenset({"district", "street", "community"})
_NO_NAME = frozenset({"", "小区", "家属院", "家属楼", "家属区", "大院", "院", "花园", "公寓", "新村", "村"})
_BUILDING_PART = rf"第?(?P<building>[0-9A-Z]{{1,5}}){_BUILDING_WORDS}"
_COMBINED = (
    # 黎花园3号楼2单元501室, 黎花园3号楼501, 黎花园3号楼
    re.compile(
        rf"^(?P<compound>.*?){_BUILDING_PART}[-,，、/]?(?:第?(?P<entrance>[0-9A-Z东西中]{{1,3}}){_ENTRANCE_WORDS}[-,，、/]?)?"
        rf"(?:(?:[0-9]{{1,2}}(?:楼|层))?(?P<room>[0-9A-Z]{{1,6}}){_ROOM_WORDS}?)?$"
    ),
    # 黎花园3号楼2-501, 黎花园3#2-501
    re.compile(
        rf"^(?P<compound>.*?){_BUILDING_PART}[-,，、/]?(?P<entrance>[0-9A-Z]{{1,2}})[-/](?P<room>[0-9A-Z]{{1,6}}){_ROOM_WORDS}?$"
    ),
    # 黎花园3-2-501
    re.compile(
        rf"^(?P<compound>.*?)(?P<building>[0-9A-Z]{{1,4}})[-/](?P<entrance>[0-9A-Z]{{1,2}})[-/](?P<room>[0-9A-Z]{{1,6}}){_ROOM_WORDS}?$"
    ),
    # 黎花园3-501
    re.compile(rf"^(?P<compound>.*?)(?P<building>[0-9A-Z]{{1,4}})-(?P<room>[0-9A-Z]{{3,6}}){_ROOM_WORDS}?$"),
)
# 三号楼 and 二单元 count, 三里屯 and 五一路 are names: only a number before one of these words is written in digits.
_COUNTED = re.compile(r"[零〇一二两三四五六七八九十百]+(?=号楼|栋|幢|座|单元|#|号院|层|室)")
_WITHIN_BUILDING = re.compile(
    rf"(?:第?(?P<entrance>[0-9A-Z东西中]{{1,3}})(?:{_ENTRANCE_WORDS}[-/]?|[-/]))?(?P<room>[0-9A-Z]{{1,6}}){_ROOM_WORDS}?"
)
_SECTION = re.compile(rf"^(?P<compound>[^\d]*?){_BUILDING_PART}(?!网格|院)(?:第?(?P<entrance>[0-9A-Z]{{1,3}})单元)?")


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a home's address; a part that is not written is ``""``."""

    compound: str = ""
    building: str = ""
    entrance: str = ""
    room: str = ""

    def parts(self) -> dict[str, str]:
        """The parts by field name."""
        return {"compound": self.compound, "building": self.building, "entrance": self.entrance, "room": self.room}


@lru_cache(maxsize=65536)
def building_number(text: str) -> str:
    """``3``, ``3号楼``, ``3#``, ``三号楼``, ``3栋`` -> ``3``; a building with a name keeps it."""
    return _part(_BUILDING, text)


@lru_cache(maxsize=65536)
def entrance_number(text: str) -> str:
    """``2``, ``2单元``, ``二单元``, ``第2单元`` -> ``2``."""
    return _part(_ENTRANCE, text)


@lru_cache(maxsize=65536)
def room_number(text: str) -> str:
    """``501``, ``501室``, ``501号`` -> ``501``."""
    return _part(_ROOM, text)


def _part(pattern: re.Pattern[str], text: str) -> str:
    compact = arabic_digits(without_spaces(clean_string(text))).upper().removesuffix(".0")
    match = pattern.fullmatch(compact)
    return _without_leading_zeros(match["number"]) if match else compact


def _without_leading_zeros(number: str) -> str:
    return number.lstrip("0") or number


@lru_cache(maxsize=65536)
def compound_name(text: str) -> str:
    """A compound's name without spaces and without the province, city, district and community before it."""
    compact = without_spaces(clean_string(text))
    match = _ADMINISTRATION.match(compact)
    levels = {level for level, name in match.groupdict().items() if name} if match else set()
    if not match or not (levels & _ENOUGH_ALONE or len(levels) > 1):
        return compact
    short = compact[match.end() :]
    return compact if short in _NO_NAME else short


@lru_cache(maxsize=65536)
def split_address(text: str) -> Address | None:
    """``黎花园3号楼2单元501`` -> its parts; ``None`` where no building is recognised."""
    compact = compact_address(text)
    for pattern in _COMBINED:
        match = pattern.match(compact)
        if match:
            found = match.groupdict()
            return Address(
                compound=compound_name(found["compound"].rstrip("-,，、/")),
                building=_without_leading_zeros(found["building"]),
                entrance=_without_leading_zeros(found.get("entrance") or ""),
                room=_without_leading_zeros(found.get("room") or ""),
            )
    return None


@lru_cache(maxsize=65536)
def split_within_building(text: str) -> Address | None:
    """``2单元501``, ``2-501`` or ``501`` -> entrance and room, for a sheet whose name or title says the building."""
    match = _WITHIN_BUILDING.fullmatch(compact_address(text))
    if not match:
        return None
    return Address(entrance=_without_leading_zeros(match["entrance"] or ""), room=_without_leading_zeros(match["room"]))


@lru_cache(maxsize=4096)
def find_building(text: str) -> Address | None:
    """The compound, building and entrance that a sheet name, a title or a heading inside a table speaks of.

    ``黎花园3号楼``, ``3号楼居民信息台账`` and ``3栋2单元(共24户)`` give one, ``居民台账`` gives ``None``.
    """
    match = _SECTION.match(compact_address(text))
    if not match:
        return None
    return Address(
        compound=compound_name(match["compound"]) if match["compound"] else "",
        building=_without_leading_zeros(match["building"]),
        entrance=_without_leading_zeros(match["entrance"] or ""),
    )


def compact_address(text: str) -> str:
    """One spelling for reading: no spaces, capital letters, and digits for the Chinese numbers that count something."""
    compact = without_spaces(clean_string(text)).upper()
    return _COUNTED.sub(lambda match: arabic_digits(match.group()), compact)
