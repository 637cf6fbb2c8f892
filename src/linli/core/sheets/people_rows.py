"""The people workbook: what makes a row a person, an empty home, or a repeat, and how many of each there are."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

from linli.core.sheets.addresses import ADDRESS_PARTS, Address, compound_name, split_address, split_within_building
from linli.core.sheets.checking import CheckedRow
from linli.core.sheets.definition import RowDraft, RowKeys, SheetDefinition, SheetFacts
from linli.core.sheets.presets import FOREIGN_WORDS, HEAD, HEAD_WORDS, PEOPLE_COLUMNS
from linli.core.sheets.problems import Fault, ProblemKind
from linli.core.sheets.text import is_nothing, without_spaces

EMPTY_HOME = "empty_home"
"""The nature of a row that tells of a home where nobody lives."""

_VACANT = re.compile(
    r"空置|空户|空房|空屋|空家|空关|空闲|无人|未入住|没入住|未住人|没人住|无住户|无住人|未售|待售|未装修|毛坯|闲置|^空的?$|vacant|empty"
)
_MARKED_IN = ("name", "head_name", "relation", "residence_status", "renting", "employer", "note", "phone")
_SAYS_WHO = ("name", "id_number", "birth_date")
_SAYS_SOMETHING = (*_SAYS_WHO, "relation", "sex", "phone", "employer", "registered_address")

_ROOM_OF_THREE = re.compile(r"(\w{1,4})[-/](\w{1,3})[-/](\w{1,6})")
_ROOM_OF_TWO = re.compile(r"(\w{1,3})[-/](\w{1,6})")

_NO_NAME = _("The name is missing. Write it down, or write “empty” in the note if nobody lives there.")
_NO_HOME = _("The home is missing. Write the building and the room, or put the row below its household.")


@dataclass(frozen=True, slots=True)
class PeopleFigures:
    """How much a checked people workbook would bring: rows that are held are not counted."""

    people: int
    dwellings: int
    households: int
    empty_homes: int
    renting: int

    def as_report(self) -> dict[str, int]:
        """The figures by name."""
        return asdict(self)


def people_figures(rows: Iterable[CheckedRow]) -> PeopleFigures:
    """Count people, homes, households (homes with people), empty homes and rented homes among the rows not held."""
    people = 0
    lived_in: set[tuple[str, ...]] = set()
    empty: set[tuple[str, ...]] = set()
    renting: set[tuple[str, ...]] = set()
    for row in rows:
        if row.held:
            continue
        home = dwelling_key(row.values)
        if row.nature == EMPTY_HOME:
            empty.add(home)
            continue
        people += 1
        lived_in.add(home)
        if row.values.get("renting"):
            renting.add(home)
    return PeopleFigures(people, len(lived_in | empty), len(lived_in), len(empty - lived_in), len(renting))


def dwelling_key(values: Mapping[str, object]) -> tuple[str, ...]:
    """The four parts of a home's address, by which it is known within a community."""
    return tuple(str(values.get(part) or "") for part in ADDRESS_PARTS)


def starts_household(written: Mapping[str, str]) -> bool:
    """Whether a row begins a new household: it is its head's."""
    return without_spaces(written.get("relation", "")) in HEAD_WORDS


def finish_person(row: RowDraft, facts: SheetFacts) -> None:
    """Put the home together, tell people from empty homes, and name what keeps the row out."""
    has_home = place_home(row, facts)
    _take_head_name(row, facts)
    if _nobody_lives_here(row):
        _make_empty_home(row, has_home=has_home)
        return
    if _VACANT.search(row.written.get("renting", "")):
        # Somebody is registered in a home that stands empty: that says neither “let” nor “lived in by the owner”.
        row.values["renting"] = None
    if not row.values.get("name"):
        row.mark("name", Fault(ProblemKind.MISSING_NAME, _NO_NAME, held=True))
    elif not has_home:
        row.mark("room" if "room" in facts.fields else "address", Fault(ProblemKind.NO_DWELLING, _NO_HOME, held=True))


def person_keys(row: RowDraft) -> RowKeys:
    """The same ID number, else the same name, birth date and home. Two people with different valid numbers are two."""
    if row.nature == EMPTY_HOME:
        return RowKeys()
    name, id_number = row.values.get("name"), row.values.get("id_number")
    birth = row.values.get("birth_date") or row.written.get("birth_date") or None
    person = (name, birth, dwelling_key(row.values))
    if id_number and not any(name == "id_number" for name, _fault in row.faults):
        same_id = ("id", id_number)
        return RowKeys(sought=(same_id, ("without id", person)), kept=(same_id, ("any", person)))
    keys: tuple[tuple[object, ...], ...] = (("any", person),)
    if id_number:
        keys += (("wrong id", id_number, name),)
    return RowKeys(sought=keys, kept=(*keys, ("without id", person)))


def place_home(row: RowDraft, facts: SheetFacts) -> bool:
    """Bring the home's address into its four parts; tells whether it is enough to find the home."""
    values = row.values
    values.pop("address", None)
    written = row.written.get("address", "")
    parts = {name: str(values.get(name) or "") for name in ADDRESS_PARTS}
    has_rooms = "room" in facts.fields
    if written and not is_nothing(written):
        _add(parts, _address_of(written, facts.place, parts))
        has_rooms = has_rooms and not parts["building"]
    for name in ("compound", "building"):
        if parts[name] and not (name == "compound" and parts["building"]):
            _split_part(parts, name)
    _split_room(parts)
    if parts["room"] and not any(parts[name] for name in ("compound", "building", "entrance")):
        _add(parts, Address(**{name: facts.place.get(name, "") for name in ("compound", "building", "entrance")}))
    values.update(parts)
    return bool(parts["room"] or (parts["building"] and not has_rooms))


def _address_of(written: str, place: Mapping[str, str], parts: Mapping[str, str]) -> Address:
    """The parts of a whole address; one that no pattern fits is a house known by that name."""
    found = split_address(written)
    if found is None and (place.get("building") or parts["building"]):
        found = split_within_building(written)
        if found is not None and place.get("building"):
            return Address(place["compound"], place["building"], found.entrance or place["entrance"], found.room)
    if found is not None and not found.compound and place.get("compound"):
        return Address(place["compound"], found.building, found.entrance, found.room)
    return found or Address(building="" if parts["room"] else compound_name(written)[:50])


def _add(parts: dict[str, str], address: Address) -> None:
    for name, text in address.parts().items():
        parts[name] = parts[name] or text


def _split_part(parts: dict[str, str], name: str) -> None:
    """``黎花园3号楼`` in the compound's column or ``3号楼2单元`` in the building's says more than that part."""
    found = split_address(parts[name])
    if found is None:
        return
    parts[name] = ""
    _add(parts, found)


def _split_room(parts: dict[str, str]) -> None:
    """``3-2-501`` and ``2-501`` in the room's column name the building and the entrance too."""
    if parts["room"].isalnum():
        return
    of_three, of_two = _ROOM_OF_THREE.fullmatch(parts["room"]), _ROOM_OF_TWO.fullmatch(parts["room"])
    if of_three and parts["building"] in ("", of_three[1]):
        parts["building"], parts["entrance"], parts["room"] = of_three[1], parts["entrance"] or of_three[2], of_three[3]
    elif of_two and not parts["building"]:
        parts["building"], parts["room"] = of_two[1], of_two[2]
    elif of_two and parts["entrance"] in ("", of_two[1]):
        parts["entrance"], parts["room"] = of_two[1], of_two[2]


def _take_head_name(row: RowDraft, facts: SheetFacts) -> None:
    """Where the head stands only in a column of its own, the household's first row without a name is the head's."""
    head = row.values.pop("head_name", "")
    if not isinstance(head, str) or not head or _VACANT.search(head):
        return
    head = without_spaces(head)
    if row.values.get("name"):
        if not row.values.get("relation") and row.values["name"] == head:
            row.values["relation"] = HEAD
        return
    previous = facts.previous.written.get("head_name", "") if facts.previous else ""
    relation = row.values.get("relation")
    if without_spaces(previous) != head and relation in (None, "", HEAD):
        row.values["name"] = head
        row.values["relation"] = HEAD


def _nobody_lives_here(row: RowDraft) -> bool:
    name = str(row.values.get("name") or "")
    if name and not _VACANT.search(name):
        return False
    marked = any(_VACANT.search(row.written.get(column, "")) for column in _MARKED_IN)
    telling = _SAYS_WHO if marked else _SAYS_SOMETHING
    return not any(_says_something(row.written.get(column, "")) for column in telling)


def _says_something(text: str) -> bool:
    return bool(text) and not is_nothing(text) and not _VACANT.search(text)


def _make_empty_home(row: RowDraft, *, has_home: bool) -> None:
    """Make the row an empty home; a line of the form that nobody filled in is passed over."""
    if not row.has_own_address or not has_home:
        row.skipped = True
        return
    row.nature = EMPTY_HOME
    row.faults.clear()
    row.values["name"] = ""


PEOPLE_SHEET = SheetDefinition(
    kind="people",
    columns=PEOPLE_COLUMNS,
    recognised_by=(
        frozenset({"name", "head_name"}),
        frozenset({"id_number", "birth_date", "relation", "room", "building", "address", "sex", "residence_status"}),
    ),
    address_fields=ADDRESS_PARTS,
    inherited_fields=frozenset({"address"}),
    merged_fields=frozenset(
        {*ADDRESS_PARTS, "address", "head_name", "registered_address", "residence_status", "renting"}
    ),
    household_start=starts_household,
    foreign_words=FOREIGN_WORDS,
    lesser_groups=("户主",),
    finish=finish_person,
    identity=person_keys,
)
"""The people workbook as the engine reads it; the people app registers it."""
