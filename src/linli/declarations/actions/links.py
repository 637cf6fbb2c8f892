"""The private link of whoever declared: made, renewed, ended. Only the digest of its token is kept."""

from __future__ import annotations

from django.db import transaction

from linli.core import clock
from linli.core.tokens import new_token, token_digest
from linli.declarations.models import Declaration, DeclarationLink
from linli.declarations.rules import THE_DECLARER
from linli.journal import actions as journal


def make_link(declaration: Declaration) -> str:
    """Make a private link inside the caller's transaction, and return its token."""
    token = new_token()
    DeclarationLink.objects.create(declaration=declaration, digest=token_digest(token), created_at=clock.now())
    return token


@transaction.atomic
def renew_own_link(token: str) -> str:
    """Give the holder of a private link a new one; the old one ends. Returns the token.

    Raises ``DeclarationLink.DoesNotExist`` for a link that is unknown or has ended.
    """
    link = DeclarationLink.objects.select_for_update().get(digest=token_digest(token), ended_at=None)
    end_links(link.declaration)
    fresh = make_link(link.declaration)
    journal.record(
        THE_DECLARER, "declarations.renew_link", link.declaration, detail={"number": link.declaration.number}
    )
    return fresh


def end_links(declaration: Declaration) -> None:
    """End every link of a declaration inside the caller's transaction."""
    DeclarationLink.objects.filter(declaration=declaration, ended_at=None).update(ended_at=clock.now())
