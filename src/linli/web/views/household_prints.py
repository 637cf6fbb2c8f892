"""Paper: the file of a household with a watermark, and the service codes of a grid instead of names 编码服务."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from linli.accounts.access import allowed
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.core import clock
from linli.core.paging import page_of
from linli.core.paths import within
from linli.core.pdf import NotPrintable, render_pdf
from linli.people.actions import print_codes, print_household
from linli.people.choices import Withheld
from linli.people.models import Household
from linli.people.queries import HouseholdFile, HouseholdFilters, Member, households_for
from linli.web.household_sections import Section, sections_of
from linli.web.links import link
from linli.web.views.households import file_or_404

TYPST = Path(__file__).resolve().parent.parent / "typst"
# A grid of the largest size fits; more would be an export, which two people have to approve.
MOST_PRINTED = 1000


@never_cache
@allowed("people.view")
def household_print(request: HttpRequest, number: str) -> HttpResponse:
    """Give the file of a household as a PDF; numbers stay hidden, and the printing is journalled."""
    file = file_or_404(request.user, number, request.GET.get("day", ""))
    try:
        data = _file_data(file, sections_of(request.user, file))
        content = render_pdf(TYPST / "household.typ", data, watermark=watermark_of(request.user))
    except NotPrintable as refusal:
        messages.error(request, refusal.message)
        return redirect("household", number)
    print_household(file.household, by=request.user, day=file.day)
    return pdf_answer(content, f"{file.household.number}.pdf")


@never_cache
@allowed("people.edit")
def household_codes(request: HttpRequest) -> HttpResponse:
    """List the households of a grid by their service codes."""
    grids, grid = _grid(request)
    rows = households_for(request.user, HouseholdFilters(under=grid.code if grid else ""))
    context = {"grids": grids, "grid": grid, "page": page_of(request, rows if grid else rows.none())}
    return render(request, "web/households/codes.html", context)


@never_cache
@allowed("people.edit")
def household_codes_print(request: HttpRequest) -> HttpResponse:
    """Give the service codes of a grid as a PDF that names nobody and no room."""
    _grids, grid = _grid(request)
    if grid is None:
        raise Http404
    rows = list(households_for(request.user, HouseholdFilters(under=grid.code))[:MOST_PRINTED])
    place = f"{grid.parent.name} {grid.name}" if grid.parent else grid.name
    data = {
        "title": _("Service codes · %(place)s") % {"place": place},
        "day": clock.today().isoformat(),
        "note": _("A code stands for a household; the file of the code says who that is."),
        "heads": [_("Service code"), _("Building and entrance"), _("Residents"), _("Note")],
        "rows": [[row.number, _door(row), str(len(_members_of(row))), ""] for row in rows],
    }
    try:
        content = render_pdf(TYPST / "codes.typ", data, watermark=watermark_of(request.user))
    except NotPrintable as refusal:
        messages.error(request, refusal.message)
        return redirect(link("household-codes", under=grid.code))
    print_codes(grid, len(rows), by=request.user)
    return pdf_answer(content, f"codes-{grid.code}.pdf")


def _grid(request: HttpRequest) -> tuple[list[Area], Area | None]:
    """Return the grids to choose from and the chosen one: the one of the address, else the only or first one."""
    reach = within(scope_paths(request.user, "people.edit"))
    grids = list(
        Area.objects.current()
        .filter(reach, level=Level.GRID)
        .select_related("parent")
        .order_by("code")
        .defer("geometry")
    )
    wanted = request.GET.get("under", "")
    if wanted:
        chosen = next((grid for grid in grids if grid.code == wanted), None)
        if chosen is None:
            raise Http404
        return grids, chosen
    return grids, grids[0] if grids else None


def _door(household: Household) -> str:
    dwelling = household.dwelling
    entrance = _("entrance %(number)s") % {"number": dwelling.entrance} if dwelling.entrance else ""
    return f"{dwelling.building.address} {entrance}".strip()


def _members_of(household: Household) -> list[Any]:
    members: list[Any] = household.members  # type: ignore[attr-defined]
    return members


def _file_data(file: HouseholdFile, sections: list[Section]) -> dict[str, Any]:
    place = file.building.grid or file.building.community
    living = ngettext("%(count)s person", "%(count)s people", file.living_here) % {"count": file.living_here}
    return {
        "title": file.dwelling.address,
        "tag": _("Household file"),
        "day": _("as of %(day)s") % {"day": file.day.isoformat()},
        "facts": [
            [_("Head of household"), file.head.person.name if file.head else "—"],
            [_("Living here"), living],
            [_("Home"), str(file.dwelling.get_occupancy_display())],
            [_("Grid"), place.name],
            [_("Service code"), file.household.number],
        ],
        "people_title": _("Who lives here"),
        "heads": [
            _("Name"),
            _("To the head"),
            _("Born"),
            _("ID number"),
            _("Phone"),
            _("Registered and living"),
        ],
        "people": [_row(member) for member in file.members],
        "more_title": _("More about them"),
        "more": [line for member in file.members for line in _more(member)],
        "sections": [{"title": section.title, "rows": section.rows} for section in sections],
        "history_title": _("What changed"),
        "history": [[_day(line.at), line.text] for line in file.history],
    }


def _day(at: Any) -> str:
    return (clock.local(at).date() if hasattr(at, "hour") else at).isoformat()


def _row(member: Member) -> list[str]:
    person, row = member.person, member.residence
    born = person.birth_date.strftime("%Y-%m") if person.birth_date else ""
    return [
        person.name,
        row.relation_label,
        _said(member, Withheld.BIRTH_DATE, born),
        _said(member, Withheld.ID_NUMBER, member.id_number),
        _said(member, Withheld.PHONE, member.phone),
        f"{member.standing.label}\n{row.registration_label} · {row.presence_label}",
    ]


def _more(member: Member) -> list[list[str]]:
    person, beside = member.person, member.particulars
    contact = " ".join(
        part for part in (beside.emergency_name, beside.emergency_relation, member.emergency_phone) if part
    )
    lines = (
        (Withheld.REGISTERED_ADDRESS, _("Registered address"), person.registered_address),
        (Withheld.EMPLOYER, _("Place of work"), person.employer),
        (Withheld.EMERGENCY_CONTACT, _("Emergency contact"), contact),
        (Withheld.SKILLS, _("Skills offered"), beside.skills),
    )
    told = [[person.name, label, _said(member, name, value)] for name, label, value in lines]
    return [line for line in told if line[2] != "—"]


def _said(member: Member, name: str, value: str) -> str:
    return _("prefers not to say") if name in member.declined else value or "—"


def watermark_of(user: Any) -> list[str]:
    """Return who prints and when, as it stands across every page."""
    return [f"{user.name} {user.username}", f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"]


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF that the browser shows."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
