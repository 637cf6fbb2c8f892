"""The world of the rights tests: of every kind of object one in the first grid and one in the far grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from linli.accounts.actions import create_token
from linli.accounts.rules import SYSTEM
from linli.agreements.actions import (
    Found,
    Party,
    Text,
    add_template,
    check_agreement,
    draft_agreement,
    sign_agreement,
)
from linli.agreements.models import Agreement, Result, Template
from linli.areas.models import Area
from linli.cases import actions as cases
from linli.cases.models import Case, Category
from linli.core import clock
from linli.declarations.actions import NewDeclaration, declare
from linli.exchange.actions import check_batch
from linli.exchange.models import LearntHeader
from linli.exports.actions import request_export
from linli.housing.actions import NewBuilding, NewDwelling, add_building, add_dwellings, assign_grid, make_plates
from linli.housing.models import Building
from linli.jobs.actions import beat
from linli.jobs.queries import TASKS
from linli.journal import anchor
from linli.people.actions import NewPerson, ask_transfer, move_in
from linli.people.models import Correction, Household, Person, Transfer
from linli.people.places import Tie
from linli.units.actions import UnitFacts, Where, add_unit
from tests.cast import Cast, make_cast, middle
from tests.exchange.samples import HEADERS, applied, received, resident, workbook
from tests.files.pictures import picture
from tests.rights_rules import Thing
from tests.web.ledgers import BAD_ID


@dataclass
class Place:
    """One side of the world: ``values`` fill the addresses, ``things`` tell where each kind of object belongs."""

    values: dict[str, str]
    things: dict[str, Thing]


@dataclass
class World:
    """The cast, the two places and a token for everybody of the cast."""

    cast: Cast
    inside: Place
    outside: Place
    tokens: dict[str, str]


def make_world() -> World:
    """Make everything, through the actions."""
    cache.clear()
    anchor.forget()
    cast = make_cast()
    cases.load_presets(by=SYSTEM)
    beat(TASKS)
    inside = _place(cast, "", grid=cast.grid, column=0, name="单田芳", building="3号楼")
    outside = _place(cast, "far_", grid=cast.far_grid, column=3, name="葛远航", building="8号楼")
    tokens = {username: create_token(user, by=SYSTEM) for username, user in cast.users.items()}
    return World(cast, inside, outside, tokens)


def _place(cast: Cast, prefix: str, *, grid: Area, column: int, name: str, building: str) -> Place:
    worker, leader = (cast.users[f"{prefix}{role}"] for role in ("worker", "leader"))
    community = grid.parent
    assert community is not None
    row = resident(name, building=building, id_number=BAD_ID, phone="15005569934")
    batch = applied(workbook([row]), community, leader)
    learnt = _learnt_header(community, leader)
    house = Building.objects.get(name=building)
    assign_grid(house, grid, by=leader)
    beside = _beside(cast, prefix or "near_")
    plate = make_plates([house], by=leader)[0]
    person = Person.objects.get(name=name)
    household = Household.objects.get(residences__person=person)
    # The liaison officer of the police sees the case inside because of having reported it.
    reporter = worker if prefix else cast.users["police"]
    office = "lighting" if prefix else "heating"
    made = _given_case(cast, grid, column, reporter=reporter, worker=worker, leader=leader, office=office)
    export = request_export(
        "people",
        area=community,
        filters={},
        columns=["name", "phone"],
        form="csv",
        clear=not prefix,
        purpose="核对电话",
        by=leader,
    )
    unit = add_unit(UnitFacts("惠民超市", contact_phone="13900005678"), Where(grid, "底商"), by=leader)
    street = cast.areas["far_street" if prefix else "street_area"]
    paper, result, template = _paper(grid, street, by=leader)
    post = cast.posts[f"{prefix}worker"]
    declared = declare(
        NewDeclaration(
            "tenant", "contact", house, clock.today(), room="501", answers={"phone": "13900001234"}, declined=("name",)
        )
    )
    values = {
        "case": made.case.number,
        "token": str(made.token),
        "photo": str(made.case.photos.get().pk),
        "grid": grid.code,
        "household": household.number,
        "address": household.dwelling.address,
        "person": str(person.pk),
        "name": name,
        "home": str(household.dwelling_id),
        "transfer": str(_transfer(household, beside).pk),
        "arrival": str(
            _transfer(Household.objects.get(dwelling__building=beside), Building.objects.get(name=building)).pk
        ),
        "unit": str(unit.pk),
        "agreement": str(paper.pk),
        "result": str(result.pk),
        "template": str(template.pk),
        "correction": str(Correction.objects.get(person=person).pk),
        "batch": batch.number,
        "export": export.number,
        "learnt": str(learnt.pk),
        "post": str(post.pk),
        "holder": worker.name,
        "user": str(worker.pk),
        "username": worker.username,
        "plate": plate.token,
        "declaration": declared.declaration.number,
        "declared": declared.token,
    }
    here, nowhere = Thing(grid), Thing()
    things = dict.fromkeys(("grid", "household", "person", "correction", "plate", "transfer", "declaration"), here)
    things |= {"unit": here, "agreement": here, "template": Thing(street)}
    things |= {"post": here, "batch": Thing(community), "learnt": Thing(community), "user": nowhere}
    things["export"] = Thing(community, reporter=leader.username)
    things["case"] = Thing(grid, department=office, reporter=reporter.username)
    return Place(values, things)


def _paper(grid: Area, street: Area, *, by: Any) -> tuple[Agreement, Result, Template]:
    """Make a signed paper with something to put right, and a text that the street keeps."""
    today = clock.today()
    text = Text("消防责任书", "owner", 12, ["楼道不堆东西。"])
    paper = draft_agreement(text, Party("owner", "原秀英", grid), today, today, by=by)
    sign_agreement(paper, today, by=by)
    clause = paper.clauses.get()
    check = check_agreement(paper, today, {clause.pk: Found("to_mend", "搬走纸箱", today)}, by=by)
    return paper, check.results.get(), add_template(street, text, by=SYSTEM)


def _beside(cast: Cast, name: str) -> Building:
    """Make a building in the grid beside, where nobody of the cast keeps the ledger, and let somebody live there."""
    new = NewBuilding(cast.areas["beside_community"], name, grid=cast.areas["beside_grid"], address=f"桥北{name}")
    building = add_building(new, by=SYSTEM)
    home = add_dwellings([NewDwelling(building, "1", "101")], by=SYSTEM)[0]
    move_in(NewPerson(f"郝{name}"), home, Tie(), by=SYSTEM, day=clock.today())
    return building


def _transfer(household: Household, building: Building) -> Transfer:
    people = [row.person for row in household.residences.filter(until=None)]
    return ask_transfer(household, people, building, by=SYSTEM, day=clock.today())


def _learnt_header(community: Area, leader: Any) -> LearntHeader:
    """Say what a column is, in a workbook that is then left as it is."""
    batch = received(workbook([resident("阎学通")], headers=(*HEADERS[:-1], "单位情况")), community, leader)
    check_batch(batch, by=leader, corrections={"居民台账": {len(HEADERS) - 1: "employer"}})
    return LearntHeader.objects.get(area=community)


def _given_case(
    cast: Cast, grid: Area, column: int, *, reporter: Any, worker: Any, leader: Any, office: str
) -> cases.Reported:
    """Report a case with a photo and a resident who can be asked, and give it to a department."""
    longitude, latitude = middle(column)
    new = cases.NewCase(
        Category.objects.get(code="heating"),
        "暖气不热",
        area=grid,
        longitude=longitude,
        latitude=latitude,
        contact="13900001234",
    )
    made = cases.report_case(new, by=reporter, photos=[picture()])
    cases.accept_case(made.case, by=worker)
    cases.dispatch_case(made.case, by=leader, to=cast.departments[office], note="请去看看")
    return cases.Reported(Case.objects.get(pk=made.case.pk), made.token)
