"""Pictures made by the tests."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F
CAMERA = "Camera of Zhang San"


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB") -> bytes:
    """Return a small picture: left half red, right half blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    output = BytesIO()
    image.convert(mode).save(output, kind)
    return output.getvalue()


def with_position(size: tuple[int, int] = (2400, 1200), orientation: int = 6) -> bytes:
    """Return a JPEG as phones make it: lying on its side, with camera and position in its notes."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    notes = Image.Exif()
    notes[ORIENTATION], notes[MAKE] = orientation, CAMERA
    notes[GPS] = {1: "N", 2: (36.0, 11.0, 24.0), 3: "E", 4: (113.0, 7.0, 12.0)}
    output = BytesIO()
    image.save(output, "JPEG", exif=notes)
    return output.getvalue()


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose header promises that many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(b"\x00" * 1000)), (b"IEND", b"")
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
