"""What whoever declares does: declare, answer, withdraw. Nobody needs an account for it."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.core import clock, idnumber, phones
from linli.core.tokens import new_case_number
from linli.declarations.actions.engine import clean_words, find_row, lock, write_step
from linli.declarations.actions.links import make_link
from linli.declarations.actions.values import Declared, NewDeclaration
from linli.declarations.choices import Action, Field, Kind
from linli.declarations.models import Declaration
from linli.declarations.queries import link_by_token, needs_room
from linli.declarations.rules import THE_DECLARER
from linli.declarations.workflow import FIRST_ROW, fields_of
from linli.housing.addresses import home_key
from linli.housing.models import Building

LONGEST_NAME = 40
LONGEST_PART = 20
MOST_PEOPLE = 99
PAST, AHEAD = timedelta(days=3 * 366), timedelta(days=366)
# An ID number or a mobile phone inside a sentence.
_NUMBERS = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{15}|1[3-9]\d{9})(?![\dXx])")


@transaction.atomic
def declare(new: NewDeclaration, *, rng: random.Random | None = None) -> Declared:
    """Take a declaration, tell those who keep the ledger of the home, and give a private link.

    Args:
        rng: where the chance in the number comes from; the operating system unless a seeded demo gives its own.

    Raises:
        ValidationError: something is missing or wrong, by field, or can't be declared by this declarer.
    """
    asked = fields_of(new.declarer, new.kind)
    if asked is None:
        raise ValidationError(_("This can't be declared so. Choose once more who you are and what has changed."))
    # As it lies now: it may have come to another grid while the form was open.
    building = Building.objects.select_related("community", "grid").get(pk=new.building.pk)
    declaration = Declaration(
        number=_free_number(rng),
        declarer=new.declarer,
        kind=new.kind,
        building=building,
        path=building.path,
        day=_checked_day(new.day),
        declared_at=clock.now(),
        declined=sorted(field for field in new.declined if field in asked),
        **_home(new),
        **check_answers(new.kind, asked, new.declined, new.answers),
    )
    write_step(declaration, FIRST_ROW, by=THE_DECLARER)
    return Declared(declaration, make_link(declaration))


@transaction.atomic
def answer(token: str, words: str) -> Declaration:
    """Answer what staff asked, through the private link.

    Raises:
        Declaration.DoesNotExist: there is no such link.
        Conflict: nothing is asked any more.
        ValidationError: there are no words, or they hold numbers of other people.
    """
    declaration = _held(token)
    row = find_row(declaration, Action.ANSWER, by=THE_DECLARER)
    said = clean_words(words, required=True)
    if not declaration.of_oneself and _NUMBERS.search(said):
        text = _("Leave out phone and ID numbers of other people: who lives there tells it themselves, if they like.")
        raise ValidationError({"words": text})
    write_step(declaration, row, by=THE_DECLARER, words=said)
    return declaration


@transaction.atomic
def withdraw(token: str) -> Declaration:
    """Take a declaration back, through the private link, until it is decided.

    Raises:
        Declaration.DoesNotExist: there is no such link.
        Conflict: it is decided already.
    """
    declaration = _held(token)
    write_step(declaration, find_row(declaration, Action.WITHDRAW, by=THE_DECLARER), by=THE_DECLARER)
    return declaration


def _held(token: str) -> Declaration:
    link = link_by_token(token)
    if link is None:
        raise Declaration.DoesNotExist
    return lock(link.declaration_id)


def _checked_day(day: date) -> date:
    today = clock.today()
    if not today - PAST <= day <= today + AHEAD:
        raise ValidationError({"day": _("Choose a day of the last three years, or of the year to come.")})
    return day


def _home(new: NewDeclaration) -> dict[str, str]:
    key = home_key("", "", new.entrance, new.room)
    if not key.room and needs_room(new.building):
        raise ValidationError({"room": _("Write the number of the home, as it stands on the door.")})
    for name in ("entrance", "room"):
        if len(getattr(key, name)) > LONGEST_PART:
            raise ValidationError({name: _("This is too long for the number of a home. Write it as on the door: 501.")})
    return {"entrance": key.entrance, "room": key.room}


def check_answers(
    kind: str, asked: Iterable[Field], declined: Collection[str], answers: Mapping[str, str | int | None]
) -> dict[str, str | int | None]:
    """Return the checked answers to what is asked; nothing else is taken, whatever was sent.

    Raises:
        ValidationError: by field, everything that is missing or wrong.
    """
    found: dict[str, str | int | None] = {}
    faults: dict[str, str] = {}
    for field in asked:
        if field in declined and not (field == Field.PHONE and kind == Kind.CONTACT):
            continue
        try:
            found[field] = CHECKS[field](answers.get(field))
        except ValidationError as fault:
            faults[field] = str(fault.message)
    if faults:
        raise ValidationError(faults)
    return found


def _checked_count(value: str | int | None) -> int:
    if not isinstance(value, int) or not 1 <= value <= MOST_PEOPLE:
        raise ValidationError(_("Write how many people, from 1 to 99, or tick “I prefer not to say”."))
    return value


def _checked_name(given: str | int | None) -> str:
    value = str(given or "").strip()
    if not value:
        raise ValidationError(_("Write your name, or tick “I prefer not to say”."))
    if len(value) > LONGEST_NAME or "\x00" in value:
        raise ValidationError(_("This is no name that can be kept. At most 40 characters fit."))
    return value


def _checked_phone(given: str | int | None) -> str:
    found = phones.check(str(given or "").strip())
    if found.ok:
        return found.value
    if found.kind == phones.PhoneKind.EMPTY:
        raise ValidationError(_("Write your phone number."))
    raise ValidationError(_("This phone number is not right. A mobile number has 11 digits."))


def _checked_id_number(given: str | int | None) -> str:
    found = idnumber.check(str(given or "").strip())
    if found.ok or found.kind == idnumber.IdKind.EMPTY:
        return found.value
    raise ValidationError(_("This ID number is not right. Compare it with the card, or leave it out."))


CHECKS: dict[Field, Callable[[str | int | None], str | int]] = {
    Field.NAME: _checked_name,
    Field.PHONE: _checked_phone,
    Field.ID_NUMBER: _checked_id_number,
    Field.HEADCOUNT: _checked_count,
}


def _free_number(rng: random.Random | None) -> str:
    """Return a number that nobody has: D and the day and chance, as ``D1125-K7QF3``."""
    while Declaration.objects.filter(number=(number := f"D{new_case_number(clock.today(), rng)}")).exists():
        pass
    return number
