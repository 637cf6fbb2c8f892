"""Encryption of single values and files, blind indexes and seals.

Every function takes its key as base64 text of 32 bytes, standard or URL-safe, as `LINLI_DATA_KEY` and `LINLI_SEAL_KEY`
hold it. From it HKDF-SHA256 derives one key for each purpose and context, a context being a name such as
``people.Person.phone``. The context is also the associated data, so that a value moved to another column no longer
opens.

Sources: AES-256-GCM (NIST SP 800-38D), HKDF (RFC 5869), HMAC (RFC 2104).
"""

import base64
import binascii
import hmac
import secrets
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
BLIND_INDEX_LENGTH = 32
TEXT_PREFIX = "v1:"

_BYTES_PREFIX = TEXT_PREFIX.encode("ascii")
_NONCE_BYTES = 12
_TAG_BYTES = 16


class DecryptionError(Exception):
    """The key is another one, or the ciphertext was altered, cut off or moved to another context."""


def encrypt_text(value: str, *, key: str, context: str) -> str:
    """Return a text encrypted under a fresh nonce, as ``v1:`` and URL-safe base64."""
    sealed = _seal(value.encode("utf-8"), key, "field", context)
    return TEXT_PREFIX + base64.urlsafe_b64encode(sealed).decode("ascii")


def decrypt_text(ciphertext: str, *, key: str, context: str) -> str:
    """Return the text that `encrypt_text` was given under the same key and context.

    Raises:
        DecryptionError: it does not open.
    """
    if not ciphertext.startswith(TEXT_PREFIX):
        raise DecryptionError(f"no ciphertext of version 1 in {context}")
    try:
        sealed = base64.b64decode(ciphertext[len(TEXT_PREFIX) :], altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise DecryptionError(f"altered ciphertext in {context}") from error
    return _open(sealed, key, "field", context).decode("utf-8")


def encrypt_bytes(data: bytes, *, key: str, context: str) -> bytes:
    """Return the content of a file encrypted under a fresh nonce, as ``v1:``, nonce, ciphertext and tag."""
    return _BYTES_PREFIX + _seal(data, key, "file", context)


def decrypt_bytes(ciphertext: bytes, *, key: str, context: str) -> bytes:
    """Return the content that `encrypt_bytes` was given under the same key and context.

    Raises:
        DecryptionError: it does not open.
    """
    if not ciphertext.startswith(_BYTES_PREFIX):
        raise DecryptionError(f"no ciphertext of version 1 in {context}")
    return _open(ciphertext[len(_BYTES_PREFIX) :], key, "file", context)


def stream_cipher(key: str, context: str) -> AESGCM:
    """Return the cipher for files that are written in pieces; `core.sealing` gives each piece its nonce."""
    return _cipher(key, "stream", context)


def blind_index(value: str, context: str, *, key: str) -> str:
    """Return 32 hexadecimal characters by which equal values of one context can be found without storing them.

    The caller normalises the value first. An empty value has the empty index, so that missing values never match.
    """
    if not value:
        return ""
    derived = _derived_key(key, "index", context)
    return hmac.new(derived, value.encode("utf-8"), sha256).hexdigest()[:BLIND_INDEX_LENGTH]


def seal(payload: bytes, key: str) -> str:
    """Return the HMAC-SHA256 of a payload as 64 hexadecimal characters."""
    return hmac.new(_derived_key(key, "seal", ""), payload, sha256).hexdigest()


def decode_key(key: str) -> bytes:
    """Return the 32 bytes of a key.

    Raises:
        ValueError: the text is not base64 of 32 bytes. The message never holds the key.
    """
    try:
        decoded = base64.b64decode(key.strip().replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("a key is base64 text") from None
    if len(decoded) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(decoded)}")
    return decoded


def _seal(data: bytes, key: str, purpose: str, context: str) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(key, purpose, context).encrypt(nonce, data, context.encode("utf-8"))


def _open(sealed: bytes, key: str, purpose: str, context: str) -> bytes:
    if len(sealed) < _NONCE_BYTES + _TAG_BYTES:
        raise DecryptionError(f"cut-off ciphertext in {context}")
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _cipher(key, purpose, context).decrypt(nonce, ciphertext, context.encode("utf-8"))
    except InvalidTag as error:
        raise DecryptionError(f"another key or altered ciphertext in {context}") from error


@lru_cache(maxsize=256)
def _cipher(key: str, purpose: str, context: str) -> AESGCM:
    return AESGCM(_derived_key(key, purpose, context))


@lru_cache(maxsize=256)
def _derived_key(key: str, purpose: str, context: str) -> bytes:
    info = f"linli/v1/{purpose}/{context}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(decode_key(key))
