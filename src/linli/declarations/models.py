"""Declarations 居民申报: what residents, tenants, owners and employers declare of a home, and what became of it."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.scope import scope_paths
from linli.core.fields import EncryptedTextField
from linli.core.paths import PathField, within
from linli.declarations.choices import Action, Choice, Declarer, Field, Kind, State
from linli.declarations.workflow import OPEN_STATES, PREPARES, speaks_for_oneself
from linli.housing.addresses import spell_home
from linli.housing.choices import Occupancy
from linli.housing.models import Building
from linli.people.models import Person

# Characters of a question, an answer or a reason.
LONGEST_WORDS = 500
UNNAMED = {"declarer": _("whoever declared it"), "system": _("the clock")}


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def visible_to(self, user: Any) -> DeclarationQuerySet:
        """Return the declarations of the areas where the user keeps the ledger."""
        return self.filter(within(scope_paths(user, PREPARES)))

    def open(self) -> DeclarationQuerySet:
        return self.filter(state__in=OPEN_STATES)


class Declaration(models.Model):
    """One thing that somebody declared of one home; ``version`` counts its steps and stops stale writes.

    Only those who declare for themselves are named. What they preferred not to say stands in ``declined``: an answer
    like any other. Some time after the end everything personal is erased; place, kind, day and outcome stay.
    """

    number = models.CharField(_("number"), max_length=16, unique=True)
    declarer = models.CharField(_("declared by"), max_length=10, choices=Declarer.choices)
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="declarations", verbose_name=_("building")
    )
    path = PathField(_("path"), editable=False)
    entrance = models.CharField(_("entrance"), max_length=20, blank=True)
    room = models.CharField(_("room"), max_length=20, blank=True)
    day = models.DateField(_("day"))
    headcount = models.PositiveSmallIntegerField(_("how many people"), null=True, blank=True)
    name = EncryptedTextField(_("name"), blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)
    id_number = EncryptedTextField(_("ID number"), blank=True)
    declined = models.JSONField(_("prefers not to say"), default=list)
    # What is to become of it in the ledger, as somebody prepared or decided it: whom it is about, how the home is used.
    choice = models.CharField(_("whom it is about"), max_length=8, choices=Choice.choices, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    occupancy = models.CharField(_("use of the home"), max_length=10, choices=Occupancy.choices, blank=True)
    declared_at = models.DateTimeField(_("declared at"))
    # The promise of a decision; empty while the declarer is asked, and once it is decided.
    due_at = models.DateTimeField(_("promised by"), null=True, blank=True)
    remind_at = models.DateTimeField(_("next reminder at"), null=True, blank=True)
    lapses_at = models.DateTimeField(_("waits for an answer until"), null=True, blank=True)
    decided_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    erase_at = models.DateTimeField(_("personal content kept until"), null=True, blank=True)
    erased_at = models.DateTimeField(_("personal content erased at"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration")
        verbose_name_plural = _("declarations")
        ordering = ["-declared_at", "-id"]
        indexes = [
            models.Index(fields=["path", "state", "-declared_at"], name="declarations_by_state"),
            models.Index(fields=["remind_at"], condition=models.Q(remind_at__isnull=False), name="declarations_wait"),
            models.Index(fields=["lapses_at"], condition=models.Q(lapses_at__isnull=False), name="declarations_lapse"),
            models.Index(fields=["erase_at"], condition=models.Q(erase_at__isnull=False), name="declarations_erase"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> str:
        """The address of the home; of the building alone once the home was erased. Needs the building loaded."""
        return spell_home(self.building.address, self.entrance, self.room)

    @property
    def of_oneself(self) -> bool:
        """Whether the declarer speaks for themselves."""
        return speaks_for_oneself(self.declarer)

    # ``get_…_display`` would gather all choices for each row of a list.

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(State(self.state).label)

    @property
    def kind_label(self) -> str:
        """What is declared, in words."""
        return str(Kind(self.kind).label)

    def has_declined(self, field: str) -> bool:
        """Tell whether the declarer preferred not to say something."""
        return Field(field) in self.declined


class DeclarationStepQuerySet(models.QuerySet["DeclarationStep"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("the history of a declaration is never changed")

    def delete(self) -> NoReturn:
        raise TypeError("the history of a declaration is never removed")


class DeclarationStep(models.Model):
    """One row of a declaration's history, with nothing personal in it. Rows are added, never changed."""

    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="steps", verbose_name=_("declaration")
    )
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("time"))
    # User name, ``declarer`` or ``system``; beside it what a reader of the history needs to know of the doer.
    by = models.CharField(_("user name"), max_length=150)
    by_name = models.CharField(_("by"), max_length=120)
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    source = models.CharField(_("from"), max_length=10, choices=State.choices, blank=True)
    target = models.CharField(_("to"), max_length=10, choices=State.choices)

    objects = DeclarationStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a declaration")
        verbose_name_plural = _("steps of declarations")
        ordering = ["declaration", "number"]
        constraints = [models.UniqueConstraint(fields=["declaration", "number"], name="declaration_steps_are_numbered")]

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.number} {self.action}"

    @property
    def doer(self) -> str:
        """Who took the step, for staff: a name, or the declarer, or the clock, who have none."""
        return str(UNNAMED.get(self.by, self.by_name))


class Words(models.Model):
    """What was said with a step: a question, an answer, a reason. Erased with everything else that is personal."""

    step = models.OneToOneField(DeclarationStep, on_delete=models.CASCADE, related_name="words", verbose_name=_("step"))
    text = EncryptedTextField(_("words"))

    class Meta:
        verbose_name = _("words of a declaration")
        verbose_name_plural = _("words of declarations")

    def __str__(self) -> str:
        return f"{self.step_id}"


class DeclarationLink(models.Model):
    """The private link of whoever declared; only the digest of its token is kept, and it can be renewed."""

    declaration = models.ForeignKey(
        Declaration, on_delete=models.CASCADE, related_name="links", verbose_name=_("declaration")
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("created at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("link of a declaration")
        verbose_name_plural = _("links of declarations")

    def __str__(self) -> str:
        return f"{self.declaration_id}"
