"""A report is taken once, however often its button is pressed: the second press gets the answer of the first."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.core.cache import cache

from linli.core.crypto import decrypt_text, encrypt_text

CONTEXT = "public.report"
KEPT_SECONDS = 600
_RUNNING = "running"
_WAIT_SECONDS = 10.0
_LOOK_AGAIN_SECONDS = 0.05


def first(form_token: str) -> bool:
    """Tell whether this is the first press of a form; only then may the report be made."""
    return cache.add(_key(form_token), _RUNNING, timeout=KEPT_SECONDS)


def finish(form_token: str, answer: str) -> None:
    """Keep the answer of the first press, encrypted, for the presses that follow."""
    cache.set(_key(form_token), seal(answer), timeout=KEPT_SECONDS)


def release(form_token: str) -> None:
    """The first press came to nothing: the form may be sent again."""
    cache.delete(_key(form_token))


def answer_of_first(form_token: str) -> str | None:
    """Wait for the answer of the first press and return it; None when it came to nothing or takes too long."""
    until = time.monotonic() + _WAIT_SECONDS
    while (kept := cache.get(_key(form_token))) == _RUNNING and time.monotonic() < until:
        time.sleep(_LOOK_AGAIN_SECONDS)
    return unseal(kept) if kept and kept != _RUNNING else None


def seal(answer: str) -> str:
    """Return an answer as text that only this installation can read."""
    return encrypt_text(answer, key=settings.LINLI_DATA_KEY, context=CONTEXT)


def unseal(sealed: str) -> str:
    """Return a sealed answer.

    Raises:
        linli.core.crypto.DecryptionError: it was altered, or is none.
    """
    return decrypt_text(sealed, key=settings.LINLI_DATA_KEY, context=CONTEXT)


def _key(form_token: str) -> str:
    return "public.once:" + hashlib.sha256(form_token.encode()).hexdigest()[:32]
