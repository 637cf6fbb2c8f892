"""The resident's private link: made, renewed, ended. Only the digest of its token is kept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.cases.models import Case, FollowLink
from linli.cases.rules import THE_RESIDENT
from linli.core import clock
from linli.core.tokens import new_token, token_digest
from linli.journal import actions as journal


def make_link(case: Case, reported: Case | None = None) -> str:
    """Make a private link to a case inside the caller's transaction, and return its token."""
    token = new_token()
    FollowLink.objects.create(case=case, reported=reported or case, digest=token_digest(token), created_at=clock.now())
    return token


@transaction.atomic
def renew_link(case: Case, *, by: Any) -> str:
    """Give the resident who reported this case a new link; every older one of theirs ends. Returns the token.

    Raises ``ValidationError`` when nobody follows the case.
    """
    require(by, "cases.renew_link", case)
    links = list(FollowLink.objects.select_for_update().filter(reported=case, ended_at=None))
    if not links:
        raise ValidationError(_("Nobody follows this case, so there is no link to renew."))
    return _renew(links, by)


@transaction.atomic
def renew_own_link(token: str) -> str:
    """Give the holder of a private link a new one; the old one ends. Returns the token.

    Raises ``FollowLink.DoesNotExist`` for a link that is unknown or has ended.
    """
    link = FollowLink.objects.select_for_update().get(digest=token_digest(token), ended_at=None)
    return _renew([link], THE_RESIDENT)


def _renew(links: list[FollowLink], by: Any) -> str:
    case, reported = links[0].case, links[0].reported
    FollowLink.objects.filter(pk__in=[link.pk for link in links]).update(ended_at=clock.now())
    token = make_link(case, reported)
    journal.record(by, "cases.renew_link", case, detail={"number": case.number})
    return token
