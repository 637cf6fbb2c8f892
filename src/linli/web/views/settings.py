"""One's own settings: the password, and how pages are shown."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from linli.accounts.access import SIGNED_IN, allowed
from linli.accounts.actions import set_password
from linli.web.forms.staff import PasswordForm


@sensitive_post_parameters()
@allowed(SIGNED_IN)
def settings(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this device stays signed in, others are signed out."""
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        own = set_password(request.user, form.cleaned_data["new"], by=request.user)
        update_session_auth_hash(request, own)
        messages.success(request, _("Your new password counts from now on. Other devices are signed out."))
        return redirect("settings")
    return render(request, "web/settings/settings.html", {"form": form})
