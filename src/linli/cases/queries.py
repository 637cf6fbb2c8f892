"""Reading cases. Every list of staff starts at ``Case.objects.visible_to(user)``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry import Point

from linli.areas.choices import COMMUNITY_SIDE, Level, Role
from linli.areas.models import Area, Department, Post
from linli.areas.queries import locate
from linli.areas.scope import posts_served_by, scope_of
from linli.cases.choices import Mechanism, State
from linli.cases.deadlines import Deadline, answer_deadline, calendar, deadline_of, written_deadline
from linli.cases.models import Case, CasePhoto, CaseQuerySet, Category, FollowLink, Route, Step
from linli.cases.progress import ProgressStep, headline_of, progress_of
from linli.cases.rules import THE_RESIDENT, can
from linli.cases.workflow import ANSWERED_STATES, HANDLING, IN_PLACE, OPEN_STATES
from linli.core import clock
from linli.core.bigrams import query_terms
from linli.core.geo import LonLat, distance_m, from_geojson
from linli.core.paths import ancestors, within
from linli.core.search import matching
from linli.core.tokens import token_digest
from linli.housing.models import Building, Dwelling

__all__ = [
    "CaseFilters",
    "Deadline",
    "Group",
    "Nearby",
    "Pile",
    "ProgressStep",
    "Workbench",
    "answer_deadline",
    "calendar",
    "can",
    "case_by_token",
    "case_for",
    "cases_for",
    "cases_in_building",
    "cases_of_home",
    "categories_in_use",
    "counted_cases",
    "deadline_of",
    "departments_for",
    "headline_of",
    "history_of",
    "link_by_token",
    "nearby_cases",
    "photo_of",
    "photos_of",
    "place_at",
    "progress_of",
    "resident_can",
    "routed_department",
    "states_on",
    "workbench_for",
    "written_deadline",
]

LONGEST_SEARCH = 100
ROWS_PER_GROUP = 8
NEAR_METRES = 150
NEAR_DAYS = 30
MOST_NEAR = 10
# From so many cases on, a list is read from the newest on.
MANY = 2000
METRES_PER_DEGREE = 111_320.0

# What a row of a list shows, what tells the steps that are open to a person, and what tells how a promise stands.
LISTED = (
    *("number", "mechanism", "state", "text", "path", "place", "longitude", "latitude", "version"),
    *("discovered_at", "reported_at", "due_at", "answer_due_at", "holidays_unknown", "answered_at", "written_at"),
    *("closed_at", "closing", "building_id", "owner_id", "reporter_id"),
    *("category__code", "category__name", "category__name_en", "category__written_minutes", "category__reopen_days"),
    *("area__code", "area__name", "area__path", "area__level"),
    *("handler__role", "handler__label", "handler__holder__username", "handler__holder__name"),
    *("department__code", "department__name"),
)

# What is told of a case beside another thing: beside a case close by, in the file of a home.
MENTIONED = (
    *("number", "text", "place", "state", "mechanism", "category_id", "reported_at", "due_at"),
    *("longitude", "latitude", "written_at", "answered_at"),
)

PILES: dict[str, Promise] = {
    "late": _("Late"),
    "today": _("Due today"),
    "new": _("New, to be accepted"),
    "waiting": _("For me to check or decide"),
}
STATE_GROUPS: dict[str, frozenset[State]] = {"open": OPEN_STATES, "answered": ANSWERED_STATES}


@dataclass(frozen=True)
class CaseFilters:
    """How a list of cases is narrowed. Empty fields do not narrow; an unknown value finds nothing.

    ``state`` is a state, or ``open`` or ``answered`` for several; ``category`` a code, with what belongs to it;
    ``under`` an area code; ``pile`` one of late, today, new, mine, waiting; ``q`` a number or words; ``since`` and
    ``until`` are days of the report in Shanghai, both included; ``closing`` tells how a case ended.
    """

    state: str = ""
    mechanism: str = ""
    category: str = ""
    under: str = ""
    pile: str = ""
    q: str = ""
    closing: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> CaseFilters:
        """Read the filters of a page address; what is no day counts as not given."""
        texts = {name: str(query.get(name, "")).strip() for name in ("state", "mechanism", "category", "under", "pile")}
        return cls(
            **texts,
            q=str(query.get("q", "")).strip()[:LONGEST_SEARCH],
            closing=str(query.get("closing", "")).strip(),
            since=_day(query.get("since")),
            until=_day(query.get("until")),
        )

    def as_query(self) -> dict[str, str]:
        """Return the filters that narrow, for the address of a page."""
        return {name: str(value) for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Pile:
    """One of the four piles of the workbench; ``key`` is also the filter that opens it."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Group:
    """The first rows of a pile, as the workbench lists them."""

    pile: Pile
    cases: list[Case]


@dataclass(frozen=True)
class Workbench:
    """What a person does first today: running emergencies, then the piles."""

    emergencies: list[Case]
    piles: list[Pile]
    groups: list[Group] = field(default_factory=list)


@dataclass(frozen=True)
class Nearby:
    """A case close to another one, and how far it is in metres."""

    case: Case
    metres: int


def cases_for(user: Any, filters: CaseFilters | None = None) -> QuerySet[Case]:
    """Return the cases that the user may see, narrowed, with what a list shows; newest first, piles by promise.

    ``can`` and ``deadline_of`` ask the database nothing more for these rows.
    """
    return with_list_columns(_found(user, filters or CaseFilters()))


def counted_cases(user: Any, filters: CaseFilters | None = None) -> QuerySet[Case]:
    """Return the rows of ``cases_for`` in the way that is counted fastest, without what a list shows."""
    return _found(user, filters or CaseFilters(), by_time=False).order_by()


def _found(user: Any, filters: CaseFilters, *, by_time: bool = True) -> QuerySet[Case]:
    places = _asked_places(filters)
    cases = _within(Case.objects.visible_to(user), places)
    if by_time and _many(cases, filters):
        # The newest are found sooner from the newest on, with a look at the place of each.
        cases = _within(Case.objects.unindexed().visible_to(user, "unindexed_path"), places, "unindexed_path")
    cases = cases.filter(_narrowed(filters))
    if filters.pile:
        cases = cases.filter(pile_condition(user, filters.pile, clock.now()))
    if filters.q:
        cases = matching(cases, [query_terms(filters.q)])
    if filters.pile in ("late", "today"):
        cases = cases.order_by("due_at", "id")
    return cases


def with_list_columns(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Load beside the cases what a list shows of them, and leave out what it does not show."""
    handling = Step.objects.filter(action__in=HANDLING).order_by().only("case", "by")
    open_links = FollowLink.objects.filter(ended_at=None).order_by().only("case")
    return (
        cases.select_related("category", "area", "handler__holder", "department")
        .only(*LISTED)
        .prefetch_related(
            Prefetch("steps", queryset=handling, to_attr="handling_steps"),
            Prefetch("links", queryset=open_links, to_attr="open_links"),
        )
    )


def cases_in_building(
    user: Any, building: Building, most: int, *, day: date | None = None, without: Iterable[Case] = ()
) -> list[Case]:
    """Return the newest cases of a building that the user may see, with what is told of them beside another thing.

    Args:
        day: only those that were reported by the end of this day.
        without: those that are told of elsewhere.
    """
    found = _reported_by(day).visible_to(user).filter(building=building)
    return list(found.exclude(pk__in=[case.pk for case in without]).only(*MENTIONED)[:most])


def cases_of_home(
    user: Any, home: Dwelling, numbers: Iterable[str], most: int, *, day: date | None = None
) -> list[Case]:
    """Return the newest cases of one home that the user may see: those of these numbers, and those at its address.

    Args:
        numbers: what other ledgers know of its cases, such as of what was to be mended there.
        day: only those that were reported by the end of this day.
    """
    here = Q(number__in=list(numbers)) | Q(place=home.address)
    found = _reported_by(day).visible_to(user).filter(here, building=home.building_id)
    return list(found.only(*MENTIONED)[:most])


def states_on(cases: Iterable[Case], day: date) -> dict[str, str]:
    """Return the number of a case → its state in words, as it stood at the end of a day."""
    steps = Step.objects.filter(case__in=[case.pk for case in cases], at__lt=clock.end_of(day)).order_by("number")
    return {number: str(State(state).label) for number, state in steps.values_list("case__number", "target")}


def _reported_by(day: date | None) -> CaseQuerySet:
    return Case.objects.filter(reported_at__lt=clock.end_of(day)) if day is not None else Case.objects.all()


def case_for(user: Any, number: str) -> Case:
    """Return one case that the user may see. Raises ``Case.DoesNotExist``."""
    related = ("category__parent", "area", "building", "owner__holder", "handler__holder", "department", "merged_into")
    undrawn = ("area__geometry", "area__bounds", "building__geometry")
    return Case.objects.visible_to(user).select_related(*related).defer(*undrawn).get(number=number)


def _asked_places(filters: CaseFilters) -> list[str] | None:
    """Return the path of the area that the filters name, nothing for an unknown one; None when they name none."""
    return list(Area.objects.filter(code=filters.under).values_list("path", flat=True)) if filters.under else None


def _within(cases: QuerySet[Case], places: list[str] | None, path: str = "path") -> QuerySet[Case]:
    return cases if places is None else cases.filter(within(places, path))


def _many(by_path: QuerySet[Case], filters: CaseFilters) -> bool:
    """Tell whether a list is asked of so many cases that reading all of them by their place takes long."""
    few = filters.pile or filters.q or filters.state == "open" or filters.state in OPEN_STATES
    return not few and by_path.order_by().values("pk")[: MANY + 1].count() > MANY


def _narrowed(filters: CaseFilters) -> Q:
    condition = Q()
    if filters.state:
        condition &= Q(state__in=STATE_GROUPS.get(filters.state, {filters.state}))
    if filters.mechanism:
        condition &= Q(mechanism=filters.mechanism)
    if filters.category:
        condition &= Q(category__code=filters.category) | Q(category__parent__code=filters.category)
    if filters.closing:
        condition &= Q(closing=filters.closing)
    if filters.since:
        condition &= Q(reported_at__gte=_midnight(filters.since))
    if filters.until:
        condition &= Q(reported_at__lt=_midnight(filters.until + timedelta(days=1)))
    return condition


def pile_condition(user: Any, pile: str, now: datetime) -> Q:
    """Return which cases lie on a pile; an unknown pile is empty."""
    tonight = _midnight(clock.local(now).date() + timedelta(days=1))
    match pile:
        case "late":
            return Q(due_at__lt=now)
        case "today":
            return Q(due_at__gte=now, due_at__lt=tonight) & ~Q(state=State.REPORTED)
        case "new":
            return Q(state=State.REPORTED, due_at__gte=now)
        case "mine":
            return _mine(user)
        case "waiting":
            return _waiting(user)
        case _:
            return Q(pk__in=[])


def _mine(user: Any) -> Q:
    posts = posts_served_by(user)
    departments = [post.department_id for post in posts if post.role == Role.DEPARTMENT]
    at_work = Q(department__in=departments, state__in=[State.DISPATCHED, State.HANDLED])
    return (Q(handler__in=[post.pk for post in posts]) & Q(state__in=OPEN_STATES)) | at_work


def _waiting(user: Any) -> Q:
    own = Step.objects.filter(case=OuterRef("pk"), by=user.username, action__in=HANDLING)
    posts = posts_served_by(user)
    # The community checks what lies in it; the street what came to it because nobody there may.
    mine = within([post.area.path for post in posts if post.role in COMMUNITY_SIDE]) | Q(handler__in=posts)
    to_check = mine & Q(state=State.REPLIED) & ~Exists(own)
    to_decide = within(scope_of(user, "cases.decide").paths) & Q(state=State.SUBMITTED)
    return to_check | to_decide


def workbench_for(user: Any) -> Workbench:
    """Return the workbench of a user: running emergencies by discovery, the counts of the piles, their first rows."""
    now = clock.now()
    open_cases = Case.objects.visible_to(user).open()
    counts = open_cases.aggregate(**{key: Count("pk", filter=pile_condition(user, key, now)) for key in PILES})
    piles = [Pile(key, str(label), counts[key]) for key, label in PILES.items()]
    running = Case.objects.visible_to(user).filter(
        mechanism=Mechanism.EMERGENCY, answered_at__isnull=True, closed_at__isnull=True
    )
    urgent = list(running.order_by("discovered_at").values_list("pk", flat=True))
    first = {
        pile.key: list(_found(user, CaseFilters(pile=pile.key)).values_list("pk", flat=True)[:ROWS_PER_GROUP])
        for pile in piles
        if pile.count
    }
    # What is listed is read at once, whatever pile it lies on.
    listed = with_list_columns(Case.objects.visible_to(user)).in_bulk({*urgent, *chain(*first.values())})

    def still_there(keys: list[int]) -> list[Case]:
        # A case may have moved out of reach since its key was read.
        return [listed[key] for key in keys if key in listed]

    groups = [Group(pile, still_there(first[pile.key])) for pile in piles if pile.count]
    return Workbench(still_there(urgent), piles, groups)


def numbers_of(keys: Iterable[str]) -> dict[str, str]:
    """Return key of the row → number, for the journal, which keeps keys and shows nothing else of a case."""
    rows = Case.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {str(pk): number for pk, number in rows.values_list("pk", "number")}


def key_of(number: str) -> str:
    """Return the key of the row of a case, for the journal; nothing where no case has the number."""
    key = Case.objects.filter(number=number.upper()).values_list("pk", flat=True).first()
    return str(key) if key else ""


def history_of(case: Case) -> list[Step]:
    """Return the steps of a case from the first to the last, notes among them."""
    return list(Step.objects.filter(case=case).select_related("by_department").order_by("number"))


def last_move(case: Case) -> Step | None:
    """Return the last step that changed the state."""
    return Step.objects.filter(case=case).exclude(action__in=IN_PLACE).order_by("-number").first()


def photos_of(case: Case) -> list[CasePhoto]:
    """Return the photos of a case in the order in which they came; each may be shown once its upload is ready."""
    return list(CasePhoto.objects.filter(case=case).select_related("upload"))


def photo_of(case: Case, pk: int) -> CasePhoto | None:
    """Return one photo of a case, or None."""
    return CasePhoto.objects.filter(case=case, pk=pk).select_related("upload").first() if pk < 2**63 else None


def link_by_token(token: str) -> FollowLink | None:
    """Return the private link of a token with its case, or None: unknown, ended and never made look the same."""
    links = FollowLink.objects.filter(digest=token_digest(token), ended_at=None)
    return links.select_related("case__category", "case__area", "reported").first()


def case_by_token(token: str) -> Case | None:
    """Return the case that a private link leads to, after a merge the one that goes on, or None."""
    link = link_by_token(token)
    return link.case if link else None


def resident_can(case: Case) -> list[str]:
    """Return what the holder of a private link can do now: confirm, reopen, note."""
    return can(THE_RESIDENT, case)


def nearby_cases(case: Case, user: Any) -> list[Nearby]:
    """Return the cases within 150 metres and 30 days that the user may see, nearest first: they may be the same."""
    here = _position(case)
    if here is None:
        return []
    reach, days = NEAR_METRES / METRES_PER_DEGREE, timedelta(days=NEAR_DAYS)
    around = Case.objects.visible_to(user).filter(
        reported_at__range=(case.reported_at - days, case.reported_at + days),
        longitude__range=(here[0] - 2 * reach, here[0] + 2 * reach),
        latitude__range=(here[1] - reach, here[1] + reach),
    )
    east, north = F("longitude") - here[0], F("latitude") - here[1]
    found = around.exclude(pk=case.pk).only(*MENTIONED)
    nearest = found.order_by(east * east + north * north)[: 2 * MOST_NEAR]
    near = [Nearby(other, round(distance_m(here, there))) for other in nearest if (there := _position(other))]
    return sorted((one for one in near if one.metres <= NEAR_METRES), key=lambda one: one.metres)[:MOST_NEAR]


def _position(case: Case) -> LonLat | None:
    if case.longitude is None or case.latitude is None:
        return None
    return case.longitude, case.latitude


def categories_in_use(*, for_residents: bool = False) -> QuerySet[Category]:
    """Return the categories that a case can be given, with the group of each; groups themselves are left out."""
    categories = Category.objects.filter(is_active=True, children=None).select_related("parent")
    if for_residents:
        categories = categories.filter(offered_to_residents=True)
    return categories.order_by("parent__position", "position", "code")


def departments_for(case: Case) -> QuerySet[Department]:
    """Return the departments that serve the place of a case."""
    return Department.objects.filter(area__path__in=ancestors(case.path)).order_by("name")


def routed_department(case: Case) -> Department | None:
    """Return the department that the category goes to at this place: the route of the nearest area counts."""
    codes = [case.category_id, case.category.parent_id]
    routes = Route.objects.filter(category__in=codes, area__path__in=ancestors(case.path))
    found = list(routes.select_related("department", "area"))
    nearest = max(found, key=lambda route: (len(route.area.path), route.category_id == case.category_id), default=None)
    return nearest.department if nearest else None


def officers_of(department: Department) -> list[Post]:
    """Return the held posts of a department."""
    posts = Post.objects.on(clock.today()).filter(department=department, role=Role.DEPARTMENT, holder__is_active=True)
    return list(posts.select_related("holder", "area", "department").order_by("id"))


def place_at(longitude: float, latitude: float) -> Area | None:
    """Return the grid at a point, the smallest area that holds it where no grid is drawn, None outside the district."""
    grid = locate(longitude, latitude)
    if grid is not None:
        return grid
    drawn = Area.objects.current().filter(level__in=[Level.COMMUNITY, Level.STREET]).exclude(geometry=None)
    point = Point(longitude, latitude)
    boxed = [area for area in drawn if area.geometry and _boxed(area, longitude, latitude)]
    holding = [area for area in boxed if from_geojson(area.geometry or {}).covers(point)]
    return max(holding, key=lambda area: len(area.path), default=None)


def _boxed(area: Area, longitude: float, latitude: float) -> bool:
    if not area.bounds:
        return False
    west, south, east, north = area.bounds
    return bool(west <= longitude <= east and south <= latitude <= north)


def _day(value: Any) -> date | None:
    try:
        return parse_date(str(value)) if value else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.SHANGHAI)
