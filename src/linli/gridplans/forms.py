"""Forms about drafts of grids."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from linli.areas.bands import band_of
from linli.areas.choices import AreaKind, Level
from linli.areas.models import Area
from linli.files.forms import UploadTooLargeMixin
from linli.gridplans.choices import Basis
from linli.gridplans.models import LONGEST_NOTE
from linli.gridplans.queries import places_for
from linli.gridplans.roads import Line, read_roads
from linli.gridplans.values import Asked
from linli.planner.model import Preset

MOST_HOUSEHOLDS = 5000
PRESETS = (
    (Preset.QUICK, _("quick: a first look")),
    (Preset.DEFAULT, _("usual")),
    (Preset.BEST, _("thorough: takes some minutes in a district")),
)
INDENT = {Level.DISTRICT: "", Level.STREET: "", Level.COMMUNITY: "　"}


class NewPlanForm(UploadTooLargeMixin, forms.Form):
    """For which place grids are drawn, how large they are to be, and what counts as a boundary."""

    upload_field = "file"

    area = forms.ModelChoiceField(
        label=_("For which place"), queryset=Area.objects.none(), to_field_name="code", empty_label=None
    )
    basis = forms.ChoiceField(label=_("Start from"), choices=Basis.choices, widget=forms.RadioSelect)
    target = forms.IntegerField(label=_("Best size in households"), min_value=1, max_value=MOST_HOUSEHOLDS)
    lowest = forms.IntegerField(label=_("Fewest households"), min_value=1, max_value=MOST_HOUSEHOLDS)
    highest = forms.IntegerField(label=_("Most households"), min_value=1, max_value=MOST_HOUSEHOLDS)
    roads = forms.BooleanField(label=_("Grids end at main roads"), required=False)
    compounds = forms.BooleanField(label=_("Compounds stay whole"), required=False)
    preset = forms.ChoiceField(label=_("How thoroughly to look"), choices=PRESETS)
    file = forms.FileField(
        label=_("Main roads"),
        required=False,
        help_text=_("A GeoJSON file with lines, if there is one. Without it only the communities bound grids."),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
        error_messages={"empty": _("This file is empty. Save the roads once more and choose the file again.")},
    )
    note = forms.CharField(label=_("Note"), max_length=LONGEST_NOTE, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        band = band_of(AreaKind.RESIDENTIAL)
        initial = {
            "basis": Basis.PRESENT,
            "target": band.target,
            "lowest": band.planned_low,
            "highest": band.planned_high,
            "roads": True,
            "compounds": True,
            "preset": Preset.DEFAULT,
        }
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        places = self.fields["area"]
        places.queryset = places_for(user)  # type: ignore[attr-defined]
        places.label_from_instance = _place_label  # type: ignore[attr-defined]

    def clean_file(self) -> list[Line]:
        """Return the main roads of the file; none without a file."""
        file = self.cleaned_data.get("file")
        return read_roads(file.read()) if file else []

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        sizes = [cleaned[name] for name in ("lowest", "target", "highest") if cleaned.get(name) is not None]
        if sizes != sorted(sizes):
            self.add_error("target", _("From small to large: fewest, best size, most households."))
        return cleaned

    def asked(self) -> Asked:
        """Return what is asked for."""
        names = ("target", "lowest", "highest", "roads", "compounds", "preset", "basis")
        return Asked(**{name: self.cleaned_data[name] for name in names})

    def add_action_error(self, problem: ValidationError) -> None:
        """Show what the action refused, next to its field."""
        told = problem.message_dict if hasattr(problem, "error_dict") else {NON_FIELD_ERRORS: problem.messages}
        for name, messages in told.items():
            for message in messages:
                self.add_error(name if name in self.fields else None, message)


def _place_label(area: Area) -> str:
    return f"{INDENT.get(Level(area.level), '')}{area.name}"
