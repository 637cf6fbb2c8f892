"""Owners, tenancies, the four ones, dormitories, and looking at a hidden phone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.core import clock
from linli.core.namesearch import terms_of
from linli.housing.actions.checking import check_not_ahead, clean_phone
from linli.housing.choices import DwellingKind, ListKind, MarkState, Occupancy, PhonePurpose
from linli.housing.models import Dormitory, Dwelling, HomeMark, ListItem, Ownership, Tenancy
from linli.housing.rules import NotPossible, require_keeper
from linli.housing.values import DormitoryValues, OwnerValues, TenancyValues
from linli.journal import actions as journal

WithPhone = Ownership | Tenancy | Dormitory


@transaction.atomic
def add_owner(dwelling: Dwelling, values: OwnerValues, *, by: Any) -> Ownership:
    """Write down who owns a dwelling; it may have several owners."""
    home = _keep(dwelling, by)
    check_not_ahead(values.since, "since")
    owner = Ownership(
        dwelling=home,
        kind=values.kind,
        name=values.name.strip(),
        phone="" if values.contact_declined else clean_phone(values.phone),
        contact_declined=values.contact_declined,
        since=values.since,
    )
    owner.search_terms = terms_of(owner.name, owner.phone)
    owner.full_clean()
    owner.save(force_insert=True)
    journal.record(by, "housing.add_owner", owner)
    return owner


@transaction.atomic
def change_owner(owner: Ownership, values: OwnerValues, *, by: Any) -> Ownership:
    """Put right what is written of an owner."""
    locked: Ownership = Ownership.objects.select_for_update(of=("self",)).select_related("dwelling").get(pk=owner.pk)
    require_keeper(by, locked)
    check_not_ahead(values.since, "since")
    locked.kind, locked.name, locked.since = values.kind, values.name.strip(), values.since
    # A hidden phone is not shown in the form: an empty field leaves it as it is.
    locked.phone = "" if values.contact_declined else clean_phone(values.phone) or locked.phone
    locked.contact_declined = values.contact_declined
    locked.search_terms = terms_of(locked.name, locked.phone)
    locked.full_clean()
    locked.save(update_fields=["kind", "name", "since", "phone", "contact_declined", "search_terms"])
    journal.record(by, "housing.change_owner", locked)
    return locked


@transaction.atomic
def end_ownership(owner: Ownership, until: date, *, by: Any) -> Ownership:
    """Say that somebody owned a dwelling until a day; it stays as history."""
    locked: Ownership = Ownership.objects.select_for_update(of=("self",)).select_related("dwelling").get(pk=owner.pk)
    require_keeper(by, locked)
    _check_end(locked.since, until)
    locked.until = until
    locked.save(update_fields=["until"])
    journal.record(by, "housing.end_ownership", locked)
    return locked


@transaction.atomic
def start_tenancy(dwelling: Dwelling, values: TenancyValues, *, by: Any) -> Tenancy:
    """Write down that a dwelling is let from a day on; it counts as let from now on.

    Raises:
        ValidationError: it is let already, or nobody is named who did not prefer that.
    """
    home = _keep(dwelling, by)
    check_not_ahead(values.since, "since")
    if Tenancy.objects.filter(dwelling=home, until=None).exists():
        raise ValidationError(_("A tenancy is written down already. End it first, then write down the new one."))
    if not values.household and not values.contact.strip() and not values.contact_declined:
        raise ValidationError(
            {"contact": _("Choose the household, write whom to ask, or tick that they prefer not to.")}
        )
    if values.agreed_until is not None and values.agreed_until < values.since:
        raise ValidationError({"agreed_until": _("The end lies before the beginning.")})
    tenancy = Tenancy(
        dwelling=home,
        household=values.household,
        headcount=values.headcount,
        contact="" if values.contact_declined else values.contact.strip(),
        phone="" if values.contact_declined else clean_phone(values.phone),
        contact_declined=values.contact_declined,
        since=values.since,
        agreed_until=values.agreed_until,
        contract_seen=values.contract_seen,
        since_noted_at=clock.now(),
    )
    tenancy.search_terms = terms_of(tenancy.contact, tenancy.phone)
    tenancy.full_clean()
    tenancy.save(force_insert=True)
    _use(home, Occupancy.RENTED)
    journal.record(by, "housing.start_tenancy", tenancy)
    return tenancy


@transaction.atomic
def end_tenancy(tenancy: Tenancy, until: date, occupancy: str, *, by: Any) -> Tenancy:
    """Say that a tenancy ended on a day, and how the dwelling is used now; it stays as history."""
    locked: Tenancy = Tenancy.objects.select_for_update(of=("self",)).select_related("dwelling").get(pk=tenancy.pk)
    require_keeper(by, locked)
    if locked.until is not None:
        raise NotPossible(_("This tenancy has ended already. Load the page again."))
    _check_end(locked.since, until)
    locked.until, locked.until_noted_at = until, clock.now()
    locked.save(update_fields=["until", "until_noted_at"])
    _use(Dwelling.objects.select_for_update().get(pk=locked.dwelling_id), Occupancy(occupancy))
    journal.record(by, "housing.end_tenancy", locked, detail={"occupancy": occupancy})
    return locked


@transaction.atomic
def mark_home(dwelling: Dwelling, item: ListItem, state: str, *, by: Any) -> HomeMark:
    """Note how far one of the four ones is; “prefers not to” is an answer like any other."""
    home = _keep(dwelling, by)
    if item.kind != ListKind.FOUR_ONES or not item.is_active:
        raise NotPossible(_("This row is not in use any more. Load the page again."))
    values = {"state": MarkState(state), "on": clock.today(), "by_name": by.name}
    mark, _made = HomeMark.objects.update_or_create(dwelling=home, item=item, defaults=values)
    journal.record(by, "housing.mark_home", home, detail={"item": item.code, "state": state})
    return mark


@transaction.atomic
def declare_dormitory(dwelling: Dwelling, values: DormitoryValues, *, by: Any) -> Dormitory:
    """Write down what the manager of a dormitory declares: places and a number, no names."""
    home = _keep(dwelling, by)
    if home.kind != DwellingKind.DORMITORY:
        raise NotPossible(_("This is no dormitory. Change its kind first."))
    known = Dormitory.objects.filter(dwelling=home).first()
    dormitory = known or Dormitory(dwelling=home)
    dormitory.capacity, dormitory.living, dormitory.manager = values.capacity, values.living, values.manager.strip()
    dormitory.phone = clean_phone(values.phone) or dormitory.phone
    dormitory.declared_on = clock.today()
    dormitory.full_clean()
    if known is None:
        dormitory.save(force_insert=True)
    else:
        dormitory.save(update_fields=["capacity", "living", "manager", "phone", "declared_on"])
    journal.record(by, "housing.declare_dormitory", home, detail={"capacity": values.capacity, "living": values.living})
    return dormitory


@transaction.atomic
def reveal_phone(record: WithPhone, *, by: Any, reason: str) -> str:
    """Return the phone of an owner, a tenant or a manager in clear, and journal who looked and what for.

    Raises:
        Refused: it is out of reach, or the post may not reveal.
        NotPossible: no purpose of the list was given.
    """
    locked: WithPhone = (
        type(record)._default_manager.select_for_update(of=("self",)).select_related("dwelling").get(pk=record.pk)
    )
    require(by, "people.reveal", locked)
    if reason not in PhonePurpose.values:
        raise NotPossible(_("First choose what you need it for."))
    journal.record(by, "housing.reveal_phone", locked, reason=reason)
    value: str = locked.phone
    return value


def _keep(dwelling: Dwelling, by: Any) -> Dwelling:
    locked = Dwelling.objects.select_for_update(of=("self",)).select_related("building").get(pk=dwelling.pk)
    require_keeper(by, locked)
    return locked


def _use(home: Dwelling, occupancy: Occupancy) -> None:
    home.occupancy = occupancy
    home.save(update_fields=["occupancy"])


def _check_end(since: date | None, until: date) -> None:
    check_not_ahead(until, "until")
    if since is not None and until < since:
        raise ValidationError({"until": _("The end lies before the beginning.")})
