"""QR codes on pages."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(address: str, label: str) -> SafeString:
    """Return the QR code of an address as an SVG element, dark on white in both themes; ``label`` is read aloud."""
    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(scale=4, border=3, light="#fff", omitsize=True, title=label, svgclass="l-qr", lineclass=None)
    # Drawn by segno from modules and an escaped title: nothing of it comes from a visitor.
    return mark_safe(svg)  # noqa: S308
