"""When a workbook can't be taken a step further."""

from __future__ import annotations


class NotPossible(Exception):
    """The workbook is in another state, or what it brought was changed since. The message says what to do next."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
