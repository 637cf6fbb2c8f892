"""The filter of the journal."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.core import clock
from linli.journal.models import Entry
from linli.journal.texts import ACTIONS, OBJECTS, action_words, object_words


def _date_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class JournalFilterForm(forms.Form):
    """Who did what to what, and when. ``apply`` narrows entries; what is wrongly filled in does not narrow them."""

    actor = forms.CharField(label=_("Who (user name)"), max_length=150, required=False)
    action = forms.ChoiceField(label=_("What"), required=False)
    object_type = forms.ChoiceField(label=_("About"), required=False)
    object_id = forms.CharField(label=_("Its number"), max_length=80, required=False)
    area = forms.CharField(label=_("Area (code)"), max_length=20, required=False)
    since = _date_field(_("From"))
    until = _date_field(_("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", _("everything"))]
        self.fields["action"].choices = every + [(name, action_words(name)) for name in ACTIONS]  # type: ignore[attr-defined]
        self.fields["object_type"].choices = every + [(name, object_words(name)) for name in OBJECTS]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first. Choose a later one."))
        return cleaned

    def apply(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Return the entries that the form asks for; the area is left to the caller, who knows the tree."""
        given = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        for name in ("actor", "action", "object_type", "object_id"):
            if given.get(name):
                entries = entries.filter(**{name: given[name]})
        if given.get("since"):
            entries = entries.filter(at__gte=_midnight(given["since"]))
        if given.get("until"):
            entries = entries.filter(at__lt=_midnight(given["until"]) + timedelta(days=1))
        return entries


def _midnight(day: Any) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.SHANGHAI)
