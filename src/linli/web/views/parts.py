"""The page of all shared parts, in both themes beside each other: what pages are put together from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.accounts.access import SIGNED_IN, allowed
from linli.core import clock, widgets

SWATCHES = (
    ("accent", gettext_lazy("Main colour")),
    ("late", gettext_lazy("Late, emergency")),
    ("soon", gettext_lazy("Due soon")),
    ("done", gettext_lazy("Done well")),
    ("coordination", gettext_lazy("Co-ordination")),
    ("approval", gettext_lazy("Approval")),
    ("ink", gettext_lazy("Main text")),
    ("ink-2", gettext_lazy("Second text")),
    ("ink-3", gettext_lazy("Helper text")),
    ("control", gettext_lazy("Input edges")),
    ("line", gettext_lazy("Rules")),
    ("bg", gettext_lazy("Page")),
)


class SampleForm(forms.Form):
    """One field of every kind; the phone is always one digit short, to show an error."""

    phone = forms.CharField(label=gettext_lazy("Phone"))
    reason = forms.ChoiceField(
        label=gettext_lazy("What is it for"),
        widget=forms.RadioSelect,
        choices=[
            ("visit", gettext_lazy("Arrange a visit")),
            ("case", gettext_lazy("Handle a case")),
            ("check", gettext_lazy("Check the record")),
        ],
    )
    grid = forms.ChoiceField(
        label=gettext_lazy("Grid"), choices=[("2", gettext_lazy("Second grid")), ("3", gettext_lazy("Third grid"))]
    )
    text = forms.CharField(label=gettext_lazy("What happened"), widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label=gettext_lazy("The resident agrees"), required=False)
    photos = forms.ImageField(label=gettext_lazy("Photos"), required=False)

    def clean_phone(self) -> str:
        """Refuse the sample number, which has ten digits."""
        raise forms.ValidationError(
            _("1 digit is missing. A mobile number has 11 digits; a landline needs its area code.")
        )


@allowed(SIGNED_IN)
def parts(request: HttpRequest) -> HttpResponse:
    """Show every shared part once per theme."""
    now = clock.now()
    samples = [_sample(theme, title, now) for theme, title in (("light", _("Light")), ("dark", _("Dark")))]
    return render(request, "web/parts.html", {"samples": samples, "swatches": SWATCHES})


def _sample(theme: str, title: str, now: datetime) -> dict[str, Any]:
    """Return the values that one theme's half of the page shows; ids differ between the halves."""
    return {
        "theme": theme,
        "title": title,
        "form": SampleForm(
            {"phone": "190 0000 017", "reason": "visit", "grid": "2", "agreed": True}, auto_id=f"{theme}-%s"
        ),
        "late": now - timedelta(days=1, hours=3, minutes=5),
        "soon": now + timedelta(hours=2, minutes=1),
        "fine": now + timedelta(days=5),
        "found": now - timedelta(minutes=23, seconds=41),
        "written": now + timedelta(minutes=36, seconds=30),
        "figures": [
            widgets.Pile(_("Late"), 3, "#late", "late"),
            widgets.Pile(_("Due today"), 5, "#soon", "soon", current=True),
            widgets.Pile(_("New, to be accepted"), 7, "#new"),
            widgets.Pile(_("Waits for me"), 4, "#mine"),
        ],
        "stops": [
            widgets.Step(_("Reported"), "done", "11-22"),
            widgets.Step(_("Accepted"), "done"),
            widgets.Step(_("Answered"), "current"),
            widgets.Step(_("Checked")),
        ],
        "entries": [
            widgets.Entry(_("Heating company"), now, _("Leak closed, ice cleared."), "hammer", "strong"),
            widgets.Entry(_("Sent to the heating company"), now - timedelta(days=1), "", "route"),
            widgets.Entry(_("Reported by a resident"), now - timedelta(days=2), "", "qrcode"),
        ],
        "choices": [
            widgets.Choice(_("All"), "#all", current=True, count=62),
            widgets.Choice(_("Mine"), "#mine", count=9),
            widgets.Choice(_("Closed"), "#closed"),
        ],
    }
