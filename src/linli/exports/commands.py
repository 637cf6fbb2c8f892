"""What ``linli export`` does with lists that name people: it writes the file of a request, and makes none itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.exports.actions import make_now, take_file
from linli.exports.models import Export
from linli.exports.queries import export_for
from linli.exports.rules import NotPossible


class NotGiven(Exception):
    """There is no request that allows this; the message says what to do."""


def write_approved(kind: str, *, area: Area, number: str, out: Path, by: Any) -> int:
    """Write the file of a request that a second person approved, and return how many rows it holds.

    Raises:
        NotGiven: no such request of ``by`` for this list and area, it is not approved, or the file has another ending.
        Refused: somebody else asked for it.
    """
    if not number:
        raise NotGiven(
            _(
                "People go out only by a request that a second person approved. Ask on the page of the list, then "
                "give --request NUMBER."
            )
        )
    export = _request(kind, area, number, by)
    if out.suffix != f".{export.format}":
        raise NotGiven(_("This request is for a file that ends in .%(format)s.") % {"format": export.format})
    if not export.decided_by:
        raise NotGiven(_("Nobody has approved this request."))
    try:
        export = make_now(export, by=by)
        content = take_file(export, by=by)
    except NotPossible as refusal:
        raise NotGiven(refusal.message) from refusal
    out.touch(mode=0o600)
    with out.open("wb") as file:
        file.writelines(content)
    return export.rows


def _request(kind: str, area: Area, number: str, by: Any) -> Export:
    missing = NotGiven(_("You have no request of this number for this list and area."))
    if by.pk is None:
        raise NotGiven(_("Say with --as USER who asked for it."))
    try:
        export = export_for(by, number)
    except Export.DoesNotExist:
        raise missing from None
    if export.kind != kind or export.area_id != area.pk or export.requested_by != by.username:
        raise missing
    return export
