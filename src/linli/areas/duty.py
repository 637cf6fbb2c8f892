"""Who is on duty in a grid while somebody is away: on which days only one of a pair, or nobody, is left.

It warns and forbids nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.areas.choices import PAIR, AbsenceState, Level
from linli.areas.models import Absence, Area, Post
from linli.core import clock

DAY = timedelta(days=1)


@dataclass(frozen=True)
class ThinSpell:
    """Days in a row on which a grid that has two workers or more is left with ``left`` alone, or with nobody."""

    grid: Area
    since: date
    until: date
    left: str = ""

    @property
    def days(self) -> str:
        """The days as they are written, such as 11-24 – 11-26."""
        first, last = f"{self.since:%m-%d}", f"{self.until:%m-%d}"
        return first if first == last else f"{first} – {last}"

    @property
    def words(self) -> str:
        """The grid, the days, and who is left."""
        told = {"grid": self.grid.name, "days": self.days, "name": self.left}
        if self.left:
            return _("%(grid)s, %(days)s: only %(name)s is there") % told
        return _("%(grid)s, %(days)s: nobody is there") % told


def thin_spells(absence: Absence) -> list[ThinSpell]:
    """Return when an absence, which may be new, would leave a grid of two with one or none, from today on."""
    first, last = max(absence.since, clock.today()), absence.until
    posts = _posts(absence, first, last)
    holders = {post.holder_id for post in posts}
    lasting = Absence.objects.filter(state=AbsenceState.APPROVED, since__lte=last, until__gte=first)
    others = [*lasting.filter(person__in=holders).exclude(pk=absence.pk), absence]
    spells = []
    for grid in {post.area_id: post.area for post in posts}.values():
        team = [post for post in posts if post.area_id == grid.pk]
        spells += _joined(grid, _thin_days(team, others, first, last))
    return spells


def _posts(absence: Absence, first: date, last: date) -> list[Post]:
    """Return the posts of the workers of every grid that the absence is about, held on some of these days."""
    lasting = Post.objects.filter(Q(until=None) | Q(until__gte=first), since__lte=last, role__in=PAIR).held()
    own = lasting.filter(holder=absence.person_id, area__level=Level.GRID)
    if absence.post_id is not None:
        own = own.filter(pk=absence.post_id)
    posts = lasting.filter(area__in=own.values("area")).select_related("area", "holder")
    return list(posts.defer("area__geometry", "area__bounds").order_by("area__path", "pk"))


def _thin_days(team: list[Post], absences: list[Absence], first: date, last: date) -> Iterator[tuple[date, str]]:
    """Yield each day on which one of several is left, or none, with the name of who is left."""
    for number in range((last - first).days + 1):
        day = first + number * DAY
        away = [absence for absence in absences if absence.since <= day <= absence.until]
        serving = [post for post in team if post.since <= day and (post.until is None or post.until >= day)]
        there = {post.holder_id: post for post in serving if not any(absence.concerns(post) for absence in away)}
        if len({post.holder_id for post in serving}) > 1 and len(there) <= 1:
            yield day, next((post.holder.name for post in there.values() if post.holder), "")


def _joined(grid: Area, days: Iterable[tuple[date, str]]) -> list[ThinSpell]:
    spells: list[ThinSpell] = []
    for day, left in days:
        if spells and spells[-1].until == day - DAY and spells[-1].left == left:
            spells[-1] = ThinSpell(grid, spells[-1].since, day, left)
        else:
            spells.append(ThinSpell(grid, day, day, left))
    return spells
