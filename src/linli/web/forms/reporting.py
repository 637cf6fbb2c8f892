"""Forms about a department's own tables: send one in, say what its columns are, fill it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.core.sheets.headers import How
from linli.exports.kinds import kind_for
from linli.exports.queries import areas_to_export
from linli.files.forms import UploadTooLargeMixin
from linli.people.choices import Standing
from linli.reporting.layout import FormColumn
from linli.reporting.queries import KIND
from linli.web.forms.exports import PurposeForm

LEFT_EMPTY = ""
LONGEST_TITLE = 100
FILLED_FOR = (Level.DISTRICT, Level.STREET, Level.COMMUNITY, Level.GRID)


class TemplateForm(UploadTooLargeMixin, forms.Form):
    """A form as its department sent it, what it is called, and for which place it is kept."""

    upload_field = "file"

    title = forms.CharField(
        label=_("What is it called"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Give it the name that the others know it by.")},
    )
    area = forms.ModelChoiceField(
        label=_("For whom"),
        queryset=Area.objects.none(),
        to_field_name="code",
        empty_label=None,
        help_text=_("Whoever takes lists out there can fill it, too."),
    )
    file = forms.FileField(
        label=_("Empty form"),
        help_text=_("An .xlsx file of up to 5 MB, as the department sent it."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": _("Choose the form first."),
            "empty": _("This file is empty. Save the form once more and choose it again."),
        },
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = areas_to_export(user, kind_for(KIND))
        self.fields["area"].queryset = Area.objects.filter(pk__in=[area.pk for area in places]).order_by("code")  # type: ignore[attr-defined]


class FormColumnsForm(forms.Form):
    """What fills each column of a form."""

    def __init__(
        self, *args: Any, columns: Sequence[FormColumn], choices: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        for column in columns:
            if column.how is not How.NEVER and not column.hidden:
                self.fields[f"column-{column.index}"] = forms.ChoiceField(
                    choices=[(LEFT_EMPTY, _("leave empty")), *choices],
                    required=False,
                    initial=column.field or LEFT_EMPTY,
                    label=column.header or column.letter,
                )

    def rows(self) -> list[tuple[FormColumn, forms.BoundField | None]]:
        """Return each column with its field; one that stays empty whatever is said has none."""
        return [
            (column, self[name] if (name := f"column-{column.index}") in self.fields else None)
            for column in self.columns
        ]

    def mapping(self) -> dict[int, str | None]:
        """Return column number → field, or None to leave it empty: what a person corrected, now and before."""
        given = {
            column: self.cleaned_data.get(f"column-{column.index}") or None
            for column in self.columns
            if f"column-{column.index}" in self.fields
        }
        return {
            column.index: field for column, field in given.items() if column.how is How.CHOSEN or field != column.field
        }


class FillForm(PurposeForm):
    """For which place a form is filled, with whom, and what for."""

    area = forms.ChoiceField(
        label=_("From where"), error_messages={"required": _("Choose a place."), "invalid_choice": _("Choose a place.")}
    )
    standing = forms.ChoiceField(
        label=_("Households with somebody who is"),
        required=False,
        choices=[("", _("all households")), *Standing.choices],
    )
    clear = forms.BooleanField(
        label=_("ID numbers and phones in full"),
        required=False,
        help_text=_("A second person then has to approve, however few rows there are."),
    )

    def __init__(self, *args: Any, user: Any, masked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asking, seeing = (scope_paths(user, ability) for ability in ("exports.forms", kind_for(KIND).ability))
        places = Area.objects.current().filter(within(asking)).filter(within(seeing), level__in=FILLED_FOR)
        self.fields["area"].choices = [  # type: ignore[attr-defined]
            (code, f"{parent} {name}" if level == Level.GRID else name)
            for code, name, level, parent in places.order_by("path").values_list(
                "code", "name", "level", "parent__name"
            )
        ]
        if not masked:
            del self.fields["clear"]
