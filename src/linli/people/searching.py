"""Finding people by what was typed: names, pinyin, numbers, phone tails and addresses, the best first.

What is equal comes before what begins so, and that before what only holds it; among equals the own grid comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Case, QuerySet, Value, When

from linli.areas.choices import Level
from linli.areas.scope import posts_held_by
from linli.core import idnumber, phones
from linli.core.bigrams import query_terms
from linli.core.fields import index_value
from linli.core.nameterms import SHORTEST_MIXED, reading_rank
from linli.core.paths import covers, within
from linli.core.phones import MOBILE_DIGITS
from linli.core.pinyin import partings, read_as
from linli.core.search import matching
from linli.core.sheets.addresses import split_address, split_within_building
from linli.core.sheets.text import clean_string, without_spaces
from linli.housing.addresses import spell_building, spell_home
from linli.people.models import Person
from linli.people.terms import TAIL_DIGITS, name_piece, tail_term

ID_CONTEXT = "people.Person.id_number"
PHONE_CONTEXT = "people.Person.phone"

LONGEST_SEARCH = 100
# So many rows that hold the terms are looked at to find the best; a surname alone has ten thousands.
MOST_CANDIDATES = 400
# So many names of the same initials are read once more for letters such as zhangsf.
MOST_NAMES = 3000
# They stand in nearly every address, or begin every kept term: they find everybody and cost the most.
_FINDS_EVERYBODY = frozenset("号楼栋幢单元室0123456789v") | {"号楼", "单元", "楼栋"}

Keys = dict[int, None]


def id_index(value: str) -> str:
    """Return the blind index of an ID number however it is written."""
    return index_value(idnumber.normalise(value), ID_CONTEXT)


def phone_index(value: str) -> str:
    """Return the blind index of a phone however it is written."""
    return index_value(phones.normalise(value), PHONE_CONTEXT)


def found_keys(user: Any, scope: QuerySet[Person], text: str, limit: int) -> list[int]:
    """Return the keys of the people of a scope whom a text finds, best first."""
    written = clean_string(text[:LONGEST_SEARCH]).lower().replace("ü", "v")
    compact = without_spaces(written)
    if not any(character.isalnum() for character in compact):
        return []
    own = [post.area.path for post in posts_held_by(user) if post.area and post.area.level == Level.GRID]
    found = _with_number(scope, written)
    if not compact.isdigit() and len(found) < limit:
        found |= _called(scope, [compact], own, limit)
        found |= _by_name(scope, compact, own) if len(found) < limit else {}
    if compact.isdigit() and TAIL_DIGITS <= len(compact) < MOBILE_DIGITS:
        found |= _by_tail(scope, compact, own)
    # One Chinese character is a piece of a name: in addresses nearly every one of them stands somewhere.
    if len(found) < limit and (len(compact) > 1 or compact.isascii()):
        found |= _by_terms(scope, written, compact, own, limit)
    if len(found) < limit and len(compact) >= SHORTEST_MIXED and compact.isascii() and compact.isalpha():
        found |= _by_mixed(scope, compact, own, limit)
    return list(found)[:limit]


def house_spellings(text: str) -> list[str]:
    """Return the building that a text may mean as the ledger writes it: 3号楼 of 3-2-501, 3# and 三号楼."""
    parted = split_address(clean_string(text[:LONGEST_SEARCH]).upper())
    return [f"{parted.compound}{spell_building(parted.building)}"] if parted is not None else []


def address_searches(written: str) -> list[list[str]]:
    """Return the terms of every home or building that a text may mean: 3-2-501, 3#2单元501 and 三号楼501 too."""
    searches: list[list[str]] = []
    parted = split_address(written.upper())
    if parted is not None:
        house = f"{parted.compound}{spell_building(parted.building)}"
        if parted.entrance:
            searches.append(query_terms(spell_home(house, parted.entrance, parted.room)))
        else:
            searches.append([*query_terms(house), *query_terms(parted.room)])
    behind = split_within_building(written.upper())
    if behind is not None and behind.entrance:
        searches.append(query_terms(spell_home("", behind.entrance, behind.room)))
    return [kept for kept in (_telling(terms) for terms in searches) if kept]


def _telling(terms: Sequence[str]) -> list[str]:
    return [term for term in terms if term not in _FINDS_EVERYBODY]


def _with_number(scope: QuerySet[Person], written: str) -> Keys:
    number = idnumber.normalise(written)
    found: list[int] = []
    if len(number) in (15, 18):
        found += scope.filter(id_number_index=id_index(number)).values_list("pk", flat=True)
    if phones.check(written).ok:
        found += (
            scope.filter(phone_index=phone_index(written)).order_by("pk").values_list("pk", flat=True)[:MOST_CANDIDATES]
        )
    return dict.fromkeys(found)


def _called(scope: QuerySet[Person], names: Sequence[str], own: Sequence[str], limit: int) -> Keys:
    """Find those who are called exactly so, the own grid first."""
    first = Case(When(within(own), then=Value(0)), default=Value(1)) if own else Value(0)
    same = scope.filter(name__in=names[:MOST_CANDIDATES]).order_by(first, "pk")
    return dict.fromkeys(same.values_list("pk", flat=True)[:limit])


def _by_name(scope: QuerySet[Person], compact: str, own: Sequence[str]) -> Keys:
    """Find names that hold the text, those that begin with it first."""
    rows = matching(scope, [[name_piece(compact)]]).order_by().values_list("pk", "name", "path")[:MOST_CANDIDATES]
    return _sorted(((not name.startswith(compact), _beside(path, own), pk) for pk, name, path in rows))


def _by_tail(scope: QuerySet[Person], compact: str, own: Sequence[str]) -> Keys:
    """Find phones that end with these digits; the last four find them, the others are compared in the open number."""
    rows = matching(scope, [[tail_term(compact[-TAIL_DIGITS:])]], whole=True).order_by()
    found = rows.values_list("pk", "phone", "path")[:MOST_CANDIDATES]
    return _sorted((0, _beside(path, own), pk) for pk, phone, path in found if phone.endswith(compact))


def _by_terms(scope: QuerySet[Person], written: str, compact: str, own: Sequence[str], limit: int) -> Keys:
    """Find by pinyin, pieces of the address, and several of these together; whole words before beginnings."""
    pinyin = compact.isascii() and compact.isalpha()
    homes = address_searches(written)
    # 3-2-501 is a home and nothing else; 李桂香 3号楼 is somebody there.
    alternatives = (
        homes if homes and compact.isascii() else [_telling(query_terms(compact if pinyin else written)), *homes]
    )
    found: Keys = {}
    # Of many who begin so, those who are called so must be among the candidates.
    for whole in (True, False) if compact.isascii() or len(alternatives) > 1 else (False,):
        rows = matching(scope, alternatives, whole=whole).order_by().values_list("pk", "name", "path")
        places = ((_rank(name, compact), _beside(path, own), pk) for pk, name, path in rows[:MOST_CANDIDATES])
        found |= _sorted(places)
        if len(found) >= limit:
            break
    return found


def _by_mixed(scope: QuerySet[Person], compact: str, own: Sequence[str], limit: int) -> Keys:
    """Find names of which some characters are typed whole and others with their first letter: zhangsf, yuchijd.

    The initials find the candidates, so that no person needs more terms for it; each name is read once.
    """
    alternatives = [[initials] for initials in partings(compact) if len(initials) > 1]
    names = matching(scope, alternatives).order_by().values_list("name", flat=True).distinct()[:MOST_NAMES]
    fitting: dict[int, list[str]] = {}
    for name in names:
        if (rank := read_as(name, compact)) is not None:
            fitting.setdefault(rank, []).append(name)
    found: Keys = {}
    for rank in sorted(fitting):
        if len(found) < limit:
            found |= _called(scope, fitting[rank], own, limit)
    return found


def _sorted(places: Iterable[tuple[int, int, int]]) -> Keys:
    return dict.fromkeys(pk for _rank_of, _beside_of, pk in sorted(places))


def _beside(path: str, own: Sequence[str]) -> int:
    """Return 0 for a place in a grid of one's own, 1 for any other."""
    return 0 if any(covers(each, path) for each in own) else 1


def _rank(name: str, compact: str) -> int:
    """Order by pinyin: whole, initials, beginning, the given name alone; everything else comes behind."""
    if not compact.isascii():
        return 4
    rank = reading_rank(name, compact)
    return 4 if rank is None else rank
