"""The texts of the messages that assessment sends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from linli.inbox.texts import register

REVIEW_DUE = "assessment.review_due"
TEXTS = {
    REVIEW_DUE: _("%(grid)s: the quarterly review is not signed off yet. The quarter ends on %(day)s."),
}


def register_texts() -> None:
    """Add the texts to the register of the inbox, at start-up."""
    for kind, text in TEXTS.items():
        register(kind, text)
