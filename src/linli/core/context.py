"""What every page knows about how it is to be shown; read from two cookies and the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from linli.core.importmap import IMPORT_MAP

THEME_COOKIE = "linli_theme"
SIZE_COOKIE = "linli_size"
THEMES = ("auto", "light", "dark")
SIZES = ("normal", "large")

# The tags that browsers and screen readers choose fonts and voices by.
_HTML_LANGUAGES = {"zh-hans": "zh-Hans"}


@dataclass(frozen=True)
class Display:
    """How one visitor wants pages shown."""

    theme: str
    size: str
    language: str

    @property
    def html_language(self) -> str:
        """The language as the ``lang`` attribute spells it."""
        return _HTML_LANGUAGES.get(self.language, self.language)


def display_of(request: HttpRequest) -> Display:
    """Read the chosen theme and size; an unknown value counts as not chosen."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    size = request.COOKIES.get(SIZE_COOKIE, "")
    return Display(
        theme=theme if theme in THEMES else THEMES[0],
        size=size if size in SIZES else SIZES[0],
        language=get_language() or settings.LANGUAGE_CODE,
    )


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``display``, ``import_map``, ``map_style``."""
    return {
        "display": display_of(request),
        "import_map": IMPORT_MAP,
        "map_style": settings.LINLI_MAP_STYLE,
    }
