"""The world of the rights tests: of every kind of object one in the first grid and one in the far grid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
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
from linli.areas.actions import NewAbsence, ask_absence
from linli.areas.choices import AbsenceReason
from linli.areas.models import Absence, Area
from linli.cases import actions as cases
from linli.cases.models import Case, Category
from linli.core import clock
from linli.declarations.actions import NewDeclaration, declare
from linli.exchange.actions import apply_batch, check_batch, receive_workbook
from linli.exchange.models import LearntHeader
from linli.exports.actions import request_export
from linli.housing.actions import (
    NewBuilding,
    NewDwelling,
    add_budget_line,
    add_building,
    add_compound,
    add_dwellings,
    add_facility,
    add_facility_photos,
    add_honour,
    add_owner,
    add_planned,
    assign_grid,
    book_facility,
    load_lists,
    make_plates,
    start_tenancy,
)
from linli.housing.choices import BudgetKind, ListKind
from linli.housing.models import Building, ListItem, PlannedBuilding
from linli.housing.values import BookingValues, FacilityValues, OwnerValues, PlannedValues, TenancyValues
from linli.jobs.actions import beat
from linli.jobs.queries import TASKS
from linli.journal import anchor
from linli.people.actions import NewPerson, Said, ask_transfer, move_in, move_out
from linli.people.choices import Consent, Relation, Side
from linli.people.merging import MERGED_FIELDS, Choices, merge_people
from linli.people.models import Correction, Departure, Duplicate, DuplicateCheck, Household, Person, Transfer
from linli.people.places import Tie
from linli.reporting.actions import keep_template
from linli.staff.actions import show_portrait
from linli.units.actions import UnitFacts, Where, add_unit
from tests.cast import Cast, make_cast, middle
from tests.exchange.samples import HEADERS, applied, received, resident, workbook
from tests.exchange.test_homes import table
from tests.files.pictures import picture
from tests.reporting import forms
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
    load_lists(by=SYSTEM)
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
    template = keep_template(forms.plain(), name="表.xlsx", title="登记表", area=community, by=leader)
    unit = add_unit(UnitFacts("惠民超市", contact_phone="13900005678"), Where(grid, "底商"), by=leader)
    street = cast.areas["far_street" if prefix else "street_area"]
    paper, result, paper_text = _paper(grid, street, by=leader)
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
        "house": str(house.pk),
        "area": community.code,
        **_letting(household, community, leader),
        "departure": str(_departure(household).pk),
        "transfer": str(_transfer(household, beside).pk),
        "arrival": str(
            _transfer(Household.objects.get(dwelling__building=beside), Building.objects.get(name=building)).pk
        ),
        "unit": str(unit.pk),
        "agreement": str(paper.pk),
        "result": str(result.pk),
        "paper_text": str(paper_text.pk),
        "correction": str(Correction.objects.get(person=person).pk),
        "batch": batch.number,
        "export": export.number,
        "template": template.number,
        "learnt": str(learnt.pk),
        **_roster(cast, community, grid),
        "post": str(post.pk),
        "holder": worker.name,
        "member": str(worker.pk),
        "absence": str(_absence(worker).pk),
        "community": community.code,
        "user": str(worker.pk),
        "username": worker.username,
        "plate": plate.token,
        "declaration": declared.declaration.number,
        "declared": declared.token,
        **_profile(community, grid, column, leader),
    }
    values |= _twice(household, community, leader)
    here, nowhere = Thing(grid), Thing()
    things = dict.fromkeys(("grid", "household", "person", "correction", "plate", "transfer", "declaration"), here)
    things["departure"] = here
    things |= {"agreement": here, "paper_text": Thing(street)}
    things["unit"] = here
    things |= {"planned": here, "facility": here, "community": Thing(community)}
    things |= dict.fromkeys(("member", "absence"), here)
    things["template"] = Thing(community)
    things |= {"duplicate": here, "merging": here, "looking": Thing(community), "looked_at": Thing(community)}
    things |= {"area": Thing(community)}
    things |= {"post": here, "batch": Thing(community), "learnt": Thing(community), "user": nowhere}
    things["roster"] = Thing(community)
    things["export"] = Thing(community, reporter=leader.username)
    things["case"] = Thing(grid, department=office, reporter=reporter.username)
    return Place(values, things)


def _profile(community: Area, grid: Area, column: int, leader: Any) -> dict[str, str]:
    """Write down a facility, an honour and a line of money."""
    kind = ListItem.objects.filter(kind=ListKind.FACILITY)[0]
    facility = add_facility(
        FacilityValues(kind, f"{community.name}的灯", *middle(column), may_be_booked=True), by=leader
    )
    honour = add_honour(community, 2024, "绿色社区", by=leader)
    money = add_budget_line(community, 2025, BudgetKind.BUDGET, "全年", Decimal(1000), by=leader)
    start = clock.now() + timedelta(days=1)
    booking = book_facility(facility, BookingValues("舞蹈队", "排练", start, start + timedelta(hours=2)), by=leader)
    [photo] = add_facility_photos(facility, [picture()], by=leader)
    return {
        "community": community.code,
        "facility_photo": str(photo.pk),
        "booking": str(booking.pk),
        "facility": str(facility.pk),
        "planned": str(_planned(column).pk),
        "honour": str(honour.pk),
        "money": str(money.pk),
        "item": str(kind.pk),
    }


def _planned(column: int) -> PlannedBuilding:
    """Write down what is being built in the square of a column."""
    longitude, latitude = middle(column)
    values = PlannedValues("在建楼", 60, clock.today(), longitude, latitude)
    return add_planned(values, by=SYSTEM)


def _absence(worker: Any) -> Absence:
    """Let the worker ask to be away next week, with a photo on the board meanwhile."""
    monday = clock.today() + timedelta(days=7)
    show_portrait(picture(), by=worker)
    return ask_absence(NewAbsence(worker, monday, monday, AbsenceReason.LEAVE), by=worker)


def _twice(household: Household, community: Area, leader: Any) -> dict[str, str]:
    """Let two people stand twice in a home, one of them merged, and the community be looked through."""
    day = clock.today()
    names = ("田双", "田双", "田成", "田成")
    people = [move_in(NewPerson(name), household, Tie(), by=SYSTEM, day=day) for name in names]
    pairs = [
        Duplicate.objects.create(first=first, second=second, certainty="likely", likeness=70, found_at=clock.now())
        for first, second in (people[:2], people[2:])
    ]
    everything = dict.fromkeys(MERGED_FIELDS, Side.FIRST)
    merge = merge_people(pairs[1], Choices(everything, Side.FIRST), by=SYSTEM)
    check = DuplicateCheck.objects.create(
        area=community, path=community.path, started_at=clock.now(), started_by=leader.username
    )
    return {
        "duplicate": str(pairs[0].pk),
        "merging": str(merge.pk),
        "looking": str(check.pk),
        "looked_at": community.code,
    }


def _letting(household: Household, community: Area, leader: Any) -> dict[str, str]:
    """Write down an owner and a tenancy of the home, and a compound."""
    owner = add_owner(household.dwelling, OwnerValues("房东", phone="13900005678"), by=leader)
    let = start_tenancy(household.dwelling, TenancyValues(clock.today(), household=household.number), by=leader)
    compound = add_compound(community, "桂花苑", by=leader)
    return {"owner": str(owner.pk), "tenancy": str(let.pk), "compound": str(compound.pk)}


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


def _departure(household: Household) -> Departure:
    """Let a lodger come and go again, who agreed that a transfer file goes along."""
    lodger = move_in(NewPerson(f"尚{household.pk}"), household, Tie(Relation.OTHER), by=SYSTEM, day=clock.today())
    said = Said(Consent.AGREED)
    return move_out(household, [lodger], by=SYSTEM, day=clock.today(), said=said).departure


def _transfer(household: Household, building: Building) -> Transfer:
    people = [row.person for row in household.residences.filter(until=None)]
    return ask_transfer(household, people, building, by=SYSTEM, day=clock.today())


def _learnt_header(community: Area, leader: Any) -> LearntHeader:
    """Say what a column is, in a workbook that is then left as it is."""
    batch = received(workbook([resident("阎学通")], headers=(*HEADERS[:-1], "单位情况")), community, leader)
    check_batch(batch, by=leader, corrections={"居民台账": {len(HEADERS) - 1: "employer"}})
    return LearntHeader.objects.get(area=community, kind="people")


def _roster(cast: Cast, community: Area, grid: Area) -> dict[str, str]:
    """Say what a column is in a workbook of posts, and take it over."""
    by = cast.administrator
    content = table(("网格", "岗位", "姓名", "干什么的"), (grid.name, "督导员", "空缺", "看公示牌"))
    batch = receive_workbook(content, name="花名册.xlsx", area=community, kind="posts", by=by)
    check_batch(batch, by=by, corrections={"台账": {3: "duties"}})
    apply_batch(batch, by=by)
    learnt = LearntHeader.objects.get(area=community, kind="posts")
    return {"roster": batch.number, "roster_header": str(learnt.pk)}


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
