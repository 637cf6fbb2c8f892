"""Cases 事件: what somebody reported, who answers for it, how far it has come."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area, Department, Post
from linli.areas.scope import scope_of
from linli.cases.choices import Action, Closing, Mechanism, Severity, Source, State
from linli.cases.workflow import OPEN_STATES, RESIDENT
from linli.core.fields import EncryptedTextField
from linli.core.paths import PathField, within
from linli.files.models import Upload
from linli.housing.models import Building


class Category(models.Model):
    """What a case is about, with the presets that an administrator edits."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    mechanism = models.CharField(_("usual way"), max_length=14, choices=Mechanism.choices)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.ORDINARY)
    accept_minutes = models.PositiveIntegerField(_("working minutes to accept"))
    answer_minutes = models.PositiveIntegerField(_("working minutes to answer"))
    # Of an emergency: from its discovery, by the calendar, whatever the hour.
    written_minutes = models.PositiveIntegerField(_("minutes to the written report"), default=60)
    # Working days without a word after which a checked case ends as answered.
    silence_days = models.PositiveSmallIntegerField(_("working days to wait for the resident"), default=5)
    reopen_days = models.PositiveSmallIntegerField(_("days in which a closed case can be reopened"), default=15)
    offered_to_residents = models.BooleanField(_("offered to residents"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the language of the page."""
        return self.name_en if get_language() == "en" else self.name


class Route(models.Model):
    """Which department a category goes to in a subtree; the nearest area counts."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="routes", verbose_name=_("category"))
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="routes", verbose_name=_("in"))
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="routes", verbose_name=_("department")
    )

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        constraints = [models.UniqueConstraint(fields=["category", "area"], name="one_route_per_area")]

    def __str__(self) -> str:
        return f"{self.category_id} {self.area_id} → {self.department_id}"


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or a Saturday or Sunday that is worked."""

    date = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("worked"))
    name = models.CharField(_("name"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date}"


class WorkingSpan(models.Model):
    """A part of the working day, such as 08:30 to 12:00."""

    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["starts"]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any, path: str = "path") -> CaseQuerySet:
        """Return the cases of the user's areas, those given to their department, and those they reported.

        ``path`` may name another expression for the path, see ``unindexed``.
        """
        scope = scope_of(user, "cases.view")
        condition = within(scope.paths, path)
        if scope.departments:
            condition |= Q(department__in=scope.departments)
        if scope.own:
            condition |= Q(reporter=user.pk)
        return self.filter(condition)

    def unindexed(self) -> CaseQuerySet:
        """Add ``unindexed_path``: the path, but no index answers a condition on it.

        Where a place holds most of the cases, the newest are found sooner from the newest on than by their place, and
        SQLite does not see that by itself.
        """
        return self.alias(unindexed_path=Concat("path", Value("")))

    def open(self) -> CaseQuerySet:
        return self.filter(state__in=OPEN_STATES)


class Case(models.Model):
    """One matter from its report to the resident's word; ``version`` counts its steps and stops stale writes."""

    number = models.CharField(_("number"), max_length=16, unique=True)
    mechanism = models.CharField(_("way"), max_length=14, choices=Mechanism.choices)
    state = models.CharField(_("state"), max_length=18, choices=State.choices)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="cases", verbose_name=_("category"))
    text = models.TextField(_("what happened"))
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="cases", verbose_name=_("grid"))
    path = PathField(_("path"), editable=False)
    building = models.ForeignKey(
        Building, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases", verbose_name=_("building")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    source = models.CharField(_("how it came"), max_length=10, choices=Source.choices)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reported_cases",
        verbose_name=_("reported by"),
    )
    contact = EncryptedTextField(_("phone of the resident"), blank=True)
    # The accountable post stays from first to last; the handling side changes with the steps.
    owner = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_cases", verbose_name=_("accountable")
    )
    handler = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="handled_cases", verbose_name=_("acts now")
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("department")
    )
    discovered_at = models.DateTimeField(_("found at"))
    reported_at = models.DateTimeField(_("reported at"))
    # The next promise: to accept, to answer, or the written report of an emergency. Empty once it is met.
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    answer_due_at = models.DateTimeField(_("answer promised by"), null=True, blank=True)
    # The promises reach into a year whose holidays were not published when they were made.
    holidays_unknown = models.BooleanField(_("counted without published holidays"), default=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    written_at = models.DateTimeField(_("reported in writing at"), null=True, blank=True)
    # A checked case without a word from the resident ends as answered after this moment.
    lapses_at = models.DateTimeField(_("waits for the resident until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closing = models.CharField(_("ended as"), max_length=10, choices=Closing.choices, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_cases",
        verbose_name=_("merged into"),
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    search_terms = models.TextField(editable=False, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-reported_at", "-id"]
        indexes = [
            models.Index(fields=["path", "reported_at"]),
            # These four hold all that figures ask of what is open, or was reported, answered or closed in some time:
            # counting reads no rows, and of the index only that time.
            models.Index(fields=["state", "path", "category", "due_at"], name="cases_by_state"),
            models.Index(fields=["reported_at", "path", "category"], name="cases_by_report"),
            models.Index(
                fields=["answered_at", "path", "category", "answer_due_at"],
                condition=Q(answered_at__isnull=False),
                name="cases_by_answer",
            ),
            models.Index(
                fields=["closed_at", "path", "category", "closing", "rating"],
                condition=Q(closed_at__isnull=False),
                name="cases_by_end",
            ),
            models.Index(fields=["-reported_at", "-id"]),
            models.Index(fields=["department", "state"]),
            models.Index(fields=["reporter", "-reported_at"]),
            models.Index(fields=["path", "due_at"], condition=Q(due_at__isnull=False), name="cases_with_a_promise"),
            models.Index(fields=["lapses_at"], condition=Q(lapses_at__isnull=False), name="cases_that_wait"),
            models.Index(
                fields=["path"],
                condition=Q(mechanism=Mechanism.EMERGENCY, answered_at__isnull=True, closed_at__isnull=True),
                name="cases_running_emergencies",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> str:
        """The state in words; ``get_state_display`` would gather all states for each row of a list."""
        return str(State(self.state).label)


# Characters of a report, an answer or a note.
LONGEST_TEXT = 2000

UNNAMED = {RESIDENT: _("the resident"), "system": _("the clock")}


class StepQuerySet(models.QuerySet["Step"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the history of a case is never changed")

    def delete(self) -> NoReturn:
        raise TypeError("the history of a case is never removed")


class Step(models.Model):
    """One row of a case's history. Rows are added, never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps", verbose_name=_("case"))
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("time"))
    # User name, ``resident`` or ``system``; beside it what a reader of the history needs to know of the doer.
    by = models.CharField(_("user name"), max_length=150)
    by_name = models.CharField(_("by"), max_length=120)
    by_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    mechanism = models.CharField(_("way"), max_length=14, choices=Mechanism.choices)
    action = models.CharField(_("action"), max_length=16, choices=Action.choices)
    source = models.CharField(_("from"), max_length=18, choices=State.choices, blank=True)
    target = models.CharField(_("to"), max_length=18, choices=State.choices)
    note = models.TextField(_("note"), blank=True)
    # Plain values of the step: verdict, department code, who was told, which case it was merged into.
    detail = models.JSONField(_("detail"), default=dict)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["case", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="steps_are_numbered")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.number} {self.action}"

    @property
    def doer(self) -> str:
        """Who took the step, for staff: a name, or the resident, or the clock, who have none."""
        return str(UNNAMED.get(self.by, self.by_name))


class FollowLink(models.Model):
    """The resident's private link to a case; only the digest of its token is kept, and it can be renewed.

    After a merge the link leads to the case that goes on; ``reported`` stays the one that this resident reported.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links", verbose_name=_("case"))
    reported = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", verbose_name=_("reported case"))
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("private link")
        verbose_name_plural = _("private links")

    def __str__(self) -> str:
        return f"{self.case_id}"


class CasePhoto(models.Model):
    """A photo that belongs to a step of a case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="photos", verbose_name=_("case"))
    step_number = models.PositiveIntegerField(_("step"))
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+", verbose_name=_("photo"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.upload_id}"
