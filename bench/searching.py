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
# Whoever only reads the ledgers sees no declarations.
FOR_KEEPERS = frozenset({"declaration number"})
# Words of these kinds must find nothing.
FINDS_NOTHING = frozenset({"nobody and nothing"})
DURATION = re.compile(r"app;dur=([\d.]+)")
START, END = "<!-- searching: begin -->", "<!-- searching: end -->"


def main() -> None:
    """Print for each kind of words: answers, how many found nothing, median and p95 in milliseconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    print(json.dumps({kind: _measured(kind, words) for kind, words in _kinds().items()}, ensure_ascii=False))


def _kinds() -> dict[str, list[str]]:
    """Return kind → words that find something: of people, homes, plates and cases drawn from all of the demo."""
    from linli.areas.models import Area
    from linli.cases.models import Case
    from linli.core.paths import within
    from linli.core.pinyin import spellings
    from linli.declarations.models import Declaration
    from linli.housing.models import Facility, Ownership, Plate, Tenancy
    from linli.people.models import Household, Person
    from linli.units.models import Unit

    chance = random.Random(SEED)
    place = within([_whole().path])
    homes_there = within([_whole().path], "dwelling__path")
    people = _drawn(Person.objects.filter(place), chance)
    homes = _drawn(Household.objects.filter(place, ended_on=None).select_related("dwelling__building"), chance)
    doors = [home.dwelling for home in homes]
    owners = _drawn(Ownership.objects.filter(homes_there, until=None), chance)
    tenants = _drawn(Tenancy.objects.filter(homes_there, until=None), chance)
    units = [unit for unit in _drawn(Unit.objects.filter(place, closed_on=None), chance) if unit.contact_name]
    areas = _drawn(Area.objects.current().filter(place).select_related("parent"), chance)
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
        "owner": [owner.name for owner in owners],
        "owner, pinyin": [read(owner, 0) for owner in owners],
        "owner, initials": [read(owner, 1) for owner in owners],
        "owner, phone tail": [owner.phone[-4:] for owner in owners if owner.phone],
        "tenant": [tenant.contact for tenant in tenants if tenant.contact],
        "tenant, phone tail": [tenant.phone[-4:] for tenant in tenants if tenant.phone],
        "contact of a unit": [unit.contact_name for unit in units],
        "contact, pinyin": [spellings(unit.contact_name)[0][0] for unit in units],
        "contact, phone tail": [unit.contact_phone[-4:] for unit in units if unit.contact_phone],
        "unit": [unit.name for unit in units],
        "facility": [facility.name for facility in _drawn(Facility.objects.filter(place), chance)],
        "declaration number": [one.number for one in _drawn(Declaration.objects.filter(place), chance)],
        "community": [area.name for area in areas if area.level == "community"],
        "grid": [f"{area.parent.name}{area.name}" for area in areas if area.level == "grid"],
        "nobody and nothing": ["查无此人", "zzxqqw", "0000000", "99-9-9999", "D2026-00000"],
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


def _measured(kind: str, words: list[str]) -> dict[str, float]:
    from django.test import Client

    if not words:
        return {}
    client = Client()
    client.force_login(_person("bench-keeps", "community") if kind in FOR_KEEPERS else _person("bench-asks"))
    times, empty = [], 0
    # The first answer warms up.
    for place, text in enumerate(words[:1] + words):
        answer = client.get("/search/", {"q": text}, headers={"HX-Request": "true"}, SERVER_NAME="localhost")
        assert answer.status_code == 200, f"{text} answered {answer.status_code}"
        found = DURATION.search(answer.headers["Server-Timing"])
        assert found is not None
        if place:
            times.append(float(found[1]))
            empty += answer.content.count(b"<h2") == 0
    times = sorted(times)
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
        "Milliseconds of server time, one process, nothing else going on; the ratio is that of the p95 to SQLite's.",
        "",
        "| looked for | database | answers | found nothing | median | p95 | ratio |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for kind in next(iter(results.values()), {}):
        for database, result in results.items():
            one = result.get(kind)
            if not one:
                continue
            first = next(iter(results.values()))[kind]
            ratio = f"{one['p95'] / first['p95']:.2f}" if first and first["p95"] else ""
            lines.append(
                f"| {kind} | {database} | {one['answers']:.0f} | {one['empty']:.0f} | {one['median']:.1f} | "
                f"{one['p95']:.1f} | {ratio} |"
            )
    return "\n".join(lines)


def not_held(results: dict[str, dict[str, dict[str, float]]]) -> list[str]:
    """Return in words which kinds took too long or were not found."""
    return [
        f"search {kind} {database}: {one['p95']:.0f} ms, {one['empty']:.0f} of {one['answers']:.0f} found nothing"
        for database, result in results.items()
        for kind, one in result.items()
        if one and (one["p95"] > LIMIT_MS or one["empty"] != (one["answers"] if kind in FINDS_NOTHING else 0))
    ]


def write_section(path: Path, results: dict[str, dict[str, dict[str, float]]]) -> None:
    """Put the table into its place in the page of the figures."""
    text = path.read_text(encoding="utf-8")
    before, after = text.partition(START)[0], text.partition(END)[2]
    path.write_text(f"{before}{START}\n{table(results)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
