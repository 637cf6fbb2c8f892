"""What is wrong with a cell of a workbook, in a few words for headings and lists."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, str | Promise] = {
    "bad_id": _("ID number is wrong"),
    "bad_date": _("date is wrong"),
    "bad_phone": _("phone is wrong"),
    "bad_number": _("number is wrong"),
    "bad_choice": _("not one of the known words"),
    "missing": _("left empty"),
    "missing_name": _("no name"),
    "duplicate": _("same person twice"),
    "no_dwelling": _("no home"),
    "unknown_code": _("code not known"),
    "unknown_person": _("person not found"),
    "too_long": _("too long"),
    "no_header": _("no header row"),
    "changed_since": _("changed by somebody meanwhile"),
}


def problem_words(kind: str) -> str:
    """Return what a kind of problem is called; a kind without words keeps its own name."""
    return str(WORDS.get(kind, kind))
