"""Reading the register: who holds posts, what they learnt, what they promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from linli.accounts.models import User
from linli.areas.choices import Reach
from linli.areas.models import Area, Post
from linli.areas.queries import accountable_post
from linli.areas.roles import table
from linli.areas.rules import COVER
from linli.areas.scope import scope_paths
from linli.core import clock
from linli.core.paths import ancestors, within
from linli.files.queries import readable_photo
from linli.staff.choices import RecordKind
from linli.staff.models import Pledge, Portrait, Record
from linli.staff.rules import opens_a_ledger
from linli.staff.text import pledge_text

LONGEST_WORDS = 60


@dataclass
class Member:
    """One row of the register: a person who holds posts, with what the register says in short."""

    person: User
    posts: list[Post] = field(default_factory=list)
    grade: str = ""
    certificates: int = 0
    hours: Decimal = Decimal(0)
    skills: list[str] = field(default_factory=list)
    pledged_on: date | None = None
    needs_pledge: bool = False


def members_for(user: Any, text: str = "") -> QuerySet[User]:
    """Return the people who hold posts where the user arranges covers, by their names; narrowed by words."""
    return members_at(scope_paths(user, COVER), text)


def members_at(paths: Iterable[str], text: str = "") -> QuerySet[User]:
    """Return the people who hold posts in these subtrees, by their names; narrowed by words."""
    held = Post.objects.on(clock.today()).filter(within(paths, "area__path"), holder=OuterRef("pk"))
    found = User.objects.filter(Exists(held), is_active=True)
    return (found.filter(name__icontains=text) if text else found).order_by("name", "pk")


def name_asked(query: Mapping[str, str]) -> str:
    """Return which name the query of an address asks for."""
    return query.get("q", "").strip()[:LONGEST_WORDS]


def member_rows(people: Iterable[User]) -> list[Member]:
    """Return the rows of the register of these people, in three queries."""
    rows = {person.pk: Member(person) for person in people}
    posts = Post.objects.on(clock.today()).filter(holder__in=rows).select_related("area").order_by("id")
    for post in posts.defer("area__geometry", "area__bounds"):
        rows[post.holder_id or 0].posts.append(post)
    for record in Record.objects.filter(person__in=rows):
        _count(rows[record.person_id], record)
    for pledge in Pledge.objects.filter(person__in=rows, version=pledge_text().version):
        rows[pledge.person_id].pledged_on = clock.local(pledge.accepted_at).date()
    for row in rows.values():
        row.needs_pledge = any(post.role in ledger_roles() for post in row.posts)
    return list(rows.values())


def _count(row: Member, record: Record) -> None:
    match record.kind:
        case RecordKind.QUALIFICATION:
            row.certificates += 1
        case RecordKind.SOCIAL_WORKER:
            row.grade = row.grade or str(record.get_grade_display())
        case RecordKind.TRAINING if record.day is not None and record.day.year == clock.today().year:
            row.hours += record.hours or 0
        case RecordKind.SKILL:
            row.skills.append(record.title)
        case _:
            pass


def ledger_roles() -> frozenset[str]:
    """Return the roles that open a ledger."""
    return frozenset(
        str(role)
        for role, row in table().items()
        if any(opens_a_ledger(ability) and reach == Reach.AREA for ability, reach in row.items())
    )


def not_pledged(paths: Iterable[str]) -> QuerySet[User]:
    """Return who holds a post with a ledger in these subtrees and has not accepted the present pledge."""
    held = Post.objects.on(clock.today()).filter(
        within(paths, "area__path"), role__in=ledger_roles(), holder=OuterRef("pk")
    )
    accepted = Pledge.objects.filter(person=OuterRef("pk"), version=pledge_text().version)
    return User.objects.filter(Exists(held), ~Exists(accepted), is_active=True).order_by("username")


def records_of(user: Any, person: Any) -> QuerySet[Record]:
    """Return the lines of a person that the user may read."""
    records: QuerySet[Record] = Record.objects.visible_to(user).filter(person=person.pk)
    return records


def pledge_of(person: Any) -> Pledge | None:
    """Return the pledge of the present version, or None."""
    return Pledge.objects.filter(person=person.pk, version=pledge_text().version).first()


def portrait_of(person: Any) -> Portrait | None:
    """Return the photo that the person agreed to show, or None."""
    return Portrait.objects.filter(person=person.pk).select_related("upload").first()


def board_portraits(posts: Iterable[int]) -> set[int]:
    """Return those of these posts whose holders agreed to show a photo."""
    held = Post.objects.filter(pk__in=list(posts), holder__portrait__upload__state="ready")
    return set(held.values_list("pk", flat=True))


def board_photo(grid: Area, post: int) -> bytes | None:
    """Return the photo that the public board of a grid shows of the holder of a post, as JPEG, or None."""
    shown = Post.objects.on(clock.today()).held().filter(pk=post, area__path__in=ancestors(grid.path))
    found = shown.first()
    accountable = accountable_post(grid)
    if found is None or not (found.on_board or (accountable is not None and accountable.pk == found.pk)):
        return None
    portrait = portrait_of(found.holder)
    return readable_photo(portrait.upload) if portrait else None
