"""Photos: told by their content, re-drawn without what the camera wrote beside the picture."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_PHOTOS = 6
LONGEST_SIDE = 1600
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
HEAD_BYTES = 32

_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
# What Pillow raises for a file that is broken, cut off, or made to burst.
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class NoPhoto(Exception):
    """The content is not a photo that we take; the message says so in words, and what to do."""


def kind_of(head: bytes) -> str:
    """Return what the first 32 bytes of a file say it is: ``JPEG``, ``PNG``, ``WEBP``, ``HEIC`` or nothing."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return "HEIC"
    return ""


def check_photo(content: bytes) -> None:
    """Look at size and header only, which takes no time whatever the picture holds.

    Raises:
        NoPhoto: too large, no photo, or of a kind that not every browser shows.
    """
    if len(content) > MAX_BYTES:
        raise NoPhoto(_("This photo is larger than 10 MB. Choose a smaller one, or take a screenshot of it."))
    kind = kind_of(content[:HEAD_BYTES])
    if kind == "HEIC":
        raise NoPhoto(_("This photo is in the HEIC format. Send a screenshot of it, or save it as JPG."))
    if not kind:
        raise NoPhoto(_("This file is not a photo. Choose a JPG, PNG or WebP picture."))
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            _require_size(image)
    except _UNREADABLE as error:
        raise _as_no_photo(error) from error


def redraw(content: bytes) -> bytes:
    """Return the picture as a JPEG of at most 1,600 pixels a side, upright, without EXIF, position or any other note.

    Raises:
        NoPhoto: the picture cannot be drawn, or has more than 50 megapixels.
    """
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            _require_size(image)
            # A JPEG is read at the nearest smaller scale, which keeps memory low.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            drawn = _on_white(image)
            drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = _turned(drawn, image.getexif().get(_ORIENTATION, 1))
    except _UNREADABLE as error:
        raise _as_no_photo(error) from error
    output = BytesIO()
    upright.save(output, "JPEG", quality=QUALITY, optimize=True)
    return output.getvalue()


def _turned(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image.transpose(turn) if turn is not None else image


def _on_white(image: Image.Image) -> Image.Image:
    """Return a plain RGB copy; what was transparent becomes white. A new image carries none of the notes."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    drawn = Image.new("RGB", image.size, "white")
    layer = image.convert("RGBA")
    drawn.paste(layer, mask=layer)
    return drawn


def _require_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> NoPhoto:
    return NoPhoto(_("This photo has more than 50 megapixels. Choose a smaller one, or take a screenshot of it."))


def _as_no_photo(error: BaseException) -> NoPhoto:
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return _too_many_pixels()
    return NoPhoto(_("This photo cannot be opened. Take it again, or choose another one."))
