"""Who is missing, and the public boards on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.accounts.access import SIGNED_IN, allowed
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import Board, board_of, community_of, shortages_for, vacant_posts
from linli.core import widgets
from linli.core.paging import page_of
from linli.core.qr import qr_code
from linli.inbox.actions import mark_read
from linli.staff.queries import board_portraits

SHEETS = ("poster", "sheet", "cards")
PAPERS = ("a4", "a3")
MOST_BOARDS = 60
POSTS = "posts."


@allowed("posts.view")
def vacancy_list(request: HttpRequest) -> HttpResponse:
    """List the posts that nobody holds and the grids with too few workers, and since when."""
    context = {
        "page": page_of(request, vacant_posts(request.user)),
        "shortages": shortages_for(request.user),
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
    photo_url: str


@allowed("areas.view")
def board_sheets(request: HttpRequest) -> HttpResponse:
    """Print the boards of a grid or of a whole community: posters, one sheet, or cards to hand out."""
    user = request.user
    choice = request.GET.get("as", "poster")
    paper = request.GET.get("paper", "a4")
    code = request.GET.get("under", "")
    places = Area.objects.visible_to(user).current().defer("geometry", "bounds")
    communities = places.filter(level=Level.COMMUNITY).order_by("code")
    if not code:
        return render(request, "web/staffing/board_choice.html", {"page": page_of(request, communities)})
    if choice not in SHEETS or paper not in PAPERS:
        raise Http404
    place = get_object_or_404(places.filter(level__in=(Level.COMMUNITY, Level.GRID)), code=code)
    grids = places.under(place).filter(level=Level.GRID).order_by("code")[:MOST_BOARDS]
    context = {
        "place": place,
        "boards": [_printed(request, grid) for grid in grids],
        "sheet": choice,
        "paper": paper,
        "sheets": _choices(code, choice, paper),
        "papers": _papers(code, choice, paper),
    }
    return render(request, "web/staffing/boards.html", context)


def _choices(code: str, chosen: str, paper: str) -> list[widgets.Choice]:
    labels = {"poster": _("Posters"), "sheet": _("One sheet"), "cards": _("Cards")}
    return [
        widgets.Choice(labels[name], f"?under={code}&as={name}&paper={paper}", current=name == chosen)
        for name in SHEETS
    ]


def _papers(code: str, chosen: str, paper: str) -> list[widgets.Choice]:
    return [
        widgets.Choice(name.upper(), f"?under={code}&as={chosen}&paper={name}", current=name == paper)
        for name in PAPERS
    ]


def _printed(request: HttpRequest, grid: Area) -> PrintedBoard:
    board = board_of(grid)
    address = request.build_absolute_uri(reverse("board", args=[grid.code]))
    shown = board is not None and bool(board_portraits([board.post]))
    photo = reverse("board-photo", args=[grid.code, board.post]) if board is not None and shown else ""
    label = _("The board of %(grid)s as a QR code") % {"grid": grid.name}
    return PrintedBoard(grid, community_of(grid), board, qr_code(address, label), photo)


@require_POST
@allowed(SIGNED_IN)
def messages_read(request: HttpRequest) -> HttpResponse:
    """Put away what was told about posts."""
    user: Any = request.user
    mark_read(user, POSTS)
    return redirect("workbench")
