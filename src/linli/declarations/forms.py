"""Forms about declarations, shared by the surfaces: declaring, answering, and what staff decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core.sheets.addresses import split_address
from linli.core.tokens import new_token
from linli.declarations.actions import NewDeclaration, StepValues
from linli.declarations.actions.declaring import LONGEST_NAME, LONGEST_PART, MOST_PEOPLE, check_answers
from linli.declarations.choices import Field, Kind
from linli.declarations.models import LONGEST_WORDS, Declaration
from linli.declarations.queries import Match, buildings_named, choices_for
from linli.declarations.workflow import fields_of, speaks_for_oneself
from linli.housing.choices import Occupancy
from linli.housing.models import Building
from linli.housing.queries import plate_for
from linli.people.choices import Relation
from linli.people.models import Household

LONGEST_ADDRESS = 200
LONGEST_ONCE = 64
ALONE = gettext_lazy("in a household of their own")
AS_IT_IS = gettext_lazy("as it is written down now")

DAYS: dict[str, Promise] = {
    Kind.MOVE_IN: gettext_lazy("Moved in on"),
    Kind.MOVE_OUT: gettext_lazy("Moved out on"),
    Kind.ADDRESS: gettext_lazy("Living there since"),
    Kind.CONTACT: gettext_lazy("New number since"),
    Kind.LET: gettext_lazy("Let from"),
    Kind.LET_ENDED: gettext_lazy("No longer let since"),
    Kind.EMPTY: gettext_lazy("Empty since"),
}
FOR_WHAT: dict[str, Promise] = {
    Field.NAME: gettext_lazy("So that the right person is written down."),
    Field.PHONE: gettext_lazy("So that your grid worker can reach you. It is shown hidden; every look at it is noted."),
    Field.ID_NUMBER: gettext_lazy(
        "Only to tell you from somebody of the same name. You may leave it out: nothing depends on it."
    ),
    Field.HEADCOUNT: gettext_lazy("Only the number. Please name nobody: who lives there tells it themselves."),
}
NOT_SAID = gettext_lazy("I prefer not to say")


class SpokenForm(forms.Form):
    """A form that also shows what an action refused, next to the field where there is one."""

    def add_action_error(self, error: ValidationError) -> None:
        """Show the ``ValidationError`` of an action."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(errors))


class DayField(forms.DateField):
    """A day, chosen from a calendar."""

    default_error_messages = {
        "required": gettext_lazy("Choose the day; roughly is enough."),
        "invalid": gettext_lazy("This is no day. Choose it from the calendar, or write it as 2026-12-01."),
    }
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DeclarationForm(SpokenForm):
    """What somebody declares: the home, the day, and only what this declarer is asked for this kind.

    After cleaning, ``building`` holds the building; where several fit, ``buildings`` names them to choose from.
    """

    address = forms.CharField(
        label=gettext_lazy("Estate, building"),
        max_length=LONGEST_ADDRESS,
        required=False,
        help_text=gettext_lazy("For example 天河家属院1号楼. The room may stand behind it."),
        error_messages={"max_length": gettext_lazy("This is too long. Estate and building are enough.")},
    )
    # Where the address was chosen from a list: the community that it lies in.
    community = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    plate = forms.CharField(max_length=32, required=False, widget=forms.HiddenInput)
    entrance = forms.CharField(label=gettext_lazy("Entrance"), max_length=LONGEST_PART, required=False)
    room = forms.CharField(label=gettext_lazy("Room"), max_length=LONGEST_PART, required=False)
    day = DayField()
    # Nobody sees this one; programs fill it in.
    website = forms.CharField(label=gettext_lazy("Leave this empty"), required=False)
    # The same for every press of one form.
    once = forms.CharField(max_length=LONGEST_ONCE, widget=forms.HiddenInput)

    def __init__(self, declarer: str, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declarer, self.kind = declarer, kind
        self.asked = fields_of(declarer, kind) or ()
        self.building: Building | None = None
        self.buildings: list[Building] = []
        self.fields["day"].label = str(DAYS[Kind(kind)])
        for field in self.asked:
            self.fields[field] = _asked_field(field)
            if self._may_be_declined(field):
                self.fields[f"no_{field}"] = forms.BooleanField(label=NOT_SAID, required=False)

    def _may_be_declined(self, field: str) -> bool:
        """Tell whether somebody may prefer not to say: everything but the one thing that is declared."""
        return not (field == Field.PHONE and self.kind == Kind.CONTACT)

    def rows(self) -> list[tuple[Any, Any]]:
        """Return what is asked beside home and day: each field with the box “I prefer not to say”, or None."""
        return [(self[field], self[f"no_{field}"] if f"no_{field}" in self.fields else None) for field in self.asked]

    @property
    def of_oneself(self) -> bool:
        """Whether the declarer speaks for themselves."""
        return speaks_for_oneself(self.declarer)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this empty, then send it again."))
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.has_error("address"):
            self._find_home(cleaned)
        for field in self.asked:
            if cleaned.get(f"no_{field}"):
                self.errors.pop(field, None)
        self._check_answers(cleaned)
        return cleaned

    def _check_answers(self, cleaned: dict[str, Any]) -> None:
        """Tell at once all that is wrong with the answers, also while the home is not found yet."""
        readable = [field for field in self.asked if not self.has_error(field)]
        try:
            check_answers(self.kind, readable, self._declined(cleaned), cleaned)
        except ValidationError as faults:
            self.add_action_error(faults)

    def _declined(self, cleaned: dict[str, Any]) -> tuple[str, ...]:
        return tuple(str(field) for field in self.asked if cleaned.get(f"no_{field}"))

    def _find_home(self, cleaned: dict[str, Any]) -> None:
        """Let one building remain: the one that was typed or chosen, else that of the door plate."""
        address = (cleaned.get("address") or "").strip()
        if address:
            self._find_address(address, cleaned)
            return
        plate = plate_for(cleaned["plate"]) if cleaned.get("plate") else None
        if plate is None:
            self.add_error("address", _("Say which home it is: estate and building."))
            return
        self.building = plate.building
        cleaned["entrance"] = cleaned.get("entrance") or plate.entrance

    def _find_address(self, address: str, cleaned: dict[str, Any]) -> None:
        # Who types another address after choosing one means the new one, wherever it lies.
        found = buildings_named(address, cleaned.get("community") or "") or buildings_named(address)
        if len(found) == 1:
            self.building = found[0]
            parts = split_address(address)
            for name in ("entrance", "room"):
                cleaned[name] = cleaned.get(name) or (getattr(parts, name) if parts else "")
        elif found:
            self.buildings = found
            self.add_error("address", _("Several buildings are called so. Choose yours below."))
        else:
            self.add_error(
                "address", _("We don't know this address. Try the name of the estate, or choose from the list.")
            )

    def new_declaration(self) -> NewDeclaration:
        """Return what is declared; only after ``is_valid()``."""
        cleaned = self.cleaned_data
        if self.building is None:
            raise ValueError("no building was found: ask is_valid() first")
        declined = self._declined(cleaned)
        return NewDeclaration(
            declarer=self.declarer,
            kind=self.kind,
            building=self.building,
            day=cleaned["day"],
            entrance=cleaned.get("entrance") or "",
            room=cleaned.get("room") or "",
            answers={str(field): cleaned.get(field) for field in self.asked if field not in declined},
            declined=declined,
        )

    def renew_once(self) -> None:
        """Let the form be sent anew: what it was sent as stays closed."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["once"] = new_token()
        self.data = sent


def _asked_field(field: Field) -> forms.Field:
    about: dict[str, Any] = {"label": field.label, "help_text": FOR_WHAT[field], "required": False}
    match field:
        case Field.HEADCOUNT:
            widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": MOST_PEOPLE})
            wrong = gettext_lazy("Write how many people, as a number such as 3.")
            return forms.IntegerField(**about, widget=widget, error_messages={"invalid": wrong})
        case Field.PHONE:
            hints = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
            return forms.CharField(**about, max_length=30, widget=forms.TextInput(attrs=hints))
        case Field.ID_NUMBER:
            return forms.CharField(**about, max_length=30, widget=forms.TextInput(attrs={"autocomplete": "off"}))
        case _:
            return forms.CharField(
                **about, max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"})
            )


class WordsForm(SpokenForm):
    """A few words: an answer of the declarer, a question or a reason of staff."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Write a few words here."),
            "max_length": gettext_lazy("At most %(limit_value)d characters fit here. Please shorten it."),
            "null_characters_not_allowed": gettext_lazy(
                "There is a character in it that can't be kept. Please type it anew."
            ),
        },
    )

    def __init__(self, *args: Any, label: Any = "", help_text: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["words"].label = label
        self.fields["words"].help_text = help_text


class DecisionForm(SpokenForm):
    """What is to become of a declaration in the ledger: whom it is about, and how the home is used from now on."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label=gettext_lazy("Whom of the ledger is it about?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose whom of the ledger this is about."),
            "invalid_choice": gettext_lazy("Choose whom of the ledger this is about."),
        },
    )
    household = forms.ChoiceField(label=gettext_lazy("Keeps house"), required=False)
    relation = forms.ChoiceField(
        label=gettext_lazy("To the head of household"), choices=Relation.choices, required=False
    )
    occupancy = forms.ChoiceField(
        label=gettext_lazy("Use of the home afterwards"),
        choices=[("", AS_IT_IS), *Occupancy.choices],
        required=False,
    )

    def __init__(
        self,
        declaration: Declaration,
        matches: list[Match],
        households: list[Household],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {match.person.pk: match.person for match in matches}
        self.households = {household.number: household for household in households}
        together = [(household.number, _together(household)) for household in households]
        self.fields["household"].choices = [*together, ("", ALONE)]  # type: ignore[attr-defined]
        choices = choices_for(declaration, matches)
        if choices:
            self.fields["choice"].choices = [(choice, choice) for choice in choices]  # type: ignore[attr-defined]
        else:
            del self.fields["choice"]
        if not choices or declaration.kind not in (Kind.MOVE_IN, Kind.ADDRESS):
            del self.fields["relation"], self.fields["household"]
        elif not households:
            del self.fields["household"]
        if declaration.kind == Kind.CONTACT:
            del self.fields["occupancy"]

    def values(self) -> StepValues:
        """Return what the step is given; only after ``is_valid()``."""
        choice, _colon, key = self.cleaned_data.get("choice", "").partition(":")
        return StepValues(
            choice=choice,
            person=self.people[int(key)] if key else None,
            household=self.households.get(self.cleaned_data.get("household", "")),
            relation=self.cleaned_data.get("relation", ""),
            occupancy=self.cleaned_data.get("occupancy", ""),
        )


def _together(household: Household) -> str:
    """Return who keeps house in a household that was loaded by `households_in`."""
    names = [residence.person.name for residence in household.members]  # type: ignore[attr-defined]
    return _("together with %(names)s") % {"names": _(", ").join(names) or household.number}
