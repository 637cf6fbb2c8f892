"""Every write about people who stand in the ledger twice: checks, decisions, merging, and taking that back.

The entry that goes stays as a tombstone: without a place, a home and an index, so that no list, search or import finds
it. Its residences and whatever else points to it go over to the entry that stays.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import SYSTEM, require
from linli.areas.models import Area
from linli.core import clock, idnumber, phones
from linli.core.paths import ancestors, within
from linli.exchange.snapshots import FOLLOWING, digest, restored, snapshot
from linli.jobs import actions as jobs
from linli.jobs.models import Job
from linli.journal import actions as journal
from linli.people.actions.histories import note_changes
from linli.people.choices import CorrectionState, DuplicateState, EventKind, Side, TransferState
from linli.people.duplicates import Pair, Proposals, changed_people, find_duplicates, people_of, told_apart
from linli.people.models import (
    Correction,
    Duplicate,
    DuplicateCheck,
    Household,
    Merge,
    Particulars,
    Person,
    PersonChange,
    Residence,
    Transfer,
)
from linli.people.queries import FACTS, NAMED, facts_of, id_index, particulars_of, phone_index
from linli.people.rules import NotPossible
from linli.people.terms import search_terms

FIND_DUPLICATES = "find_duplicates"
CHUNK = 500
# So many entries are looked at in one run of the schedule: on SQLite nobody else writes meanwhile.
MOST_MARKED = 1000

# Between these hours the whole ledger is looked through, once a night.
NIGHT = range(1, 5)
NIGHTLY = timedelta(hours=20)

# The values that are chosen from either entry, in the order of the page.
MERGED_FIELDS = ("name", "sex", "birth_date", "id_number", "phone", "registered_address", "employer", "note")
# They tell of pairs, and of the entry that they were written for: they stay with it.
STAYING = frozenset({"people.duplicate", "people.merge", "people.personchange", "people.eventline"})
# They go over to the entry that stays; these three with rules of their own.
_WITH_RULES = frozenset({"people.residence", "people.correction", "people.particulars"})


@dataclass(frozen=True)
class Choices:
    """Which entry each value is taken from, and where the person lives now: the entry of that home stays."""

    values: Mapping[str, Side]
    home: Side


@dataclass(frozen=True)
class _Place:
    path: str


def seal_of_pair(pair: Duplicate) -> str:
    """Return what changes with either entry, so that nobody merges other values than the page showed."""
    return digest(pair.first)[:16] + digest(pair.second)[:16]


@transaction.atomic
def merge_people(pair: Duplicate, choices: Choices, *, by: Any, seen: str = "") -> Merge:
    """Make one entry of two. Values are taken as chosen, and every residence is kept.

    Where both lived somewhere else at the same time, the residence of the entry that goes is cut, to nothing if need
    be: nobody lives in two homes at one time.

    Args:
        seen: `seal_of_pair` as it was when the person chose.

    Raises:
        Refused: ``by`` does not reach both.
        NotPossible: it was decided already, or an entry changed meanwhile.
    """
    locked = _locked(pair, by, (DuplicateState.OPEN, DuplicateState.LATER))
    if seen and seen != seal_of_pair(locked):
        raise NotPossible(_("Somebody has just changed one of the two. Look at them again."))
    _require_settled(locked)
    kept, dropped = _sides(locked, choices)
    now, record = clock.now(), _Record()
    before = facts_of(kept, particulars_of(kept))
    chosen = {name: locked.first if side == Side.FIRST else locked.second for name, side in choices.values.items()}
    record.keep(kept, dropped)
    record.place, path = dropped.path, locked.path
    _hand_over(record, kept, dropped, chosen, now)
    _take_values(kept, chosen, now)
    _bury(dropped, now)
    _note_facts(kept, before, by, now)
    record.seal(kept)
    merge = Merge(pair=locked, kept=kept, dropped=dropped, path=path, record=record.as_json(), made_at=now)
    merge.made_by = by.username
    merge.save(force_insert=True)
    _decide(locked, DuplicateState.MERGED, by, now)
    note_changes([kept.pk, dropped.pk], by=by, detail={"merge": merge.pk}, kind=EventKind.DUPLICATE)
    taken = sorted(name for name, person in chosen.items() if person.pk == dropped.pk)
    journal.record(by, "people.merge", kept, detail={"merge": merge.pk, "dropped": dropped.pk, "taken": taken})
    return merge


@transaction.atomic
def undo_merge(merge: Merge, *, by: Any) -> Duplicate:
    """Make two entries again, exactly as they stood before they were merged; the pair is to be looked at again.

    Raises:
        Refused: ``by`` does not reach both.
        NotPossible: it was taken back already, or something newer stands on it; the message names it.
    """
    locked = Merge.objects.select_for_update(of=("self",)).select_related("kept", "dropped", "pair").get(pk=merge.pk)
    record = json.loads(locked.record)
    require(by, "people.merge", _Place(_common(locked.kept.path, record["place"])))
    if locked.undone_at is not None:
        raise NotPossible(_("This was taken back already."))
    _require_untouched(locked, record)
    facts = facts_of(locked.kept, particulars_of(locked.kept))
    rows = [(row, *_restored(row)) for row in record["rows"]]
    for pointer in record["pointers"]:
        _point(pointer["model"], pointer["field"], pointer["after"], locked.dropped_id)
    for _row, model, before in rows:
        columns = [field.name for field in model._meta.concrete_fields if field.attname not in FOLLOWING]
        before.save(update_fields=[name for name in columns if name != model._meta.pk.name])
    _settle_places(locked, {row["key"]: before for row, model, before in rows if model is Person})
    _note_facts(Person.objects.get(pk=locked.kept_id), facts, by, clock.now())
    keys = [locked.kept_id, locked.dropped_id]
    note_changes(keys, by=by, detail={"merge": locked.pk, "undone": True}, kind=EventKind.DUPLICATE)
    locked.undone_at, locked.undone_by = clock.now(), by.username
    locked.save(update_fields=["undone_at", "undone_by"])
    _decide(locked.pair, DuplicateState.OPEN, by, None)
    journal.record(by, "people.undo_merge", locked.kept, detail={"merge": locked.pk, "dropped": locked.dropped_id})
    return locked.pair


@transaction.atomic
def tell_apart(pair: Duplicate, *, by: Any) -> Duplicate:
    """Say that two entries are two people: they are never proposed again.

    Raises:
        Refused: ``by`` does not reach both.
        NotPossible: it was decided already.
    """
    locked = _locked(pair, by, (DuplicateState.OPEN, DuplicateState.LATER))
    _decide(locked, DuplicateState.DIFFERENT, by, clock.now())
    journal.record(by, "people.tell_apart", locked, area_path=locked.path)
    return locked


@transaction.atomic
def put_off(pair: Duplicate, *, by: Any) -> Duplicate:
    """Leave a pair for later.

    Raises:
        Refused: ``by`` does not reach both.
        NotPossible: it was decided already.
    """
    locked = _locked(pair, by, (DuplicateState.OPEN,))
    _decide(locked, DuplicateState.LATER, by, clock.now())
    journal.record(by, "people.put_off", locked, area_path=locked.path)
    return locked


@transaction.atomic
def ask_again(pair: Duplicate, *, by: Any) -> Duplicate:
    """Take back that two entries are two people, or that they were put off: the pair is to be looked at again.

    Raises:
        Refused: ``by`` does not reach both.
        NotPossible: the two were merged, or are to be looked at anyway.
    """
    locked = _locked(pair, by, (DuplicateState.LATER, DuplicateState.DIFFERENT))
    _decide(locked, DuplicateState.OPEN, by, None)
    journal.record(by, "people.ask_again", locked, area_path=locked.path)
    return locked


@transaction.atomic
def ask_to_check(area: Area, *, by: Any) -> DuplicateCheck:
    """Let the people of an area be looked through in the background; while that goes on it is not begun again.

    Raises:
        Refused: ``by`` may not merge in this area.
    """
    require(by, "people.merge", area)
    going_on = DuplicateCheck.objects.filter(area=area, finished_at=None).select_related("job").first()
    if going_on is not None and going_on.job is not None and going_on.job.is_open:
        return going_on
    job = jobs.start(FIND_DUPLICATES, by=by)
    check = DuplicateCheck(area=area, path=area.path, job=job, started_at=clock.now(), started_by=by.username)
    check.save(force_insert=True)
    jobs.queue(job, {"check": check.pk})
    return check


def check_area(job: Job | None, by: Any, check: int) -> None:
    """Look through an area for people who stand in the ledger twice, for a job; without ``by`` the schedule asked.

    The search itself writes nothing.
    """
    by = by or SYSTEM
    asked = DuplicateCheck.objects.select_related("area").get(pk=check)
    area: Any = asked.area
    require(by, "people.merge", area)
    focus = people_of(area)
    everybody = not Person.objects.exclude(path="").exclude(within([area.path])).exists()
    found = find_duplicates(focus, whole=everybody)
    with transaction.atomic():
        known = Duplicate.objects.select_for_update(of=("self",)).filter(
            models.Q(first__in=focus.values("pk")) | models.Q(second__in=focus.values("pk"))
        )
        new = _write_proposals(found, list(known), clock.now())
        asked.finished_at, asked.seen, asked.found = clock.now(), found.seen, new
        asked.save(update_fields=["finished_at", "seen", "found"])
        journal.record(by, "people.check_duplicates", asked, detail={"seen": found.seen, "found": new})
        if job is not None:
            jobs.finish(job, result={"seen": found.seen, "found": new})


def check_nightly(now: datetime) -> int:
    """Let the whole ledger be looked through in the background at night; return how many checks were asked for.

    What fits no more goes with it, and pairs that the changed entries alone don't bring are found.
    """
    if clock.local(now).hour not in NIGHT:
        return 0
    tops = Area.objects.filter(parent=None, closed_on=None)
    lately = DuplicateCheck.objects.filter(area__in=tops, started_at__gt=now - NIGHTLY).values("area")
    due = [area for area in tops.exclude(pk__in=lately) if people_of(area).exists()]
    for area in due:
        ask_to_check(area, by=SYSTEM)
    return len(due)


@transaction.atomic
def check_changed(now: datetime) -> int:
    """Look at the entries that were made or changed since the last time, some at each run; return how many pairs.

    Every import and every change marks its people for this by the moment of the change.
    """
    check, _made = DuplicateCheck.objects.get_or_create(area=None, defaults={"started_at": now})
    marked = list(changed_people(check.seen_until, check.seen_key, MOST_MARKED).only("pk", "changed_at"))
    if not marked:
        return 0
    new = _look_at([person.pk for person in marked], now)
    check.seen_until, check.seen_key, check.finished_at = marked[-1].changed_at, marked[-1].pk, now
    check.seen, check.found = check.seen + len(marked), check.found + new
    check.save(update_fields=["seen_until", "seen_key", "finished_at", "seen", "found"])
    if new:
        journal.record(SYSTEM, "people.check_duplicates", check, detail={"seen": len(marked), "found": new})
    return new


@transaction.atomic
def check_people(people: Iterable[Person], *, by: Any) -> int:
    """Look whether these people stand in the ledger twice; return how many pairs are new.

    Raises:
        Refused: one of them is out of reach.
    """
    wanted = list(people)
    for person in wanted:
        require(by, "people.merge", person)
    new = _look_at([person.pk for person in wanted], clock.now())
    journal.record(by, "people.check_duplicates", None, detail={"seen": len(wanted), "found": new})
    return new


def _look_at(keys: Sequence[int], now: datetime) -> int:
    found = find_duplicates(Person.objects.filter(pk__in=keys))
    known = Duplicate.objects.filter(models.Q(first__in=keys) | models.Q(second__in=keys))
    return _write_proposals(found, list(known), now)


def _write_proposals(found: Proposals, known: Sequence[Duplicate], now: datetime) -> int:
    """Write the pairs that are new, bring those that wait up to date, drop those that fit no more; return the new."""
    apart, before = told_apart(), {(pair.first_id, pair.second_id): pair for pair in known}
    new = [
        Duplicate(
            first_id=pair[0],
            second_id=pair[1],
            certainty=likeness.certainty,
            likeness=likeness.percent,
            reasons=list(likeness.reasons),
            found_at=now,
        )
        for pair, likeness in sorted(found.pairs.items())
        if pair not in before and pair not in apart
    ]
    Duplicate.objects.bulk_create(new, batch_size=CHUNK, ignore_conflicts=True)
    waiting = (DuplicateState.OPEN, DuplicateState.LATER)
    standing = [pair for pair in known if pair.state in waiting and (pair.first_id, pair.second_id) in found.pairs]
    for pair in standing:
        likeness = found.pairs[pair.first_id, pair.second_id]
        pair.certainty, pair.likeness, pair.reasons = likeness.certainty, likeness.percent, list(likeness.reasons)
    Duplicate.objects.bulk_update(standing, ["certainty", "likeness", "reasons"], batch_size=CHUNK)
    gone = [pair.pk for key, pair in before.items() if pair.state in waiting and key not in found.pairs]
    for start in range(0, len(gone), CHUNK):
        # A pair that was merged once is the ground on which its merging stands.
        Duplicate.objects.filter(pk__in=gone[start : start + CHUNK], merges=None).delete()
    return len(new)


def _locked(pair: Duplicate, by: Any, states: Sequence[DuplicateState]) -> Duplicate:
    locked = Duplicate.objects.select_for_update().get(pk=pair.pk)
    # Always in the same order, so that two merges at once can't wait for each other.
    people = {
        person.pk: person for person in Person.objects.select_for_update().filter(pk__in=_pair(locked)).order_by("pk")
    }
    locked.first, locked.second = people[locked.first_id], people[locked.second_id]
    require(by, "people.merge", locked)
    if locked.state not in states:
        raise NotPossible(_("Somebody has settled this already. Load the page again."))
    return locked


def _pair(pair: Duplicate) -> Pair:
    return pair.first_id, pair.second_id


def _decide(pair: Duplicate, state: DuplicateState, by: Any, moment: datetime | None) -> None:
    pair.state, pair.decided_at, pair.decided_by = state, moment, by.username if moment else ""
    pair.save(update_fields=["state", "decided_at", "decided_by"])


def _sides(pair: Duplicate, choices: Choices) -> tuple[Person, Person]:
    """Return who stays and who goes. Only somebody who lives somewhere can stay where the other one does not."""
    living = set(Residence.objects.filter(person__in=_pair(pair), until=None).values_list("person", flat=True))
    kept, dropped = pair.first, pair.second
    if choices.home == Side.SECOND:
        kept, dropped = dropped, kept
    if dropped.pk in living and kept.pk not in living:
        kept, dropped = dropped, kept
    return kept, dropped


class _Record:
    """What is needed to take a merging back: rows as they stood, seals of how they were left, what was pointed over."""

    def __init__(self) -> None:
        self.rows: list[tuple[models.Model, str]] = []
        self.pointers: list[dict[str, Any]] = []
        self.standing: dict[str, list[Any]] = {}
        self.place = ""

    def keep(self, *rows: models.Model) -> None:
        """Note rows before they are changed."""
        self.rows += [(row, snapshot(row)) for row in rows]

    def seal(self, kept: Person) -> None:
        """Note what points to the entry that stays, now that everything was handed over."""
        self.standing = {f"{model._meta.label_lower}.{name}": keys for model, name, keys in _pointing_to(kept.pk)}

    def as_json(self) -> str:
        rows = [
            {"model": row._meta.label_lower, "key": row.pk, "before": before, "after": digest(row)}
            for row, before in self.rows
        ]
        kept = {"place": self.place, "rows": rows, "pointers": self.pointers, "standing": self.standing}
        return json.dumps(kept, ensure_ascii=False, default=str)


def _pointing_models() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every model and field that points to a person, also tables between two; not what stays with its entry."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model: type[models.Model] = relation.related_model
        if model._meta.label_lower not in STAYING:
            yield model, relation.field.name


def _pointing_to(key: int) -> Iterator[tuple[type[models.Model], str, list[Any]]]:
    for model, name in _pointing_models():
        yield model, name, list(model._base_manager.filter(**{name: key}).order_by("pk").values_list("pk", flat=True))


def _hand_over(record: _Record, kept: Person, dropped: Person, chosen: Mapping[str, Person], now: datetime) -> None:
    """Let everything that points to the entry that goes point to the one that stays."""
    _hand_over_residences(record, kept, dropped, now)
    _hand_over_corrections(record, kept, dropped, chosen, now)
    _hand_over_particulars(record, kept, dropped)
    for model, name, keys in _pointing_to(dropped.pk):
        if model._meta.label_lower in _WITH_RULES:
            continue
        for key in keys:
            after = kept.pk if model._meta.pk.name == name else key
            try:
                with transaction.atomic():
                    _point(model._meta.label_lower, name, key, kept.pk)
            except IntegrityError:
                # There is one of this kind at most, and the entry that stays has its own.
                continue
            record.pointers.append({"model": model._meta.label_lower, "field": name, "key": key, "after": after})


def _point(label: str, name: str, key: Any, person: int) -> None:
    model = _model(label)
    model._base_manager.filter(pk=key).update(**{name: person})


def _model(label: str) -> type[models.Model]:
    from django.apps import apps

    return apps.get_model(label)


def _hand_over_residences(record: _Record, kept: Person, dropped: Person, now: datetime) -> None:
    today = clock.local(now).date()
    standing = [(row.since, row.until) for row in Residence.objects.filter(person=kept)]
    rows = list(Residence.objects.select_for_update().filter(person=dropped).order_by("pk"))
    left = {row.household_id for row in rows if row.until is None}
    for row in rows:
        record.keep(row)
        row.person = kept
        row.since, row.until = cut((row.since, row.until), standing, today)
        row.save(update_fields=["person", "since", "until"])
    for household in Household.objects.select_for_update().filter(pk__in=left, ended_on=None).order_by("pk"):
        if not Residence.objects.filter(household=household, until=None).exists():
            record.keep(household)
            household.ended_on, household.changed_at = today, now
            household.save(update_fields=["ended_on", "changed_at"])


Span = tuple[date | None, date | None]


def cut(span: Span, taken: Iterable[Span], today: date) -> Span:
    """Return the first part of a span of days that no other span takes; an empty one where nothing is left of it.

    The first day belongs to a span and the last one does not; None means that it has no end on that side.
    """
    first, last = span[0] or date.min, span[1] or date.max
    for since, until in sorted((each[0] or date.min, each[1] or date.max) for each in taken):
        if until <= first or since >= last or since >= until:
            continue
        if since > first:
            last = since
            break
        first = until
    if first >= last:
        day = span[0] or span[1] or today
        return day, day
    return (None if first == date.min else first), (None if last == date.max else last)


def _hand_over_corrections(
    record: _Record, kept: Person, dropped: Person, chosen: Mapping[str, Person], now: datetime
) -> None:
    """Take the marks along; one whose wrong value was not chosen needs no correction any more."""
    rows = Correction.objects.select_for_update().filter(person__in=[kept.pk, dropped.pk]).order_by("pk")
    for row in rows:
        left_out = row.field in chosen and chosen[row.field].pk != row.person_id
        settled = row.state == CorrectionState.OPEN and left_out and _is_right(row.field, chosen[row.field])
        if row.person_id == kept.pk and not settled:
            continue
        record.keep(row)
        row.person, row.path = kept, kept.path
        if settled:
            row.state, row.settled_at = CorrectionState.DONE, now
        row.save(update_fields=["person", "path", "state", "settled_at"])


def _hand_over_particulars(record: _Record, kept: Person, dropped: Person) -> None:
    """Fill in what the entry that stays does not name; what it names stays, and so does an answer not given."""
    brought = particulars_of(dropped)
    if brought is None:
        return
    own = particulars_of(kept)
    if own is None:
        _point("people.particulars", "person", dropped.pk, kept.pk)
        record.pointers.append({"model": "people.particulars", "field": "person", "key": dropped.pk, "after": kept.pk})
        return
    record.keep(own)
    if not (own.emergency_name or own.emergency_phone or "emergency_contact" in own.declined):
        for name in ("emergency_name", "emergency_relation", "emergency_phone"):
            setattr(own, name, getattr(brought, name))
    if "skills" not in own.declined:
        own.skills = own.skills or brought.skills
    own.declined = sorted({*own.declined, *(name for name in brought.declined if not _is_named(kept, own, name))})
    own.died_on = own.died_on or brought.died_on
    own.save()


def _is_named(person: Person, beside: Particulars, name: str) -> bool:
    """Tell whether a fact that the other entry declined is known of this one."""
    if name == "emergency_contact":
        return bool(beside.emergency_name or beside.emergency_phone)
    return bool(getattr(beside if name in NAMED else person, name))


def _note_facts(person: Person, before: Mapping[str, Any], by: Any, now: datetime) -> None:
    """Keep the facts that stood here before, so that any past day is shown as it was."""
    after = facts_of(person, particulars_of(person))
    changed = [name for name in FACTS if after[name] != before[name]]
    if changed:
        kept = json.dumps({name: before[name] for name in changed}, default=str)
        PersonChange.objects.create(person=person, changed_at=now, by=by.username, fields=changed, before=kept)


def _require_settled(pair: Duplicate) -> None:
    """Raise ``NotPossible`` while one of the two is about to move to another grid."""
    if Transfer.objects.filter(people__in=_pair(pair), state=TransferState.WAITING).exists():
        raise NotPossible(_("One of the two is moving to another grid. Merge them once that grid has answered."))


def _is_right(name: str, person: Person) -> bool:
    if name == "id_number":
        return idnumber.check(person.id_number).ok
    return phones.check(person.phone).ok if name == "phone" else bool(getattr(person, name))


def _take_values(kept: Person, chosen: Mapping[str, Person], now: datetime) -> None:
    values = {name: getattr(chosen.get(name, kept), name) for name in MERGED_FIELDS}
    for name, value in values.items():
        setattr(kept, name, value)
    home = Residence.objects.filter(person=kept, until=None).select_related("household__dwelling").first()
    address = home.household.dwelling.address if home is not None else ""
    kept.id_number_index, kept.phone_index = id_index(kept.id_number), phone_index(kept.phone)
    kept.search_terms = search_terms(kept.name, address, kept.phone)
    kept.changed_at = now
    kept.save(update_fields=[*MERGED_FIELDS, "id_number_index", "phone_index", "search_terms", "changed_at"])


def _bury(dropped: Person, now: datetime) -> None:
    dropped.path = dropped.search_terms = dropped.id_number_index = dropped.phone_index = ""
    dropped.changed_at = now
    dropped.save(update_fields=["path", "search_terms", "id_number_index", "phone_index", "changed_at"])


def _common(one: str, other: str) -> str:
    shared = [path for path in ancestors(one) if other.startswith(path)]
    return shared[-1] if shared else ""


def _restored(row: Mapping[str, Any]) -> tuple[type[models.Model], models.Model]:
    model = _model(row["model"])
    return model, restored(model, row["before"])


def _require_untouched(merge: Merge, record: Mapping[str, Any]) -> None:
    """Raise ``NotPossible`` where something newer stands on a merging."""
    touched: list[str] = []
    for row in record["rows"]:
        model = _model(row["model"])
        current = model._base_manager.select_for_update().filter(pk=row["key"]).first()
        if current is None or digest(current) != row["after"]:
            touched.append(str(model._meta.verbose_name))
    before: dict[str, set[Any]] = defaultdict(set)
    before |= {name: set(map(str, keys)) for name, keys in record["standing"].items()}
    for model, name, keys in _pointing_to(merge.kept_id):
        if set(map(str, keys)) != before[f"{model._meta.label_lower}.{name}"]:
            touched.append(str(model._meta.verbose_name))
    if touched:
        names = _(", ").join(dict.fromkeys(touched))
        text = _("Something has changed here since the two were merged: %(what)s. Put it right in the file instead.")
        raise NotPossible(text % {"what": names})


def _settle_places(merge: Merge, before: Mapping[int, Any]) -> None:
    """Give both entries what follows from their homes: these may have come to another grid meanwhile."""
    for key in (merge.kept_id, merge.dropped_id):
        was = before[key]
        home = Residence.objects.filter(person=key, until=None).select_related("household").first()
        place = home.household.path if home is not None else was.path
        Person.objects.filter(pk=key).update(path=place, search_terms=was.search_terms)
        Correction.objects.filter(person=key).update(path=place)
