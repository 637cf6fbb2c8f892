"""The community profile: what a community tells about itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core import clock
from linli.housing.choices import ListKind
from linli.housing.models import BudgetLine, ClearMark, CommunityProfile, Honour, ListItem
from linli.housing.rules import NotPossible, require_keeper
from linli.housing.values import ProfileValues
from linli.journal import actions as journal

EARLIEST_YEAR = 1949


@transaction.atomic
def change_profile(community: Area, values: ProfileValues, *, by: Any) -> CommunityProfile:
    """Change the words of a profile, and how large the premises are."""
    _require_community(community, by)
    told = {
        "about": values.about.strip(),
        "premises_m2": values.premises_m2,
        "project_name": values.project_name.strip(),
        "project_text": values.project_text.strip(),
        "changed_at": clock.now(),
    }
    profile, _made = CommunityProfile.objects.update_or_create(community=community, defaults=told)
    journal.record(by, "housing.change_profile", profile, area_path=community.path)
    return profile


@transaction.atomic
def add_budget_line(community: Area, year: int, kind: str, purpose: str, amount: Decimal, *, by: Any) -> BudgetLine:
    """Add a line of money: planned or spent in a year."""
    _require_community(community, by)
    _check_year(year)
    line = BudgetLine(community=community, year=year, kind=kind, purpose=purpose.strip(), amount=amount)
    line.full_clean()
    line.save(force_insert=True)
    journal.record(by, "housing.add_budget_line", line, area_path=community.path)
    return line


@transaction.atomic
def remove_budget_line(line: BudgetLine, *, by: Any) -> None:
    """Remove a line of money; the journal keeps what it said."""
    locked = BudgetLine.objects.select_for_update(of=("self",)).select_related("community").get(pk=line.pk)
    _require_community(locked.community, by)
    said = {"year": locked.year, "kind": locked.kind, "purpose": locked.purpose, "amount": str(locked.amount)}
    journal.record(by, "housing.remove_budget_line", locked, area_path=locked.community.path, detail=said)
    locked.delete()


@transaction.atomic
def add_honour(community: Area, year: int, name: str, given_by: str = "", *, by: Any) -> Honour:
    """Add an honour that the community was given."""
    _require_community(community, by)
    _check_year(year)
    honour = Honour(community=community, year=year, name=name.strip(), given_by=given_by.strip())
    honour.full_clean()
    honour.save(force_insert=True)
    journal.record(by, "housing.add_honour", honour, area_path=community.path)
    return honour


@transaction.atomic
def remove_honour(honour: Honour, *, by: Any) -> None:
    """Remove an honour; the journal keeps what it said."""
    locked = Honour.objects.select_for_update(of=("self",)).select_related("community").get(pk=honour.pk)
    _require_community(locked.community, by)
    said = {"year": locked.year, "name": locked.name}
    journal.record(by, "housing.remove_honour", locked, area_path=locked.community.path, detail=said)
    locked.delete()


@transaction.atomic
def mark_clear(community: Area, item: ListItem, percent: int, *, by: Any) -> ClearMark:
    """Note how far one of the six clears is, where no ledger knows it."""
    _require_community(community, by)
    if item.kind != ListKind.SIX_CLEARS or not item.is_active or item.derived_by:
        raise NotPossible(_("The ledgers say this by themselves."))
    if not 0 <= percent <= 100:
        raise ValidationError({"percent": _("Write a number from 0 to 100.")})
    values = {"percent": percent, "on": clock.today(), "by_name": by.name}
    mark, _made = ClearMark.objects.update_or_create(community=community, item=item, defaults=values)
    detail = {"item": item.code, "percent": percent}
    journal.record(by, "housing.mark_clear", mark, area_path=community.path, detail=detail)
    return mark


def _require_community(community: Area, by: Any) -> None:
    require_keeper(by, community)
    if community.level != Level.COMMUNITY:
        raise NotPossible(_("Only a community has a profile."))


def _check_year(year: int) -> None:
    if not EARLIEST_YEAR <= year <= clock.today().year + 1:
        raise ValidationError({"year": _("Write a year such as 2026.")})
