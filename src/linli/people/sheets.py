"""The people workbook, registered with exchange."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.core.sheets.people_rows import PEOPLE_SHEET
from linli.exchange import ledgers
from linli.housing.choices import Occupancy
from linli.housing.importing import HOUSING_MODELS, follow_houses
from linli.people.actions.histories import note_workbook
from linli.people.choices import Presence, Registration, Relation, Sex
from linli.people.drafts import Draft
from linli.people.models import Correction, Household, Person, PersonChange, Residence
from linli.people.plans import PeoplePlan

KIND = "people"
CHOICES: dict[str, Any] = {
    "sex": Sex,
    "relation": Relation,
    "registration": Registration,
    "presence": Presence,
    "occupancy": Occupancy,
}


def register() -> None:
    """Let exchange take in people workbooks."""
    ledgers.register(
        KIND,
        ledgers.Ledger(
            label=_("People and households"),
            sheet=PEOPLE_SHEET,
            ability="people.import",
            levels=(Level.COMMUNITY,),
            figures={
                "people": _("Residents"),
                "households": _("Households"),
                "dwellings": _("Homes"),
                "empty_homes": _("Empty homes"),
                "renting": _("Homes that are let"),
                "updated": _("Known already, brought up to date"),
            },
            collector=Draft,
            compare=PeoplePlan,
            tables=(*HOUSING_MODELS, Household, Person, Residence, Correction, PersonChange),
            applied="people.import",
            undone="people.undo_import",
            follow=_follow,
            name=_name,
            words=words,
            note=note_workbook,
        ),
    )


def words(field: str, value: str) -> str:
    """Return a value in words: choices by their labels."""
    choices = CHOICES.get(field)
    return str(choices(value).label) if choices is not None and value in choices.values else value


def _follow(touched: ledgers.Keys) -> None:
    """Let who was put back have the path of the home as it lies now."""
    follow_houses(touched)
    dwelling = Household.everything.filter(pk=OuterRef("pk")).values("dwelling__path")[:1]
    Household.everything.filter(pk__in=touched.get(Household, ())).update(path=Subquery(dwelling))
    people = {*touched.get(Person, ()), *_owners(Residence, touched)}
    home = Residence.objects.filter(person=OuterRef("pk"), until=None).values("household__path")[:1]
    Person.everything.filter(pk__in=people, residences__until=None).update(path=Subquery(home))
    person = Person.everything.filter(pk=OuterRef("person")).values("path")[:1]
    Correction.everything.filter(person__in=people).update(path=Subquery(person))


def _owners(model: type[Residence], touched: ledgers.Keys) -> set[int]:
    return set(model.everything.filter(pk__in=touched.get(model, ())).values_list("person_id", flat=True))


def _name(row: models.Model) -> str:
    if isinstance(row, Household):
        return row.dwelling.address
    return row.person.name if isinstance(row, Residence | Correction | PersonChange) else str(row)
