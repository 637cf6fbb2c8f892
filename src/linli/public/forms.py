"""Forms of residents: a report, and the answer through a private link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from linli.cases.actions import NewCase
from linli.cases.models import Case, Category
from linli.cases.queries import categories_in_use, resident_can
from linli.core import phones
from linli.core.phones import PhoneKind
from linli.core.tokens import new_token
from linli.files.forms import PhotosField, UploadTooLargeMixin
from linli.public.places import PlaceFields

LONGEST_PHONE = 40
LONGEST_ONCE = 64
STARS = tuple((str(stars), str(stars)) for stars in range(1, 6))
NUL = {"null_characters_not_allowed": _("There is a character in it that can't be kept. Please type it anew.")}


def speaks_chinese() -> bool:
    """Tell whether the page is shown in Chinese; names of categories are kept in both languages."""
    return (get_language() or "").startswith("zh")


class CategoryField(forms.ModelChoiceField):
    """A category that residents may choose, in the language of the page."""

    def label_from_instance(self, obj: Category) -> str:
        return obj.name if speaks_chinese() else obj.name_en


class PhoneField(forms.CharField):
    """A Chinese phone number, kept without blanks; says how many digits are missing or too many."""

    def clean(self, value: Any) -> str:
        found = phones.check(super().clean(value))
        if found.ok or found.kind == PhoneKind.EMPTY:
            return found.value
        raise ValidationError(phone_words(found))


def phone_words(found: phones.PhoneCheck) -> str:
    """Say what is wrong with a phone number and how to mend it."""
    match found.kind:
        case PhoneKind.TOO_SHORT:
            text = ngettext(
                "%(count)d digit is missing. A mobile number has 11; give a landline with its area code.",
                "%(count)d digits are missing. A mobile number has 11; give a landline with its area code.",
                found.difference,
            )
            return text % {"count": found.difference}
        case PhoneKind.TOO_LONG:
            text = ngettext(
                "%(count)d digit too many. A mobile number has 11; give a landline with its area code.",
                "%(count)d digits too many. A mobile number has 11; give a landline with its area code.",
                found.difference,
            )
            return text % {"count": found.difference}
        case PhoneKind.BAD_PREFIX:
            return gettext("No number begins like this. A mobile number begins with 13 to 19, a landline with 0.")
        case _:
            return gettext("Only digits, please.")


class RefusalsMixin:
    """A form that shows what an action refused; ``named_elsewhere`` maps the action's words to the form's fields."""

    named_elsewhere: Mapping[str, str] = {}
    fields: dict[str, forms.Field]

    def add_refusal(self, error: ValidationError) -> None:
        """Put each refusal next to its field, the others above the form."""
        by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
        for name, errors in by_field.items():
            wanted = self.named_elsewhere.get(name, name)
            field = wanted if wanted in self.fields else None
            self.add_error(field, ValidationError(errors))  # type: ignore[attr-defined]


class ResidentReportForm(RefusalsMixin, UploadTooLargeMixin, PlaceFields):
    """A report from somebody without an account."""

    named_elsewhere: ClassVar = {"place": "address"}

    category = CategoryField(
        label=_("What it is about"),
        queryset=Category.objects.none(),
        to_field_name="code",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what it is about. “Other” will do."),
            "invalid_choice": _("Choose one of these. “Other” will do."),
        },
    )
    text = forms.CharField(
        label=_("What happened"),
        widget=forms.Textarea,
        error_messages={"required": _("Write what happened, in a few words."), **NUL},
    )
    photos = PhotosField(
        label=_("Photos"), required=False, help_text=_("At most 6. Keep faces and number plates out of them.")
    )
    contact = PhoneField(
        label=_("Your phone"),
        max_length=LONGEST_PHONE,
        required=False,
        help_text=_("Only those who handle this may see it. Without it your link still tells you everything."),
        error_messages=NUL,
    )
    # Nobody sees this one; programs fill it in.
    website = forms.CharField(label=_("Leave this empty"), required=False)
    once = forms.CharField(max_length=LONGEST_ONCE, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories_in_use(for_residents=True)  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this empty, then send it again."))
        return ""

    def new_case(self) -> NewCase:
        """Return what was reported; only after ``is_valid()``."""
        if self.place is None:
            raise ValueError("the form was not found valid")
        values = self.cleaned_data
        return NewCase(
            category=values["category"],
            text=values["text"],
            area=self.place.grid,
            building=self.place.building,
            longitude=self.place.longitude,
            latitude=self.place.latitude,
            place=self.place.words,
            contact=values["contact"],
        )

    def renew_once(self) -> None:
        """Let the form be sent anew: what it was sent as stays closed."""
        self.data = self.data.copy()  # type: ignore[union-attr]
        self.data["once"] = new_token()


class ReplyForm(RefusalsMixin, forms.Form):
    """The resident's word on a case: solved (with one to five stars), not solved, or something to add."""

    named_elsewhere: ClassVar = {"note": "text"}

    verdict = forms.CharField(required=False)
    rating = forms.TypedChoiceField(
        label=_("How did we do?"), choices=STARS, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Your words"), widget=forms.Textarea, required=False, error_messages=NUL)

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.can = resident_can(case)
        if "confirm" not in self.can:
            del self.fields["rating"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        verdict = cleaned.get("verdict", "")
        if verdict not in ("confirm", "reopen", "note"):
            self.add_error(None, gettext("Choose: solved, or not solved yet."))
        elif verdict != "confirm" and not cleaned.get("text") and not self.has_error("text"):
            self.add_error("text", self.ask_for_words(verdict))
        return cleaned

    @staticmethod
    def ask_for_words(verdict: str) -> str:
        """Say which words are needed."""
        if verdict == "reopen":
            return gettext("Write what is not solved yet, so that the right person comes.")
        return gettext("Write what you want to add.")

    def word(self) -> dict[str, Any]:
        """Return verdict, rating and text as ``resident_reply`` takes them; only after ``is_valid()``."""
        values = self.cleaned_data
        return {"verdict": values["verdict"], "rating": values.get("rating"), "text": values["text"]}

    def thanks(self) -> str:
        """Say what follows from the word."""
        match self.cleaned_data["verdict"]:
            case "confirm":
                return gettext("Thank you. It is noted as solved.")
            case "reopen":
                return gettext("It is taken up again; you see here how it goes on.")
            case _:
                return gettext("Your words are with those who handle it.")
