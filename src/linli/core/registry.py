"""Registries, by which a low layer calls what a higher one registers at start-up: sheets, searches, plan targets."""

from collections.abc import Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")


class AlreadyRegisteredError(Exception):
    """The name is taken: two apps registered under one name."""


class NotRegisteredError(LookupError):
    """Nothing has this name. The message names what there is."""


class Registry(Generic[Item]):
    """Items by name, in the order in which they were registered.

    Args:
        what: the kind of item in the singular, for messages, such as ``sheet``.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._items: dict[str, Item] = {}

    def register(self, name: str, item: Item) -> None:
        """Add an item under a new name.

        Raises:
            AlreadyRegisteredError: the name is taken.
        """
        if name in self._items:
            raise AlreadyRegisteredError(f"{self._what} {name!r} is registered already")
        self._items[name] = item

    def get(self, name: str) -> Item:
        """Return the item of a name.

        Raises:
            NotRegisteredError: there is none.
        """
        try:
            return self._items[name]
        except KeyError:
            known = ", ".join(self._items) or "none"
            raise NotRegisteredError(f"no {self._what} {name!r}; there is: {known}") from None

    def names(self) -> tuple[str, ...]:
        """Return the names in the order of registration."""
        return tuple(self._items)

    def __iter__(self) -> Iterator[Item]:
        return iter(tuple(self._items.values()))

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, name: object) -> bool:
        return name in self._items
