"""Every write about areas, departments and posts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from shapely.geometry import shape

from linli.accounts.models import User
from linli.accounts.rules import Refused, require
from linli.areas.bands import NUMBERS, band_of, wrong_order
from linli.areas.choices import COVERED, GRID_KINDS, AbsenceState, AreaKind, Level, Measure
from linli.areas.models import Absence, Area, Department, Post, SizeBand, SizeReason
from linli.areas.queries import GEOMETRY_VERSION, possible_covers, posts_concerned
from linli.areas.rules import may_decide
from linli.areas.signals import absence_changed, places_changed, post_vacated
from linli.areas.terms import area_terms
from linli.core import clock
from linli.core.paths import child_path
from linli.journal import actions as journal

LEVELS = list(Level)
MOST_WORKERS = 2
LONGEST_ABSENCE = timedelta(days=366)
KEY_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@transaction.atomic
def add_area(
    *,
    code: str,
    name: str,
    level: str,
    parent: Area | None,
    by: Any,
    kind: str = AreaKind.ORDINARY,
    geometry: Mapping[str, Any] | None = None,
    opened_on: date | None = None,
) -> Area:
    """Add a node below ``parent``. Raises ``ValidationError`` for a taken code or a level that can't lie there."""
    require(by, "areas.edit", parent)
    if parent is not None:
        parent = Area.objects.select_for_update().get(pk=parent.pk)
    _check_place(code, level, parent)
    area = Area(
        code=code,
        name=name.strip(),
        level=level,
        kind=kind,
        parent=parent,
        path=_next_path(parent),
        opened_on=opened_on or clock.today(),
    )
    _put_geometry(area, geometry)
    area.search_terms = area_terms(area.name, parent.name if parent else "")
    area.save(force_insert=True)
    if area.geometry:
        geometry_changed()
    journal.record(by, "areas.add", area, detail={"code": code, "level": level})
    places_changed.send(Area, paths=[area.path], drawn=True)
    return area


@transaction.atomic
def rename_area(area: Area, name: str, *, by: Any) -> Area:
    """Give an area another name; its code and its place in the tree stay."""
    require(by, "areas.edit", area)
    locked = Area.objects.select_for_update(of=("self",)).select_related("parent").get(pk=area.pk)
    before, locked.name = locked.name, name.strip()
    if not locked.name:
        raise ValidationError({"name": _("An area needs a name.")})
    locked.search_terms = area_terms(locked.name, locked.parent.name if locked.parent else "")
    locked.save(update_fields=["name", "search_terms"])
    for below in Area.objects.filter(parent=locked).only("pk", "name"):
        below.search_terms = area_terms(below.name, locked.name)
        below.save(update_fields=["search_terms"])
    journal.record(by, "areas.rename", locked, detail={"before": before, "after": locked.name})
    return locked


@transaction.atomic
def set_boundary(area: Area, geometry: Mapping[str, Any], *, by: Any) -> Area:
    """Draw the boundary of an area anew (GeoJSON, WGS-84)."""
    require(by, "areas.edit", area)
    locked = Area.objects.select_for_update().get(pk=area.pk)
    _put_geometry(locked, geometry)
    locked.save(update_fields=["geometry", "bounds"])
    journal.record(by, "areas.set_boundary", locked)
    geometry_changed()
    places_changed.send(Area, paths=[locked.path], drawn=True)
    return locked


def geometry_changed() -> None:
    """Tell every process that boundaries changed, once the transaction is through."""
    cache.set(GEOMETRY_VERSION, time.time_ns(), timeout=None)


@transaction.atomic
def set_supervision_phone(area: Area, phone: str, *, by: Any) -> None:
    """Set the phone to complain to; areas below without one of their own show it too."""
    require(by, "areas.edit", area)
    locked = Area.objects.select_for_update().get(pk=area.pk)
    locked.supervision_phone = phone.strip()
    locked.save(update_fields=["supervision_phone"])
    journal.record(by, "areas.set_supervision_phone", locked)


@transaction.atomic
def set_min_workers(area: Area, number: int | None, *, by: Any) -> None:
    """Set how many workers the grids of an area must have; None follows the area above."""
    require(by, "areas.edit", area)
    if number is not None and not 1 <= number <= MOST_WORKERS:
        raise ValidationError({"min_workers": _("A grid must have one or two workers.")})
    locked = Area.objects.select_for_update().get(pk=area.pk)
    before, locked.min_workers = locked.min_workers, number
    locked.save(update_fields=["min_workers"])
    journal.record(by, "areas.set_min_workers", locked, detail={"before": before, "after": number})


@transaction.atomic
def set_kind(grid: Area, kind: str, *, by: Any) -> Area:
    """Say what sort of grid it is; the size that it is to have follows the kind."""
    require(by, "areas.edit", grid)
    locked = Area.objects.select_for_update().get(pk=grid.pk)
    if locked.level != Level.GRID or kind not in GRID_KINDS:
        raise ValidationError({"kind": _("Choose one of the kinds that grids have.")})
    before, locked.kind = locked.kind, kind
    locked.save(update_fields=["kind"])
    journal.record(by, "areas.set_kind", locked, detail={"before": before, "after": kind})
    places_changed.send(Area, paths=[locked.path])
    return locked


@transaction.atomic
def set_band(kind: str, measure: str, numbers: Mapping[str, int], *, by: Any) -> SizeBand:
    """Say how large the grids of a kind are to be; ``numbers`` are those of `bands.NUMBERS`.

    Raises:
        ValidationError: the numbers contradict each other.
    """
    require(by, "areas.edit")
    if kind not in GRID_KINDS or measure not in Measure.values:
        raise ValidationError({"measure": _("Choose one of the kinds that grids have.")})
    asked = {} if measure == Measure.NONE else {name: numbers.get(name) or 0 for name in NUMBERS}
    if asked and wrong_order(asked.values()):
        text = _("From small to large: reason asked below, planned from, best size, planned to, reason asked above.")
        raise ValidationError({"target": text})
    band = SizeBand.objects.select_for_update().filter(kind=kind).first() or SizeBand(kind=kind)
    band.measure = measure
    for name in NUMBERS:
        setattr(band, name, asked.get(name, 0))
    band.full_clean(validate_unique=False, validate_constraints=False)
    band.save()
    journal.record(by, "areas.set_band", band, detail={"kind": kind, "measure": measure, **asked})
    places_changed.send(Area, paths=list(Area.objects.filter(parent=None).values_list("path", flat=True)))
    return band


@transaction.atomic
def explain_size(grid: Area, text: str, *, size: int, by: Any) -> SizeReason:
    """Accept that a grid is smaller or larger than its band, for a reason; one that was given before is replaced.

    Args:
        grid: a grid in use.
        text: the reason, in a few words.
        size: how many households, or buildings, it has now.
        by: whoever accepts it.

    Raises:
        ValidationError: there is no reason in the text, or the grid lies within its band.
    """
    require(by, "areas.explain", grid)
    locked = Area.objects.select_for_update().get(pk=grid.pk)
    side = band_of(locked.kind).side_of(size) if locked.level == Level.GRID and locked.closed_on is None else None
    if side is None:
        raise ValidationError(_("The size of this grid needs no reason."))
    reason = SizeReason.objects.filter(grid=locked).first() or SizeReason(grid=locked)
    reason.side, reason.size, reason.text, reason.given_on = side, size, text.strip(), clock.today()
    reason.given_by, reason.given_by_name = by.username, by.name
    reason.full_clean(validate_unique=False, validate_constraints=False)
    reason.save()
    journal.record(by, "areas.explain_size", locked, detail={"side": side, "size": size, "text": reason.text})
    places_changed.send(Area, paths=[locked.path])
    return reason


@transaction.atomic
def forget_size_reason(grid: Area, *, by: Any) -> None:
    """Take the reason for the size of a grid back; what it said stays in the journal."""
    require(by, "areas.explain", grid)
    locked = Area.objects.select_for_update().get(pk=grid.pk)
    reason = SizeReason.objects.filter(grid=locked).first()
    if reason is None:
        return
    journal.record(by, "areas.forget_size_reason", locked, detail={"side": reason.side, "text": reason.text})
    reason.delete()
    places_changed.send(Area, paths=[locked.path])


@transaction.atomic
def add_department(*, code: str, name: str, area: Area, by: Any) -> Department:
    """Add an office or company that cases can be dispatched to."""
    require(by, "areas.edit", area)
    department = Department(code=code, name=name.strip(), area=area)
    department.full_clean()
    department.save(force_insert=True)
    journal.record(by, "areas.add_department", department, area_path=area.path)
    return department


@transaction.atomic
def create_post(
    *,
    role: str,
    area: Area,
    by: Any,
    holder: User | None = None,
    department: Department | None = None,
    label: str = "",
    duties: str = "",
    board_phone: str = "",
    on_board: bool = False,
    since: date | None = None,
) -> Post:
    """Create a post, held by somebody or vacant. Raises ``ValidationError`` for a department post without one."""
    require(by, "posts.edit", area)
    post = Post(
        role=role,
        area=area,
        holder=holder,
        department=department,
        label=label,
        duties=duties,
        board_phone=board_phone,
        on_board=on_board,
        **beginning(since, held=holder is not None),
    )
    post.full_clean()
    post.save(force_insert=True)
    journal.record(by, "posts.create", post, area_path=area.path, detail={"role": role, "holder": _name(holder)})
    _tell_served(area)
    return post


@transaction.atomic
def appoint(post: Post, holder: User | None, *, by: Any) -> Post:
    """Give a post to somebody, or to nobody: then it is vacant and its work falls to the next level."""
    require(by, "posts.edit", post.area)
    locked = Post.objects.select_for_update(of=("self",)).select_related("area", "holder").get(pk=post.pk)
    before = locked.holder
    for name, value in appointment(locked, holder.pk if holder else None).items():
        setattr(locked, name, value)
    locked.save(update_fields=["holder", "vacant_since", "name_agreed_on"])
    tell_appointed(locked, before, by=by)
    return locked


def beginning(since: date | None, *, held: bool) -> dict[str, Any]:
    """Return from when a new post is in force; one that nobody holds is vacant from that day on."""
    first = since or clock.today()
    return {"since": first, "vacant_since": None if held else first}


def appointment(post: Post, holder_id: int | None) -> dict[str, Any]:
    """Return what of a post changes when it is given to somebody, or to nobody."""
    return {
        "holder_id": holder_id,
        "vacant_since": None if holder_id else post.vacant_since or clock.today(),
        # Nobody agrees for whoever comes after.
        "name_agreed_on": post.name_agreed_on if post.holder_id == holder_id else None,
    }


def tell_appointed(post: Post, before: User | None, *, by: Any) -> None:
    """Write down that a post was given to somebody else, or to nobody; in the transaction in which it was."""
    journal.record(
        by,
        "posts.appoint",
        post,
        area_path=post.area.path,
        detail={"before": _name(before), "after": _name(post.holder)},
    )
    _tell_served(post.area)
    if before is not None and post.holder is None:
        post_vacated.send(Post, post=post)


@transaction.atomic
def show_name(post: Post, *, shown: bool, by: Any) -> Post:
    """Let one's own name stand beside a post on the public board, or take that back at once."""
    locked = Post.objects.select_for_update(of=("self",)).select_related("area", "holder").get(pk=post.pk)
    if by.pk is None or locked.holder_id != by.pk:
        raise Refused(_("Only whoever holds the post decides whether their name is shown."))
    locked.name_agreed_on = (locked.name_agreed_on or clock.today()) if shown else None
    locked.save(update_fields=["name_agreed_on"])
    journal.record(by, "posts.show_name" if shown else "posts.hide_name", locked, area_path=locked.area.path)
    return locked


@transaction.atomic
def end_post(post: Post, until: date, *, by: Any) -> Post:
    """Let a post end with a day; it stays as history."""
    require(by, "posts.edit", post.area)
    locked = Post.objects.select_for_update(of=("self",)).select_related("area").get(pk=post.pk)
    locked.until = until
    locked.full_clean()
    locked.save(update_fields=["until"])
    journal.record(by, "posts.end", locked, area_path=locked.area.path, detail={"until": str(until)})
    _tell_served(locked.area)
    return locked


@dataclass(frozen=True)
class NewAbsence:
    """What is asked for: who is away when and why, from all posts or from one, and who stands in if not the partner."""

    person: User
    since: date
    until: date
    reason: str
    post: Post | None = None
    cover: User | None = None


@transaction.atomic
def ask_absence(new: NewAbsence, *, by: Any) -> Absence:
    """Note that somebody is away: one's own waits for an answer, one that an answerer notes is approved at once.

    Raises:
        Refused: it is neither one's own nor for ``by`` to decide.
        ValidationError: the days or the stand-in do not fit.
    """
    posts = posts_concerned(new.person, new.post, max(new.since, clock.today()))
    decides = may_decide(by, new.person, posts)
    if by.pk != new.person.pk and not decides:
        raise Refused(_("Only the person, or who answers for the post, can note an absence."))
    absence = Absence(
        person=new.person,
        post=new.post,
        since=new.since,
        until=new.until,
        reason=new.reason,
        cover=new.cover,
        asked_at=clock.now(),
    )
    _check_absence(absence, posts)
    if decides:
        absence.state, absence.decided_at = AbsenceState.APPROVED, clock.now()
        absence.decided_by = by if by.pk else None
    absence.save(force_insert=True)
    action = "absences.note" if decides else "absences.ask"
    _tell_absence(absence, action, posts[0].area.path, by)
    return absence


@transaction.atomic
def decide_absence(absence: Absence, *, approve: bool, answer: str = "", by: Any) -> Absence:
    """Approve an absence, or not; a refusal says why."""
    locked = _lock_absence(absence)
    posts = posts_concerned(locked.person, locked.post, max(locked.since, clock.today()))
    if not may_decide(by, locked.person, posts):
        raise Refused(_("Your post does not answer for this absence."))
    if locked.state != AbsenceState.ASKED:
        raise ValidationError(_("This absence has been answered already."))
    if not approve and not answer.strip():
        raise ValidationError({"answer": _("Say in a few words why not.")})
    locked.state = AbsenceState.APPROVED if approve else AbsenceState.REFUSED
    locked.decided_by, locked.decided_at, locked.answer = by if by.pk else None, clock.now(), answer.strip()
    locked.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    _tell_absence(locked, "absences.approve" if approve else "absences.refuse", posts[0].area.path, by)
    return locked


@transaction.atomic
def end_absence(absence: Absence, *, by: Any) -> Absence:
    """Be back as from today: what has not begun is taken back, what lasts ends with yesterday."""
    locked, today = _lock_absence(absence), clock.today()
    posts = posts_concerned(locked.person, locked.post, today)
    if by.pk != locked.person_id and not may_decide(by, locked.person, posts):
        raise Refused(_("Only the person, or who answers for the post, can end an absence."))
    asked = locked.state == AbsenceState.ASKED
    if not asked and (locked.state != AbsenceState.APPROVED or locked.until < today):
        raise ValidationError(_("This absence is over already."))
    if asked or locked.since >= today:
        locked.state = AbsenceState.WITHDRAWN
    else:
        locked.until = today - timedelta(days=1)
    locked.save(update_fields=["state", "until"])
    _tell_absence(locked, "absences.end", posts[0].area.path if posts else "", by)
    return locked


def _lock_absence(absence: Absence) -> Absence:
    rows = Absence.objects.select_for_update(of=("self",)).select_related("person", "post__area", "cover")
    return rows.get(pk=absence.pk)


def _check_absence(absence: Absence, posts: list[Post]) -> None:
    if absence.until < absence.since:
        raise ValidationError({"until": _("The last day lies before the first.")})
    if absence.until < clock.today():
        raise ValidationError({"until": _("These days are over. Choose today or later.")})
    if absence.until - absence.since > LONGEST_ABSENCE:
        raise ValidationError({"until": _("Longer than a year is no absence. Ask the administrator to fill the post.")})
    if not posts:
        raise ValidationError({"since": _("There is no post to be away from on these days.")})
    others = Absence.objects.overlapping(absence.since, absence.until).filter(person=absence.person)
    clashing = others if absence.post is None else others.filter(Q(post=None) | Q(post=absence.post))
    if clashing.exists():
        raise ValidationError({"since": _("An absence on some of these days is noted already.")})
    if absence.cover is not None:
        fitting = any(post.role in COVERED for post in posts)
        if not fitting or absence.cover not in possible_covers(absence.person):
            raise ValidationError({"cover": _("Choose somebody who serves in the same community.")})


def _tell_absence(absence: Absence, action: str, path: str, by: Any) -> None:
    # Why somebody is away is not the journal's business.
    detail = {"who": absence.person.username, "since": str(absence.since), "until": str(absence.until)}
    if absence.cover is not None:
        detail["cover"] = absence.cover.username
    journal.record(by, action, absence, area_path=path, detail=detail)
    absence_changed.send(Absence, absence=absence, by=by)


def _tell_served(area: Area) -> None:
    if area.level == Level.GRID:
        places_changed.send(Area, paths=[area.path])


def _name(holder: User | None) -> str:
    return holder.username if holder else ""


def _check_place(code: str, level: str, parent: Area | None) -> None:
    if Area.objects.filter(code=code).exists():
        raise ValidationError({"code": _("The code %(code)s is taken.") % {"code": code}})
    if parent is not None and LEVELS.index(Level(level)) <= LEVELS.index(Level(parent.level)):
        raise ValidationError({"level": _("This level can't lie below %(parent)s.") % {"parent": parent.name}})


def _put_geometry(area: Area, geometry: Mapping[str, Any] | None) -> None:
    if geometry is None:
        return
    drawn = shape(dict(geometry))
    if drawn.geom_type not in ("Polygon", "MultiPolygon") or not drawn.is_valid:
        raise ValidationError({"geometry": _("A boundary is a polygon that doesn't cross itself.")})
    area.geometry = dict(geometry)
    area.bounds = list(drawn.bounds)


def _next_path(parent: Area | None) -> str:
    siblings = Area.objects.filter(parent=parent).count()
    path = child_path(parent.path if parent else "", _key(siblings + 1))
    while Area.objects.filter(path=path).exists():
        siblings += 1
        path = child_path(parent.path if parent else "", _key(siblings + 1))
    return path


def _key(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, len(KEY_DIGITS))
        digits = KEY_DIGITS[rest] + digits
    return digits
