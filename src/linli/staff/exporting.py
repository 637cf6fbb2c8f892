"""Those who serve, on their way out: the register, posts held and vacant, absences; registered with exports."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from linli.accounts.models import User
from linli.areas.choices import Role
from linli.areas.models import Absence, Area, Post
from linli.areas.queries import PostFilters, absences_in_reach, posts_for, stands_in, vacant_posts_at
from linli.areas.rules import COVER
from linli.areas.scope import scope_paths, stand_ins_known_to
from linli.core.paths import within
from linli.exports import kinds
from linli.exports.kinds import Asked, Filters
from linli.exports.listing import Shown, listing
from linli.staff.queries import member_rows, members_at, name_asked

SEES_POSTS = "posts.view"
# What the list shows; whoever wrote it wrote it for this list.
MEMBERS = (
    Shown("name", pgettext_lazy("column", "Name"), 12, lambda member: member.person.name),
    Shown(
        "posts",
        gettext_lazy("Serves as"),
        30,
        lambda member: _("; ").join(f"{post.area.name} {post.title}" for post in member.posts),
    ),
    Shown("grade", gettext_lazy("Grade"), 14, lambda member: member.grade),
    Shown("certificates", gettext_lazy("Certificates"), 10, lambda member: member.certificates or None),
    Shown("hours", gettext_lazy("Hours of training this year"), 12, lambda member: float(member.hours) or None),
    Shown("skills", gettext_lazy("Languages and skills"), 24, lambda member: _(", ").join(member.skills)),
    Shown("pledged_on", pgettext_lazy("column", "Pledged on"), 12, lambda member: member.pledged_on),
)
VACANCIES = (
    Shown("title", gettext_lazy("Post"), 16, lambda post: post.title),
    Shown("department", gettext_lazy("Department"), 16, lambda post: post.department.name if post.department else ""),
    Shown("area", pgettext_lazy("column", "Where it serves"), 16, lambda post: post.area.name),
    Shown(
        "above",
        pgettext_lazy("column", "Belongs to"),
        16,
        lambda post: post.area.parent.name if post.area.parent else "",
    ),
    Shown("since", pgettext_lazy("column", "Vacant since"), 12, lambda post: post.vacant_since or post.since),
)
# Without the phones: those stand on the public boards, and are printed from there.
POSTS = (
    *VACANCIES[:3],
    Shown("code", pgettext_lazy("column", "Code of the area"), 16, lambda post: post.area.code),
    Shown(
        "holder", pgettext_lazy("column", "Held by"), 12, lambda post: post.holder.name if post.holder else _("vacant")
    ),
    Shown("on_board", gettext_lazy("On the public board"), 10, lambda post: _("yes") if post.on_board else _("no")),
    Shown("since", pgettext_lazy("column", "Since"), 12, lambda post: post.since),
    Shown("until", pgettext_lazy("column", "Until"), 12, lambda post: post.until),
)
# Why somebody is away stands in no file.
ABSENCES = (
    Shown("person", pgettext_lazy("column", "Who"), 12, lambda row: row[0].person.name),
    Shown("post", gettext_lazy("Only as"), 24, lambda row: _post_words(row[0].post)),
    Shown("since", gettext_lazy("First day"), 12, lambda row: row[0].since),
    Shown("until", gettext_lazy("Last day"), 12, lambda row: row[0].until),
    Shown("cover", gettext_lazy("Who stands in"), 16, lambda row: row[1]),
)


def register() -> None:
    """Let people who may take the register and the vacancies out."""
    members = listing(
        gettext_lazy("Staff register"),
        page="member-list",
        ability=COVER,
        shown=MEMBERS,
        filters=("q",),
        found=_members,
        looked_up=lambda _asked, people: member_rows(people),
        told=_members_told,
    )
    kinds.register("members", members)
    vacancies = listing(
        gettext_lazy("Vacancies"), page="vacancy-list", ability=COVER, shown=VACANCIES, found=_vacancies
    )
    kinds.register("vacancies", vacancies)
    posts = listing(
        gettext_lazy("Posts"),
        page="post-list",
        ability=SEES_POSTS,
        shown=POSTS,
        filters=("role", "area", "vacant"),
        found=_posts,
        told=_posts_told,
    )
    kinds.register("posts", posts)
    absences = listing(
        gettext_lazy("Absences"),
        page="absence-list",
        ability=COVER,
        shown=ABSENCES,
        found=_absences,
        looked_up=_with_stand_ins,
    )
    kinds.register("absences", absences)


def _members(asked: Asked) -> QuerySet[User]:
    return members_at(asked.paths(scope_paths(asked.by, COVER)), name_asked(asked.filters))


def _members_told(filters: Filters) -> list[str]:
    words = name_asked(filters)
    return [_("“%(words)s”") % {"words": words}] if words else []


def _vacancies(asked: Asked) -> QuerySet[Post]:
    return vacant_posts_at(asked.paths(scope_paths(asked.by, COVER)))


def _posts(asked: Asked) -> QuerySet[Post]:
    reached = within(asked.paths(scope_paths(asked.by, SEES_POSTS)), "area__path")
    return posts_for(asked.by, PostFilters.from_query(asked.filters)).filter(reached)


def _posts_told(filters: Filters) -> list[str]:
    chosen = PostFilters.from_query(filters)
    told = [str(Role(chosen.role).label)] if chosen.role else []
    told += Area.objects.filter(code=chosen.area).values_list("name", flat=True) if chosen.area else []
    return [*told, _("vacant")] if chosen.vacant else told


def _absences(asked: Asked) -> QuerySet[Absence]:
    reached = within(asked.paths(scope_paths(asked.by, COVER)), "area__path")
    return absences_in_reach(asked.by).filter(Exists(Post.objects.filter(reached, holder=OuterRef("person"))))


def _with_stand_ins(asked: Asked, absences: Sequence[Absence]) -> list[tuple[Absence, str]]:
    away = stand_ins_known_to(asked.by).values()
    return [(absence, stands_in(absence, away)) for absence in absences]


def _post_words(post: Post | None) -> str:
    return f"{post.area.name} {post.title}" if post is not None else ""
