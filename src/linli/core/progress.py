"""How far a long piece of work has come, told from deep inside it to whoever listens.

The work says ``begin("read", 40_000)`` and then ``advance(500)`` again and again. Where nobody listens, as in a
command or a test, both do nothing. A listener stops the work by raising an exception of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

Listener = Callable[[str, int, int], None]


@dataclass
class _Meter:
    listener: Listener
    step: str = ""
    done: int = 0
    total: int = 0
    stoppable: bool = True

    def tell(self) -> None:
        try:
            self.listener(self.step, self.done, self.total)
        except Exception:
            if self.stoppable:
                raise


_meter: ContextVar[_Meter | None] = ContextVar("progress_meter", default=None)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Let ``listener(step, done, total)`` hear how far the work inside has come."""
    token = _meter.set(_Meter(listener))
    try:
        yield
    finally:
        _meter.reset(token)


def begin(step: str, total: int) -> None:
    """Begin a step of the work, of which ``total`` things are to be done."""
    meter = _meter.get()
    if meter is not None:
        meter.step, meter.done, meter.total = step, 0, total
        meter.tell()


def advance(count: int = 1) -> None:
    """Say that so many more things of the present step are done."""
    meter = _meter.get()
    if meter is not None:
        meter.done += count
        meter.tell()


@contextmanager
def past_stopping() -> Iterator[None]:
    """Let the work inside get to its end whatever a listener raises: half of it would be worse."""
    meter = _meter.get()
    if meter is None:
        yield
        return
    before, meter.stoppable = meter.stoppable, False
    try:
        yield
    finally:
        meter.stoppable = before
