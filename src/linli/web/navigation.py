"""The list of doors at the side of every staff page: only those that the signed-in person may open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Post
from linli.areas.queries import posts_of
from linli.core import widgets
from linli.exports.queries import offered_to
from linli.inbox.queries import unread_for


@dataclass(frozen=True)
class NavItem:
    """One door.

    ``ability`` None means that everybody who is signed in may open it. A line divides the groups; the last one stands
    at the foot of the list.
    """

    url_name: str
    label: str | Promise
    icon: str
    ability: str | None = None
    count: int | None = None
    group: int = 0
    url: str = ""
    current: bool = False


DOORS = (
    NavItem("workbench", _("Workbench"), "home"),
    NavItem("case-list", _("Cases"), "clipboard-list", "cases.view"),
    NavItem("household-list", _("Ledger"), "users", "people.view"),
    NavItem("grid-list", _("Grids"), "hexagons", "areas.view"),
    NavItem("map", _("Map"), "map-2", "areas.view"),
    NavItem("dashboard", _("Figures"), "chart-bar", "dashboard.view", group=1),
    NavItem("import-list", _("Import"), "file-import", "exchange.use", group=1),
    NavItem("agreement-template-list", _("Texts for agreements"), "file-text", "agreements.templates", group=1),
    NavItem("correction-list", _("To correct"), "list-check", "people.edit", group=1),
    NavItem("export-list", _("Taken out"), "file-export", "exports.request", group=1),
    NavItem("my-post", _("Team"), "calendar-user", group=1),
    NavItem("area-list", _("Areas"), "sitemap", "areas.edit", group=2),
    NavItem("item-list", _("Lists"), "list-details", "areas.edit", group=2),
    NavItem("post-list", _("Posts"), "id-badge-2", "posts.view", group=2),
    NavItem("user-list", _("Accounts"), "user-cog", "accounts.manage", group=2),
    NavItem("journal", _("Journal"), "shield-check", "journal.view", group=3),
    NavItem("settings", _("Settings"), "settings", group=3),
)

_NAMES = {door.url_name for door in DOORS}

LEDGER_DOOR = "household-list"


@dataclass(frozen=True)
class LedgerTab:
    """One of the ledgers behind the door “Ledger”: the address of its list, and the ability that opens it."""

    url_name: str
    label: str | Promise
    ability: str


# In the order in which they stand beside each other above every list.
LEDGERS: tuple[LedgerTab, ...] = (
    LedgerTab("household-list", _("Households"), "people.view"),
    LedgerTab("transfer-list", _("Moves between grids"), "people.edit"),
    LedgerTab("building-list", _("Buildings"), "people.view"),
    LedgerTab("dwelling-list", _("Homes"), "people.view"),
    LedgerTab("rental-list", _("Rentals"), "people.view"),
    LedgerTab("declaration-list", _("Declarations"), "people.edit"),
    LedgerTab("facility-list", _("Facilities"), "areas.view"),
    LedgerTab("community-list", _("Communities"), "areas.view"),
    LedgerTab("quality-list", _("How complete"), "people.count"),
    LedgerTab("review-list", _("Quarterly review"), "people.view"),
    LedgerTab("duplicate-list", _("Same person twice"), "people.merge"),
    LedgerTab("unit-list", _("Units"), "units.view"),
    LedgerTab("agreement-list", _("Agreements"), "agreements.view"),
)

GRID_DOOR = "grid-list"
# The pages about grids, behind the door “Grids”, in the order in which they stand beside each other.
GRIDS: tuple[LedgerTab, ...] = (
    LedgerTab("grid-list", _("Grids"), "areas.view"),
    LedgerTab("grid-coverage", _("Coverage check"), "areas.view"),
    LedgerTab("planned-list", _("Planned buildings"), "areas.view"),
    LedgerTab("grid-plans", _("Drafts of grids"), "grids.view_plans"),
)

TEAM_DOOR = "my-post"
# The pages about those who serve, behind the door “Team”; whoever serves opens those without an ability.
TEAM: tuple[LedgerTab, ...] = (
    LedgerTab("my-post", _("My post"), ""),
    LedgerTab("absence-list", _("Absences"), ""),
    LedgerTab("message-list", _("Messages"), ""),
    LedgerTab("vacancy-list", _("Vacancies"), "posts.cover"),
    LedgerTab("member-list", _("Staff register"), "posts.cover"),
    LedgerTab("board-sheets", _("Public boards"), "areas.view"),
)
TEAM_PAGES = {"my-record", "my-photo", "my-name", "pledge"}

# Pages that stand beside those of another ledger: the beginnings of their names.
BESIDE = {"departure": "transfer", "home": "household", "person": "household", "planned": "grid"}


def family_of(url_name: str) -> str:
    """Return the list that a page belongs to: household, household-list → household-list."""
    kind = url_name.split("-")[0]
    return f"{BESIDE.get(kind, kind)}-list"


def door_of(url_name: str) -> str:
    """Return the door that a page belongs to: case, case-new → case-list; journal-verify → journal."""
    family = family_of(url_name)
    if family in {ledger.url_name for ledger in LEDGERS}:
        return LEDGER_DOOR
    if url_name in TEAM_PAGES or {url_name, family} & {tab.url_name for tab in TEAM}:
        return TEAM_DOOR
    return next((name for name in (url_name, family, url_name.split("-")[0]) if name in _NAMES), "")


def items(user: Any, here: str = "", counts: dict[str, int] | None = None) -> list[NavItem]:
    """Return the doors that ``user`` may open, in their order.

    Args:
        user: the signed-in person; anyone else gets none.
        here: URL name of the page that is shown.
        counts: URL name → number shown beside the door.
    """
    if not user.is_authenticated:
        return []
    here, counts = door_of(here), counts or {}
    return [
        replace(
            door,
            url=reverse(page),
            count=counts.get(door.url_name, door.count),
            current=door.url_name == here,
        )
        for door in DOORS
        if (page := _behind(door, user))
    ]


def _behind(door: NavItem, user: Any) -> str:
    """Return the page that a door opens for a user: its own or, of several pages, the first allowed; "" for none."""
    if door.ability is None or user.has_perm(door.ability):
        return door.url_name
    if door.url_name == GRID_DOOR:
        return next((tab.url_name for tab in GRIDS if user.has_perm(tab.ability)), "")
    return ""


class Shell:
    """What stands around every page of a signed-in person.

    It is read when a page asks for it: an error page, or a form that is put into an open page, has nothing around it.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user: Any = request.user

    @cached_property
    def navigation(self) -> list[NavItem]:
        """The doors that the person may open."""
        match = self._request.resolver_match
        here = (match.url_name or "") if match else ""
        return items(self._user, here=here, counts={"workbench": unread_for(self._user).count()})

    @property
    def ledgers(self) -> list[widgets.Choice]:
        """The ledgers that the person may open, for ``{% tabs shell.ledgers label=… %}`` above their lists."""
        match = self._request.resolver_match
        here = family_of((match.url_name or "") if match else "")
        return [
            widgets.Choice(str(tab.label), reverse(tab.url_name), current=tab.url_name == here)
            for tab in LEDGERS
            if self._user.has_perm(tab.ability)
        ]

    @property
    def grids(self) -> list[widgets.Choice]:
        """The pages about grids that the person may open, for ``{% tabs shell.grids label=… %}`` above them."""
        match = self._request.resolver_match
        here = (match.url_name or "") if match else ""
        return [
            widgets.Choice(str(tab.label), reverse(tab.url_name), current=tab.url_name == here)
            for tab in GRIDS
            if self._user.has_perm(tab.ability)
        ]

    @property
    def team(self) -> list[widgets.Choice]:
        """The pages about those who serve, for ``{% tabs shell.team label=… %}`` above them."""
        match = self._request.resolver_match
        here = (match.url_name or "") if match else ""
        return [
            widgets.Choice(str(tab.label), reverse(tab.url_name), current=tab.url_name == here)
            for tab in TEAM
            if not tab.ability or self._user.has_perm(tab.ability)
        ]

    @cached_property
    def posts(self) -> list[Post]:
        """The posts that the person holds today."""
        return posts_of(self._user)

    @property
    def current_post(self) -> Post | None:
        """The first of them."""
        return self.posts[0] if self.posts else None

    @property
    def may_search(self) -> bool:
        """Whether there is anything that the person may search."""
        return bool(self._user.has_perm("cases.view") or self._user.has_perm("people.view"))

    @cached_property
    def takes_out(self) -> frozenset[str]:
        """The lists that the person may take out."""
        return offered_to(self._user)

    @property
    def may_report(self) -> bool:
        """Whether the person may report a case."""
        return bool(self._user.has_perm("cases.report"))


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: ``shell``. Without a signed-in person there is none."""
    user = getattr(request, "user", None)
    return {"shell": Shell(request)} if user is not None and user.is_authenticated else {}
