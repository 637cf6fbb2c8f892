"""The texts of messages, registered by whoever sends them, so that each reader gets them in their own language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linli.core.registry import Registry

texts: Registry[Any] = Registry("message text")


def register(kind: str, text: Any) -> None:
    """Add the text of a kind of message: a lazy translation with ``%(name)s`` places."""
    texts.register(kind, text)


def text_of(kind: str, values: Mapping[str, Any]) -> str:
    """Return the text of a message in the language of the page."""
    return str(texts.get(kind)) % dict(values)
