"""Papers: drafted, signed, checked, renewed, ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.agreements.actions.texts import Text
from linli.agreements.choices import Finding, PartyKind
from linli.agreements.models import Agreement, Check, Clause, Result
from linli.agreements.rules import NotPossible, require_lawful
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.redrawn import Redrawn, Rows
from linli.core import clock
from linli.core.bigrams import document_terms
from linli.core.pinyin import readings
from linli.housing.grouping import by_grid
from linli.housing.models import Building, Dwelling
from linli.journal import actions as journal
from linli.people.models import Household
from linli.units.models import Unit

LONGEST_YEARS = 5


@dataclass(frozen=True)
class Party:
    """With whom a paper is agreed, where, and what the ledgers know of it."""

    kind: str
    name: str
    grid: Area
    place: str = ""
    unit: Unit | None = None
    dwelling: Dwelling | None = None
    household: Household | None = None

    @property
    def building(self) -> Building | None:
        """The building that the paper is about, where it is known."""
        if self.dwelling is not None:
            return self.dwelling.building
        return self.unit.building if self.unit is not None else None


@dataclass(frozen=True)
class Found:
    """What a check found about one clause."""

    finding: str
    text: str = ""
    due_on: date | None = None


@transaction.atomic
def draft_agreement(text: Text, party: Party, starts_on: date, ends_on: date, *, by: Any) -> Agreement:
    """Prepare a paper for signature. Raises ``ValidationError`` for a party, place, term or clause that can't be."""
    require(by, "agreements.edit", party.grid)
    return _draft(text, party, (starts_on, ends_on), by=by)


@transaction.atomic
def sign_agreement(agreement: Agreement, on: date, *, by: Any) -> Agreement:
    """Note the day on which both sides signed."""
    locked = _locked(agreement, by)
    if locked.signed_on is not None or locked.ended_on is not None:
        raise NotPossible(_("This paper is signed or ended already. Load the page again."))
    if on > clock.today():
        raise NotPossible(_("This day is still to come. Write the day on which both signed."))
    if on > locked.ends_on:
        raise NotPossible(_("On this day its term was over. Make a new paper."))
    locked.signed_on = on
    _save(locked, ["signed_on"])
    journal.record(by, "agreements.sign", locked)
    return locked


@transaction.atomic
def check_agreement(agreement: Agreement, on: date, found: dict[int, Found], *, by: Any, note: str = "") -> Check:
    """Write down a check.

    Args:
        found: id of a clause → what was found; clauses that are left out were not looked at.

    Raises:
        NotPossible: the paper is not in force, or the day can't be.
        ValidationError: something is to be put right, and nothing says what or by when.
    """
    locked = _locked(agreement, by)
    if locked.signed_on is None or locked.ended_on is not None:
        raise NotPossible(_("This paper is not in force, so nothing can be checked."))
    if on > clock.today() or on < locked.signed_on:
        raise NotPossible(_("Write a day between the signature and today."))
    clauses = list(locked.clauses.all())
    results = [(clause, found.get(clause.pk, Found(Finding.NOT_SEEN))) for clause in clauses]
    if all(result.finding == Finding.NOT_SEEN for _clause, result in results):
        raise NotPossible(_("Say of at least one clause whether it is kept."))
    for clause, result in results:
        _require_complete(clause, result, on)
    made = Check.objects.create(agreement=locked, on=on, by=by.username, by_name=by.name, note=note.strip())
    Result.objects.bulk_create(
        Result(
            of_check=made,
            clause=clause,
            finding=result.finding,
            text=result.text.strip() if result.finding == Finding.TO_MEND else "",
            due_on=result.due_on if result.finding == Finding.TO_MEND else None,
        )
        for clause, result in results
    )
    to_mend = sum(result.finding == Finding.TO_MEND for _clause, result in results)
    journal.record(by, "agreements.check", locked, detail={"to_mend": to_mend})
    return made


@transaction.atomic
def settle_result(result: Result, on: date, *, by: Any) -> Result:
    """Note that something was put right."""
    locked = Result.objects.select_for_update(of=("self",)).select_related("of_check__agreement").get(pk=result.pk)
    agreement = locked.of_check.agreement
    require(by, "agreements.edit", agreement)
    if locked.finding != Finding.TO_MEND or locked.settled_on is not None:
        raise NotPossible(_("This is put right already. Load the page again."))
    if on > clock.today() or on < locked.of_check.on:
        raise NotPossible(_("Write a day between the check and today."))
    locked.settled_on = on
    locked.save(update_fields=["settled_on"])
    journal.record(by, "agreements.settle", agreement, detail={"clause": locked.clause.position})
    return locked


@transaction.atomic
def renew_agreement(agreement: Agreement, starts_on: date, ends_on: date, *, by: Any) -> Agreement:
    """Prepare the next paper with the same party and clauses; the old one runs to its end."""
    locked = _locked(agreement, by)
    if locked.signed_on is None or locked.ended_on is not None:
        raise NotPossible(_("Only a paper that was signed and not ended can be renewed. Make a new one."))
    if Agreement.objects.filter(renews=locked).exists():
        raise NotPossible(_("The next paper is prepared already. Load the page again."))
    if starts_on <= locked.starts_on:
        raise ValidationError({"starts_on": _("The next term begins after the present one. Write a later day.")})
    clauses = list(locked.clauses.values_list("text", flat=True))
    text = Text(locked.title, locked.party_kind, 0, clauses)
    party = Party(
        locked.party_kind,
        locked.party_name,
        locked.grid,
        locked.place,
        locked.unit,
        locked.dwelling,
        locked.household,
    )
    return _draft(text, party, (starts_on, ends_on), by=by, renews=locked)


@transaction.atomic
def end_agreement(agreement: Agreement, on: date, reason: str, *, by: Any, declined: bool = False) -> Agreement:
    """End a paper before or after its term, and say why; one that was not signed is dropped so.

    Args:
        declined: the party preferred not to sign, which needs no reason.
    """
    locked = _locked(agreement, by)
    if locked.ended_on is not None:
        raise NotPossible(_("This paper is ended already. Load the page again."))
    if declined and locked.signed_on is not None:
        raise NotPossible(_("This paper is signed. Say why it ends."))
    if not reason.strip() and not declined:
        raise ValidationError({"reason": _("Say why it ends.")})
    if on > clock.today() or (locked.signed_on is not None and on < locked.signed_on):
        raise NotPossible(_("Write a day between the signature and today."))
    locked.ended_on, locked.end_reason, locked.declined = on, reason.strip(), declined
    _save(locked, ["ended_on", "end_reason", "declined"])
    journal.record(by, "agreements.end", locked, detail={"declined": True} if declined else None)
    return locked


@transaction.atomic
def print_agreement(agreement: Agreement, *, by: Any) -> None:
    """Note that somebody printed a paper for signature."""
    require(by, "agreements.edit", agreement)
    journal.record(by, "agreements.print", agreement)


@transaction.atomic
def follow_buildings(buildings: Iterable[Building]) -> None:
    """Let agreements follow the buildings they are about to new grids. Called when buildings move."""
    for building, keys in by_grid(buildings):
        if building.grid_id is not None:
            Agreement.objects.filter(building__in=keys).update(grid=building.grid_id, path=building.path)


@transaction.atomic
def follow_grids(redrawn: Redrawn, *, by: Any) -> Rows:
    """Let agreements about no building follow grids that were drawn anew. Returns where they were."""
    for community in redrawn.communities:
        require(by, "grids.redraw", community)
    rows = Agreement.objects.filter(grid__in=redrawn.affected, building=None).order_by("pk").values_list("pk", "grid")
    moved = redrawn.move(Agreement.objects.all(), ((pk, grid, None, None) for pk, grid in rows), "grid")
    journal.record(by, "agreements.follow_grids", detail={"agreements": len(moved)})
    return {Agreement._meta.label_lower: moved}


def _draft(text: Text, party: Party, term: tuple[date, date], *, by: Any, renews: Agreement | None = None) -> Agreement:
    clauses = require_lawful(text.title, text.clauses)
    _require_party(text, party)
    _require_term(*term)
    now = clock.now()
    made = Agreement(
        title=text.title.strip(),
        party_kind=party.kind,
        party_name=party.name.strip(),
        grid=party.grid,
        building=party.building,
        path=party.grid.path,
        place=party.place.strip(),
        unit=party.unit,
        dwelling=party.dwelling,
        household=party.household,
        starts_on=term[0],
        ends_on=term[1],
        renews=renews,
        created_at=now,
        changed_at=now,
    )
    parts = (
        document_terms(made.title),
        document_terms(made.party_name),
        readings(made.party_name),
        document_terms(made.place),
    )
    made.search_terms = " ".join(part for part in parts if part)
    made.full_clean()
    made.save(force_insert=True)
    Clause.objects.bulk_create(
        Clause(agreement=made, position=number, text=clause) for number, clause in enumerate(clauses, start=1)
    )
    journal.record(by, "agreements.renew" if renews is not None else "agreements.draft", made)
    return made


def _require_party(text: Text, party: Party) -> None:
    if party.grid.level != Level.GRID or party.grid.closed_on is not None:
        raise ValidationError({"grid": _("Choose a grid.")})
    if not party.name.strip():
        raise ValidationError({"party_name": _("Write with whom it is agreed.")})
    if party.kind not in PartyKind.values or party.kind != text.party_kind:
        raise ValidationError({"text": _("This text is for somebody else. Choose another one.")})
    if any(thing is not None and thing.path != party.grid.path for thing in (party.unit, party.dwelling)):
        raise ValidationError({"grid": _("The unit or home lies in another grid. Choose that grid.")})
    if party.household is not None and (party.dwelling is None or party.household.dwelling_id != party.dwelling.pk):
        raise ValidationError({"place": _("This household lives in another home.")})


def _require_term(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise ValidationError({"ends_on": _("The paper ends before it begins. Write a later day.")})
    if (ends_on - starts_on).days > LONGEST_YEARS * 366:
        raise ValidationError(
            {"ends_on": _("A paper runs for at most %(years)s years. Write an earlier day.") % {"years": LONGEST_YEARS}}
        )


def _require_complete(clause: Clause, result: Found, on: date) -> None:
    if result.finding not in Finding.values:
        raise ValidationError({f"finding_{clause.pk}": _("Choose what was found.")})
    if result.finding != Finding.TO_MEND:
        return
    if not result.text.strip():
        raise ValidationError({f"text_{clause.pk}": _("Write what is to be put right.")})
    if result.due_on is None or result.due_on < on:
        raise ValidationError({f"due_{clause.pk}": _("Write by which day; not before the check.")})


def _locked(agreement: Agreement, by: Any) -> Agreement:
    locked = Agreement.objects.select_for_update(of=("self",)).select_related("grid").get(pk=agreement.pk)
    require(by, "agreements.edit", locked)
    return locked


def _save(agreement: Agreement, columns: list[str]) -> None:
    agreement.changed_at = clock.now()
    agreement.save(update_fields=[*columns, "changed_at"])
