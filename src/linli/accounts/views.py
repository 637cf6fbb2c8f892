"""Sign-in, sign-out, language and display."""

from __future__ import annotations

from typing import Any

from axes.decorators import axes_dispatch
from django.conf import settings
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from linli.accounts import ratelimit
from linli.accounts.forms import SignInForm
from linli.core.requests import client_address
from linli.journal import actions as journal

YEAR = 365 * 24 * 3600
THEMES = ("auto", "light", "dark")
SIZES = ("normal", "large")


@method_decorator(axes_dispatch, name="dispatch")
class SignIn(auth_views.LoginView):
    """The sign-in page; too many wrong passwords close it for a quarter of an hour."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seconds = ratelimit.check("sign_in", client_address(request))
        if seconds:
            return _closed(request, "accounts/too_often.html", seconds)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        with journal.acting_from(client_address(self.request)):
            journal.record(form.get_user(), "accounts.sign_in", form.get_user())
        return super().form_valid(form)


class SignOut(auth_views.LogoutView):
    """Ends the session (POST only)."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.user.is_authenticated:
            with journal.acting_from(client_address(request)):
                journal.record(request.user, "accounts.sign_out", request.user)
        return super().post(request, *args, **kwargs)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Say that the page is closed for a while, and what to do meanwhile."""
    return _closed(request, "accounts/locked_out.html", int(settings.AXES_COOLOFF_TIME * 3600))


def _closed(request: HttpRequest, template: str, seconds: int) -> HttpResponse:
    response = render(request, template, status=429)
    response["Retry-After"] = str(seconds)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language that the visitor chose."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in {code for code, _name in settings.LANGUAGES}:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, YEAR, samesite="Lax", secure=settings.LINLI_SECURE)
    return response


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Remember light or dark, normal or large type."""
    response = _back(request)
    for name, values in (("theme", THEMES), ("size", SIZES)):
        value = request.POST.get(name, "")
        if value in values:
            response.set_cookie(f"linli_{name}", value, YEAR, samesite="Lax", secure=settings.LINLI_SECURE)
    return response


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else "/")
