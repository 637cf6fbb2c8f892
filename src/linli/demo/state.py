"""What is in the database: the accounts of a demo, and emptying it for a new one."""

from __future__ import annotations

import shutil

from django.core.cache import cache
from django.core.management import call_command

from linli.accounts.models import User
from linli.areas.models import Post
from linli.demo.staff import PASSWORD, SHOWN_SEATS
from linli.files.storage import folder
from linli.journal import anchor


def demo_accounts() -> list[tuple[str, str, str, str]]:
    """Return the accounts to try, as (user name, password, role, area code); none when this is no demo."""
    shown = [seat.username for seat in SHOWN_SEATS]
    posts = Post.objects.filter(holder__username__in=shown).select_related("holder", "area").order_by("id")
    held = {post.holder.username: post for post in posts if post.holder is not None}
    first = User.objects.filter(username__in=held).first()
    if first is None or not first.check_password(PASSWORD):
        return []
    return [(name, PASSWORD, held[name].role, held[name].area.code) for name in shown if name in held]


def empty_database() -> None:
    """Remove every row, every upload and the mark of the journal, so that a demo can be made anew."""
    call_command("flush", interactive=False, verbosity=0)
    cache.clear()
    shutil.rmtree(folder(), ignore_errors=True)
    anchor.forget()
