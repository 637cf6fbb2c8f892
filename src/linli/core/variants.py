"""One spelling for characters that are written in several ways: 張 is 张, 峯 is 峰, １ is 1.

Only for comparing and finding: what people wrote stays as they wrote it.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Any

# Variants of characters in names that the tables of OpenCC do not hold.
_VARIANTS = str.maketrans(
    "囯氷甯寗勲晳呉栢邨珎凃煕徳恵粦鉄斉黒沢辺浜桜竜塩戸穏緑県姉妺鉴崐崑髙",
    "国冰宁宁勋皙吴柏村珍涂熙德惠麟铁齐黑泽边滨樱龙盐户稳绿县姐妹鉴昆昆高",
)


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Return a text in simplified characters of one width, in small letters."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if plain.isascii():
        return plain
    simplified: str = _converter().convert(plain)
    return simplified.translate(_VARIANTS)


@lru_cache(maxsize=65536)
def folded_name(name: str) -> str:
    """Return a name as it is compared: folded, and nothing but its letters and digits."""
    return "".join(character for character in folded(name) if character.isalnum())
