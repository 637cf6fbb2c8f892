"""What the cases of the demo are about."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from linli.cases.choices import Mechanism

# What nobody reports by chance: it comes from the ledgers, such as a safety check of a home.
FROM_LEDGERS = {"home-safety": "property"}


@dataclass(frozen=True)
class Topic:
    """One sort of matter: its category, way, department, how often it happens, and what people say.

    ``told`` and ``written`` belong to emergencies, ``refused`` to approvals.
    """

    category: str
    way: Mechanism
    share: int
    office: str
    report: tuple[str, ...]
    handled: str
    answer: str
    told: str = ""
    written: str = ""
    refused: str = ""


@cache
def topics() -> tuple[Topic, ...]:
    """Return every topic of ``data/topics.toml``."""
    text = files("linli.demo").joinpath("data/topics.toml").read_text(encoding="utf-8")
    return tuple(
        Topic(**(row | {"way": Mechanism(row["way"]), "report": tuple(row["report"])}))
        for row in tomllib.loads(text)["topic"]
    )


def topic_for(rng: random.Random, way: Mechanism | None = None) -> Topic:
    """Return a topic by chance, the frequent ones more often; of one way if it is given."""
    fitting = [topic for topic in topics() if way is None or topic.way == way]
    return rng.choices(fitting, weights=[topic.share for topic in fitting])[0]


def offices() -> Mapping[str, str]:
    """Return category code → code of the department that usually mends it."""
    return {topic.category: topic.office for topic in topics()} | FROM_LEDGERS
