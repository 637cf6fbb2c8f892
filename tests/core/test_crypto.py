import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core import crypto
from linli.core.crypto import DecryptionError

KEY = base64.urlsafe_b64encode(bytes(range(224, 256))).decode("ascii")
OTHER_KEY = base64.urlsafe_b64encode(bytes(range(32))).decode("ascii")
CONTEXT = "people.Person.phone"


@given(st.text())
def test_text_comes_back(value):
    ciphertext = crypto.encrypt_text(value, key=KEY, context=CONTEXT)
    assert crypto.decrypt_text(ciphertext, key=KEY, context=CONTEXT) == value


@given(st.binary())
def test_bytes_come_back(data):
    ciphertext = crypto.encrypt_bytes(data, key=KEY, context="files.Upload")
    assert crypto.decrypt_bytes(ciphertext, key=KEY, context="files.Upload") == data


def test_ciphertext_carries_its_version_and_never_the_text_nor_the_same_twice():
    first, second = (crypto.encrypt_text("13867967113", key=KEY, context=CONTEXT) for _ in range(2))
    assert re.fullmatch(r"v1:[A-Za-z0-9_-]+={0,2}", first)
    assert first != second
    assert b"13867967113" not in base64.urlsafe_b64decode(first.removeprefix("v1:"))
    assert crypto.encrypt_bytes(b"13867967113", key=KEY, context=CONTEXT).startswith(b"v1:")


def _altered(text: str) -> str:
    last = "A" if text[-1] != "A" else "B"
    return text[:-1] + last


@pytest.mark.parametrize(
    "alter",
    [
        _altered,
        lambda text: text[:-4],
        lambda text: text[:20],
        lambda text: text.replace("v1:", "v2:"),
        lambda text: text.removeprefix("v1:"),
        lambda text: "v1:",
        lambda text: "v1:号",
        lambda text: "v1:a",
        lambda text: "13867967113",
        lambda text: "",
    ],
)
def test_altered_text_does_not_open(alter):
    # Thirty bytes make a base64 text without padding, so that every character of it counts.
    ciphertext = crypto.encrypt_text("13", key=KEY, context=CONTEXT)
    with pytest.raises(DecryptionError, match=CONTEXT):
        crypto.decrypt_text(alter(ciphertext), key=KEY, context=CONTEXT)


@pytest.mark.parametrize("position", [0, 3, 14, 15, 20, -1])
def test_one_altered_byte_does_not_open(position):
    ciphertext = bytearray(crypto.encrypt_bytes(b"some content", key=KEY, context=CONTEXT))
    ciphertext[position] ^= 1
    with pytest.raises(DecryptionError):
        crypto.decrypt_bytes(bytes(ciphertext), key=KEY, context=CONTEXT)


def test_another_key_or_another_column_does_not_open():
    ciphertext = crypto.encrypt_text("13867967113", key=KEY, context=CONTEXT)
    with pytest.raises(DecryptionError):
        crypto.decrypt_text(ciphertext, key=OTHER_KEY, context=CONTEXT)
    with pytest.raises(DecryptionError):
        crypto.decrypt_text(ciphertext, key=KEY, context="people.Person.id_number")


def test_a_field_does_not_open_as_a_file():
    sealed = base64.urlsafe_b64decode(crypto.encrypt_text("x", key=KEY, context=CONTEXT).removeprefix("v1:"))
    with pytest.raises(DecryptionError):
        crypto.decrypt_bytes(b"v1:" + sealed, key=KEY, context=CONTEXT)


def test_blind_index_is_the_same_for_the_same_value_key_and_context_only():
    index = crypto.blind_index("13867967113", CONTEXT, key=KEY)
    assert re.fullmatch(r"[0-9a-f]{32}", index)
    assert index == crypto.blind_index("13867967113", CONTEXT, key=KEY)
    assert index != crypto.blind_index("13867967114", CONTEXT, key=KEY)
    assert index != crypto.blind_index("13867967113", "people.Person.id_number", key=KEY)
    assert index != crypto.blind_index("13867967113", CONTEXT, key=OTHER_KEY)


def test_an_empty_value_has_the_empty_index():
    assert crypto.blind_index("", CONTEXT, key=KEY) == ""


def test_seal_depends_on_payload_and_key():
    sealed = crypto.seal(b"entry 1", KEY)
    assert re.fullmatch(r"[0-9a-f]{64}", sealed)
    assert sealed == crypto.seal(b"entry 1", KEY)
    assert sealed != crypto.seal(b"entry 2", KEY)
    assert sealed != crypto.seal(b"entry 1", OTHER_KEY)


def test_keys_may_be_standard_or_url_safe_base64():
    standard = KEY.replace("-", "+").replace("_", "/")
    assert standard != KEY
    assert crypto.decode_key(standard + "\n") == crypto.decode_key(KEY) == bytes(range(224, 256))


@pytest.mark.parametrize("bad", ["", "not base64 at all!", base64.b64encode(bytes(16)).decode(), "Zm9v"])
def test_a_bad_key_is_refused_without_being_shown(bad):
    with pytest.raises(ValueError, match="a key") as caught:
        crypto.decode_key(bad)
    assert not bad or bad not in str(caught.value)
