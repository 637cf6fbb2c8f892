"""Forms about workbooks: the upload, and what each column is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.exchange.ledgers import Ledger, kinds, ledger_for
from linli.exchange.previews import ColumnPreview, SheetPreview
from linli.files.forms import UploadTooLargeMixin

LEFT_OUT = ""
# Most workbooks are about people.
FIRST = "people"


class UploadForm(UploadTooLargeMixin, forms.Form):
    """A workbook, what it holds, and the place that it is about."""

    upload_field = "file"

    kind = forms.ChoiceField(label=_("What is in it"))
    area = forms.ModelChoiceField(
        label=_("For which place"), queryset=Area.objects.none(), to_field_name="code", empty_label=None
    )
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("An .xlsx, .xls or .csv file of up to 50 MB, with its title rows and headers as they are."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={
            "required": _("Choose the workbook first."),
            "empty": _("This file is empty. Save the workbook once more and choose it again."),
        },
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ledgers = {kind: ledger_for(kind) for kind in sorted(kinds(), key=lambda kind: kind != FIRST)}
        open_to_user = {kind: ledger for kind, ledger in ledgers.items() if user.has_perm(ledger.ability)}
        self.fields["kind"].choices = [(kind, ledger.label) for kind, ledger in open_to_user.items()]  # type: ignore[attr-defined]
        self.fields["area"].queryset = _places(user, open_to_user.values())  # type: ignore[attr-defined]


def _places(user: Any, ledgers: Iterable[Ledger]) -> QuerySet[Area]:
    """Return the places for which somebody may take in a workbook of one of these ledgers, wide ones first."""
    reached = Q(pk__in=())
    for ability, levels in {(ledger.ability, ledger.levels) for ledger in ledgers}:
        reached |= within(scope_paths(user, ability)) & Q(level__in=levels)
    return Area.objects.current().filter(reached).defer("geometry", "bounds").order_by("code")


class ColumnsForm(forms.Form):
    """What each column of a sheet was taken for; a person may say otherwise."""

    def __init__(self, *args: Any, sheet: SheetPreview, fields: list[tuple[str, str | Promise]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        choices = [(LEFT_OUT, _("leave out")), *fields]
        for column in sheet.columns:
            if column.how == "never":
                continue
            self.fields[f"column-{column.index}"] = forms.ChoiceField(
                choices=choices, required=False, initial=column.field or LEFT_OUT, label=column.header or column.letter
            )

    def rows(self) -> list[tuple[ColumnPreview, forms.BoundField | None]]:
        """Return each column with its field; a column that is never taken over has none."""
        return [
            (column, self[name] if (name := f"column-{column.index}") in self.fields else None)
            for column in self.sheet.columns
        ]

    @property
    def is_corrected(self) -> bool:
        """Whether a person said something else than what stood on the page."""
        return any(self._given(column) != column.field for column in self._open_columns())

    def mapping(self) -> dict[int, str | None]:
        """Return column number → field, or None to leave it out: what a person corrected, now and before."""
        return {
            column.index: self._given(column)
            for column in self._open_columns()
            if column.how == "chosen" or self._given(column) != column.field
        }

    def _open_columns(self) -> list[ColumnPreview]:
        return [column for column in self.sheet.columns if column.how != "never"]

    def _given(self, column: ColumnPreview) -> str | None:
        return self.cleaned_data.get(f"column-{column.index}") or None
