"""Forms of residents: a report, and the answer through a private link."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.cases.forms import ReplyForm, ReportForm
from linli.cases.models import Case
from linli.cases.queries import resident_can
from linli.core.tokens import new_token
from linli.public.cards import name_of_plate, named_by

LONGEST_ONCE = 64


class ResidentReportForm(ReportForm):
    """A report from a public page, which may have been opened by a door plate or from the board of a grid."""

    grid = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    # Nobody sees this one; programs fill it in.
    website = forms.CharField(label=_("Leave this empty"), required=False)
    # The same for every press of one form.
    once = forms.CharField(max_length=LONGEST_ONCE, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].help_text = _("Estate and building, or tap the map.")
        self.fields["photos"].help_text = _("Keep faces and number plates out of them.")
        self.fields["contact"].help_text = _("You may leave it out: your link tells you everything too.")

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave this empty, then send it again."))
        return ""

    def clean(self) -> dict[str, Any]:
        if self.has_error("lon") or self.has_error("lat"):
            self.add_error("address", gettext("This is not a place on the map. Tap it again, or type the address."))
        else:
            self._choose_place()
        return super().clean()

    def _choose_place(self) -> None:
        """Let one place remain: a typed building, else the point of the map, else where the page was opened.

        Words beside a point, a plate or a grid that name no building describe the place.
        """
        cleaned = self.cleaned_data
        address, plate = cleaned.get("address", ""), cleaned.get("plate", "")
        if address and len(named_by(address)) == 1:
            cleaned.update(lon=None, lat=None, plate="")
        elif cleaned.get("lon") is not None or cleaned.get("lat") is not None or address:
            cleaned["plate"] = ""
        elif plate:
            cleaned["address"] = name_of_plate(plate)
        elif cleaned.get("grid"):
            grids = Area.objects.current().filter(level=Level.GRID)
            cleaned["area"] = grids.filter(code=cleaned["grid"]).first()

    def renew_once(self) -> None:
        """Let the form be sent anew: what it was sent as stays closed."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["once"] = new_token()
        self.data = sent


class WordForm(ReplyForm):
    """The resident's word on one case, with what the case allows now."""

    def __init__(self, case: Case, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "confirm" not in resident_can(case):
            del self.fields["rating"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needs_words = cleaned.get("verdict") in ("reopen", "note")
        if needs_words and not cleaned.get("text") and not self.has_error("text"):
            self.add_error("text", gettext("Write a few words, so that the right person comes."))
        return cleaned

    def thanks(self) -> str:
        """Say what follows from the word; only after ``is_valid()``."""
        match self.cleaned_data["verdict"]:
            case "confirm":
                return gettext("Thank you. It is noted as solved.")
            case "reopen":
                return gettext("It is taken up again; you see here how it goes on.")
            case _:
                return gettext("Your words are with those who handle it.")
