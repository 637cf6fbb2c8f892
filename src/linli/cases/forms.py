"""Text in, clean values out: reports, steps and the resident's word. Shared by every surface."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.areas.models import Area, Post
from linli.cases.actions import NewCase, StepValues
from linli.cases.actions.checks import check_not_ahead, recipient
from linli.cases.choices import Action, Mechanism, Verdict, WrittenReport
from linli.cases.models import LONGEST_TEXT, Case, Category
from linli.cases.queries import case_for, categories_in_use, departments_for, place_at, routed_department
from linli.cases.rules import has_resident
from linli.cases.workflow import ANSWERING, table
from linli.core import clock, phones
from linli.core.paths import covers
from linli.files.forms import PhotosField, UploadTooLargeMixin
from linli.housing.models import Building
from linli.housing.queries import find_buildings, plate_for

LONGEST_PLACE = 200
MOST_SUGGESTIONS = 5
OLDEST_REPORT = timedelta(days=366)


class WordsField(forms.CharField):
    """Free text of bounded length, refused in words."""

    default_error_messages = {
        "required": gettext_lazy("Write a few words here."),
        "max_length": gettext_lazy("At most %(limit_value)d characters fit here. Please shorten it."),
        "null_characters_not_allowed": gettext_lazy(
            "There is a character in it that can't be kept. Please type it anew."
        ),
    }


class CategoryField(forms.ModelChoiceField[Category]):
    """A category by its code, shown in the language of the page."""

    default_error_messages = {
        "required": gettext_lazy("Choose what it is about."),
        "invalid_choice": gettext_lazy("We have no such category. Choose one from the list."),
    }

    def __init__(self, *, for_residents: bool) -> None:
        super().__init__(
            categories_in_use(for_residents=for_residents),
            to_field_name="code",
            label=gettext_lazy("What is it about?"),
            empty_label=None,
            widget=forms.RadioSelect if for_residents else forms.Select,
        )

    def label_from_instance(self, obj: Category) -> str:
        return obj.label


class SpokenForm(forms.Form):
    """A form that also shows what an action refused, next to the field where there is one."""

    def add_action_error(self, error: ValidationError) -> None:
        """Show the ``ValidationError`` of an action."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields else None, ValidationError(errors))


class PlaceForm(UploadTooLargeMixin, SpokenForm):
    """What every report asks: what, and where, by a point on the map, a door plate or an address.

    After cleaning, ``area`` holds the grid and ``building`` the building, if one is known.
    """

    text = WordsField(
        label=gettext_lazy("What happened?"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    address = WordsField(label=gettext_lazy("Where?"), max_length=LONGEST_PLACE, required=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    plate = WordsField(max_length=32, required=False, widget=forms.HiddenInput)
    contact = WordsField(
        label=gettext_lazy("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)

    def clean_contact(self) -> str:
        check = phones.check(self.cleaned_data["contact"])
        if check.kind in (phones.PhoneKind.OK, phones.PhoneKind.EMPTY):
            return check.value
        raise ValidationError(_phone_problem(check))

    def clean(self) -> dict[str, Any]:
        super().clean()
        # Nobody sees what is wrong with a hidden field.
        unread = [self.errors.pop(name, None) for name in ("lon", "lat", "plate")]
        if any(unread):
            self.add_error("address", _("This is no position. Tap the map again."))
        elif not {"area", "address"} & set(self.errors):
            self._find_place()
        return self.cleaned_data

    def _find_place(self) -> None:
        cleaned = self.cleaned_data
        point = cleaned.get("lon"), cleaned.get("lat")
        area, building = cleaned.get("area"), None
        if area is None and cleaned.get("plate"):
            building = self._building_of_plate(cleaned["plate"])
        elif area is None and point != (None, None):
            area = self._area_at(*point)
        elif area is None and cleaned.get("address"):
            building = self._building_at(cleaned["address"])
        elif area is None:
            self.add_error("address", _("Say where it is: tap the map or type an address."))
        elif cleaned.get("address") and point == (None, None):
            building = self._building_within(area, cleaned["address"])
        cleaned["building"] = building
        cleaned["area"] = area or (building and (building.grid or building.community))

    def _area_at(self, longitude: float | None, latitude: float | None) -> Area | None:
        if longitude is None or latitude is None:
            self.add_error("address", _("Half of the position is missing. Tap the map again."))
            return None
        area = place_at(longitude, latitude)
        if area is None:
            self.add_error("address", _("This place lies outside the district. Choose a place inside it."))
        return area

    def _building_of_plate(self, token: str) -> Building | None:
        plate = plate_for(token)
        if plate is None:
            self.add_error("address", _("We do not know this door plate. Tap the map or type an address."))
            return None
        return plate.building

    def _building_at(self, address: str) -> Building | None:
        found = find_buildings(address, limit=MOST_SUGGESTIONS)
        if not found:
            self.add_error("address", _("We do not know this address. Check it, or tap the map."))
            return None
        typed = "".join(address.split())
        if len(found) == 1 or "".join(found[0].address.split()) in typed:
            return found[0]
        choices = "、".join(building.address for building in found)
        self.add_error("address", _("Which one do you mean: %(choices)s? Type it in full.") % {"choices": choices})
        return None

    def _building_within(self, area: Area, address: str) -> Building | None:
        """Return the one building of a chosen area that words name; other words describe the place."""
        typed = "".join(address.split())
        found = [
            building for building in find_buildings(address, limit=MOST_SUGGESTIONS) if covers(area.path, building.path)
        ]
        named = [building for building in found if "".join(building.address.split()) in typed]
        return named[0] if named else None

    def new_case(self) -> NewCase:
        """Return what was reported, from a valid form. The photos stay in ``cleaned_data["photos"]``."""
        cleaned = self.cleaned_data
        building: Building | None = cleaned["building"]
        return NewCase(
            category=cleaned["category"],
            text=cleaned["text"],
            mechanism=cleaned.get("mechanism") or None,
            area=cleaned["area"],
            building=building,
            longitude=cleaned.get("lon"),
            latitude=cleaned.get("lat"),
            place=cleaned.get("address") or "",
            contact=cleaned["contact"],
            discovered_at=cleaned.get("discovered_at"),
            done=cleaned.get("done") or "",
        )


class ReportForm(PlaceForm):
    """A resident's report, without an account."""

    field_order = ["address", "category", "text", "photos", "contact", "lon", "lat", "plate"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"] = CategoryField(for_residents=True)
        self.order_fields(self.field_order)


class CaseForm(PlaceForm):
    """A case that staff or a program registers; the place may also be the code of an area."""

    field_order = ["category", "mechanism", "text", "done", "area", "address", "discovered_at", "contact", "photos"]

    mechanism = forms.ChoiceField(
        label=gettext_lazy("Way"),
        choices=[("", gettext_lazy("as usual for this category")), *Mechanism.choices],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the four ways.")},
    )
    done = WordsField(
        label=gettext_lazy("What was done on the spot"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    area = WordsField(label=gettext_lazy("Grid"), max_length=20, required=False)
    discovered_at = forms.DateTimeField(
        label=gettext_lazy("Found at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        error_messages={"invalid": gettext_lazy("Enter day and time, such as 2026-11-24 10:18.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"] = CategoryField(for_residents=False)
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("done"):
            self._take_as_on_spot(cleaned)
        return cleaned

    def _take_as_on_spot(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("mechanism") not in ("", Mechanism.ON_SPOT):
            text = _("What is done already goes the way “on the spot”. Choose that way, or leave this empty.")
            self.add_error("done", ValidationError(text))
        else:
            cleaned["mechanism"] = Mechanism.ON_SPOT

    def clean_area(self) -> Area | None:
        code = self.cleaned_data["area"]
        if not code:
            return None
        area = Area.objects.current().filter(code=code).first()
        if area is None:
            raise ValidationError(_("There is no area %(code)s. Check the code.") % {"code": code})
        return area

    def clean_discovered_at(self) -> datetime | None:
        found: datetime | None = self.cleaned_data["discovered_at"]
        if found is None:
            return None
        if found.replace(tzinfo=None) < (clock.local(clock.now()) - OLDEST_REPORT).replace(tzinfo=None):
            raise ValidationError(_("This is more than a year ago. Check the year."))
        _only_here(check_not_ahead, found)
        return found


def _only_here(check: Any, moment: datetime) -> None:
    """Raise what a check raises for a field, as an error of the field that is being cleaned."""
    try:
        check(moment, "moment")
    except ValidationError as error:
        raise ValidationError(error.messages) from error


def _phone_problem(check: phones.PhoneCheck) -> str:
    match check.kind:
        case phones.PhoneKind.TOO_SHORT:
            text = ngettext(
                "%(count)d digit is missing. A mobile number has 11 digits.",
                "%(count)d digits are missing. A mobile number has 11 digits.",
                check.difference,
            )
        case phones.PhoneKind.TOO_LONG:
            text = ngettext(
                "%(count)d digit too many. A mobile number has 11 digits.",
                "%(count)d digits too many. A mobile number has 11 digits.",
                check.difference,
            )
        case _:
            return _("This is no phone number. A mobile number has 11 digits.")
    return text % {"count": check.difference}


NOTE_LABELS: dict[str, Any] = {
    Action.SOLVE_ON_SPOT: gettext_lazy("What was done?"),
    Action.RECLASSIFY: gettext_lazy("Why another way?"),
    Action.HAND_UP: gettext_lazy("Why is it handed up?"),
    Action.DISPATCH: gettext_lazy("What is to be done?"),
    Action.HANDLE: gettext_lazy("What was done?"),
    Action.REPLY: gettext_lazy("Answer to the resident"),
    Action.RETURN: gettext_lazy("Why is it sent back?"),
    Action.REPORT_WRITTEN: gettext_lazy("What is reported"),
    Action.SUBMIT: gettext_lazy("The facts"),
    Action.DECIDE: gettext_lazy("The reason"),
    Action.NOTE: gettext_lazy("Note, not for the resident"),
}

SEEN_BY_RESIDENT = gettext_lazy("The resident sees them with this answer: no faces, no papers, no number plates.")
SEEN_BY_STAFF = gettext_lazy("Only staff see them.")


class StepForm(UploadTooLargeMixin, SpokenForm):
    """What one step asks for, by the workflow table, and photos. ``version`` carries the version that the page showed.

    The photos stay in ``cleaned_data["photos"]``. Ids name the step, since a page may hold the forms of several.
    """

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    note = WordsField(
        label=gettext_lazy("Note"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    photos = PhotosField(label=gettext_lazy("Photos"), required=False)

    def __init__(
        self, action: str, *, case: Case, user: Any, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"version": case.version})
        kwargs.setdefault("auto_id", f"id_{action}_%s")
        super().__init__(data, **kwargs)
        self.action, self.case, self.user = action, case, user
        rows = [row for row in table() if row.action == action and row.mechanism == case.mechanism]
        needs = {need for row in rows for need in row.needs}
        self.fields["note"].required = "note" in needs
        self.fields["note"].label = NOTE_LABELS.get(action, self.fields["note"].label)
        for need in sorted(needs & set(NEED_FIELDS)):
            NEED_FIELDS[need](self)
        if action == Action.REPORT_WRITTEN:
            self._ask_report_kind()
        self._ask_photos()

    def ask_department(self) -> None:
        """Ask who is to handle it; the route of the category is chosen already."""
        routed = routed_department(self.case)
        choices = [(department.code, department.name) for department in departments_for(self.case)]
        self.fields["to"] = WordsField(
            label=gettext_lazy("Who handles it?"),
            required=False,
            max_length=150,
            initial=routed.code if routed else "",
            widget=forms.Select(choices=choices),
        )

    def ask_told(self) -> None:
        """Ask whom, and when."""
        self.fields["told"] = WordsField(label=gettext_lazy("Whom did you tell?"), max_length=120)
        self.fields["told_at"] = forms.DateTimeField(
            label=gettext_lazy("When?"),
            required=False,
            initial=clock.now,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            error_messages={"invalid": gettext_lazy("Enter day and time, such as 2026-11-24 10:18.")},
        )

    def ask_verdict(self) -> None:
        """Ask for the decision."""
        missing = gettext_lazy("Choose: approved or not approved.")
        self.fields["verdict"] = forms.ChoiceField(
            label=gettext_lazy("Decision"),
            choices=Verdict.choices,
            widget=forms.RadioSelect,
            error_messages={"required": missing, "invalid_choice": missing},
        )

    def ask_into(self) -> None:
        """Ask for the case that goes on."""
        self.fields["into"] = WordsField(label=gettext_lazy("Number of the case that goes on"), max_length=16)

    def ask_mechanism(self) -> None:
        """Ask for one of the other three ways."""
        missing = gettext_lazy("Choose one of the other ways.")
        self.fields["mechanism"] = forms.ChoiceField(
            label=gettext_lazy("Way"),
            choices=[choice for choice in Mechanism.choices if choice[0] != self.case.mechanism],
            widget=forms.RadioSelect,
            error_messages={"required": missing, "invalid_choice": missing},
        )

    def _ask_report_kind(self) -> None:
        first = self.case.written_at is None
        kinds = [choice for choice in WrittenReport.choices if (choice[0] == WrittenReport.FIRST) == first]
        self.fields["report_kind"] = forms.ChoiceField(
            label=gettext_lazy("Which report?"), choices=kinds, required=False, initial=kinds[0][0]
        )

    def _ask_photos(self) -> None:
        """Put the photos behind everything else, with the word who will see them."""
        photos = self.fields.pop("photos")
        shown = self.action in ANSWERING and has_resident(self.user, self.case)
        photos.help_text = SEEN_BY_RESIDENT if shown else SEEN_BY_STAFF
        self.fields["photos"] = photos

    def clean_to(self) -> tuple[Any, Post | None]:
        # Programs may call the receiver ``department``.
        to = self.cleaned_data["to"] or str(self.data.get("department") or "").strip()
        if not to:
            return None, None
        try:
            return recipient(to)
        except ValidationError as error:
            raise ValidationError(error.messages) from error

    def clean_into(self) -> Case:
        number = self.cleaned_data["into"].strip().upper()
        try:
            return case_for(self.user, number)
        except Case.DoesNotExist:
            text = _("There is no case %(number)s in your area. Check the number.") % {"number": number}
            raise ValidationError(text) from None

    def values(self) -> StepValues:
        """Return what the step is given, from a valid form."""
        cleaned = self.cleaned_data
        department, officer = cleaned.get("to") or (None, None)
        return StepValues(
            note=cleaned["note"],
            department=department,
            officer=officer,
            told=cleaned.get("told", ""),
            told_at=cleaned.get("told_at"),
            verdict=cleaned.get("verdict", ""),
            into=cleaned.get("into"),
            mechanism=cleaned.get("mechanism", ""),
            report_kind=cleaned.get("report_kind", ""),
        )

    @property
    def seen_version(self) -> int | None:
        """The version that the page showed, from a valid form."""
        version: int | None = self.cleaned_data.get("version")
        return version


NEED_FIELDS = {
    "department": StepForm.ask_department,
    "told": StepForm.ask_told,
    "verdict": StepForm.ask_verdict,
    "into": StepForm.ask_into,
    "mechanism": StepForm.ask_mechanism,
}


class ReplyForm(SpokenForm):
    """The resident's word through the private link."""

    verdict = forms.ChoiceField(
        choices=[
            ("confirm", gettext_lazy("It is solved")),
            ("reopen", gettext_lazy("Not solved yet")),
            ("note", gettext_lazy("Add a word")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose: solved, or not solved yet."),
            "invalid_choice": gettext_lazy("Choose: solved, or not solved yet."),
        },
    )
    rating = forms.TypedChoiceField(
        label=gettext_lazy("How satisfied are you?"),
        choices=[(number, str(number)) for number in range(1, 6)],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one to five stars.")},
    )
    text = WordsField(
        label=gettext_lazy("Your words"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
