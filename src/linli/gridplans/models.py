"""Drafts of grids: what is planned for a place, its parts, the steps taken by hand, and what applying changed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import PathField, within
from linli.gridplans.choices import PlanState, StepKind
from linli.jobs.models import Job

LONGEST_NOTE = 200
HEAVY = ("roads",)


class GridPlanQuerySet(models.QuerySet["GridPlan"]):
    def visible_to(self, user: Any) -> GridPlanQuerySet:
        return self.filter(within(scope_paths(user, "grids.view_plans")))


class GridPlan(models.Model):
    """A draft of the grids of a community, street or district. ``version`` counts its changes and stops stale writes.

    ``settings`` are those of `values.Asked`. ``done`` is the number of the last step that holds: what was undone lies
    behind it until another step is taken.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    path = PathField(_("path"), db_index=True, editable=False)
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    settings = models.JSONField(_("what is asked for"), default=dict)
    # The draft whose locked grids this one keeps, where it plans the rest of it anew.
    source = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("draft it began from"),
    )
    # Main roads that somebody gave: a list of lines, each a list of [longitude, latitude].
    roads = models.JSONField(_("main roads"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=PlanState.choices, default=PlanState.WAITING)
    version = models.PositiveIntegerField(_("version"), default=1)
    done = models.PositiveIntegerField(_("steps that hold"), default=0)
    # Buildings that were not taken as they came: {"building", "reason", "about"}.
    problems = models.JSONField(_("buildings to look at"), default=list)
    made_by = models.CharField(_("made by"), max_length=150)
    made_by_name = models.CharField(_("name of whoever made it"), max_length=120)
    made_at = models.DateTimeField(_("made at"))
    changed_by_name = models.CharField(_("name of whoever changed it last"), max_length=120, blank=True)
    changed_at = models.DateTimeField(_("last changed"))
    # A draft that nobody touches is thrown away after this day.
    expires_on = models.DateField(_("kept until"))
    job = models.OneToOneField(
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("background work")
    )

    objects = GridPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of grids")
        verbose_name_plural = _("drafts of grids")
        ordering = ["-changed_at", "-id"]
        indexes = [models.Index(fields=["state", "path"])]

    def __str__(self) -> str:
        return f"{self.area_id} {self.pk}"


class PlanPart(models.Model):
    """One community of a draft. Each step changes one, so that no step is slower in a larger place.

    ``grids`` has key → what is said of the grid (see `drafting`), ``assignment`` the key of the grid of each row of
    ``ground``. ``land`` is what the map shows and no step changes: see `parts.LAYERS`.
    """

    plan = models.ForeignKey(GridPlan, on_delete=models.CASCADE, related_name="parts", verbose_name=_("draft"))
    community = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name=_("community"))
    ground = models.BinaryField(_("ground"))
    land = models.TextField(_("ground on the map"))
    # Of each row of the ground: the key of the building, its households, the code of its present grid or "".
    buildings = models.JSONField(_("buildings"))
    households = models.JSONField(_("households"))
    before = models.JSONField(_("present grids of the buildings"))
    # What stands there now: "grids" has code → "pk", "name", "kind", "households", "buildings"; "taken" all codes that
    # were ever given; "coming" what is being built. By the digest a change of it is seen.
    present = models.JSONField(_("present grids"))
    digest = models.CharField(_("digest of the present"), max_length=64)
    grids = models.JSONField(_("grids"))
    assignment = models.JSONField(_("grids of the buildings"))
    shapes = models.JSONField(_("boundaries"))
    figures = models.JSONField(_("figures"))
    # None where there are no grids yet.
    present_figures = models.JSONField(_("figures of the present"), null=True)
    next_key = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("community of a draft of grids")
        verbose_name_plural = _("communities of drafts of grids")
        ordering = ["community__code"]
        constraints = [models.UniqueConstraint(fields=["plan", "community"], name="one_part_per_community")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.community_id}"


class PlanStep(models.Model):
    """A step taken by hand. ``back`` and ``forth`` hold only what differs: see `drafting.difference`."""

    plan = models.ForeignKey(GridPlan, on_delete=models.CASCADE, related_name="steps", verbose_name=_("draft"))
    part = models.ForeignKey(PlanPart, on_delete=models.CASCADE, related_name="+", verbose_name=_("community"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("what"), max_length=10, choices=StepKind.choices)
    # Names of grids and how many buildings, for the words of the step.
    about = models.JSONField(_("about"), default=dict)
    back = models.JSONField(_("before"))
    forth = models.JSONField(_("after"))
    by = models.CharField(_("user name"), max_length=150)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("step of a draft of grids")
        verbose_name_plural = _("steps of drafts of grids")
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="plan_steps_are_numbered")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class Applied(models.Model):
    """What a draft changed when it came into force: enough to put all of it back exactly. See `actions.applying`."""

    plan = models.OneToOneField(GridPlan, on_delete=models.PROTECT, related_name="applied", verbose_name=_("draft"))
    record = models.JSONField(_("rows before"))
    # For people: {"opened", "closed", "redrawn", "moved_buildings", "moved_households", "carried", "vacant", "ended"}.
    outcome = models.JSONField(_("what changed"))
    at = models.DateTimeField(_("applied at"))
    by = models.CharField(_("applied by"), max_length=150)
    by_name = models.CharField(_("name of whoever applied it"), max_length=120)
    reverted_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    reverted_by_name = models.CharField(_("name of whoever took it back"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("draft of grids in force")
        verbose_name_plural = _("drafts of grids in force")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.at:%Y-%m-%d}"
