"""The staff register: one's own page, the register of the people in reach, and the pledge."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import SIGNED_IN, allowed
from linli.areas.actions import show_name
from linli.areas.queries import absences_of, pair_letters
from linli.areas.rules import COVER
from linli.areas.scope import covered_by, posts_held_by, stand_ins_known_to
from linli.core.paging import page_of
from linli.files.queries import readable_photo
from linli.staff.actions import accept_pledge, add_record, change_record, hide_portrait, remove_record, show_portrait
from linli.staff.choices import RecordKind
from linli.staff.forms import PledgeForm, PortraitForm, RecordForm
from linli.staff.models import Record
from linli.staff.queries import member_rows, members_for, name_asked, pledge_of, portrait_of, records_of
from linli.staff.text import pledge_text
from linli.web.views.absences import rows_of

MOST_ABSENCES = 5


@allowed(SIGNED_IN)
def my_post(request: HttpRequest) -> HttpResponse:
    """Show one's own posts, absences, photo, pledge and lines of the register."""
    return render(request, "web/staff/mine.html", _mine(request, PortraitForm()))


def _mine(request: HttpRequest, form: PortraitForm) -> dict[str, Any]:
    user: Any = request.user
    held = posts_held_by(user)
    letters = pair_letters({post.area_id for post in held})
    away = stand_ins_known_to(user)
    return {
        "posts": [(post, letters.get(post.pk, ""), away.get(post.pk)) for post in held],
        "covering": covered_by(user),
        "absences": rows_of(user, absences_of(user)[:MOST_ABSENCES]),
        "kinds": _by_kind(records_of(user, user)),
        "pledge": pledge_of(user),
        "portrait": portrait_of(user),
        "form": form,
    }


def _by_kind(records: Any) -> list[tuple[RecordKind, list[Record]]]:
    """Return every kind with its lines, also the kinds without any."""
    found = list(records)
    return [(kind, [record for record in found if record.kind == kind]) for kind in RecordKind]


@allowed(SIGNED_IN)
def my_record(request: HttpRequest) -> HttpResponse:
    """Write a line about oneself (``?kind=``), or put one right (``?record=``)."""
    record = _own_record(request, request.GET.get("record", ""))
    kind = record.kind if record else request.GET.get("kind", RecordKind.TRAINING)
    if kind not in RecordKind.values:
        raise Http404
    initial = {name: getattr(record, name) for name in ("title", "level", "grade", "day", "hours")} if record else None
    form = RecordForm(request.POST or None, kind=kind, initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _written(form, record, request.user):
            messages.success(request, _("Written into the register."))
            return redirect("my-post")
        status = 422
    context = {"form": form, "record": record, "label": RecordKind(kind).label}
    return render(request, "web/staff/record.html", context, status=status)


def _written(form: RecordForm, record: Record | None, by: Any) -> bool:
    try:
        if record is None:
            add_record(form.new_record(), by=by)
        else:
            change_record(record, form.new_record(), by=by)
    except ValidationError as refused:
        form.add_action_error(refused)
        return False
    return True


@require_POST
@allowed(SIGNED_IN)
def my_record_remove(request: HttpRequest) -> HttpResponse:
    """Take one's own line out of the register."""
    record = _own_record(request, request.POST.get("record", ""))
    if record is not None:
        remove_record(record, by=request.user)
        messages.success(request, _("Taken out of the register."))
    return redirect("my-post")


def _own_record(request: HttpRequest, key: str) -> Record | None:
    if not key:
        return None
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(records_of(request.user, request.user), pk=key)


@require_POST
@allowed(SIGNED_IN)
def my_name(request: HttpRequest) -> HttpResponse:
    """Let one's own name stand on the public board beside a post, or take it down."""
    asked, user = request.POST.get("post", ""), request.user
    post = next((held for held in posts_held_by(user) if str(held.pk) == asked), None)
    if post is None:
        return redirect("my-post")
    shown = "hide" not in request.POST
    show_name(post, shown=shown, by=user)
    messages.success(request, _("Your name stands on the board.") if shown else _("Your name is off the board."))
    return redirect("my-post")


@never_cache
@allowed(SIGNED_IN)
def my_photo(request: HttpRequest) -> HttpResponse:
    """Show one's own photo for the board; by POST give one, or take the consent back."""
    if request.method == "POST":
        return _photo_given(request)
    portrait = portrait_of(request.user)
    content = readable_photo(portrait.upload) if portrait else None
    if content is None:
        return redirect("my-post")
    return HttpResponse(content, content_type="image/jpeg")


def _photo_given(request: HttpRequest) -> HttpResponse:
    if "hide" in request.POST:
        hide_portrait(by=request.user)
        messages.success(request, _("Your photo is gone from the board and from here."))
        return redirect("my-post")
    form = PortraitForm(request.POST, request.FILES, request=request)
    if not form.is_valid():
        return render(request, "web/staff/mine.html", _mine(request, form), status=422)
    show_portrait(form.cleaned_data["photo"][0], by=request.user)
    messages.success(request, _("Thank you. The photo stands on the board as soon as it has been prepared."))
    return redirect("my-post")


@allowed(COVER)
def member_list(request: HttpRequest) -> HttpResponse:
    """List the people who hold posts in reach, with what the register says in short."""
    words = name_asked(request.GET)
    page = page_of(request, members_for(request.user, words))
    return render(request, "web/staff/list.html", {"page": page, "rows": member_rows(page.object_list), "words": words})


@allowed(COVER)
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what one person has written into the register."""
    if pk >= 2**63:
        raise Http404
    person = get_object_or_404(members_for(request.user), pk=pk)
    context = {"row": member_rows([person])[0], "kinds": _by_kind(records_of(request.user, person))}
    return render(request, "web/staff/member.html", context)


@allowed(SIGNED_IN)
def pledge(request: HttpRequest) -> HttpResponse:
    """Show the pledge of confidentiality; accepting it leads on to where the person wanted to go."""
    text = pledge_text()
    target = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    form = PledgeForm(request.POST or None, initial={"version": text.version})
    status = 200
    if request.method == "POST":
        if form.is_valid() and _accepted(form, request.user):
            return redirect(target if safe else "workbench")
        status = 422
    context = {"form": form, "text": text, "next": target if safe else "", "accepted": pledge_of(request.user)}
    return render(request, "web/staff/pledge.html", context, status=status)


def _accepted(form: PledgeForm, by: Any) -> bool:
    try:
        accept_pledge(version=form.cleaned_data["version"], by=by)
    except ValidationError as refused:
        form.add_error(None, refused)
        return False
    return True
