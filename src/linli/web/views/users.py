"""Accounts: who may sign in. What they may do follows from their posts."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.accounts.actions import create_user, set_active, set_password
from linli.accounts.models import User
from linli.accounts.queries import users_for
from linli.areas.queries import current_posts
from linli.core.paging import page_of
from linli.web.forms.staff import UserForm

# Without characters that are taken for one another when read aloud or copied by hand.
LEGIBLE_CHARACTERS = "abcdefghjkmnpqrstuvwxyz23456789"
FIRST_LENGTH = 14
LONGEST_WORDS = 60


@allowed("accounts.manage")
def user_list(request: HttpRequest) -> HttpResponse:
    """List accounts with their posts; ``q`` looks in names and user names."""
    words = request.GET.get("q", "").strip()[:LONGEST_WORDS]
    rows = users_for(request.user)  # type: ignore[arg-type]
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(username__icontains=words))
    held = current_posts()
    page = page_of(request, rows.prefetch_related(Prefetch("posts", queryset=held, to_attr="held")))
    return render(request, "web/users/list.html", {"page": page, "words": words})


@never_cache
@allowed("accounts.manage")
def user_new(request: HttpRequest) -> HttpResponse:
    """Create an account and show its first password, this once."""
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        password = _first_password()
        made = create_user(form.cleaned_data["username"], form.cleaned_data["name"], password, by=request.user)
        return render(request, "web/users/password.html", {"account": made, "password": password, "made": True})
    return render(request, "web/users/new.html", {"form": form})


@never_cache
@allowed("accounts.manage")
def user_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then give an account a new password and show it, this once."""
    account = _account(request, pk)
    if request.method != "POST":
        return render(request, "web/users/new_password.html", {"account": account})
    password = _first_password()
    set_password(account, password, by=request.user)
    return render(request, "web/users/password.html", {"account": account, "password": password})


@require_POST
@allowed("accounts.manage")
def user_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody sign in, or no longer; nobody can shut themselves out."""
    account = _account(request, pk)
    active = request.POST.get("active") == "1"
    if account.pk == request.user.pk and not active:
        messages.error(request, _("You can't close your own account. Ask another administrator."))
        return redirect("user-list")
    set_active(account, active, by=request.user)
    text = _("%(name)s may sign in again.") if active else _("%(name)s can't sign in any more.")
    messages.success(request, text % {"name": account.name})
    return redirect("user-list")


def _account(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(users_for(request.user), pk=pk)  # type: ignore[arg-type]


def _first_password() -> str:
    return get_random_string(FIRST_LENGTH, LEGIBLE_CHARACTERS)
