"""Forms about accounts, posts and areas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.accounts.queries import active_users, is_taken
from linli.accounts.rules import LONGEST_USER_NAME, USER_NAME, username_of
from linli.areas.choices import GRID_KINDS, Level, Role
from linli.areas.models import Area, Department
from linli.core import clock

NOBODY = gettext_lazy("nobody: the post is vacant")


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class UserForm(forms.Form):
    """A new account: name and user name; the password is made by Linli."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=LONGEST_USER_NAME,
        help_text=gettext_lazy("What the person types to sign in, for example li.wenjing."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )

    def clean_username(self) -> str:
        username: str = username_of(self.cleaned_data["username"])
        USER_NAME(username)
        if is_taken(username):
            raise forms.ValidationError(_("Somebody has this user name already. Add a digit or a part of the name."))
        return username


class PasswordForm(forms.Form):
    """One's own new password, with the present one."""

    current = forms.CharField(
        label=gettext_lazy("Present password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=gettext_lazy("New password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("New password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new"].help_text = " ".join(password_validators_help_texts())

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise forms.ValidationError(_("This is not your present password. Type it once more."))
        return current

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "new" in cleaned and cleaned.get("again") != cleaned["new"]:
            self.add_error("again", _("The two new passwords differ. Type the same one twice."))
        return cleaned


class PostFilterForm(forms.Form):
    """Which posts to list; what is wrongly filled in does not narrow the list."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), required=False, choices=[("", gettext_lazy("every role")), *Role.choices]
    )
    area = forms.CharField(label=gettext_lazy("Area (code)"), max_length=20, required=False)
    vacant = forms.BooleanField(label=gettext_lazy("Only vacant ones"), required=False)


class AreaCodeField(forms.CharField):
    """The code of an area that ``user`` sees; the clean value is the area."""

    def __init__(self, *, user: Any, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.user = user

    def clean(self, value: Any) -> Area:
        code = super().clean(value)
        area = Area.objects.visible_to(self.user).current().filter(code=code).first()
        if area is None:
            raise forms.ValidationError(_("No area in your reach has this code. Look it up in the list of areas."))
        return area


class AppointForm(forms.Form):
    """Who holds a post; nobody leaves it vacant."""

    holder = forms.ModelChoiceField(
        label=gettext_lazy("Held by"), queryset=active_users(), required=False, empty_label=NOBODY
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        holder = self.fields["holder"]
        holder.queryset = active_users()  # type: ignore[attr-defined]
        holder.label_from_instance = lambda user: f"{user.name} · {user.username}"  # type: ignore[attr-defined]


class PostForm(AppointForm):
    """A new post: role, area, and what the public board shows of it."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role.choices)
    department = forms.ModelChoiceField(
        label=gettext_lazy("Department"),
        queryset=Department.objects.none(),
        required=False,
        help_text=gettext_lazy("Only for a department officer"),
    )
    label = forms.CharField(label=gettext_lazy("Name of the post here"), max_length=40, required=False)
    duties = forms.CharField(label=gettext_lazy("Duties"), max_length=200, required=False)
    board_phone = forms.CharField(
        label=gettext_lazy("Phone on the public board"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("The phone of the post, shown to everybody; never somebody's own."),
    )
    on_board = forms.BooleanField(label=gettext_lazy("Show this post on the public board"), required=False)
    since = _day(label=gettext_lazy("Since"))

    field_order = ("role", "area", "department", "holder", "since", "label", "duties", "board_phone", "on_board")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"since": clock.today()})
        super().__init__(*args, **kwargs)
        self.fields["area"] = AreaCodeField(user=user, label=gettext_lazy("Area (code)"))
        self.fields["department"].queryset = Department.objects.all()  # type: ignore[attr-defined]
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("role") == Role.DEPARTMENT and cleaned.get("department") is None:
            self.add_error("department", _("A department officer needs a department. Choose one."))
        return cleaned


class EndPostForm(forms.Form):
    """The last day of a post."""

    until = _day(label=gettext_lazy("Last day"))


class AreaForm(forms.Form):
    """Name, supervision phone and least number of workers of an area."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    supervision_phone = forms.CharField(
        label=gettext_lazy("Supervision phone"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Where residents complain about the service. Areas below without one show it too."),
    )
    min_workers = forms.TypedChoiceField(
        label=gettext_lazy("Workers a grid must have"),
        choices=[("", gettext_lazy("as the area above says; one where nothing is said")), ("1", "1"), ("2", "2")],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("When a grid has fewer, the community and the street are told."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[(kind.value, kind.label) for kind in GRID_KINDS],
        required=False,
        help_text=gettext_lazy("The size that the grid is to have follows the kind."),
    )

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if area.level != Level.GRID:
            del self.fields["kind"]
