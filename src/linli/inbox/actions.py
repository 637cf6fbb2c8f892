"""Every write about messages. A message is a row in the sender's transaction, so no alarm is lost in a crash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from linli.accounts.models import User
from linli.areas.choices import AbsenceState
from linli.areas.cover import planned_stand_ins
from linli.areas.models import Absence, Post
from linli.areas.queries import answerers_of, posts_concerned, unattended
from linli.core import clock
from linli.inbox.choices import Urgency
from linli.inbox.models import Message
from linli.inbox.staffing import Overdue, absence_values, heads_of, overdue_vacancies, vacancy_values
from linli.inbox.texts import texts


def send(
    to: Iterable[User], kind: str, values: Mapping[str, Any], *, url: str = "", urgency: str = Urgency.NORMAL
) -> None:
    """Send one message to each of these people; ``kind`` must be registered in ``inbox.texts``."""
    texts.get(kind)
    now = clock.now()
    Message.objects.bulk_create(
        Message(to=user, kind=kind, values=dict(values), url=url, urgency=urgency, sent_at=now)
        for user in {user.pk: user for user in to}.values()
    )


def mark_read(user: User, kinds: str = "") -> None:
    """Mark the messages of a user as read; ``kinds`` leaves those alone whose kind begins otherwise."""
    Message.objects.visible_to(user).filter(read_at=None, kind__startswith=kinds).update(read_at=clock.now())


def tell_absence(absence: Absence, *, by: Any) -> None:
    """Tell what became of an absence to everybody whom it concerns but the one who decided so."""
    values = absence_values(absence)
    if absence.state == AbsenceState.ASKED:
        posts = posts_concerned(absence.person, absence.post, max(absence.since, clock.today()))
        send(answerers_of(posts, absence.person), "posts.absence_asked", values, url="/absences/")
        return
    if absence.decided_by is not None and by.pk != absence.person_id:
        kind = "posts.absence_approved" if absence.state == AbsenceState.APPROVED else "posts.absence_refused"
        send([absence.person], kind, values, url="/absences/")
    if absence.state == AbsenceState.APPROVED and absence.until >= clock.today():
        _tell_stand_ins(absence, values, by)


def _tell_stand_ins(absence: Absence, values: Mapping[str, Any], by: Any) -> None:
    found = planned_stand_ins(absence, max(absence.since, clock.today()))
    doers = [one.user for one in found if one.user is not None and one.user.pk != by.pk]
    send(doers, "posts.you_stand_in", values, url="/absences/")
    for one in unattended(absence):
        named = {**values, "area": one.post.area.name, "post": str(one.post.title)}
        send(heads_of(one.post), "posts.nobody_beside", named, url="/absences/", urgency=Urgency.ALARM)


def tell_vacancy(post: Post) -> None:
    """Tell the community side and the street that a post has fallen vacant."""
    send(heads_of(post), "posts.vacant", vacancy_values(post), url="/vacancies/")


def remind_of_vacancies(now: datetime) -> int:
    """Remind of what has been vacant or short for a week, and again each week; return of how much."""
    overdue: list[Overdue] = overdue_vacancies()
    for one in overdue:
        send(one.heads, "posts.still_vacant", one.values, url="/vacancies/")
    return len(overdue)
