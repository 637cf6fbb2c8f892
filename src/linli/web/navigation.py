"""The list of doors at the side of every staff page: only those that the signed-in person may open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.areas.queries import posts_of
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
    NavItem("import-list", _("Import"), "file-import", "people.import", group=1),
    NavItem("correction-list", _("To correct"), "list-check", "people.edit", group=1),
    NavItem("area-list", _("Areas"), "sitemap", "areas.edit", group=2),
    NavItem("post-list", _("Posts"), "id-badge-2", "posts.view", group=2),
    NavItem("user-list", _("Accounts"), "user-cog", "accounts.manage", group=2),
    NavItem("journal", _("Journal"), "shield-check", "journal.view", group=3),
    NavItem("settings", _("Settings"), "settings", group=3),
)

_NAMES = {door.url_name for door in DOORS}


def door_of(url_name: str) -> str:
    """Return the door that a page belongs to: case, case-new → case-list; journal-verify → journal."""
    family = url_name.split("-")[0]
    return next((name for name in (url_name, f"{family}-list", family) if name in _NAMES), "")


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
            url=reverse(door.url_name),
            count=counts.get(door.url_name, door.count),
            current=door.url_name == here,
        )
        for door in DOORS
        if door.ability is None or user.has_perm(door.ability)
    ]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``navigation``, ``current_post``, ``posts``, ``unread``, ``may_search``, ``may_report``.

    ``current_post`` is the first post in force, or None. Public pages without a signed-in person get nothing.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    posts = posts_of(user)
    unread = unread_for(user).count()
    match = request.resolver_match
    here = (match.url_name or "") if match else ""
    return {
        "navigation": items(user, here=here, counts={"workbench": unread}),
        "posts": posts,
        "unread": unread,
        "current_post": posts[0] if posts else None,
        "may_search": user.has_perm("cases.view") or user.has_perm("people.view"),
        "may_report": user.has_perm("cases.report"),
    }
