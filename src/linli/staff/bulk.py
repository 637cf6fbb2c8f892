"""Pledges in bulk, for an invented place only: its people have accepted before it begins."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from linli.accounts.models import User
from linli.accounts.rules import require
from linli.journal import actions as journal
from linli.staff.models import Pledge
from linli.staff.text import pledge_text


def add_pledges(people: Iterable[User], at: datetime, *, by: Any) -> None:
    """Write that these people accepted the present pledge at a moment, with one entry in the journal."""
    require(by, "accounts.manage")
    version = pledge_text().version
    made = Pledge.objects.bulk_create(Pledge(person=person, version=version, accepted_at=at) for person in people)
    journal.record(
        by, "staff.add_pledges", object_type=Pledge._meta.label_lower, detail={"count": len(made), "version": version}
    )
