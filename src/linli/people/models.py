"""Persons, households and residences: who lives where, since when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.fields import BlindIndexField, EncryptedTextField
from linli.core.paths import PathField, ancestors, within
from linli.exchange.staging import Staged, VisibleManager, visible
from linli.housing.models import Building, Dwelling
from linli.jobs.models import Job
from linli.people.choices import (
    Certainty,
    Consent,
    CorrectionState,
    DuplicateState,
    EventKind,
    Presence,
    Reason,
    Registration,
    Relation,
    Sex,
    TransferState,
)


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> PersonQuerySet:
        return self.filter(within(scope_paths(user, "people.view")))


PersonManager = VisibleManager.from_queryset(PersonQuerySet)


class Person(Staged):
    """A person of the ledgers. ID number and phone are encrypted; their indexes only find equals.

    ``path`` is a copy of the path of the dwelling of the present residence; of those who moved away or died it is
    empty, so that no list counts them any more.
    """

    name = models.CharField(_("name"), max_length=60)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex.choices, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    id_number = EncryptedTextField(_("ID number"), blank=True)
    id_number_index = BlindIndexField(blank=True)
    phone = EncryptedTextField(_("phone"), blank=True)
    phone_index = BlindIndexField(blank=True)
    registered_address = models.CharField(_("registered address"), max_length=200, blank=True)
    employer = models.CharField(_("place of work"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    path = PathField(_("path"), db_index=True, editable=False)
    search_terms = models.TextField(editable=False, blank=True)
    created_at = models.DateTimeField(_("first recorded"))
    changed_at = models.DateTimeField(_("last changed"))

    objects = PersonManager()
    everything = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["id"]
        # What is counted by its place is counted in the index alone.
        indexes = [models.Index(fields=["name", "path"]), models.Index(fields=["path", "batch"])]

    def __str__(self) -> str:
        return self.name


class HouseholdQuerySet(models.QuerySet["Household"]):
    def visible_to(self, user: Any) -> HouseholdQuerySet:
        return self.filter(within(scope_paths(user, "people.view")))


HouseholdManager = VisibleManager.from_queryset(HouseholdQuerySet)


class Household(Staged):
    """People who keep house together in one dwelling; ``number`` says nothing about them."""

    number = models.CharField(_("number"), max_length=16, unique=True)
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, related_name="households", verbose_name=_("dwelling")
    )
    path = PathField(_("path"), editable=False)
    created_at = models.DateTimeField(_("first recorded"))
    changed_at = models.DateTimeField(_("last changed"))
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    # Somebody went through the household last, and nothing had changed.
    confirmed_at = models.DateTimeField(_("confirmed as unchanged at"), null=True, blank=True, editable=False)

    objects = HouseholdManager()
    everything = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["id"]
        indexes = [models.Index(fields=["path", "ended_on", "batch"])]

    def __str__(self) -> str:
        return self.number


class ResidenceQuerySet(models.QuerySet["Residence"]):
    def on(self, day: date) -> ResidenceQuerySet:
        """Those in force at the end of a day."""
        begun = models.Q(since=None) | models.Q(since__lte=day)
        return self.filter(begun, models.Q(until=None) | models.Q(until__gt=day))


ResidenceManager = VisibleManager.from_queryset(ResidenceQuerySet)


class Residence(Staged):
    """A person belongs to a household from a day on; every change closes the row and opens a new one.

    ``since`` is the first day (None: since before anything was written down), ``until`` the first day on which it holds
    no more (None: it holds). So the rows alone say how things stood at the end of any day; a row that opened and closed
    on one day says nothing about that day, and stays.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="residences", verbose_name=_("person"))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="residences", verbose_name=_("household")
    )
    relation = models.CharField(
        _("relation to the head"), max_length=16, choices=Relation.choices, default=Relation.OTHER
    )
    registration = models.CharField(
        _("registration"), max_length=10, choices=Registration.choices, default=Registration.UNKNOWN
    )
    presence = models.CharField(_("living"), max_length=10, choices=Presence.choices, default=Presence.HERE)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = ResidenceManager()
    everything = ResidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("residence")
        verbose_name_plural = _("residences")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(until=None), name="one_present_residence_per_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.household_id}"

    def holds_on(self, day: date) -> bool:
        """Tell whether it is in force at the end of a day."""
        return (self.since is None or self.since <= day) and (self.until is None or self.until > day)

    # Three words for each person of a household; ``get_…_display`` would gather all choices for each of them.

    @property
    def relation_label(self) -> str:
        """The relation to the head in words."""
        return str(Relation(self.relation).label)

    @property
    def registration_label(self) -> str:
        """The registration in words."""
        return str(Registration(self.registration).label)

    @property
    def presence_label(self) -> str:
        """In words, whether the person lives here."""
        return str(Presence(self.presence).label)


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: Any) -> CorrectionQuerySet:
        return self.filter(within(scope_paths(user, "people.edit")))


CorrectionManager = VisibleManager.from_queryset(CorrectionQuerySet)


class Correction(Staged):
    """A value that was written wrongly: kept as written, marked, and waiting for somebody to put it right."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("person"))
    path = PathField(_("path"), db_index=True, editable=False)
    field = models.CharField(_("field"), max_length=40)
    kind = models.CharField(_("problem"), max_length=40)
    written = EncryptedTextField(_("as written"), blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=CorrectionState.choices, default=CorrectionState.OPEN, db_index=True
    )
    found_at = models.DateTimeField(_("found at"))
    settled_at = models.DateTimeField(_("put right at"), null=True, blank=True)

    objects = CorrectionManager()
    everything = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.field} {self.kind}"


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    def visible_to(self, user: Any) -> DuplicateQuerySet:
        """The pairs of which both entries lie in one area in which the user may merge."""
        found = models.Q(pk__in=[])
        for path in scope_paths(user, "people.merge"):
            found |= within([path], "first__path") & within([path], "second__path")
        return self.filter(found)


class Duplicate(models.Model):
    """Two entries that may be one person. What was decided about them is remembered: nobody is asked twice."""

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("left entry"))
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("right entry"))
    certainty = models.CharField(_("how sure"), max_length=10, choices=Certainty.choices)
    likeness = models.PositiveSmallIntegerField(_("likeness in percent"))
    # Codes of ``Reason``.
    reasons = models.JSONField(_("reasons"), default=list)
    state = models.CharField(_("state"), max_length=10, choices=DuplicateState.choices, default=DuplicateState.OPEN)
    found_at = models.DateTimeField(_("found at"))
    decided_at = models.DateTimeField(_("judged at"), null=True, blank=True)
    decided_by = models.CharField(_("judged by"), max_length=150, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-likeness", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_duplicate_per_pair"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="duplicate_pair_in_order"),
        ]
        indexes = [models.Index(fields=["state", "-likeness", "id"])]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"

    @property
    def path(self) -> str:
        """The nearest area that holds both: whoever reaches it may decide. Empty where one of them is in no area."""
        shared = [path for path in ancestors(self.first.path) if self.second.path.startswith(path)]
        return shared[-1] if shared else ""

    @property
    def reason_labels(self) -> list[str]:
        """The reasons in words."""
        return [str(Reason(code).label) for code in self.reasons]

    @property
    def certainty_label(self) -> str:
        """In words, how sure it is."""
        return str(Certainty(self.certainty).label)


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: Any) -> MergeQuerySet:
        """Those whose two entries lay in one area in which the user may merge, and whose one entry lies there now."""
        paths = scope_paths(user, "people.merge")
        return self.filter(within(paths), within(paths, "kept__path"))


class Merge(models.Model):
    """One entry was merged into another. It keeps what is needed to take that back exactly.

    ``path`` is the nearest area that held both entries then.
    """

    pair = models.ForeignKey(Duplicate, on_delete=models.PROTECT, related_name="merges", verbose_name=_("pair"))
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entry that stays"))
    dropped = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("entry that went"))
    # How every row stood before, seals of how it was left, and what pointed to the person then; as JSON.
    record = EncryptedTextField(_("rows before"))
    path = PathField(_("path"), db_index=True, editable=False)
    made_at = models.DateTimeField(_("merged at"))
    made_by = models.CharField(_("merged by"), max_length=150)
    undone_at = models.DateTimeField(_("taken back at"), null=True, blank=True)
    undone_by = models.CharField(_("taken back by"), max_length=150, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merging of two entries")
        verbose_name_plural = _("mergings of entries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dropped"], condition=models.Q(undone_at=None), name="one_merging_per_dropped_entry"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dropped_id} → {self.kept_id}"


class DuplicateCheckQuerySet(models.QuerySet["DuplicateCheck"]):
    def visible_to(self, user: Any) -> DuplicateCheckQuerySet:
        return self.filter(within(scope_paths(user, "people.merge")))


class DuplicateCheck(models.Model):
    """A look through an area for people who stand in the ledger twice; the one without an area is the schedule's.

    The schedule goes on behind the entry that was changed at ``seen_until`` and has the key ``seen_key``.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("area"))
    path = PathField(_("path"), blank=True, editable=False)
    job = models.OneToOneField(
        Job, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("background work")
    )
    started_at = models.DateTimeField(_("started"))
    started_by = models.CharField(_("started by"), max_length=150, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seen = models.PositiveIntegerField(_("people looked at"), default=0)
    found = models.PositiveIntegerField(_("pairs found"), default=0)
    seen_until = models.DateTimeField(null=True, blank=True, editable=False)
    seen_key = models.BigIntegerField(default=0, editable=False)

    objects = DuplicateCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check for duplicates")
        verbose_name_plural = _("checks for duplicates")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.path} {self.started_at:%Y-%m-%d}"


class Particulars(models.Model):
    """What a person names, offers or prefers not to say, beside the facts that every workbook has.

    They are a table of their own so that workbooks are taken in as fast as before. ``declined`` holds names of
    ``choices.Withheld``: answers like any other.
    """

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="particulars", verbose_name=_("person"), primary_key=True
    )
    emergency_name = models.CharField(_("emergency contact"), max_length=60, blank=True)
    emergency_relation = models.CharField(_("who that is"), max_length=40, blank=True)
    emergency_phone = EncryptedTextField(_("phone of the emergency contact"), blank=True)
    skills = models.CharField(_("skills offered"), max_length=200, blank=True)
    declined = models.JSONField(_("prefers not to say"), default=list, blank=True)
    died_on = models.DateField(_("died on"), null=True, blank=True)

    class Meta:
        verbose_name = _("particulars of a person")
        verbose_name_plural = _("particulars of people")

    def __str__(self) -> str:
        return str(self.person_id)


class PersonChange(models.Model):
    """Facts of a person as they stood before a change, so that any past day can be shown. Never changed, never removed.

    ``before`` is JSON: name of the field → value before.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="changes", verbose_name=_("person"))
    changed_at = models.DateTimeField(_("changed at"))
    by = models.CharField(_("user name"), max_length=150)
    fields = models.JSONField(_("fields"), default=list)
    before = EncryptedTextField(_("before"))

    class Meta:
        verbose_name = _("change of a person's facts")
        verbose_name_plural = _("changes of people's facts")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.changed_at:%Y-%m-%d}"


class Event(models.Model):
    """Something that happened to people and their homes 居住变动. Never changed, never removed.

    ``detail`` holds plain values and no personal data.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=EventKind.choices)
    day = models.DateField(_("day"))
    recorded_at = models.DateTimeField(_("recorded at"))
    by = models.CharField(_("user name"), max_length=150)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("event of residence")
        verbose_name_plural = _("events of residence")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class EventLine(models.Model):
    """What an event did to one person: from which household to which, and how the person belonged to each.

    ``before`` and ``after`` are ``{"relation", "registration", "presence"}``, or None for “nowhere”.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="lines", verbose_name=_("event"))
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="event_lines", verbose_name=_("person"))
    left = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, related_name="lines_left", verbose_name=_("from household")
    )
    joined = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, related_name="lines_joined", verbose_name=_("to household")
    )
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)

    class Meta:
        verbose_name = _("line of an event")
        verbose_name_plural = _("lines of events")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.event_id} {self.person_id}"


class AskedFirst(models.Model):
    """A move about which people are asked whether what is known of them goes along."""

    consent = models.CharField(
        _("agreed that it goes along"), max_length=10, choices=Consent.choices, default=Consent.NOT_ASKED
    )
    consent_asked_by = models.CharField(_("who asked them"), max_length=120, blank=True)
    consent_on = models.DateField(_("asked on"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def agreed(self) -> bool:
        """Whether they agreed."""
        return self.consent == Consent.AGREED


class DepartureQuerySet(models.QuerySet["Departure"]):
    def visible_to(self, user: Any) -> DepartureQuerySet:
        """Return the departures from households whose ledger the user keeps."""
        return self.filter(visible("household"), within(scope_paths(user, "people.edit"), "household__path"))


class Departure(AskedFirst):
    """People of one household moved away from the area, and whether a transfer file may go along."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="departure", verbose_name=_("event"))
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="departures", verbose_name=_("household")
    )

    objects = DepartureQuerySet.as_manager()

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.household_id} {self.event_id}"


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: Any) -> TransferQuerySet:
        paths = scope_paths(user, "people.edit")
        return self.filter(within(paths, "household__path") | within(paths, "building__path"))


class Transfer(AskedFirst):
    """People who move to a home of another grid: the receiving side confirms or refuses, until then they stay."""

    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("household")
    )
    people = models.ManyToManyField(Person, related_name="transfers", verbose_name=_("people"))
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, related_name="transfers", verbose_name=_("building they move to")
    )
    home = models.CharField(_("home as told"), max_length=60, blank=True)
    note = models.CharField(_("word to the other side"), max_length=200, blank=True)
    day = models.DateField(_("day of the move"))
    state = models.CharField(
        _("state"), max_length=10, choices=TransferState.choices, default=TransferState.WAITING, db_index=True
    )
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.CharField(_("answered by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("move to another grid")
        verbose_name_plural = _("moves to other grids")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.household_id} → {self.building_id}"
