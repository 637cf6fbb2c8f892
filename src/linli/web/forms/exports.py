"""Forms about taking lists out: what, where from, what for; and the word of the second person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas.models import Area
from linli.core.paths import covers
from linli.exports.choices import ExportFormat
from linli.exports.kinds import ExportKind
from linli.exports.queries import areas_to_export

LONGEST_WORDS = 200
SHORTEST_PURPOSE = 4


class ExportForm(forms.Form):
    """What is taken out, and what for."""

    purpose = forms.CharField(
        label=gettext_lazy("What is it needed for"),
        min_length=SHORTEST_PURPOSE,
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy("It stands in the file, and in the journal."),
        error_messages={
            "required": gettext_lazy("Write what it is needed for."),
            "min_length": gettext_lazy("Say it in a few words, so that others understand it too."),
        },
    )
    area = forms.ModelChoiceField(
        label=gettext_lazy("From where"), queryset=Area.objects.none(), to_field_name="code", empty_label=None
    )
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one of these columns.")},
    )
    clear = forms.BooleanField(
        label=gettext_lazy("ID numbers and phones in full"),
        required=False,
        help_text=gettext_lazy("A second person then has to approve, however few rows there are."),
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Format"), widget=forms.RadioSelect, initial=ExportFormat.XLSX, choices=ExportFormat.choices
    )

    def __init__(self, *args: Any, user: Any, kind: ExportKind, filters: Mapping[str, str], **kwargs: Any) -> None:
        usual = [column.name for column in kind.columns if column.usual]
        kwargs["initial"] = {"columns": usual, "area": filters.get("under", "")}
        super().__init__(*args, **kwargs)
        self.fields["columns"].choices = [(column.name, column.label) for column in kind.columns]  # type: ignore[attr-defined]
        areas = self._areas(user, kind, filters)
        self.fields["area"].queryset = Area.objects.filter(pk__in=[area.pk for area in areas]).order_by("code")  # type: ignore[attr-defined]
        self.areas = areas
        if not any(column.mask for column in kind.columns):
            del self.fields["clear"]

    @staticmethod
    def _areas(user: Any, kind: ExportKind, filters: Mapping[str, str]) -> list[Area]:
        """Return the areas to choose from: the one that the list is narrowed to, else those of the posts."""
        reached = areas_to_export(user, kind)
        code = filters.get("under", "")
        if code:
            narrowed = Area.objects.filter(code=code).first()
            inside = narrowed is not None and any(covers(area.path, narrowed.path) for area in reached)
            return [narrowed] if narrowed is not None and inside else []
        return reached

    def add_action_errors(self, errors: Mapping[str, list[str]]) -> None:
        """Show next to their fields what an action found wrong."""
        for name, messages in errors.items():
            self.add_error(name if name in self.fields else None, messages)


class DecisionForm(forms.Form):
    """The word of the second person."""

    note = forms.CharField(
        label=gettext_lazy("A word about it"),
        required=False,
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy("Needed when you do not approve."),
    )
    decision = forms.ChoiceField(
        choices=[("approve", gettext_lazy("approve")), ("refuse", gettext_lazy("do not approve"))],
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Approve it, or do not."),
            "invalid_choice": gettext_lazy("Approve it, or do not."),
        },
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("decision") == "refuse" and not self.cleaned_data.get("note", "").strip():
            self.add_error("note", _("Say why not, so that it can be asked for in another way."))
        return cleaned
