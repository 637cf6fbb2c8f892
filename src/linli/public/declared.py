"""Declarations as the public sees them: what may be declared, and how far it is, with no name, no phone and no home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.core import clock
from linli.core.widgets import Entry
from linli.core.widgets import Step as Stop
from linli.declarations.choices import Action, Declarer, Kind, State
from linli.declarations.models import Declaration, DeclarationStep
from linli.declarations.queries import history_of, said_with
from linli.declarations.rules import THE_DECLARER, can
from linli.declarations.workflow import ASKED, OPEN_STATES


@dataclass(frozen=True)
class Sort:
    """One sort of declarer with what they can declare."""

    declarer: str
    title: str
    text: str
    icon: str
    kinds: list[tuple[str, str]]


TITLES: dict[str, Promise] = {
    Declarer.RESIDENT: gettext_lazy("I live here"),
    Declarer.TENANT: gettext_lazy("I rent here"),
    Declarer.OWNER: gettext_lazy("I am the owner"),
    Declarer.EMPLOYER: gettext_lazy("My firm houses its workers here"),
}
TEXTS: dict[str, Promise] = {
    Declarer.RESIDENT: gettext_lazy("For yourself"),
    Declarer.TENANT: gettext_lazy("For yourself"),
    Declarer.OWNER: gettext_lazy("Only the home, the day and the number of people; nobody is named"),
    Declarer.EMPLOYER: gettext_lazy("Only the home, the day and the number of people; nobody is named"),
}
ICONS = {
    Declarer.RESIDENT: "home",
    Declarer.TENANT: "key",
    Declarer.OWNER: "building",
    Declarer.EMPLOYER: "briefcase",
}
# What is declared, as the one who declares it says it.
OWN_WORDS: dict[str, Promise] = {
    Kind.MOVE_IN: gettext_lazy("I moved in"),
    Kind.MOVE_OUT: gettext_lazy("I moved out"),
    Kind.ADDRESS: gettext_lazy("I moved to another home"),
    Kind.CONTACT: gettext_lazy("My phone number is new"),
}
WORDS: dict[str, Promise] = {
    Kind.MOVE_IN: gettext_lazy("People moved in"),
    Kind.MOVE_OUT: gettext_lazy("People moved out"),
    Kind.LET: gettext_lazy("The home is let"),
    Kind.LET_ENDED: gettext_lazy("The home is no longer let"),
    Kind.EMPTY: gettext_lazy("The home stands empty"),
}

HEADLINES: dict[str, Promise] = {
    State.RECEIVED: gettext_lazy("It has arrived"),
    State.LOOKED_AT: gettext_lazy("Somebody is looking into it"),
    State.ASKED: gettext_lazy("There is a question to you"),
    State.CONFIRMED: gettext_lazy("It is confirmed and written down"),
    State.REFUSED: gettext_lazy("It could not be confirmed"),
    State.WITHDRAWN: gettext_lazy("It is withdrawn; nothing was written down"),
}
SENTENCES: dict[str, Promise] = {
    Action.DECLARE: gettext_lazy("Your declaration has arrived."),
    Action.TAKE_UP: gettext_lazy("Somebody is looking into it."),
    Action.ASK: gettext_lazy("You were asked something."),
    Action.ANSWER: gettext_lazy("You answered."),
    Action.CONFIRM: gettext_lazy("It was confirmed and written down."),
    Action.REFUSE: gettext_lazy("It could not be confirmed."),
    Action.WITHDRAW: gettext_lazy("You withdrew it."),
    Action.LAPSE: gettext_lazy("The question was not answered; it ended without being written down."),
}
# What staff say with these is meant for whoever declared; all other words stay among staff.
SPOKEN = (Action.ASK, Action.REFUSE)


@dataclass(frozen=True)
class Matter:
    """One declaration as whoever declared it sees it."""

    number: str
    about: str
    sentence: str
    due_at: datetime | None
    late: bool
    waits_until: datetime | None
    kept_until: datetime | None
    question: str
    reason: str
    stops: list[Stop]
    steps: list[Entry]
    can: list[str]
    of_oneself: bool


def sorts() -> list[Sort]:
    """Return who can declare what, in the words of whoever does."""
    return [
        Sort(
            declarer=str(declarer),
            title=str(TITLES[declarer]),
            text=str(TEXTS[declarer]),
            icon=ICONS[declarer],
            kinds=[(str(kind), words_of(declarer, kind)) for kind in kinds],
        )
        for declarer, kinds in ASKED.items()
    ]


def words_of(declarer: str, kind: str) -> str:
    """Return what is declared in the words of the one who declares it."""
    own = declarer in (Declarer.RESIDENT, Declarer.TENANT)
    return str((OWN_WORDS if own else WORDS)[kind])


def matter_of(declaration: Declaration) -> Matter:
    """Return what the page of a private link shows."""
    history = history_of(declaration)
    return Matter(
        number=declaration.number,
        about=words_of(declaration.declarer, declaration.kind),
        sentence=str(HEADLINES[declaration.state]),
        due_at=declaration.due_at,
        late=declaration.due_at is not None and declaration.due_at < clock.now(),
        waits_until=declaration.lapses_at,
        kept_until=declaration.erase_at,
        question=_said(history, Action.ASK) if declaration.state == State.ASKED else "",
        reason=_said(history, Action.REFUSE) if declaration.state == State.REFUSED else "",
        stops=_stops(declaration),
        steps=[_entry(step) for step in reversed(history) if step.action in SENTENCES],
        can=can(THE_DECLARER, declaration),
        of_oneself=declaration.of_oneself,
    )


def _said(history: list[DeclarationStep], action: str) -> str:
    return next((said_with(step) for step in reversed(history) if step.action == action), "")


def _entry(step: DeclarationStep) -> Entry:
    text = said_with(step) if step.action in SPOKEN else ""
    return Entry(str(SENTENCES[step.action]), step.at, text)


def _stops(declaration: Declaration) -> list[Stop]:
    """Return the way as three stops: arrived, looked into, decided."""
    state = declaration.state
    seen = state not in (State.RECEIVED,)
    decided = state not in OPEN_STATES
    return [
        Stop(_("Arrived"), "done" if seen else "current"),
        Stop(_("Looked into"), "done" if decided else "current" if seen else "todo"),
        Stop(_("With a result"), "done" if decided else "todo"),
    ]
