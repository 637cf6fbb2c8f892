"""The register of those who serve, and the posts that nobody holds, on their way out; registered with exports."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.accounts.models import User
from linli.areas.models import Post
from linli.areas.queries import vacant_posts_at
from linli.areas.rules import COVER
from linli.areas.scope import scope_paths
from linli.core.sheets.text import Cell
from linli.exports import kinds
from linli.exports.kinds import Asked, Column, ExportKind, Filters, Row
from linli.staff.queries import member_rows, members_at, name_asked

CHUNK = 500
# What the list shows; whoever wrote it wrote it for this list.
MEMBERS = (
    Column("name", pgettext_lazy("column", "Name"), 12),
    Column("posts", gettext_lazy("Serves as"), 30),
    Column("grade", gettext_lazy("Grade"), 14),
    Column("certificates", gettext_lazy("Certificates"), 10),
    Column("hours", gettext_lazy("Hours of training this year"), 12),
    Column("skills", gettext_lazy("Languages and skills"), 24),
    Column("pledged_on", pgettext_lazy("column", "Pledged on"), 12),
)
VACANCIES = (
    Column("title", gettext_lazy("Post"), 16),
    Column("department", gettext_lazy("Department"), 16),
    Column("area", pgettext_lazy("column", "Where it serves"), 16),
    Column("above", pgettext_lazy("column", "Belongs to"), 16),
    Column("since", pgettext_lazy("column", "Vacant since"), 12),
)


def register() -> None:
    """Let people who may take the register and the vacancies out."""
    kinds.register(
        "members",
        ExportKind(
            gettext_lazy("Staff register"),
            list_name="member-list",
            ability=COVER,
            columns=MEMBERS,
            filters=("q",),
            count=lambda asked: _members(asked).count(),
            rows=_member_rows,
            told=_members_told,
        ),
    )
    kinds.register(
        "vacancies",
        ExportKind(
            gettext_lazy("Vacancies"),
            list_name="vacancy-list",
            ability=COVER,
            columns=VACANCIES,
            filters=(),
            count=lambda asked: _vacancies(asked).count(),
            rows=_vacancy_rows,
        ),
    )


def _members(asked: Asked) -> QuerySet[User]:
    return members_at(asked.paths(scope_paths(asked.by, COVER)), name_asked(asked.filters))


def _member_rows(asked: Asked) -> Iterator[Row]:
    left = _members(asked).iterator(chunk_size=CHUNK)
    while people := list(islice(left, CHUNK)):
        for member in member_rows(people):
            cells: dict[str, Cell] = {
                "name": member.person.name,
                "posts": _("; ").join(f"{post.area.name} {post.title}" for post in member.posts),
                "grade": member.grade,
                "certificates": member.certificates or None,
                "hours": float(member.hours) or None,
                "skills": _(", ").join(member.skills),
                "pledged_on": member.pledged_on,
            }
            yield [cells[name] for name in asked.columns]


def _members_told(filters: Filters) -> list[str]:
    words = name_asked(filters)
    return [_("“%(words)s”") % {"words": words}] if words else []


def _vacancies(asked: Asked) -> QuerySet[Post]:
    return vacant_posts_at(asked.paths(scope_paths(asked.by, COVER)))


def _vacancy_rows(asked: Asked) -> Iterator[Row]:
    for post in _vacancies(asked).iterator(chunk_size=CHUNK):
        cells: dict[str, Cell] = {
            "title": post.title,
            "department": post.department.name if post.department else "",
            "area": post.area.name,
            "above": post.area.parent.name if post.area.parent else "",
            "since": post.vacant_since or post.since,
        }
        yield [cells[name] for name in asked.columns]
