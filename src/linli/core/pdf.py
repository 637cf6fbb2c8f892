"""Pages for the printer: a Typst template and data in, the bytes of a PDF out, with a watermark across every page.

A template is written in Typst. It finds its data as the dictionary ``data``; ``core/typst/page.typ`` stands before it
and draws the page and the watermark. Nothing of the data is ever read as Typst markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

PAGE = Path(__file__).resolve().parent / "typst" / "page.typ"
# Families that hold Chinese, the plain ones first.
CHINESE_FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "SimSun",
    "SimHei",
)


class NotPrintable(Exception):
    """Nothing can be printed here; the message says what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def chinese_families() -> list[str]:
    """Return the families with Chinese that this machine has, the best one first."""
    return [family for family in CHINESE_FAMILIES if family in _installed()]


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


@cache
def _installed() -> frozenset[str]:
    return frozenset(_fonts().families())


def render_pdf(template: Path, data: Mapping[str, Any], *, watermark: Sequence[str]) -> bytes:
    """Return a PDF.

    Args:
        template: the Typst file.
        data: what the template finds as ``data``; plain values only.
        watermark: the lines that stand across every page, such as who prints and when.

    Raises:
        NotPrintable: no font with Chinese is installed.
    """
    families = chinese_families()
    if not families:
        raise NotPrintable(
            _("This server has no font with Chinese characters. Ask whoever runs it to install Noto Sans CJK.")
        )
    inputs = {
        "data": json.dumps(dict(data), ensure_ascii=False),
        "watermark": json.dumps(list(watermark), ensure_ascii=False),
        "families": json.dumps(families),
        "lang": "zh" if (get_language() or "").startswith("zh") else "en",
    }
    source = PAGE.read_text(encoding="utf-8") + "\n" + template.read_text(encoding="utf-8")
    made = typst.compile(source.encode(), format="pdf", sys_inputs=inputs, font_paths=_fonts())
    return bytes(made)
