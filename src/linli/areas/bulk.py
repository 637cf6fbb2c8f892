"""Consents in bulk, for an invented place only: its people have agreed before it begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from linli.accounts.rules import require
from linli.areas.models import Post
from linli.journal import actions as journal


def agree_names(posts: Iterable[Post], on: date, *, by: Any) -> None:
    """Write that the holders of these posts agreed on a day to be named on the board, with one entry in the journal."""
    require(by, "posts.edit")
    keys = [post.pk for post in posts if post.holder_id is not None]
    Post.objects.filter(pk__in=keys).update(name_agreed_on=on)
    journal.record(by, "posts.agree_names", object_type=Post._meta.label_lower, detail={"count": len(keys)})
