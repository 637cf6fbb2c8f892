"""Prints as JSON whom the load plays and what they look at: taken from the demo that is in the database.

python -m bench.accounts
"""

from __future__ import annotations

import json
import os
import random
from typing import Any

import django

WORKERS = 10
RESIDENTS = 5
SAMPLES = 200


def main() -> None:
    """Print workers of ten different grids, two officers, and places, homes, names and cases in their scope."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
    django.setup()
    chance = random.Random(7)
    print(json.dumps({"workers": _workers(chance), "officers": _officers(), "residents": _residents(chance)}))


def _workers(chance: random.Random) -> list[dict[str, Any]]:
    from linli.areas.choices import Role
    from linli.areas.models import Post
    from linli.core.paths import within
    from linli.people.models import Household

    posts = Post.objects.filter(role=Role.WORKER, holder__isnull=False).select_related("holder", "area")
    lived_in = [post for post in posts if Household.objects.filter(within([post.area.path])).exists()]
    chosen = chance.sample(lived_in, min(WORKERS, len(lived_in)))
    return [_looker(post) for post in chosen if post.holder]


def _officers() -> list[dict[str, Any]]:
    from linli.areas.choices import Role
    from linli.areas.models import Post

    found = []
    for role in (Role.STREET, Role.DISTRICT):
        post = Post.objects.filter(role=role, holder__isnull=False).select_related("holder", "area").first()
        if post is not None and post.holder is not None:
            found.append(_looker(post))
    return found


def _looker(post: Any) -> dict[str, Any]:
    from linli.areas.choices import Role
    from linli.cases.models import Case
    from linli.core.paths import within
    from linli.housing.choices import Occupancy
    from linli.housing.models import Building, Dwelling
    from linli.people.models import Household, Person

    path = post.area.path
    buildings = Building.objects.filter(within([path])).order_by("id")[:SAMPLES]
    let = Dwelling.objects.filter(within([path]), occupancy=Occupancy.RENTED).order_by("id")[:SAMPLES]
    homes = Household.objects.filter(within([path])).select_related("dwelling").order_by("id")[:SAMPLES]
    people = Person.objects.filter(within([path])).order_by("id")[:SAMPLES]
    return {
        "username": post.holder.username,
        "name": post.holder.name,
        "households": [[home.number, home.dwelling.address] for home in homes],
        "buildings": [[building.pk, building.address] for building in buildings],
        "rentals": [[home.pk, home.address] for home in let],
        "ledgers": post.role != Role.DISTRICT,
        "edits": post.role == Role.WORKER,
        "names": [person.name for person in people],
        "cases": list(Case.objects.filter(within([path])).values_list("number", flat=True)[:SAMPLES]),
    }


def _residents(chance: random.Random) -> list[dict[str, Any]]:
    from linli.cases.queries import categories_in_use
    from linli.housing.models import Building

    drawn = Building.objects.exclude(grid=None).exclude(longitude=None).select_related("grid").order_by("id")
    sample = list(drawn[:: max(1, drawn.count() // SAMPLES)])
    category = categories_in_use(for_residents=True).first()
    places = [[b.longitude, b.latitude, b.grid.code, b.address] for b in sample if b.grid]
    return [
        {"places": chance.sample(places, min(40, len(places))), "category": category.code if category else ""}
        for _number in range(RESIDENTS)
    ]


if __name__ == "__main__":
    main()
