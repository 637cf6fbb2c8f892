"""Forms about owners, tenancies, the four ones, dormitories and safety checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linli.core import clock
from linli.housing.choices import MarkState, Occupancy, Outcome, OwnerKind
from linli.housing.forms.base import ActionForm, PhoneField, UnderForm, day_field
from linli.housing.models import Dormitory, ListItem, Ownership
from linli.housing.values import DormitoryValues, NewCheck, OwnerValues, TenancyValues, ToMend

DAYS_TO_MEND = 14
LONGEST_WRONG = 200


class RentalFilterForm(UnderForm):
    """Which let dwellings to list."""

    ones = forms.ChoiceField(
        label=_("Four ones"),
        required=False,
        choices=[
            ("", _("all")),
            ("complete", _("nothing is missing")),
            ("gaps", _("something is missing")),
            ("declined", _("prefers not to")),
        ],
    )
    check = forms.ChoiceField(
        label=_("Safety check"), required=False, choices=[("", _("all")), ("overdue", _("not checked for a year"))]
    )
    tenancy = forms.ChoiceField(
        label=_("Tenancy"),
        required=False,
        choices=[("", _("all")), ("missing", _("not written down")), ("ending", _("ends within a month, or past"))],
    )
    mends = forms.ChoiceField(
        label=_("To mend"),
        required=False,
        choices=[("", _("all")), ("open", _("something to mend")), ("late", _("fix date passed"))],
    )


class OwnerForm(ActionForm):
    """Who owns a dwelling."""

    kind = forms.ChoiceField(label=_("The owner is"), choices=OwnerKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=100)
    phone = PhoneField(label=_("Phone"))
    contact_declined = forms.BooleanField(label=_("Prefers not to give a contact"), required=False)
    since = day_field(label=_("Owner since"), required=False)

    def __init__(self, *args: Any, owner: Ownership | None = None, **kwargs: Any) -> None:
        told: dict[str, Any] = {"kind": OwnerKind.PERSON}
        if owner is not None:
            told |= {name: getattr(owner, name) for name in ("kind", "name", "since", "contact_declined")}
        kwargs.setdefault("initial", told)
        super().__init__(*args, **kwargs)
        if owner is not None and owner.phone:
            self.fields["phone"].help_text = _("Leave it empty to keep the number that is written down.")

    def values(self) -> OwnerValues:
        """Return what the action is given."""
        return OwnerValues(**self.cleaned_data)


class UntilForm(ActionForm):
    """The last day of something."""

    until = day_field(label=_("Until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"until": clock.today()})
        super().__init__(*args, **kwargs)


class TenancyForm(ActionForm):
    """Who rents a dwelling, since when."""

    household = forms.ChoiceField(label=_("Tenant household"), required=False)
    contact = forms.CharField(label=_("Whom to ask"), max_length=60, required=False)
    phone = PhoneField(label=_("Phone"))
    contact_declined = forms.BooleanField(label=_("Prefers not to give a contact"), required=False)
    headcount = forms.IntegerField(label=_("How many live there"), min_value=1, max_value=999, required=False)
    since = day_field(label=_("Let since"))
    agreed_until = day_field(label=_("Agreed until"), required=False)
    contract_seen = forms.BooleanField(label=_("I saw the contract"), required=False)

    def __init__(self, *args: Any, households: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nobody = ("", _("not written down as a household"))
        self.fields["household"].choices = [nobody, *households]  # type: ignore[attr-defined]

    def values(self) -> TenancyValues:
        """Return what the action is given."""
        return TenancyValues(**self.cleaned_data)


class EndTenancyForm(UntilForm):
    """The last day of a tenancy, and what the dwelling is now."""

    occupancy = forms.ChoiceField(label=_("What is the home now"), choices=Occupancy.choices, widget=forms.RadioSelect)


class MarkForm(ActionForm):
    """How far one of the four ones is."""

    item = forms.ModelChoiceField(queryset=ListItem.objects.none())
    state = forms.ChoiceField(choices=MarkState.choices)

    def __init__(self, *args: Any, items: Sequence[ListItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = ListItem.objects.filter(pk__in=[item.pk for item in items])
        self.fields["item"].queryset = known  # type: ignore[attr-defined]


class DormitoryForm(ActionForm):
    """What the manager of a dormitory declares."""

    capacity = forms.IntegerField(label=_("Places"), min_value=1, max_value=9999)
    living = forms.IntegerField(label=_("Living there now"), min_value=0, max_value=9999)
    manager = forms.CharField(label=_("Manager"), max_length=60)
    phone = PhoneField(label=_("Phone of the manager"))

    def __init__(self, *args: Any, dormitory: Dormitory | None = None, **kwargs: Any) -> None:
        told = {name: getattr(dormitory, name) for name in ("capacity", "living", "manager")} if dormitory else {}
        kwargs.setdefault("initial", told)
        super().__init__(*args, **kwargs)
        if dormitory is not None and dormitory.phone:
            self.fields["phone"].help_text = _("Leave it empty to keep the number that is written down.")

    def values(self) -> DormitoryValues:
        """Return what the action is given."""
        return DormitoryValues(**self.cleaned_data)


class CheckForm(ActionForm):
    """A safety check: every point is fine, or to mend by a day; or they prefer not to, and no point is looked at."""

    on = day_field(label=_("Checked on"))
    declined = forms.BooleanField(label=_("Prefers not to be checked"), required=False)
    due_on = day_field(label=_("Mend by"), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, points: Sequence[ListItem], **kwargs: Any) -> None:
        today = clock.today()
        kwargs.setdefault("initial", {"on": today, "due_on": today + timedelta(days=DAYS_TO_MEND)})
        super().__init__(*args, **kwargs)
        self.points = list(points)
        for point in self.points:
            self.fields[f"point_{point.pk}"] = forms.ChoiceField(
                label=point.label,
                choices=Outcome.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"wrong_{point.pk}"] = forms.CharField(
                label=_("What is wrong there"), max_length=LONGEST_WRONG, required=False
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The points as they stand on the page: how it is, and what is wrong there."""
        return [(self[f"point_{point.pk}"], self[f"wrong_{point.pk}"]) for point in self.points]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("declined"):
            self._drop_points()
            return cleaned
        for point in self.points:
            name = f"point_{point.pk}"
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _now("Say whether this is fine."))
        bad = [point for point in self.points if cleaned.get(f"point_{point.pk}") == Outcome.TO_MEND]
        for point in bad:
            if not cleaned.get(f"wrong_{point.pk}", "").strip():
                self.add_error(f"wrong_{point.pk}", _now("Write what is wrong there."))
        if bad and not cleaned.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _now("Say by when it is to be mended."))
        return cleaned

    def _drop_points(self) -> None:
        """Whoever prefers not to be checked answers no point, and nothing of one is wrong."""
        for name in ("due_on", *(f"{part}_{point.pk}" for point in self.points for part in ("point", "wrong"))):
            self.errors.pop(name, None)

    def values(self) -> NewCheck:
        """Return what the action is given."""
        told = self.cleaned_data
        if told["declined"]:
            return NewCheck(told["on"], note=told["note"], declined=True)
        results = {
            point: ToMend(told[f"wrong_{point.pk}"], told["due_on"])
            if told[f"point_{point.pk}"] == Outcome.TO_MEND
            else None
            for point in self.points
        }
        return NewCheck(told["on"], results, told["note"])
