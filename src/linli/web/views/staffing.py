"""Who is missing, and the public boards on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import Board, boards_of, shortages_for, supervision_phone_of, vacant_posts
from linli.areas.rules import COVER
from linli.core import widgets
from linli.core.paging import page_of
from linli.core.qr import qr_code
from linli.housing.queries import compound_names
from linli.staff.queries import board_portraits

SHEETS = ("poster", "sheet")
MOST_BOARDS = 60
MOST_SHORT = 100


@allowed(COVER)
def vacancy_list(request: HttpRequest) -> HttpResponse:
    """List the posts that nobody holds and the grids with too few workers, and since when."""
    short = shortages_for(request.user)
    context = {
        "page": page_of(request, vacant_posts(request.user)),
        "shortages": short[:MOST_SHORT],
        "more": max(0, len(short) - MOST_SHORT),
        "may_edit": request.user.has_perm("posts.edit"),
    }
    return render(request, "web/staffing/vacancies.html", context)


@dataclass(frozen=True)
class PrintedBoard:
    """A board on paper, with the way to its page."""

    grid: Area
    community: Area | None
    board: Board | None
    qr: SafeString
    photo_url: str = ""
    compounds: list[str] = field(default_factory=list)


@allowed("areas.view")
def board_sheets(request: HttpRequest) -> HttpResponse:
    """Print the boards of a grid or of a whole community: a page for each grid, or one sheet."""
    choice, code = request.GET.get("as", "poster"), request.GET.get("under", "")
    places = Area.objects.visible_to(request.user).current().defer("geometry", "bounds")
    if not code:
        communities = page_of(request, places.filter(level=Level.COMMUNITY).order_by("code"))
        # Whoever serves in a grid alone prints that one.
        grids = [] if communities.object_list else places.filter(level=Level.GRID).order_by("code")[:MOST_BOARDS]
        return render(request, "web/staffing/board_choice.html", {"page": communities, "grids": grids})
    if choice not in SHEETS:
        raise Http404
    place = get_object_or_404(places.filter(level__in=(Level.COMMUNITY, Level.GRID)), code=code)
    grids = places.under(place).filter(level=Level.GRID).select_related("parent").order_by("code")[:MOST_BOARDS]
    labels = {"poster": _("A page for each grid"), "sheet": _("One sheet")}
    context = {
        "place": place,
        "place_qr": _qr(request, place),
        "supervision_phone": supervision_phone_of(place),
        "boards": _printed(request, grids),
        "sheet": choice,
        "sheets": [widgets.Choice(labels[name], f"?under={code}&as={name}", current=name == choice) for name in SHEETS],
    }
    return render(request, "web/staffing/boards.html", context)


def _printed(request: HttpRequest, grids: Iterable[Area]) -> list[PrintedBoard]:
    wanted = list(grids)
    boards, compounds = boards_of(wanted), compound_names(wanted)
    shown = board_portraits([board.post for board in boards.values()])
    return [
        PrintedBoard(
            grid,
            grid.parent,
            board := boards.get(grid.pk),
            _qr(request, grid),
            reverse("board-photo", args=[grid.code, board.post]) if board and board.post in shown else "",
            compounds.get(grid.pk, []),
        )
        for grid in wanted
    ]


def _qr(request: HttpRequest, place: Area) -> SafeString:
    name = "board" if place.level == Level.GRID else "community-board"
    label = _("The board of %(place)s as a QR code") % {"place": place.name}
    return qr_code(request.build_absolute_uri(reverse(name, args=[place.code])), label)
