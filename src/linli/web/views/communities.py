"""Community profiles 社区概况: communities side by side, the profile of one, its print, and its forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.accounts.access import allowed
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import ancestors_of
from linli.assessment.places import community_rows
from linli.core import clock
from linli.core.geo import area_m2, from_geojson
from linli.core.paging import page_of
from linli.core.pdf import NotPrintable, render_pdf
from linli.core.widgets import percentage
from linli.housing.actions import (
    add_budget_line,
    add_honour,
    change_profile,
    mark_clear,
    remove_budget_line,
    remove_honour,
)
from linli.housing.choices import ListKind
from linli.housing.forms.profiles import BudgetForm, ClearForm, HonourForm, ProfileForm
from linli.housing.models import BudgetLine, Honour, ListItem
from linli.housing.queries.facilities import kind_shares
from linli.housing.queries.profiles import (
    ClearState,
    clear_mark,
    clears_of,
    communities_for,
    figures_of,
    ground_counts,
    honours_of,
    money_of,
    premises_of,
    profile_of,
)
from linli.housing.rules import may_keep, require_keeper
from linli.people.queries import household_counts, residents_count
from linli.web.form_pages import FormPage, form_page, removal, sent, submitted
from linli.web.links import link

TYPST = Path(__file__).resolve().parent.parent / "typst"
COMMUNITY_ROWS = 50
M2_IN_KM2 = 1_000_000


@allowed("areas.view")
def community_list(request: HttpRequest) -> HttpResponse:
    """Show the communities of the user's reach side by side, in the order of their codes."""
    user = request.user
    page = page_of(request, communities_for(user), COMMUNITY_ROWS)
    rows = community_rows(user, list(page.object_list))
    counts_people = any(households is not None for _line, households in rows)
    return render(request, "web/communities/list.html", {"page": page, "rows": rows, "counts_people": counts_people})


@allowed("areas.view")
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Show the profile of a community."""
    found, user = _community(request, code), request.user
    context = _told(user, found)
    context |= {
        "may_keep": may_keep(user, found),
        "chain": [area.name for area in ancestors_of(found)],
        "areas_url": link("map-areas", under=code),
        "points_url": link("facility-points", under=code),
        "facilities_url": link("facility-list", under=code),
        "grids_url": link("grid-list", under=code),
    }
    return render(request, "web/communities/community.html", context)


@allowed("areas.view")
def community_print(request: HttpRequest, code: str) -> HttpResponse:
    """Give the profile of a community as a PDF."""
    found = _community(request, code)
    watermark = [request.user.name, f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"]  # type: ignore[union-attr]
    try:
        content = render_pdf(TYPST / "community.typ", _paper(_told(request.user, found)), watermark=watermark)
    except NotPrintable as refusal:
        messages.error(request, refusal.message)
        return redirect("community", code)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="community-{found.code}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@allowed("housing.edit")
def community_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what a community tells about itself."""
    found = _kept(request, code)
    form = ProfileForm(submitted(request), profile=profile_of(found))
    return _deed(
        request,
        found,
        form,
        (_("Change the profile"), _("Change it")),
        lambda by: change_profile(found, form.values(), by=by),
    )


@allowed("housing.edit")
def community_money(request: HttpRequest, code: str) -> HttpResponse:
    """Add a line of money."""
    found = _kept(request, code)
    form = BudgetForm(submitted(request))

    def add(by: Any) -> None:
        told = form.cleaned_data
        add_budget_line(found, told["year"], told["kind"], told["purpose"], told["amount"], by=by)

    return _deed(request, found, form, (_("Add a line of money"), _("Add it")), add)


@allowed("housing.edit")
def community_money_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Remove a line of money."""
    found = _kept(request, code)
    line = get_object_or_404(BudgetLine, community=found, pk=pk)
    page = _page(found, _("Remove this line?"), _("Remove it"), text=f"{line.year} · {line.purpose}", danger=True)
    return removal(request, page, lambda: remove_budget_line(line, by=request.user), page.back)


@allowed("housing.edit")
def community_honour(request: HttpRequest, code: str) -> HttpResponse:
    """Add an honour."""
    found = _kept(request, code)
    form = HonourForm(submitted(request))

    def add(by: Any) -> None:
        told = form.cleaned_data
        add_honour(found, told["year"], told["name"], told["given_by"], by=by)

    return _deed(request, found, form, (_("Add an honour"), _("Add it")), add)


@allowed("housing.edit")
def community_honour_remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Remove an honour."""
    found = _kept(request, code)
    honour = get_object_or_404(Honour, community=found, pk=pk)
    page = _page(found, _("Remove this honour?"), _("Remove it"), text=f"{honour.year} · {honour.name}", danger=True)
    return removal(request, page, lambda: remove_honour(honour, by=request.user), page.back)


@allowed("housing.edit")
def community_clear(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """Note how far one of the six clears is, where no ledger knows it."""
    found = _kept(request, code)
    row = get_object_or_404(ListItem, kind=ListKind.SIX_CLEARS, code=item, is_active=True)
    mark = clear_mark(found, row)
    form = ClearForm(submitted(request), initial={"percent": mark.percent if mark else None})

    def note(by: Any) -> None:
        mark_clear(found, row, form.cleaned_data["percent"], by=by)

    return _deed(request, found, form, (row.label, _("Note it down")), note)


def _deed(request: HttpRequest, found: Area, form: Any, words: tuple[str, str], action: Any) -> HttpResponse:
    if sent(request, form, lambda: action(request.user)):
        messages.success(request, _("It is written down."))
        return redirect("community", found.code)
    return form_page(request, form, _page(found, *words))


def _told(user: Any, found: Area) -> dict[str, Any]:
    profile = profile_of(found)
    households = household_counts([found.path])[found.path] if user.has_perm("people.count", found) else 0
    return {
        "community": found,
        "profile": profile,
        "km2": area_m2(from_geojson(found.geometry)) / M2_IN_KM2 if found.geometry else None,
        "bounds": found.bounds,
        "ground": ground_counts(found),
        "figures": figures_of(user, found),
        "clears": clears_of(found),
        "premises": premises_of(profile, households),
        "shares": kind_shares(found, residents_count(user, found)),
        "money": money_of(found),
        "honours": honours_of(found),
    }


def _paper(told: dict[str, Any]) -> dict[str, Any]:
    profile, ground, premises = told["profile"], told["ground"], told["premises"]
    facts = [
        [
            _("Size on the ground"),
            _("%(size)s km²") % {"size": f"{told['km2']:.2f}"} if told["km2"] is not None else "—",
        ],
        [_("Grids"), str(ground["grids"])],
        [_("Buildings"), str(ground["buildings"])],
        [_("Homes"), str(ground["dwellings"])],
        *([label, str(count)] for label, count in told["figures"]),
        [_("Facilities"), str(ground["facilities"])],
        [_("Premises in m²"), str(premises.m2) if premises.m2 is not None else "—"],
    ]
    texts = [[_("About the community"), profile.about], [profile.project_name, profile.project_text]] if profile else []
    money = [
        [str(year.year), line.get_kind_display(), line.purpose, f"{line.amount:,.2f}", f"{left:,.2f}"]
        for year in told["money"]
        for line, left in year.running
    ]
    return {
        "title": told["community"].name,
        "tag": f"{_('Community profile')} · {told['community'].code}",
        "day": clock.today().isoformat(),
        "facts": facts,
        "texts": [row for row in texts if any(row)],
        "clears_title": _("Six clears"),
        "clears": [[state.item.label, _in_words(state), _known_from(state)] for state in told["clears"]],
        "shares_title": _("Facilities for 1,000 residents"),
        "shares": [
            [share.item.label, str(share.count), _number(share.for_thousand), _number(share.item.value)]
            for share in told["shares"]
        ],
        "share_heads": [_("Kind"), _("There are"), _("For 1,000 residents"), _("Asked for")],
        "money_title": _("Money"),
        "money_heads": [_("Year"), _("Planned or spent"), _("What for"), _("Yuan"), _("Left")],
        "money": money,
        "honours_title": _("Honours"),
        "honours": [[str(row.year), row.name, row.given_by] for row in told["honours"]],
    }


def _in_words(state: ClearState) -> str:
    if state.denominator is not None:
        return f"{percentage(state.numerator or 0, state.denominator)} · {state.numerator} / {state.denominator}"
    return f"{state.percent}%" if state.percent is not None else "—"


def _known_from(state: ClearState) -> str:
    """Return of what a share is one, in words, with those who prefer not to say."""
    if state.denominator is None:
        return state.mark.on.isoformat() if state.mark else "—"
    declined = ngettext(
        "%(counter)s prefers not to say and is not counted",
        "%(counter)s prefer not to say and are not counted",
        state.declined,
    )
    return "\n".join([state.asked_of, *([declined % {"counter": state.declined}] if state.declined else [])])


def _number(value: Any) -> str:
    return f"{float(value):g}" if value is not None else "—"


def _page(found: Area, title: str, button: str, **values: Any) -> FormPage:
    own = reverse("community", args=[found.code])
    crumbs = [(_("Communities"), reverse("community-list")), (found.name, own)]
    return FormPage(title, button, own, crumbs, **values)


def _community(request: HttpRequest, code: str) -> Area:
    """Return a community of the user's reach, or that of a grid in reach."""
    return get_object_or_404(communities_for(request.user), code=code)


def _kept(request: HttpRequest, code: str) -> Area:
    """Return a community that lies in the user's reach as a whole, and whose records the user keeps."""
    found = get_object_or_404(Area.objects.visible_to(request.user).current(), code=code, level=Level.COMMUNITY)
    require_keeper(request.user, found)
    return found
