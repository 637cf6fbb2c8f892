"""The form for what is known of a person; what somebody prefers not to say is an answer too."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core import clock
from linli.core.masking import mask_id_number, mask_phone
from linli.people.choices import Sex, Withheld
from linli.people.deed_forms import LONGEST_WORDS, PastDayMixin, clean_id_number, clean_phone, day_field
from linli.people.models import Particulars, Person
from linli.people.queries import facts_of

# Numbers are not shown in clear: an empty field leaves them as they are.
HIDDEN = {"id_number": mask_id_number, "phone": mask_phone, "emergency_phone": mask_phone}


class PersonForm(PastDayMixin, forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60, error_messages={"required": gettext_lazy("Write the name.")}
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=Sex.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    birth_date = day_field(gettext_lazy("Date of birth"))
    id_number = forms.CharField(
        label=gettext_lazy("ID number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    registered_address = forms.CharField(
        label=gettext_lazy("Registered address"), max_length=LONGEST_WORDS, required=False
    )
    employer = forms.CharField(label=gettext_lazy("Place of work"), max_length=100, required=False)
    emergency_name = forms.CharField(
        label=gettext_lazy("Emergency contact, named by the person"), max_length=60, required=False
    )
    emergency_relation = forms.CharField(label=gettext_lazy("Who that is"), max_length=40, required=False)
    emergency_phone = forms.CharField(
        label=gettext_lazy("Phone of the emergency contact"), max_length=30, required=False
    )
    skills = forms.CharField(
        label=gettext_lazy("Skills that the person offers"), max_length=LONGEST_WORDS, required=False
    )
    note = forms.CharField(label=gettext_lazy("Note"), max_length=LONGEST_WORDS, required=False)
    declined = forms.MultipleChoiceField(
        label=gettext_lazy("Prefers not to say"),
        help_text=gettext_lazy("An answer like any other: nobody asks again, and nothing counts as missing."),
        choices=Withheld.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, person: Person, particulars: Particulars | None, **kwargs: Any) -> None:
        facts = facts_of(person, particulars)
        shown = {name: value for name, value in facts.items() if name not in HIDDEN}
        kwargs["initial"] = shown
        super().__init__(*args, **kwargs)
        self.fields["birth_date"].required = False
        self.fields["birth_date"].widget.attrs["max"] = clock.today().isoformat()
        for name, mask in HIDDEN.items():
            if facts[name]:
                words = _("Now %(value)s. Leave it empty to keep it.") % {"value": mask(facts[name])}
                self.fields[name].help_text = words

    def clean_name(self) -> str:
        return "".join(str(self.cleaned_data["name"]).split())

    def clean_birth_date(self) -> date | None:
        return self.past(self.cleaned_data["birth_date"])

    def clean_id_number(self) -> str:
        return clean_id_number(self.cleaned_data["id_number"])

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])

    def clean_emergency_phone(self) -> str:
        return clean_phone(self.cleaned_data["emergency_phone"])

    def values(self) -> dict[str, Any]:
        """Return the facts as they were told; a hidden number that was left empty is left out."""
        return {name: value for name, value in self.cleaned_data.items() if value or name not in HIDDEN}
