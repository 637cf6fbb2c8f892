"""What the surfaces ask for the quarterly review."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REMARK = 200


class SignForm(forms.Form):
    """A short remark beside the signature."""

    remark = forms.CharField(
        label=_("Remark"),
        required=False,
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
