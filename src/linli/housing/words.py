"""A home in words: a tenancy, and what a safety check found, each in one line for page and paper."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.housing.choices import Outcome
from linli.housing.models import SafetyCheck, Tenancy


def tenancy_words(let: Tenancy) -> str:
    """Return a tenancy in one line: since and until when, to whom, how many."""
    who = let.contact or (_("household %(number)s") % {"number": let.household} if let.household else "")
    people = ngettext("%(count)s person", "%(count)s people", let.headcount or 0) % {"count": let.headcount}
    words = [
        _("since %(day)s") % {"day": let.since.isoformat()},
        _("agreed until %(day)s") % {"day": let.agreed_until.isoformat()} if let.agreed_until else "",
        _("prefers not to say") if let.contact_declined and not who else who,
        people if let.headcount else "",
    ]
    return " · ".join(word for word in words if word)


def check_words(check: SafetyCheck) -> str:
    """Return what a check found in one line."""
    if check.declined:
        return _("preferred not to be checked")
    wrong = [row.item.label for row in check.results.all() if row.outcome == Outcome.TO_MEND]
    found = _("to mend: %(points)s") % {"points": "、".join(wrong)} if wrong else _("everything fine")
    return f"{found} · {check.note}" if check.note else found
