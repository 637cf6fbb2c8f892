"""Writing units from forms, the same on desktop and phone: what the action refuses stands beside its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from linli.units.actions import add_unit, change_unit, move_unit
from linli.units.forms import ChangeUnitForm, NewUnitForm, PlaceForm
from linli.units.models import Unit
from linli.units.rules import NotPossible

Done = TypeVar("Done")


def added(form: NewUnitForm, *, by: Any) -> Unit | None:
    """Write down the unit of a form; None for a form that is empty, wrong or refused."""
    return done(form, lambda: add_unit(form.facts(), form.where(), by=by))


def changed(form: ChangeUnitForm, unit: Unit, *, by: Any) -> Unit | None:
    """Change a unit to what a form says; None for a form that is empty, wrong or refused."""
    return done(form, lambda: change_unit(unit, form.facts(unit), by=by))


def moved(form: PlaceForm, unit: Unit, *, by: Any) -> Unit | None:
    """Put a unit to the place of a form; None for a form that is empty, wrong or refused."""
    return done(form, lambda: move_unit(unit, form.where(), by=by))


def done(form: forms.Form, action: Callable[[], Done], *, about: str | None = None) -> Done | None:
    """Do what a form was filled in for; ``about`` names the field at which stands why it is not possible now."""
    if not form.is_valid():
        return None
    try:
        return action()
    except ValidationError as problem:
        for name, words in problem.message_dict.items():
            form.add_error(name if name in form.fields else None, words)
    except NotPossible as problem:
        form.add_error(about, problem.message)
    return None
