"""People of the demo who stand in the ledger twice: written down again under another home, as workbooks bring them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from linli.areas.models import Area
from linli.core import clock
from linli.demo.staff import SHOWCASE_COMMUNITY
from linli.housing.models import Dwelling
from linli.people import actions
from linli.people.choices import Presence, Registration, Relation
from linli.people.merging import check_people, tell_apart
from linli.people.models import Duplicate, Person
from linli.people.places import Tie

MOST_PAIRS = 6
# Written down again so many days ago.
DAYS_AGO = 5
FEWEST = 2
TIE = Tie(Relation.HEAD, Registration.ELSEWHERE, Presence.HERE)
# Characters that workbooks take for each other.
CONFUSED = {"芳": "方", "丽": "利", "建": "健", "伟": "卫", "静": "晶", "霞": "侠", "军": "君", "秀": "绣", "华": "花"}


def write_doubles(places: Mapping[str, Area], seed: int, *, by: Any) -> None:
    """Write some people of the first community down a second time, and let Linli find them."""
    community = places[SHOWCASE_COMMUNITY]
    rng = random.Random(f"{seed}:doubles")  # noqa: S311
    homes = list(
        Dwelling.objects.filter(path__startswith=community.path, households=None, building__grid__isnull=False)
        .select_related("building")
        .order_by("-pk")[:MOST_PAIRS]
    )
    people = list(
        Person.objects.filter(path__startswith=community.path, birth_date__lt=date(2000, 1, 1))
        .exclude(phone_index="")
        .exclude(id_number_index="")
        .filter(event_lines=None)
        .order_by("pk")[: MOST_PAIRS * 40 : 40]
    )
    written: list[Person] = []
    with clock.frozen(clock.now() - timedelta(days=DAYS_AGO)):
        for person, home, change in zip(people, homes, _changes(rng), strict=False):
            values = {name: getattr(person, name) for name in ("name", "sex", "birth_date", "phone", "id_number")}
            again = actions.NewPerson(**values | change(person))
            written.append(actions.move_in(again, home, TIE, by=by, day=clock.today()))
        check_people(written, by=by)
    pairs = list(Duplicate.objects.select_related("first", "second").order_by("likeness", "pk"))
    if len(pairs) > FEWEST:
        tell_apart(pairs[0], by=by)


def _changes(rng: random.Random) -> Sequence[Callable[[Person], dict[str, Any]]]:
    """Return what differs in each second entry."""
    return (
        lambda _person: {"id_number": ""},
        lambda person: {"name": _misheard(person.name), "id_number": ""},
        lambda _person: {"id_number": "", "phone": ""},
        lambda person: {"id_number": "", "birth_date": _slipped(person.birth_date, rng)},
        lambda person: {"name": _misheard(person.name), "phone": "", "id_number": ""},
        lambda _person: {"id_number": "", "phone": ""},
    )


def _misheard(name: str) -> str:
    return "".join(CONFUSED.get(character, character) for character in name)


def _slipped(born: date | None, rng: random.Random) -> date | None:
    return born.replace(day=rng.choice([day for day in (1, 11, 21) if day != born.day])) if born else None
