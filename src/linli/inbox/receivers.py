"""What this app does when something happens: who is to know of an absence or a vacant post is told."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from linli.areas.models import Absence, Post
from linli.areas.signals import absence_changed, post_vacated
from linli.inbox import actions


@receiver(absence_changed)
def tell_absence(sender: type[Absence], absence: Absence, by: Any, **kwargs: Any) -> None:
    """Tell who answers for it, who asked, and who stands in."""
    actions.tell_absence(absence, by=by)


@receiver(post_vacated)
def tell_vacancy(sender: type[Post], post: Post, **kwargs: Any) -> None:
    """Tell the community and the street that a post is vacant."""
    actions.tell_vacancy(post)
