"""Pages that hold one form, and pages that ask once more before something is removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linli.core.sheets.safety import WorkbookRefused
from linli.housing.forms.base import ActionForm, ConfirmForm
from linli.housing.rules import NotPossible

F = TypeVar("F", bound=forms.Form)
Done = TypeVar("Done")


@dataclass(frozen=True)
class FormPage:
    """A page around one form. ``crumbs`` are pairs of label and address; the first is the list, ``back`` leads out.

    ``map_url`` shows a map on which a tap fills the fields longitude and latitude; ``picture`` is the
    address of what is asked about. ``outline`` names a field into which the corners of a polygon can be tapped.
    """

    title: str
    button: str
    back: str
    crumbs: Sequence[tuple[str, str]]
    text: str = ""
    danger: bool = False
    map_url: str = ""
    marker: str = ""
    picture: str = ""
    outline: str = ""
    # False: no field says that it may be left out. Else those say so that are not required.
    may_be_empty: bool | None = None
    # Shapes that the map shows beside the areas.
    shapes_url: str = ""


def sent(request: HttpRequest, form: ActionForm, action: Callable[[], Any]) -> bool:
    """Tell whether a form was sent and its action done; what the action refuses stands in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        action()
    except ValidationError as problem:
        form.add_action_error(problem)
    except NotPossible as problem:
        form.add_error(None, problem.message)
    else:
        return True
    return False


def form_page(
    request: HttpRequest, form: Any, page: FormPage, template: str = "web/form.html", **more: Any
) -> HttpResponse:
    """Show a form with what was typed into it, and whatever more its template shows."""
    return render(request, template, {"form": form, "page": page, **more}, status=422 if form.errors else 200)


def removal(request: HttpRequest, page: FormPage, action: Callable[[], None], target: str) -> HttpResponse:
    """Ask before something is removed (GET), then remove it (POST), or say why it can't be."""
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if sent(request, form, action):
        messages.success(request, _("Removed."))
        return redirect(target)
    return form_page(request, form, page)


def upload_form(request: HttpRequest, kind: Callable[..., F]) -> F:
    """Return a form that takes a file, with what was sent; it is told who sends it, and if that was too much."""
    files = request.FILES if request.method == "POST" else None
    return kind(submitted(request), files, user=request.user, request=request)


def taken_in(form: forms.Form, keep: Callable[[bytes, str], Done], *, refused: str = "file") -> Done | None:
    """Keep the file of a form; None for a form that is empty, wrong or refused, with the reason beside its field.

    Args:
        keep: given the content and the name of the file.
        refused: the field at which stands what the action does not allow.
    """
    if not form.is_valid():
        return None
    file = form.cleaned_data["file"]
    try:
        return keep(file.read(), file.name)
    except WorkbookRefused as refusal:
        form.add_error("file", str(refusal.message))
    except ValidationError as refusal:
        form.add_error(refused, refusal.messages)
    return None


def submitted(request: HttpRequest) -> Any:
    """Return what was sent, None for a page that is only opened."""
    return request.POST if request.method == "POST" else None
