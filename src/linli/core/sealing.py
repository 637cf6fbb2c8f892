"""Files that are encrypted while they are written and opened while they are read, a piece at a time.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM: each piece is sealed under a nonce
of a random beginning, its number, and whether it is the last; so none can be altered, moved, left out or cut off. The
context is the associated data, as in `core.crypto`.
"""

import io
import secrets
from collections.abc import Iterator
from typing import IO, Any

from cryptography.exceptions import InvalidTag

from linli.core.crypto import DecryptionError, stream_cipher

PREFIX = b"v2:"
PIECE = 256 * 1024
_TAG_BYTES = 16
_BEGINNING_BYTES = 7


class SealedWriter(io.RawIOBase):
    """A file to be written to, whose content goes encrypted into ``out``; nothing is ready before `finish`."""

    def __init__(self, out: IO[bytes], *, key: str, context: str) -> None:
        super().__init__()
        self.size = 0
        self._out, self._context = out, context.encode("utf-8")
        self._cipher = stream_cipher(key, context)
        self._beginning = secrets.token_bytes(_BEGINNING_BYTES)
        self._waiting = bytearray()
        self._number = 0
        out.write(PREFIX + self._beginning)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._waiting += data
        self.size += len(data)
        # The last piece is marked as such, so one stays back.
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def finish(self) -> None:
        """Write the last piece."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        nonce = _nonce(self._beginning, self._number, last=last)
        self._out.write(self._cipher.encrypt(nonce, piece, self._context))
        self._number += 1


def is_sealed_in_pieces(beginning: bytes) -> bool:
    """Tell by its first bytes whether a file was written by `SealedWriter`."""
    return beginning.startswith(PREFIX)


def opened(file: IO[bytes], *, key: str, context: str) -> Iterator[bytes]:
    """Yield the content of a file that `SealedWriter` wrote, piece by piece.

    Raises:
        DecryptionError: a piece does not open, or the end is missing; what came before was right.
    """
    head = file.read(len(PREFIX) + _BEGINNING_BYTES)
    if len(head) < len(PREFIX) + _BEGINNING_BYTES or not head.startswith(PREFIX):
        raise DecryptionError(f"no file in pieces in {context}")
    cipher, beginning = stream_cipher(key, context), head[len(PREFIX) :]
    piece, number = file.read(PIECE + _TAG_BYTES), 0
    while piece:
        following = file.read(PIECE + _TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(beginning, number, last=not following), piece, context.encode("utf-8"))
        except InvalidTag as error:
            raise DecryptionError(f"another key, or altered or cut-off file in {context}") from error
        piece, number = following, number + 1
    if not number:
        raise DecryptionError(f"cut-off file in {context}")


def _nonce(beginning: bytes, number: int, *, last: bool) -> bytes:
    return beginning + number.to_bytes(4, "big") + bytes([last])
