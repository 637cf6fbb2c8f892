"""Selects are drawn without templates, and say exactly what Django's templates say."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils.translation import gettext_lazy

from linli.core.rendering import FormRenderer

CHOICES: list[tuple[Any, Any]] = [
    ("", "----"),
    (1, "<b>一</b>"),
    ('"2"', gettext_lazy("Cases")),
    ("组", [("a", "甲"), ("b", "乙 & 丙")]),
]


class Chooser(forms.Form):
    one = forms.ChoiceField(choices=CHOICES, required=False)
    many = forms.MultipleChoiceField(choices=CHOICES, required=False)
    off = forms.ChoiceField(
        choices=CHOICES, disabled=True, widget=forms.Select(attrs={"class": 'a"b', "hidden": False})
    )
    words = forms.CharField(widget=forms.Textarea)


@pytest.mark.parametrize("data", [None, {}, {"one": "1", "many": ["a", "b"]}, {"one": '"2"', "many": ["<x>"]}])
@pytest.mark.parametrize("name", ["one", "many", "off", "words"])
def test_a_field_is_drawn_as_django_draws_it(name: str, data: dict[str, Any] | None) -> None:
    ours = Chooser(data, renderer=FormRenderer())[name]
    theirs = Chooser(data, renderer=DjangoTemplates())[name]
    assert parse_html(str(ours)) == parse_html(str(theirs))


def test_every_form_is_drawn_by_it() -> None:
    assert isinstance(Chooser().renderer, FormRenderer)
