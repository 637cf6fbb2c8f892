"""Forms about absences, shared by the desktop and the phone."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.accounts.models import User
from linli.areas.actions import LONGEST_ABSENCE, NewAbsence
from linli.areas.choices import AbsenceReason
from linli.areas.cover import planned_stand_ins
from linli.areas.duty import ThinSpell, thin_spells
from linli.areas.models import Absence, Post
from linli.areas.queries import possible_covers, posts_concerned
from linli.core import clock


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class RefusableForm(forms.Form):
    """A form that shows what the action refused."""

    def add_action_error(self, error: ValidationError) -> None:
        """Show what the action refused beside its field, where the form has it."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, problems in error.error_dict.items():
            self.add_error(name if name in self.fields else None, problems)


class AbsenceForm(RefusableForm):
    """From when to when somebody is away, why in one word, and who stands in if not the partner."""

    since = _day(label=gettext_lazy("First day"))
    until = _day(label=gettext_lazy("Last day"))
    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=AbsenceReason.choices, widget=forms.RadioSelect)
    post = forms.ModelChoiceField(
        label=gettext_lazy("Away from"),
        queryset=Post.objects.none(),
        required=False,
        empty_label=gettext_lazy("all posts"),
    )
    cover = forms.ModelChoiceField(
        label=gettext_lazy("Who stands in"), queryset=User.objects.none(), required=False, empty_label=""
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        today = clock.today()
        kwargs.setdefault("initial", {"since": today, "until": today})
        super().__init__(*args, **kwargs)
        self.person = person
        post: Any = self.fields["post"]
        held = posts_concerned(person, None, today)
        post.queryset = Post.objects.filter(pk__in=[one.pk for one in held]).select_related("area").order_by("id")
        post.label_from_instance = lambda one: f"{one.area.name} · {one.title}"
        if len(held) < 2:
            del self.fields["post"]
        cover: Any = self.fields["cover"]
        cover.queryset = User.objects.filter(pk__in=[user.pk for user in possible_covers(person)]).order_by("name")
        cover.label_from_instance = lambda user: user.name
        cover.empty_label = usual_words(person)

    def thin_spells(self) -> list[ThinSpell]:
        """Return when the days that were written leave a grid with one worker or none; none where they make no sense.

        A form that nobody has filled in yet is asked by the days that it begins with.
        """
        since, until = (_read_day(self[name].value()) for name in ("since", "until"))
        if since is None or until is None or until < since or until - since > LONGEST_ABSENCE:
            return []
        post = self["post"].value() if "post" in self.fields else None
        one = self.fields["post"].queryset.filter(pk=post).first() if str(post or "").isdecimal() else None  # type: ignore[attr-defined]
        return thin_spells(Absence(person=self.person, since=since, until=until, post=one))

    def new_absence(self) -> NewAbsence:
        """Return what is asked for."""
        asked = self.cleaned_data
        return NewAbsence(
            person=self.person,
            since=asked["since"],
            until=asked["until"],
            reason=asked["reason"],
            post=asked.get("post"),
            cover=asked["cover"],
        )


def _read_day(value: Any) -> date | None:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value or ""))
    except ValueError:
        return None


def usual_words(person: User) -> str:
    """Say who stands in for somebody when nobody else is chosen."""
    today = clock.today()
    found = planned_stand_ins(Absence(person=person, since=today, until=today), today)
    names = list(dict.fromkeys(one.user.name for one in found if one.user is not None))
    if not names:
        return _("as usual: the next level")
    return _("as usual: %(names)s") % {"names": _(", ").join(names)}


class AnswerForm(RefusableForm):
    """Approve an absence, or not, with words."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What you answer"),
        choices=[("approve", gettext_lazy("Approve")), ("refuse", gettext_lazy("Not this time"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_lazy("In a few words"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Needed when you do not approve."),
    )
