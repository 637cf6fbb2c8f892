"""Every write of assessment: counting ledgers and coverage, community by community, and the review of the grids."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from linli.accounts.models import User
from linli.accounts.rules import SYSTEM, require
from linli.areas.choices import COMMUNITY_SIDE, PAIR, Level
from linli.areas.models import Area
from linli.areas.queries import doers_of, staff_of
from linli.assessment.coverage import ABOVE, count_place, places_counted
from linli.assessment.delays import delays_under
from linli.assessment.models import CoverageCount, CoverageFinding, DelayCount, LedgerCount, Review
from linli.assessment.periods import Period
from linli.assessment.quality import counted_under
from linli.assessment.reviews import open_counts, quarter_of
from linli.assessment.texts import REVIEW_DUE
from linli.core import clock
from linli.core.paths import ancestors, outermost, within
from linli.inbox.actions import send
from linli.journal import actions as journal
from linli.people.models import Household
from linli.people.rules import NotPossible

# Every community is counted once a day, a few of them at a time, so that nobody waits for it.
COUNTED_EVERY = timedelta(hours=20)
SECONDS_AT_A_TIME = 0.3
# Whoever has not reviewed a grid hears of it in the last days of the quarter.
REMINDED_BEFORE = timedelta(days=14)
GRIDS_AT_A_TIME = 30


def count_community(community: Area, now: datetime) -> None:
    """Count the ledgers of one community and keep the numbers in place of the last ones."""
    counted = counted_under(community.path, now)
    delays = _delays_of(community.path)
    whole: Counter[str] = Counter()
    for counts in counted.values():
        whole.update(counts)
    with transaction.atomic():
        LedgerCount.objects.filter(within([community.path])).delete()
        LedgerCount.objects.bulk_create(
            LedgerCount(path=path, counts=counts, whole=dict(whole) if path == community.path else None, counted_at=now)
            for path, counts in sorted(counted.items())
        )
        DelayCount.objects.filter(within([community.path])).delete()
        DelayCount.objects.bulk_create(delays)


def _delays_of(path: str) -> list[DelayCount]:
    counted = delays_under(path)
    whole: dict[date, Counter[str]] = defaultdict(Counter)
    for (_place, month), counts in counted.items():
        whole[month].update(counts)
    places = {*counted, *((path, month) for month in whole)}
    return [
        DelayCount(
            path=place,
            month=month,
            counts=dict(counted.get((place, month), {})),
            whole=dict(whole[month]) if place == path else None,
        )
        for place, month in sorted(places)
    ]


def count_ledgers(now: datetime, *, seconds: float = SECONDS_AT_A_TIME) -> int:
    """Count the communities whose numbers are older than a day, for so many seconds; return how many."""
    fresh = LedgerCount.objects.filter(counted_at__gt=now - COUNTED_EVERY).values("path")
    communities = Area.objects.current().filter(level=Level.COMMUNITY).exclude(path__in=fresh)
    until = time.monotonic() + seconds
    count = 0
    for community in communities.defer("geometry", "bounds").order_by("path"):
        if count and time.monotonic() > until:
            break
        count_community(community, now)
        count += 1
    return count


def keep_coverage(place: Area, now: datetime) -> None:
    """Count the coverage of a community, or the seams of a larger place, and keep it instead of the last count."""
    counted = count_place(place)
    counts = dict(counted.counts)
    counts.setdefault(place.path, Counter())
    for finding in counted.findings:
        finding.counted = place.path
    here = within([place.path]) if place.level not in ABOVE else Q(path=place.path)
    with transaction.atomic():
        CoverageCount.objects.filter(here).delete()
        CoverageCount.objects.bulk_create(
            CoverageCount(
                path=path,
                counts=dict(numbers),
                whole=dict(counted.whole) if path == place.path else None,
                counted_at=now,
            )
            for path, numbers in sorted(counts.items())
        )
        CoverageFinding.objects.filter(counted=place.path).delete()
        CoverageFinding.objects.bulk_create(counted.findings)


def count_coverage(now: datetime, *, seconds: float = SECONDS_AT_A_TIME) -> int:
    """Count the places whose coverage changed or was counted a day ago, for so many seconds; return how many."""
    _forget_closed()
    fresh = CoverageCount.objects.filter(counted_at__gt=now - COUNTED_EVERY, stale=False, whole__isnull=False)
    roots = Area.objects.filter(parent=None).values_list("path", flat=True)
    places = places_counted(roots).exclude(path__in=fresh.values("path"))
    until = time.monotonic() + seconds
    count = 0
    for place in places.iterator(chunk_size=20):
        if count and time.monotonic() > until:
            break
        keep_coverage(place, now)
        count += 1
    return count


def _forget_closed() -> None:
    """Remove what was counted in places that are closed: nobody adds it up any more."""
    kept = CoverageCount.objects.filter(whole__isnull=False)
    for path in kept.exclude(path__in=Area.objects.current().values("path")).values_list("path", flat=True):
        CoverageCount.objects.filter(within([path])).delete()
        CoverageFinding.objects.filter(within([path], "counted")).delete()


def coverage_changed(paths: Iterable[str], *, drawn: bool = False) -> None:
    """Let the communities in and around these subtrees be counted anew in a minute.

    Where boundaries were drawn anew, the seams of the larger places around them too.
    """
    changed = outermost(paths)
    around = {above for path in changed for above in ancestors(path)}
    touched = within(changed) | Q(path__in=around)
    communities = Area.objects.filter(touched, level=Level.COMMUNITY).values("path")
    concerned = touched if drawn else Q(path__in=communities)
    CoverageCount.objects.filter(concerned, stale=False).update(stale=True)


@transaction.atomic
def sign_review(grid: Area, remark: str = "", *, by: Any) -> Review:
    """Sign off that the ledger of a grid was gone through this quarter; what is still open is kept as figures.

    Raises:
        Refused: the grid is out of reach, or the post may not sign.
        NotPossible: it is signed already, it is no grid in use, or something is open and the remark says nothing.
    """
    locked = Area.objects.select_for_update().get(pk=grid.pk)
    require(by, "people.review", locked)
    if locked.level != Level.GRID or locked.closed_on is not None:
        raise NotPossible(_("Only a grid that is in use is reviewed. Choose one from the list."))
    review = _review_row(locked, quarter_of(clock.today()))
    if review.signed_at is not None:
        raise NotPossible(
            _("%(name)s has signed this off already. Load the page again.") % {"name": review.signed_by_name}
        )
    left = open_counts([locked.path])[locked.path]
    if any(left.values()) and not remark.strip():
        raise NotPossible(_("Something is still open. Write in a few words how it goes on."), "remark")
    review.signed_at, review.signed_by, review.signed_by_name = clock.now(), by.username, by.name
    review.remark = remark.strip()
    review.still_open = {str(kind): count for kind, count in left.items() if count}
    review.households = Household.objects.filter(within([locked.path]), ended_on=None).count()
    review.full_clean(validate_unique=False, validate_constraints=False)
    review.save()
    journal.record(by, "assessment.sign_review", review, detail={"quarter": str(review.quarter), **review.still_open})
    return review


def _review_row(grid: Area, quarter: Period) -> Review:
    """Return the review of a locked grid for a quarter, unsaved where nobody has written it yet."""
    found = Review.objects.select_for_update().filter(grid=grid, quarter=quarter.first).first()
    return found or Review(grid=grid, path=grid.path, quarter=quarter.first)


def remind_of_reviews(now: datetime) -> int:
    """Tell the holders of grids that are not reviewed that the quarter ends soon, once; return of how many grids.

    A few grids at a time, so that nobody waits for it.
    """
    quarter = quarter_of(clock.local(now).date())
    if quarter.last - clock.local(now).date() >= REMINDED_BEFORE:
        return 0
    told = Review.objects.filter(quarter=quarter.first).values("grid")
    lived_in = Household.objects.filter(path=OuterRef("path"), ended_on=None)
    waiting = Area.objects.current().filter(Exists(lived_in), level=Level.GRID).exclude(pk__in=told)
    keys = list(waiting.order_by("path").values_list("pk", flat=True)[:GRIDS_AT_A_TIME])
    return sum(_remind(key, quarter, now) for key in keys)


@transaction.atomic
def _remind(key: int, quarter: Period, now: datetime) -> bool:
    grid = Area.objects.select_for_update().get(pk=key)
    review = _review_row(grid, quarter)
    if review.pk is not None:
        return False
    review.reminded_at = now
    review.save(force_insert=True)
    values = {"grid": grid.name, "day": quarter.last.isoformat()}
    send(_holders(grid), REVIEW_DUE, values, url=f"/reviews/{grid.code}/")
    journal.record(SYSTEM, "assessment.remind_of_review", review, detail={"quarter": str(quarter.first)})
    return True


def _holders(grid: Area) -> list[User]:
    """Return who does the work of a grid today; where nobody does, whoever signs for it."""
    posts = [post for post in staff_of(grid, PAIR) if post.area_id == grid.pk]
    return doers_of(posts) or doers_of(staff_of(grid, COMMUNITY_SIDE))
