"""The public board of a grid: who serves it, and how to reach them. Names and photos by consent alone."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.queries import accountable_post
from linli.housing.queries import buildings_in
from linli.housing.queries.facilities import public_facilities
from linli.public.cards import Place, buildings_by_compound, card_of, others_on_board
from linli.public.views.find import way_to
from linli.staff.queries import board_photo, board_portraits


@require_safe
def board(request: HttpRequest, code: str) -> HttpResponse:
    """Show the public board of a grid: who serves it, their phones, which buildings belong to it."""
    grid = get_object_or_404(Area.objects.current(), code=code, level=Level.GRID)
    card = card_of(grid)
    context = {
        "card": card,
        "photo": card.board is not None and bool(board_portraits([card.board.post])),
        "place": Place(grid),
        "others": others_on_board(grid, accountable_post(grid)),
        "compounds": buildings_by_compound(buildings_in(grid)),
        "facilities": public_facilities(grid),
        "report_url": way_to("report", {"grid": grid.code}),
        "declare_url": way_to("declare", {"grid": grid.code}),
    }
    return render(request, "public/board.html", context)


@require_safe
def photo(request: HttpRequest, code: str, post: int) -> HttpResponse:
    """Return the photo that whoever holds a post agreed to show on the board of a grid."""
    grid = get_object_or_404(Area.objects.current(), code=code, level=Level.GRID)
    content = board_photo(grid, post) if post < 2**63 else None
    if content is None:
        raise Http404
    # Consent can be taken back at any moment: nobody keeps a copy on the way.
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": "no-store"})
