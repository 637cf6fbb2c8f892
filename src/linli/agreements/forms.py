"""Forms about agreements, shared by the surfaces."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from linli.agreements.actions import Found, Party, Text
from linli.agreements.choices import Finding, PartyKind
from linli.agreements.models import Agreement, Template
from linli.agreements.queries import papers_at
from linli.agreements.samples import Paper
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.core import clock
from linli.housing.models import Dwelling
from linli.people.models import Household
from linli.units.models import Unit

LONGEST_WORDS = 100


def _grids(user: Any) -> Any:
    return Area.objects.visible_to(user).current().filter(level=Level.GRID).select_related("parent").order_by("code")


def _grid_choices(user: Any) -> list[tuple[str, str]]:
    return [(grid.code, f"{grid.parent.name if grid.parent else ''} {grid.name}") for grid in _grids(user)]


def _day(label: Any, required: Any = "", **values: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is no date. Write it as 2026-03-01.")}
        | ({"required": required} if required else {}),
        required=bool(required),
        **values,
    )


def told(form: forms.Form, problem: ValidationError) -> None:
    """Put what an action refused beside its fields."""
    for name, words in problem.message_dict.items():
        form.add_error(name if name in form.fields else None, words)


class AgreementFilterForm(forms.Form):
    """Which agreements to list; the pile is chosen above."""

    q = forms.CharField(label=_("Party, pinyin, title or address"), max_length=LONGEST_WORDS, required=False)
    under = forms.ChoiceField(label=_("Grid"), required=False)
    party = forms.ChoiceField(label=_("With whom"), required=False, choices=[("", _("everybody")), *PartyKind.choices])
    pile = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["under"].choices = [("", _("every grid")), *_grid_choices(user)]  # type: ignore[attr-defined]


class TermForm(forms.Form):
    """From when until when a paper holds."""

    starts_on = _day(_("From"), _("Write the first day."), initial=clock.today)
    ends_on = _day(_("Until"), _("Write the last day."))


class AgreementForm(TermForm):
    """A new paper: which text, with whom, where, and its term."""

    text = forms.ChoiceField(label=_("Which text"), error_messages={"required": _("Choose a text.")})
    party_name = forms.CharField(
        label=_("With whom: name of the unit, owner or employer"),
        max_length=100,
        error_messages={"required": _("Write with whom it is agreed.")},
    )
    grid = forms.ChoiceField(label=_("Grid"), error_messages={"required": _("Choose a grid.")})
    place = forms.CharField(
        label=pgettext_lazy("unit", "Address"),
        max_length=240,
        required=False,
        help_text=_("The address of a home or the name of a unit of the ledger leads to it."),
    )

    field_order = ("text", "party_name", "grid", "place", "starts_on", "ends_on")

    def __init__(self, data: Any = None, *, user: Any, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self._user = user
        self._papers = papers_at(user)
        kinds = dict(PartyKind.choices)
        self.fields["text"].choices = [  # type: ignore[attr-defined]
            ("", _("choose")),
            *((key, f"{paper.title} · {kinds[paper.party_kind]}") for key, paper in self._papers.items()),
        ]
        self.fields["grid"].choices = [("", _("choose")), *_grid_choices(user)]  # type: ignore[attr-defined]

    def paper(self) -> Paper:
        """Return the chosen text."""
        return self._papers[self.cleaned_data["text"]]

    def agreed(self) -> tuple[Text, Party]:
        """Return the text and the party; the ledgers are asked for the unit of the name, the home of the address."""
        values, paper = self.cleaned_data, self.paper()
        grid = _grids(self._user).get(code=values["grid"])
        name, place = values["party_name"].strip(), values["place"].strip()
        dwelling = Dwelling.objects.filter(path=grid.path, address=place).select_related("building").first()
        unit = Unit.objects.filter(path=grid.path, name=name, closed_on=None).select_related("building").first()
        household = Household.objects.filter(dwelling=dwelling, ended_on=None).first() if dwelling else None
        if paper.party_kind == PartyKind.OWNER:
            unit = None
        party = Party(paper.party_kind, name, grid, place or (unit.place if unit else ""), unit, dwelling, household)
        return Text(paper.title, paper.party_kind, paper.months, paper.clauses), party

    def clean_text(self) -> str:
        """Refuse a text that is kept for another place than the grid's."""
        key: str = self.cleaned_data["text"]
        return key

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        grid = _grids(self._user).filter(code=values.get("grid", "")).first()
        if grid is not None and values.get("text") and values["text"] not in papers_at(self._user, grid):
            self.add_error("text", gettext("This text is kept for another place. Choose another one."))
        return values


class SignForm(forms.Form):
    """The day on which both sides signed."""

    on = _day(_("Signed on"), _("Write the day on which both signed."), initial=clock.today)


class EndForm(forms.Form):
    """When and why a paper ends; of one that is not signed, that the party prefers not to."""

    on = _day(_("Ended on"), _("Write the day on which it ended."), initial=clock.today)
    declined = forms.BooleanField(
        label=_("Prefers not to sign"), help_text=_("An answer like any other; no reason is asked."), required=False
    )
    reason = forms.CharField(label=_("Why it ends"), max_length=200, required=False)

    def __init__(self, *args: Any, signed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed:
            del self.fields["declined"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("declined") and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Say why it ends."))
        return cleaned


class SettleForm(forms.Form):
    """The day on which something was put right."""

    on = _day(_("Put right on"), _("Write the day on which it was put right."), initial=clock.today)


class CheckForm(forms.Form):
    """A check: of each clause what was found, and what is to be put right by when."""

    on = _day(_("Checked on"), _("Write the day of the check."), initial=clock.today)

    def __init__(self, data: Any = None, *, agreement: Agreement) -> None:
        super().__init__(data)
        self.clauses = list(agreement.clauses.all())
        for clause in self.clauses:
            self.fields[f"finding_{clause.pk}"] = forms.ChoiceField(
                label=f"{clause.position}. {clause.text}",
                choices=Finding.choices,
                initial=Finding.NOT_SEEN,
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose what was found.")},
            )
            self.fields[f"text_{clause.pk}"] = forms.CharField(
                label=_("What is to be put right (%(number)s)") % {"number": clause.position},
                max_length=200,
                required=False,
            )
            self.fields[f"due_{clause.pk}"] = _day(_("Put right by (%(number)s)") % {"number": clause.position})
        self.fields["note"] = forms.CharField(label=_("Note"), max_length=300, required=False)

    def found(self) -> dict[int, Found]:
        """Return clause id → what was found."""
        values = self.cleaned_data
        return {
            clause.pk: Found(values[f"finding_{clause.pk}"], values[f"text_{clause.pk}"], values[f"due_{clause.pk}"])
            for clause in self.clauses
        }


class TemplateForm(forms.Form):
    """A text for papers; each line is a clause."""

    title = forms.CharField(label=_("Title"), max_length=80, error_messages={"required": _("Write a title.")})
    party_kind = forms.ChoiceField(label=_("With whom"), choices=PartyKind.choices)
    months = forms.IntegerField(label=_("Usual term in months"), min_value=1, max_value=60, initial=12)
    clauses = forms.CharField(
        label=_("Clauses, each on a line of its own"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("No fines, no reports about persons, no rules that are abolished: such lines are refused."),
        error_messages={"required": _("Write at least one clause, each on a line of its own.")},
    )

    def written(self) -> Text:
        """Return the text as it was written."""
        values = self.cleaned_data
        return Text(values["title"], values["party_kind"], values["months"], values["clauses"].splitlines())

    @staticmethod
    def of(paper: Paper | Template) -> dict[str, Any]:
        """Return what a form about this text begins with."""
        return {
            "title": paper.title,
            "party_kind": str(paper.party_kind),
            "months": paper.months,
            "clauses": "\n".join(paper.clauses),
        }


class NewTemplateForm(TemplateForm):
    """A new text, and for which place it is kept."""

    area = forms.ChoiceField(label=_("Kept for"), error_messages={"required": _("Choose a place.")})

    def __init__(self, *args: Any, areas: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._areas = {area.code: area for area in areas}
        self.fields["area"].choices = [(area.code, area.name) for area in areas]  # type: ignore[attr-defined]

    def place(self) -> Area:
        """Return the chosen place."""
        return self._areas[self.cleaned_data["area"]]
