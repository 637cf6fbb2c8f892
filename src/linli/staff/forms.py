"""Forms about one's own lines in the register, the photo, and the pledge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from linli.files.forms import PhotosField, UploadTooLargeMixin
from linli.staff.actions import NewRecord
from linli.staff.choices import Grade, RecordKind

# Which fields a line of each kind has.
FIELDS: dict[str, tuple[str, ...]] = {
    RecordKind.QUALIFICATION: ("title", "level", "day"),
    RecordKind.SOCIAL_WORKER: ("grade", "day"),
    RecordKind.TRAINING: ("title", "day", "hours"),
    RecordKind.SKILL: ("title", "level"),
}


NEEDED: dict[str, tuple[str, ...]] = {
    RecordKind.QUALIFICATION: ("title",),
    RecordKind.SOCIAL_WORKER: ("grade",),
    RecordKind.TRAINING: ("title", "day", "hours"),
    RecordKind.SKILL: ("title",),
}


class RecordForm(forms.Form):
    """One line of the register, with the fields of its kind."""

    title = forms.CharField(label=gettext_lazy("What it is called"), max_length=80, required=False)
    level = forms.CharField(label=gettext_lazy("Level, if it has one"), max_length=40, required=False)
    grade = forms.ChoiceField(
        label=gettext_lazy("Grade"), choices=Grade.choices, widget=forms.RadioSelect, required=False
    )
    day = forms.DateField(
        label=gettext_lazy("Date"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hours = forms.DecimalField(label=gettext_lazy("Hours"), required=False, max_digits=5, decimal_places=1, min_value=0)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in list(self.fields):
            if name not in FIELDS[kind]:
                del self.fields[name]
        for name in NEEDED[kind]:
            self.fields[name].required = True

    def new_record(self) -> NewRecord:
        """Return the line."""
        return NewRecord(kind=self.kind, **self.cleaned_data)

    def add_action_error(self, error: ValidationError) -> None:
        """Show what the action refused beside its field."""
        for name, problems in error.error_dict.items():
            self.add_error(name if name in self.fields else None, problems)


class PortraitForm(UploadTooLargeMixin, forms.Form):
    """A photo of oneself, with the word that it may be shown."""

    upload_field = "photo"

    photo = PhotosField(label=gettext_lazy("A photo of you"), most=1)
    agreed = forms.BooleanField(
        label=gettext_lazy("I agree that everybody sees this photo on the public board. I can take this back any time.")
    )


class PledgeForm(forms.Form):
    """Accepting the pledge."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(label=gettext_lazy("I have read this, and I promise it."))
