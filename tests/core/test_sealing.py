from __future__ import annotations

import base64
import io

import pytest

from linli.core.crypto import DecryptionError
from linli.core.sealing import PIECE, SealedWriter, opened

KEY = base64.b64encode(bytes(range(32))).decode("ascii")
HEAD = 10


def sealed(content: bytes, context: str = "a") -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, key=KEY, context=context)
    for start in range(0, len(content), 100_000):
        writer.write(content[start : start + 100_000])
    writer.finish()
    assert writer.size == len(content)
    return out.getvalue()


def read(file: bytes, context: str = "a") -> bytes:
    return b"".join(opened(io.BytesIO(file), key=KEY, context=context))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 17])
def test_what_is_written_is_read(size: int) -> None:
    content = bytes(number % 251 for number in range(size))
    file = sealed(content)
    assert read(file) == content
    assert content[:64] not in file or size < 2


def test_nothing_altered_moved_or_cut_off_opens() -> None:
    piece = PIECE + 16
    file = sealed(bytes(2 * PIECE + 5))
    first, second, last = file[HEAD : HEAD + piece], file[HEAD + piece : HEAD + 2 * piece], file[HEAD + 2 * piece :]
    head = file[:HEAD]
    for wrong in (
        head + second + first + last,
        head + first + second,
        head + first + last,
        head + first + second + last[:-1],
        head + bytes([first[0] ^ 1]) + first[1:] + second + last,
        head,
        file[:5],
        b"",
    ):
        with pytest.raises(DecryptionError):
            read(wrong)
    with pytest.raises(DecryptionError):
        read(file, context="b")
