"""People of 广场西社区 for tests of the ledger pages: 3号楼 lies in the first grid, 9号楼 in the second."""

from __future__ import annotations

from datetime import timedelta

from linli.accounts.rules import SYSTEM
from linli.agreements.actions import Party, Text, draft_agreement, sign_agreement
from linli.agreements.models import Agreement
from linli.cases.actions.presets import load_presets
from linli.cases.models import Category
from linli.core import clock
from linli.declarations.actions import NewDeclaration, declare
from linli.declarations.choices import Declarer, Field, Kind
from linli.housing.actions import assign_grid, load_lists, start_tenancy
from linli.housing.models import Building, Dwelling
from linli.housing.values import TenancyValues
from linli.people.models import Household
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.once import once

ID_NUMBER, PHONE = "149999196108257324", "15005569934"
BAD_ID = "149999196108257325"

ROWS = [
    resident("单田芳", id_number=ID_NUMBER, phone=PHONE, birth_date="1961-08-25"),
    resident("单小雨", relation="之女", birth_date="2016-03-02"),
    resident("李桂香", room="602", id_number=BAD_ID),
    resident("王翠萍", building="9号楼", birth_date="1961-02-30"),
]


def settle(cast: Cast) -> None:
    """Let the people move in."""
    once("settle", lambda: move_in(cast))


def move_in(cast: Cast) -> None:
    """Take over the workbook of the people, and give their buildings to the grids."""
    applied(workbook(ROWS), cast.community_area, cast.leader)
    for name, grid in (("3号楼", cast.grid), ("9号楼", cast.other_grid)):
        assign_grid(Building.objects.get(name=name), grid, by=cast.leader)


def household_of(name: str) -> Household:
    """Return the household that somebody lives in."""
    return Household.objects.get(residences__person__name=name)


def settled_home(cast: Cast) -> tuple[Household, Dwelling]:
    """Let the people move in and load the lists of cases and homes; return the household of 单田芳 and its home."""
    settle(cast)
    load_presets(by=SYSTEM)
    load_lists(by=SYSTEM)
    household = household_of("单田芳")
    return household, Dwelling.objects.select_related("building__grid").get(pk=household.dwelling_id)


def category() -> Category:
    """Return what a case of co-ordination may be about."""
    return Category.objects.filter(parent__isnull=False, mechanism="coordination")[0]


def let_today(home: Dwelling, cast: Cast) -> Agreement:
    """Let a home to 新租客 and draft a paper with its owner 房明 for a year; return the paper."""
    start_tenancy(home, TenancyValues(clock.today(), contact="新租客", headcount=2), by=cast.leader)
    party = Party("owner", "房明", cast.grid, home.address, dwelling=home)
    text = Text("消防责任书", "owner", 12, ["楼道不堆东西。"])
    return draft_agreement(text, party, clock.today(), clock.today() + timedelta(days=360), by=cast.worker)


def sign_and_declare(paper: Agreement, home: Dwelling, cast: Cast) -> None:
    """Sign the paper as of two days ago, and let the owner declare the letting."""
    today = clock.today()
    sign_agreement(paper, today - timedelta(days=2), by=cast.worker)
    answers = {Field.HEADCOUNT: 2}
    declare(NewDeclaration(Declarer.OWNER, Kind.LET, home.building, today, home.entrance, home.room, answers=answers))
