"""The texts that every installation begins with, read from ``data/samples.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language

from linli.agreements.choices import PartyKind


@dataclass(frozen=True)
class Paper:
    """A text of a paper: title, with whom, the usual term, and its clauses."""

    title: str
    party_kind: PartyKind
    months: int
    clauses: tuple[str, ...]


def samples() -> dict[str, Paper]:
    """Return code → text in the language of the page."""
    return _read(get_language() == "en")


@cache
def _read(english: bool) -> dict[str, Paper]:
    raw = tomllib.loads(files("linli.agreements").joinpath("data/samples.toml").read_text(encoding="utf-8"))
    ending = "_en" if english else ""
    return {
        row["code"]: Paper(
            title=row[f"title{ending}"],
            party_kind=PartyKind(row["party"]),
            months=row["months"],
            clauses=tuple(row[f"clauses{ending}"]),
        )
        for row in raw["samples"]
    }
