"""The order in which people count: building 2 before building 10, though “10” comes before “2” as text.

A ledger keeps the key beside what it shows, so that the database sorts by a plain column.
"""

from __future__ import annotations

import re
from typing import Any

from linli.core.fields import BytewiseField

LONGEST = 600
_NUMBER = re.compile(r"\d+", re.ASCII)


class OrderKeyField(BytewiseField):
    """A key that `natural_key` made, written by the action that writes what it is made of."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        fixed = {"max_length": LONGEST, "blank": True, "default": "", "editable": False}
        super().__init__(*args, **{**kwargs, **fixed})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "blank", "default", "editable"):
            del kwargs[fixed]
        return name, path, list(args), dict(kwargs)


def natural_key(text: str) -> str:
    """Return text that sorts as people count: each number has the count of its digits before it."""
    return _NUMBER.sub(_with_length, text)[:LONGEST]


def _with_length(match: re.Match[str]) -> str:
    number = match.group().lstrip("0") or "0"
    return f"{min(len(number), 9)}{number}"
