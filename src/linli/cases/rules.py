"""Who may take which step: the workflow's rows, seen by one user on one case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.accounts.rules import SYSTEM
from linli.areas.choices import Reach
from linli.areas.models import Post
from linli.areas.roles import reach_of
from linli.areas.scope import posts_served_by
from linli.cases.deadlines import reopens_until
from linli.cases.models import Case, FollowLink, Step
from linli.cases.workflow import CLOCK, HANDLING, RESIDENT, Row, rows_for
from linli.core import clock
from linli.core.paths import covers


class Resident:
    """Stands for the resident of a case, who has no account: nobody but the holder of the private link acts as it."""

    username = RESIDENT
    name = RESIDENT
    pk = None
    is_authenticated = False
    is_active = True

    def has_perm(self, ability: str, obj: Any = None) -> bool:
        """Tell that a resident has no ability of the roles table; workflow rows name the resident itself."""
        return False


THE_RESIDENT = Resident()


def who_handled(case: Case) -> set[str]:
    """Return the user names of all who handled, decided or answered the case, from its history."""
    if hasattr(case, "handling_steps"):
        return {step.by for step in case.handling_steps}
    return set(Step.objects.filter(case=case, action__in=HANDLING).values_list("by", flat=True))


def has_resident(user: Any, case: Case) -> bool:
    """Tell whether a resident holds a link to the case, and so can be asked."""
    if hasattr(case, "open_links"):
        return bool(case.open_links)
    return case.pk is not None and FollowLink.objects.filter(case=case, ended_at=None).exists()


def has_no_resident(user: Any, case: Case) -> bool:
    """Tell whether nobody follows the case."""
    return not has_resident(user, case)


def not_handler(user: Any, case: Case) -> bool:
    """Tell whether the user neither handled nor answered this case."""
    return user.username not in who_handled(case)


def recently_closed(user: Any, case: Case) -> bool:
    """Tell whether the case is not closed, or not for so long that it can't be reopened."""
    until = reopens_until(case)
    return until is None or clock.now() <= until


CONDITIONS: dict[str, Callable[[Any, Case], bool]] = {
    "has_resident": has_resident,
    "has_no_resident": has_no_resident,
    "not_handler": not_handler,
    "recently_closed": recently_closed,
}

# What to say when a condition stands in the way; the two about a resident only choose between rows.
REFUSALS: dict[str, Promise] = {
    "not_handler": _("You handled this case yourself. Ask somebody who did not to check it."),
    "recently_closed": _("It was closed too long ago to be reopened. Please report it again."),
}


def may(user: Any, row: Row, case: Any) -> bool:
    """Tell whether the user is one of those whom the row names; ``case`` may be an area for a case to be made."""
    if row.who == RESIDENT:
        return isinstance(user, Resident)
    if row.who == CLOCK:
        return user is SYSTEM
    return bool(user.has_perm(row.who, case))


def unmet(user: Any, row: Row, case: Case) -> str | None:
    """Return the name of the first condition of the row that does not hold, None when all hold."""
    return next((name for name in row.conditions if not CONDITIONS[name](user, case)), None)


def rows_allowed(user: Any, case: Case) -> list[Row]:
    """Return the rows that the user can take now."""
    rows = rows_for(case.mechanism, case.state)
    return [row for row in rows if may(user, row, case) and unmet(user, row, case) is None]


def can(user: Any, case: Case) -> list[str]:
    """Return the actions that the user can take now, each once, in the order of the table."""
    return list(dict.fromkeys(str(row.action) for row in rows_allowed(user, case)))


def acting_post(user: Any, ability: str, case: Any) -> Post | None:
    """Return the post by which the user has an ability on a case: the nearest to its place; the clock has none.

    Who stands in for somebody acts by the covered post where it is that post's turn, so that the case stays with it.
    """
    if user.pk is None:
        return None
    reaching = [post for post in posts_served_by(user) if _reaches(post, ability, case)]
    turns = (getattr(case, "handler_id", None), getattr(case, "owner_id", None))

    def nearness(post: Post) -> tuple[int, bool, bool]:
        return len(post.area.path), post.pk == turns[0], post.pk == turns[1]

    return max(reaching, key=nearness, default=None)


def stood_in_for(user: Any, post: Post | None) -> str:
    """Return whose post somebody acted by while standing in, empty for one's own."""
    if post is None or post.holder_id == user.pk or post.holder is None:
        return ""
    return str(post.holder.name)


def _reaches(post: Post, ability: str, case: Any) -> bool:
    match reach_of(post.role, ability):
        case Reach.AREA:
            return covers(post.area.path, case.path)
        case Reach.DEPARTMENT:
            return post.department_id is not None and post.department_id == getattr(case, "department_id", None)
        case _:
            return False


def shows_persons(user: Any) -> bool:
    """Tell whether staff are named to this user; district leaders read numbers and cases, no persons."""
    return bool(user.has_perm("cases.reveal_contact")) or not user.has_perm("dashboard.view")
