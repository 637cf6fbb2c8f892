"""What is told about absences and vacant posts, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.accounts.models import User
from linli.areas.choices import ACCOUNTABLE, COMMUNITY_SIDE, Role
from linli.areas.models import Absence, Area, Post
from linli.areas.queries import short_grids
from linli.core import clock
from linli.core.paths import ancestors
from linli.inbox.models import Message
from linli.inbox.texts import register

TEXTS = {
    "posts.absence_asked": _("%(who)s asks to be away %(since)s – %(until)s. Please answer"),
    "posts.absence_approved": _("Your absence %(since)s – %(until)s is approved"),
    "posts.absence_refused": _("Your absence %(since)s – %(until)s was not approved: %(answer)s"),
    "posts.you_stand_in": _("You stand in for %(who)s %(since)s – %(until)s"),
    "posts.nobody_beside": _(
        "%(who)s is away %(since)s – %(until)s, the partner too: %(area)s, %(post)s. The next level sees to it"
    ),
    "posts.vacant": _("Vacant since %(since)s: %(area)s, %(post)s"),
    "posts.still_vacant": _("Still vacant, since %(since)s: %(area)s, %(post)s"),
}
REMIND_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Overdue:
    """A vacancy that has lasted for a week or more, and who is reminded of it."""

    heads: list[User]
    values: dict[str, Any]


def register_texts() -> None:
    """Add the texts to the register of the inbox, at start-up."""
    for kind, text in TEXTS.items():
        register(kind, text)


def absence_values(absence: Absence) -> dict[str, Any]:
    """Return what messages tell of an absence; why somebody is away is not among it."""
    return {
        "who": absence.person.name,
        "since": f"{absence.since:%m-%d}",
        "until": f"{absence.until:%m-%d}",
        "answer": absence.answer,
    }


def vacancy_values(post: Post) -> dict[str, Any]:
    """Return what messages tell of a vacant post."""
    return {"area": post.area.name, "post": str(post.title), "since": str(post.vacant_since or post.since)}


def heads_of(post: Post) -> list[User]:
    """Return who must know that a post is not seen to: the community side and the street above it."""
    return _heads_at(post.area.path)


def _heads_at(path: str) -> list[User]:
    posts = Post.objects.on(clock.today()).held().filter(area__path__in=ancestors(path))
    heads = posts.filter(role__in=(*COMMUNITY_SIDE, Role.STREET)).select_related("holder")
    return [post.holder for post in heads if post.holder is not None]


def overdue_vacancies() -> list[Overdue]:
    """Return what has been vacant or short for a week and was not told of within the last one."""
    today = clock.today()
    long_ago = today - REMIND_AFTER
    recent = Message.objects.filter(kind="posts.still_vacant", sent_at__gt=clock.now() - REMIND_AFTER)
    told = {values.get("key") for values in recent.values_list("values", flat=True)}
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    posts = Post.objects.on(today).vacant().filter(role__in=ACCOUNTABLE, vacant_since__lte=long_ago)
    for post in posts.select_related("area").defer("area__geometry", "area__bounds"):
        found[f"area:{post.area_id}"] = (post.area.path, vacancy_values(post))
    roots = Area.objects.filter(parent=None).values_list("path", flat=True)
    for shortage in short_grids(roots):
        if shortage.since <= long_ago:
            values = {"area": shortage.grid.name, "post": str(Role.WORKER.label), "since": str(shortage.since)}
            found.setdefault(f"area:{shortage.grid.pk}", (shortage.grid.path, values))
    due = [(key, path, values) for key, (path, values) in found.items() if key not in told]
    return [Overdue(_heads_at(path), {**values, "key": key}) for key, path, values in due]
