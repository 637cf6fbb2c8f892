"""The way from a number to its rows: which people or homes the query of an address asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.assessment.choices import Age, Fact, FactState, HomeState
from linli.assessment.quality import of_age, of_fact, of_home
from linli.core import clock

# Parameter of the address → what it may name.
WAYS: Mapping[str, Any] = {"home": HomeState, "fact": Fact, "age": Age}


@dataclass(frozen=True)
class Way:
    """The people, or the homes, of a condition, and what their list is called."""

    title: str
    condition: Q
    homes: bool = False


def way_asked(query: Mapping[str, str]) -> Way | None:
    """Return which rows are asked for. Who prefers not to say is counted and never listed."""
    home, fact, age = (_chosen(kind, query.get(name)) for name, kind in WAYS.items())
    if home is not None:
        return Way(str(home.label), of_home(home), homes=True)
    if fact is not None:
        return Way(missing_words(fact), of_fact(fact, FactState.MISSING), homes=fact == Fact.USE)
    if age is not None:
        return Way(_("Written, changed or confirmed %(when)s") % {"when": age.label}, of_age(age, clock.now()))
    return None


def missing_words(fact: Fact) -> str:
    """Return what a list of those is called of whom a fact is missing."""
    return _("Still missing: %(fact)s") % {"fact": fact.label}


def _chosen(kind: Any, value: str | None) -> Any:
    return kind(value) if value in kind.values and value != HomeState.DECLINED else None
