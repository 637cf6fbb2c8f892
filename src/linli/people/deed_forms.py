"""Forms for what happens to a household 办一件变动; the day is today unless another one is chosen."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core import clock, idnumber, phones
from linli.housing.models import Building, Dwelling
from linli.housing.queries import find_buildings
from linli.people.actions import NewPerson, Said
from linli.people.choices import Consent, Destination, Presence, Registration, Relation, Sex
from linli.people.models import Household, Person, Residence
from linli.people.queries import Member
from linli.people.rules import NotPossible

LONGEST_WORDS = 200
MOST_SUGGESTED = 4
# What every form asks first, who it is about, and last, when.
FIRST = ("returning", "name", "people", "new_head", "who", "head", "other")
LAST = ("day", "note")
DAY_ERRORS = {
    "required": gettext_lazy("Choose the day on which it happened."),
    "invalid": gettext_lazy("This is no date. Write it as 1961-08-25."),
}


def day_field(label: Any) -> forms.DateField:
    """Return a field for a day that has come already."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": "1900-01-01"})
    return forms.DateField(label=label, widget=widget, error_messages=DAY_ERRORS)


class PastDayMixin:
    """Checks days that have to lie behind us."""

    def past(self, day: date | None) -> date | None:
        """Return the day, or refuse one that has not come yet."""
        if day is not None and day > clock.today():
            raise ValidationError(_("This day has not come yet. Choose today or a day before."))
        return day


class DeedForm(PastDayMixin, forms.Form):
    """What every change asks: the day."""

    day = day_field(gettext_lazy("The day it happened"))

    def __init__(self, *args: Any, household: Household, members: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.household, self.members = household, members
        self.fields["day"].initial = clock.today()
        self.fields["day"].widget.attrs["max"] = clock.today().isoformat()
        self.build()
        between = [name for name in self.fields if name not in (*FIRST, *LAST)]
        self.order_fields([*FIRST, *between, *LAST])

    def build(self) -> None:
        """Fill in the choices."""

    def clean_day(self) -> date | None:
        return self.past(self.cleaned_data["day"])

    def person(self, name: str) -> Person | None:
        """Return the member that was chosen in a field, if one was."""
        chosen = self.cleaned_data.get(name)
        return next((member.person for member in self.members if str(member.person.pk) == chosen), None)

    def add_refusal(self, refusal: NotPossible) -> None:
        """Show what an action refused, next to the field that it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else None, ValidationError(refusal.message))


def person_choices(members: list[Member]) -> list[tuple[str, str]]:
    """Return the members as choices."""
    return [(str(member.person.pk), f"{member.person.name} · {member.residence.relation_label}") for member in members]


def one_of(members: list[Member], label: Any, *, required: bool = True, empty: Any = "") -> forms.ChoiceField:
    """Return a field that asks for one member."""
    return forms.ChoiceField(
        label=label,
        required=required,
        choices=[*([("", empty)] if empty else []), *person_choices(members)],
        widget=forms.Select if empty else forms.RadioSelect,
        error_messages={"required": _("Choose somebody."), "invalid_choice": _("Choose somebody who lives here.")},
    )


class LeavingForm(DeedForm):
    """Asks who leaves, and who becomes the head of those who stay."""

    def build(self) -> None:
        several = forms.MultipleChoiceField(
            label=_("Who"),
            choices=person_choices(self.members),
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("Choose at least one person."),
                "invalid_choice": _("Choose somebody who lives here."),
            },
        )
        self.fields["people"] = several
        if len(self.members) == 1:
            several.initial = [str(self.members[0].person.pk)]
        add_new_head(self)

    def leaving(self) -> list[Person]:
        """Return who was chosen."""
        chosen = set(self.cleaned_data.get("people", []))
        return [member.person for member in self.members if str(member.person.pk) in chosen]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        require_new_head(self, {person.pk for person in self.leaving()})
        return cleaned


def add_new_head(form: DeedForm) -> None:
    """Ask for a new head where the head could leave others behind."""
    if len(form.members) > 1 and any(member.is_head for member in form.members):
        label = _("New head of household, if the head leaves")
        form.fields["new_head"] = one_of(form.members, label, required=False, empty=_("the head stays"))


def require_new_head(form: DeedForm, gone: set[int]) -> None:
    """Refuse to leave others behind without a head."""
    if "new_head" not in form.fields or not gone:
        return
    heads = {member.person.pk for member in form.members if member.is_head}
    stay = {member.person.pk for member in form.members} - gone
    chosen = form.person("new_head")
    if heads & gone and stay and (chosen is None or chosen.pk not in stay):
        form.add_error("new_head", _("The head leaves. Choose among those who stay who is the head now."))


class ConsentMixin(forms.Form):
    """Asks whether those who move agreed that what is known of them goes along, who asked them, and when."""

    consent = forms.ChoiceField(
        label=gettext_lazy("Do they agree that what is known of them goes along?"),
        choices=Consent.choices,
        initial=Consent.NOT_ASKED,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "The move is noted either way. Without a yes, phone, place of work, note, emergency contact and skills "
            "do not go along."
        ),
    )
    consent_by = forms.CharField(
        label=gettext_lazy("Who asked them"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Leave it empty if it was you."),
    )
    consent_on = forms.DateField(
        label=gettext_lazy("Asked on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "min": "1900-01-01"}),
        error_messages={"invalid": DAY_ERRORS["invalid"]},
        help_text=gettext_lazy("Leave it empty if it was today."),
    )

    def clean_consent_on(self) -> date | None:
        day: date | None = self.cleaned_data["consent_on"]
        if day is not None and day > clock.today():
            raise ValidationError(_("This day has not come yet. Choose today or a day before."))
        return day

    def said(self) -> Said:
        """Return what they said."""
        told = self.cleaned_data
        return Said(told["consent"], told["consent_by"], told["consent_on"])


class MoveOutForm(ConsentMixin, LeavingForm):
    """Asks where to, as far as they say it, and whether a transfer file may go along."""

    destination = forms.ChoiceField(
        label=gettext_lazy("Where to, if they say it"),
        choices=Destination.choices,
        initial=Destination.NOT_SAID,
        widget=forms.RadioSelect,
    )

    def build(self) -> None:
        super().build()
        self.fields["consent"].help_text = _(
            "The move is noted either way. With a yes you can print a transfer file for the office at the new place."
        )


class HomeField(forms.ChoiceField):
    """A home of a grid: a household to join there, or the home, in which a household of their own begins."""

    def __init__(self, *, path: str, without: Household | None = None, first: Building | None = None) -> None:
        label = _("Home")
        super().__init__(label=label, choices=home_choices(path, without, first))
        self.path = path
        self.error_messages["required"] = _("Choose the home.")
        self.error_messages["invalid_choice"] = _("Choose one of the homes of this grid.")

    def home(self, value: str) -> Household | Dwelling:
        """Return what was chosen."""
        if value.startswith("h"):
            return Household.objects.get(pk=value[1:], path=self.path)
        return Dwelling.objects.get(pk=value[1:], path=self.path)


def home_choices(path: str, without: Household | None, first: Building | None) -> list[Any]:
    """Return the homes of a grid by building, each with the households that can be joined there."""
    rows = Residence.objects.filter(household__path=path, household__ended_on=None, until=None)
    heads: dict[int, dict[int, str]] = {}
    for dwelling, household, name, relation in rows.order_by("pk").values_list(
        "household__dwelling", "household", "person__name", "relation"
    ):
        names = heads.setdefault(dwelling, {})
        if household not in names or relation == Relation.HEAD:
            names[household] = name
    groups: dict[str, list[tuple[str, str]]] = {}
    homes = Dwelling.objects.filter(path=path).order_by("sort_key", "pk")
    here = without.dwelling_id if without is not None else None
    if first is not None:
        groups[first.address] = []
    for pk, building, entrance, room in homes.values_list("pk", "building__address", "entrance", "room"):
        place = spell_home(entrance, room)
        options = groups.setdefault(building, [])
        if pk != here:
            options.append((f"d{pk}", _("%(home)s · a household of their own") % {"home": place}))
        for household, name in heads.get(pk, {}).items():
            if without is None or household != without.pk:
                options.append(
                    (f"h{household}", _("%(home)s · into the household of %(name)s") % {"home": place, "name": name})
                )
    return [("", _("choose the home")), *((building, options) for building, options in groups.items() if options)]


def spell_home(entrance: str, room: str) -> str:
    """Return entrance and room as they stand on the door."""
    return "-".join(part for part in (entrance, room) if part) or "—"


class MoveHomeForm(LeavingForm):
    def build(self) -> None:
        super().build()
        self.fields["home"] = HomeField(path=self.household.path, without=self.household)

    def home(self) -> Household | Dwelling:
        """Return the home that was chosen."""
        field: Any = self.fields["home"]
        found: Household | Dwelling = field.home(self.cleaned_data["home"])
        return found


class SplitForm(LeavingForm):
    def build(self) -> None:
        super().build()
        self.fields["head"] = one_of(
            self.members, _("Head of the new household"), required=False, empty=_("as it follows by itself")
        )
        homes = Dwelling.objects.filter(path=self.household.path).exclude(pk=self.household.dwelling_id)
        rows = homes.order_by("sort_key", "pk").values_list("pk", "address")
        self.fields["dwelling"] = forms.ChoiceField(
            label=_("Home of the new household"),
            required=False,
            choices=[("", _("the same home as now")), *((str(pk), address) for pk, address in rows)],
            error_messages={"invalid_choice": _("Choose one of the homes of this grid.")},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        head = self.person("head")
        if head is not None and head.pk not in {person.pk for person in self.leaving()}:
            self.add_error("head", _("Choose the head of the new household among those who go."))
        return cleaned

    def dwelling(self) -> Dwelling | None:
        """Return the home that was chosen, if it is another one."""
        chosen = self.cleaned_data.get("dwelling")
        return Dwelling.objects.get(pk=chosen, path=self.household.path) if chosen else None


class MergeForm(DeedForm):
    def build(self) -> None:
        options = [
            (name, [option for option in group if option[0].startswith("h")])
            for name, group in home_choices(self.household.path, self.household, self.household.dwelling.building)
            if name
        ]
        self.fields["other"] = forms.ChoiceField(
            label=_("The household that joins this one"),
            choices=[("", _("choose the household")), *((name, group) for name, group in options if group)],
            error_messages={
                "required": _("Choose another household to join with."),
                "invalid_choice": _("Choose another household to join with."),
            },
        )

    def other(self) -> Household:
        """Return the household that was chosen."""
        return Household.objects.get(pk=self.cleaned_data["other"][1:], path=self.household.path)


class HeadForm(DeedForm):
    def build(self) -> None:
        others = [member for member in self.members if not member.is_head]
        self.fields["head"] = one_of(others, _("Who is the head now"))


class DeathForm(DeedForm):
    def build(self) -> None:
        self.fields["who"] = one_of(self.members, _("Who"))
        add_new_head(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        person = self.person("who")
        require_new_head(self, {person.pk} if person is not None else set())
        return cleaned


class TieForm(DeedForm):
    """How somebody is registered and lives; what is left open stays."""

    def build(self) -> None:
        stays = ("", _("stays as it is"))
        self.fields["who"] = one_of(self.members, _("Who"))
        relations = [choice for choice in Relation.choices if choice[0] != Relation.HEAD]
        for name, label, choices in (
            ("registration", _("Where registered"), Registration.choices),
            ("presence", _("Living"), Presence.choices),
            ("relation", _("Relation to the head"), relations),
        ):
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=[stays, *choices])


class TransferForm(ConsentMixin, LeavingForm):
    """Asks for the building, whose address is public; homes of other grids are not shown."""

    building = forms.CharField(
        label=gettext_lazy("Building they move to"),
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy("Its address, such as 黎花园3号楼"),
        error_messages={"required": gettext_lazy("Write the address of the building.")},
    )
    home = forms.CharField(label=gettext_lazy("Entrance and room, if known"), max_length=60, required=False)
    note = forms.CharField(label=gettext_lazy("A word to the other side"), max_length=LONGEST_WORDS, required=False)

    def build(self) -> None:
        super().build()
        self.fields.pop("new_head", None)

    def clean_building(self) -> Building:
        written = self.cleaned_data["building"]
        found = find_buildings(written, limit=MOST_SUGGESTED)
        same = [building for building in found if building.address == written.strip()]
        if not found:
            raise ValidationError(_("We know no such building. Write the compound and the number, as on its plate."))
        if len(found) > 1 and not same:
            names = "、".join(building.address for building in found)
            raise ValidationError(_("Several buildings fit: %(names)s. Write one of them.") % {"names": names})
        return (same or found)[0]


class NewcomerForm(DeedForm):
    """Facts of somebody who is new; all but the name may be left out."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, error_messages={"required": gettext_lazy("Write the name.")}
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=Sex.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    id_number = forms.CharField(
        label=gettext_lazy("ID number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_name(self) -> str:
        return "".join(str(self.cleaned_data["name"]).split())

    def clean_id_number(self) -> str:
        return clean_id_number(self.cleaned_data["id_number"])

    def newcomer(self) -> NewPerson:
        """Return what was told."""
        told = self.cleaned_data
        return NewPerson(
            name=told["name"],
            sex=told["sex"],
            birth_date=told.get("birth_date"),
            id_number=told["id_number"],
            phone=told.get("phone", ""),
            registered_address=told.get("registered_address", ""),
        )


def clean_id_number(written: str) -> str:
    """Return an ID number in its normal form, or refuse it."""
    if not written.strip():
        return ""
    checked = idnumber.check(written)
    if not checked.ok:
        raise ValidationError(_("This ID number is not right. Compare it with the card, or leave it out."))
    return str(checked.value)


def clean_phone(written: str) -> str:
    """Return a phone in its normal form, or refuse it."""
    if not written.strip():
        return ""
    checked = phones.check(written)
    if not checked.ok:
        raise ValidationError(_("This phone is not right. A mobile number has 11 digits."))
    return str(checked.value)


class MoveInForm(NewcomerForm):
    birth_date = day_field(gettext_lazy("Date of birth"))
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    registered_address = forms.CharField(
        label=gettext_lazy("Registered address"), max_length=LONGEST_WORDS, required=False
    )
    registration = forms.ChoiceField(
        label=gettext_lazy("Where registered"),
        choices=Registration.choices,
        initial=Registration.ELSEWHERE,
        widget=forms.RadioSelect,
    )

    def build(self) -> None:
        self.fields["birth_date"].required = False
        self.gone = gone_from(self.household)
        if self.gone:
            self.fields["returning"] = forms.ChoiceField(
                label=_("Somebody who lived here before"),
                required=False,
                choices=[("", _("somebody else")), *((str(person.pk), person.name) for person in self.gone)],
                help_text=_("Then nothing else about the person has to be written."),
            )
            self.fields["name"].required = False
        relations = [choice for choice in Relation.choices if choice[0] != Relation.HEAD]
        if not any(member.is_head for member in self.members):
            relations = list(Relation.choices)
        self.fields["relation"] = forms.ChoiceField(
            label=_("Relation to the head"), choices=relations, initial=Relation.OTHER
        )

    def clean_birth_date(self) -> date | None:
        return self.past(self.cleaned_data["birth_date"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.returning() is None and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Write the name."))
        return cleaned

    def returning(self) -> Person | None:
        """Return who comes back, if somebody was chosen."""
        chosen = self.cleaned_data.get("returning")
        return next((person for person in self.gone if str(person.pk) == chosen), None)


def gone_from(household: Household) -> list[Person]:
    """Return who lived in a household before and lives nowhere in the ledger now."""
    if household.pk is None:
        return []
    gone = Person.objects.filter(residences__household=household).exclude(residences__until=None)
    return list(gone.exclude(particulars__died_on__isnull=False).distinct().order_by("pk"))


class BirthForm(NewcomerForm):
    registration = forms.ChoiceField(
        label=gettext_lazy("Where registered"),
        choices=Registration.choices,
        initial=Registration.UNKNOWN,
        widget=forms.RadioSelect,
    )

    def build(self) -> None:
        self.fields["day"].label = _("Day of birth")
        self.fields["parent"] = one_of(self.members, _("Mother or father"))
