"""The area tree with its grids, and the posts: who serves where."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import AbsenceReason, AbsenceState, AreaKind, Level, Measure, Role, Side
from linli.areas.scope import scope_paths
from linli.core.paths import PathField, within


class AreaQuerySet(models.QuerySet["Area"]):
    """The tree is public; staff lists show the part that a post reaches."""

    def visible_to(self, user: Any) -> AreaQuerySet:
        return self.filter(within(scope_paths(user, "areas.view")))

    def current(self) -> AreaQuerySet:
        """Leave out what was closed."""
        return self.filter(closed_on=None)

    def under(self, area: Area) -> AreaQuerySet:
        """Return the subtree of an area, with the area itself."""
        return self.filter(within([area.path]))


class Area(models.Model):
    """A node of the tree 市-区-街道-社区-网格: one row for each place that has a name and a boundary."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=AreaKind.choices, default=AreaKind.ORDINARY)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    path = PathField(_("path"), unique=True, editable=False)
    # GeoJSON geometry in WGS-84; the bounding box beside it is [west, south, east, north] in degrees.
    geometry = models.JSONField(_("boundary"), null=True, blank=True)
    bounds = models.JSONField(_("bounding box"), null=True, blank=True)
    supervision_phone = models.CharField(_("supervision phone"), max_length=30, blank=True)
    # How many workers a grid is to have; areas below without a number of their own follow it.
    min_workers = models.PositiveSmallIntegerField(_("workers a grid must have"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    search_terms = models.TextField(editable=False, blank=True, default="")

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "path"])]

    def __str__(self) -> str:
        return self.name


class SizeBand(models.Model):
    """How large the grids of one kind are to be, where an administrator said otherwise than ``data/bands.toml``."""

    kind = models.CharField(_("kind"), max_length=12, choices=AreaKind.choices, unique=True)
    measure = models.CharField(_("size told by"), max_length=12, choices=Measure.choices)
    target = models.PositiveIntegerField(_("best size"), default=0)
    planned_low = models.PositiveIntegerField(_("planned from"), default=0)
    planned_high = models.PositiveIntegerField(_("planned to"), default=0)
    warned_low = models.PositiveIntegerField(_("a reason is asked below"), default=0)
    warned_high = models.PositiveIntegerField(_("a reason is asked above"), default=0)

    class Meta:
        verbose_name = _("size of grids")
        verbose_name_plural = _("sizes of grids")
        ordering = ["kind"]

    def __str__(self) -> str:
        return f"{self.kind} {self.warned_low}–{self.warned_high}"


class SizeReasonQuerySet(models.QuerySet["SizeReason"]):
    def visible_to(self, user: Any) -> SizeReasonQuerySet:
        return self.filter(within(scope_paths(user, "areas.view"), "grid__path"))


class SizeReason(models.Model):
    """Why a grid may be smaller or larger than its band: accepted for the side on which it was then."""

    grid = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="size_reason", verbose_name=_("grid"))
    side = models.CharField(_("smaller or larger"), max_length=6, choices=Side.choices)
    size = models.PositiveIntegerField(_("size then"))
    text = models.CharField(_("why"), max_length=200)
    given_on = models.DateField(_("accepted on"))
    given_by = models.CharField(_("accepted by"), max_length=150)
    given_by_name = models.CharField(_("name of whoever accepted"), max_length=120)

    objects = SizeReasonQuerySet.as_manager()

    class Meta:
        verbose_name = _("reason for a size")
        verbose_name_plural = _("reasons for sizes")
        ordering = ["grid__code"]

    def __str__(self) -> str:
        return f"{self.grid_id} {self.side}"


class Department(models.Model):
    """An office or company that cases are dispatched to; it has a seat in one area and serves its subtree."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="departments", verbose_name=_("serves"))

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, user: Any) -> PostQuerySet:
        return self.filter(within(scope_paths(user, "posts.view"), "area__path"))

    def on(self, day: Any) -> PostQuerySet:
        """Return the posts that are in force on a day, vacant ones too."""
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def held(self) -> PostQuerySet:
        """Return the posts of people who may sign in."""
        return self.filter(holder__is_active=True)

    def vacant(self) -> PostQuerySet:
        """Return the posts that nobody holds, or somebody who may no longer sign in."""
        return self.filter(Q(holder=None) | Q(holder__is_active=False))


class Post(models.Model):
    """A place in the organisation: role × area × dates, held by one person or vacant."""

    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="posts", verbose_name=_("area"))
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("department")
    )
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("holder"),
    )
    label = models.CharField(_("local label"), max_length=40, blank=True)
    duties = models.CharField(_("duties"), max_length=200, blank=True)
    # The phone of the post, shown to everybody on the public board; a person's own phone is never kept here.
    board_phone = models.CharField(_("phone on the board"), max_length=30, blank=True)
    on_board = models.BooleanField(_("shown on the public board"), default=False)
    # Since when the holder agrees that their name stands on the board; without consent the board shows the title.
    name_agreed_on = models.DateField(_("agreed to be named since"), null=True, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    vacant_since = models.DateField(_("vacant since"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["area__code", "role", "id"]
        indexes = [models.Index(fields=["area", "role"])]

    def __str__(self) -> str:
        return f"{self.title} {self.area_id}"

    def clean(self) -> None:
        if self.role == Role.DEPARTMENT and self.department_id is None:
            raise ValidationError({"department": _("A department officer needs a department.")})
        if self.until and self.until < self.since:
            raise ValidationError({"until": _("The end lies before the beginning.")})

    @property
    def title(self) -> str:
        """The local label, else the name of the role."""
        return self.label or str(Role(self.role).label)

    @property
    def public_name(self) -> str:
        """What the public is told: the name of a holder who agreed to that, else the title of the post."""
        return self.holder.name if self.holder is not None and self.name_agreed_on else self.title


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def visible_to(self, user: Any) -> AbsenceQuerySet:
        """Everybody sees their own; who arranges covers also those of the posts in reach."""
        reached = Post.objects.filter(within(scope_paths(user, "posts.cover"), "area__path"), holder=OuterRef("person"))
        return self.filter(Q(person=getattr(user, "pk", None)) | Exists(reached))

    def on(self, day: Any) -> AbsenceQuerySet:
        """Return the approved absences that last on a day."""
        return self.filter(state=AbsenceState.APPROVED, since__lte=day, until__gte=day)

    def overlapping(self, since: Any, until: Any) -> AbsenceQuerySet:
        """Return those that are approved or wait for an answer and share a day with this time."""
        lasting = (AbsenceState.ASKED, AbsenceState.APPROVED)
        return self.filter(state__in=lasting, since__lte=until, until__gte=since)


class Absence(models.Model):
    """Somebody is away for some days. Who stands in follows from the dates; nothing is moved."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences", verbose_name=_("who")
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="absences", verbose_name=_("only as")
    )
    since = models.DateField(_("first day"))
    until = models.DateField(_("last day"))
    reason = models.CharField(_("why"), max_length=12, choices=AbsenceReason.choices)
    # Empty: the partner of the pair, else the next level.
    cover = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="covers",
        verbose_name=_("who stands in"),
    )
    state = models.CharField(_("state"), max_length=10, choices=AbsenceState.choices, default=AbsenceState.ASKED)
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    decided_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-since", "-id"]
        indexes = [models.Index(fields=["state", "until"])]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}–{self.until}"

    def clean(self) -> None:
        if self.until < self.since:
            raise ValidationError({"until": _("The last day lies before the first.")})

    def concerns(self, post: Post) -> bool:
        """Tell whether the person is away from this post."""
        return self.person_id == post.holder_id and self.post_id in (None, post.pk)
