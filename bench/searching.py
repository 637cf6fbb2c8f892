"""Searches for every kind of words in the demo that is in the database, and prints as JSON how long the answers took.

python -m bench.searching

Somebody whose post reaches the whole place looks for it, which costs the most: the page that the box at the top opens,
in one process and with nothing else going on.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from bench.exports import _person, _whole

LIMIT_MS = 200
SAMPLES = 40
SEED = 11
DURATION = re.compile(r"app;dur=([\d.]+)")
START, END = "<!-- searching: begin -->", "<!-- searching: end -->"


def main() -> None:
    """Print for each kind of words: answers, how many found nothing, median and p95 in milliseconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    print(json.dumps({kind: _measured(words) for kind, words in _kinds().items()}, ensure_ascii=False))


def _kinds() -> dict[str, list[str]]:
    """Return kind → words that find something: of people, homes, plates and cases drawn from all of the demo."""
    from linli.cases.models import Case
    from linli.core.paths import within
    from linli.core.pinyin import spellings
    from linli.housing.models import Plate
    from linli.people.models import Household, Person

    chance = random.Random(SEED)
    place = within([_whole().path])
    people = _drawn(Person.objects.filter(place), chance)
    homes = _drawn(Household.objects.filter(place, ended_on=None).select_related("dwelling__building"), chance)
    doors = [home.dwelling for home in homes]
    plates = _drawn(Plate.objects.filter(building__in=[door.building_id for door in doors]), chance)
    read: Callable[[Any, int], str] = lambda person, part: spellings(person.name)[0][part]  # noqa: E731
    return {
        "name": [person.name for person in people],
        "part of a name": [person.name[1:] for person in people],
        "surname": [person.name[:1] for person in people],
        "pinyin": [read(person, 0) for person in people],
        "pinyin, begun": [read(person, 0)[:5] for person in people],
        "initials": [read(person, 1) for person in people],
        "pinyin and initials": [_mixed(person.name) for person in people],
        "phone tail": [person.phone[-4:] for person in people if person.phone],
        "longer phone tail": [person.phone[-6:] for person in people if person.phone],
        "address": [door.address for door in doors],
        "address, 3-2-501": [
            "-".join((door.building.name.removesuffix("号楼"), door.entrance or "1", door.room)) for door in doors
        ],
        "building and room": [f"{door.building.name}{door.room}" for door in doors],
        "home of nobody": [f"{door.building.name}{door.room}" for door in _drawn(_empty_homes(place), chance)],
        "plate": [plate.token for plate in plates],
        "service code": [home.number for home in homes],
        "case number": [case.number for case in _drawn(Case.objects.filter(place), chance)],
    }


def _mixed(name: str) -> str:
    """Return the surname in whole pinyin and the initials of the given name: zhangsf."""
    from linli.core.pinyin import spellings, surname_length

    length = surname_length(name)
    surname, _initials = spellings(name[:length])[0]
    whole, initials = spellings(name)[0]
    return whole[: len(surname)] + initials[length:]


def _empty_homes(place: Any) -> Any:
    from linli.housing.models import Dwelling
    from linli.people.at_home import has_household

    return Dwelling.objects.filter(place).exclude(has_household()).select_related("building")


def _drawn(rows: Any, chance: random.Random) -> list[Any]:
    keys = list(rows.order_by().values_list("pk", flat=True))
    return list(rows.filter(pk__in=chance.sample(keys, min(SAMPLES, len(keys)))))


def _measured(words: list[str]) -> dict[str, float]:
    from django.test import Client

    client = Client()
    client.force_login(_person("bench-asks"))
    times, empty = [], 0
    for text in words[:1] + words:
        answer = client.get("/search/", {"q": text}, headers={"HX-Request": "true"}, SERVER_NAME="localhost")
        assert answer.status_code == 200, f"{text} answered {answer.status_code}"
        found = DURATION.search(answer.headers["Server-Timing"])
        assert found is not None
        times.append(float(found[1]))
        empty += answer.content.count(b"<h2") == 0
    # The first answer of a kind warms up.
    times = sorted(times[1:])
    return {
        "answers": len(times),
        "empty": empty,
        "median": statistics.median(times),
        "p95": times[min(len(times) - 1, int(len(times) * 0.95))],
    }


def table(results: dict[str, dict[str, dict[str, float]]]) -> str:
    """Return the figures as Markdown; ``results`` by database and kind."""
    lines = [
        f"What the box at the top answers to whoever reaches everybody of the demo; p95 must be ≤ {LIMIT_MS}.",
        "Milliseconds of server time, one process, nothing else going on.",
        "",
        "| looked for | database | answers | found nothing | median | p95 |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for kind in next(iter(results.values()), {}):
        for database, result in results.items():
            one = result[kind]
            lines.append(
                f"| {kind} | {database} | {one['answers']:.0f} | {one['empty']:.0f} | {one['median']:.1f} | "
                f"{one['p95']:.1f} |"
            )
    return "\n".join(lines)


def not_held(results: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """Return in words which kinds took too long or were not found."""
    return [
        f"search {kind} {database}: {one['p95']:.0f} ms, {one['empty']:.0f} found nothing"
        for database, result in results.items()
        for kind, one in result.items()
        if one["p95"] > LIMIT_MS or one["empty"]
    ]


def write_section(path: Path, results: dict[str, dict[str, dict[str, float]]]) -> None:
    """Put the table into its place in the page of the figures."""
    text = path.read_text(encoding="utf-8")
    before, after = text.partition(START)[0], text.partition(END)[2]
    path.write_text(f"{before}{START}\n{table(results)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
