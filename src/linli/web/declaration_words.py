"""What staff may choose for a declaration, each with what speaks for it and what it would change in the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.core.widgets import spell_day
from linli.declarations.choices import Choice, Kind
from linli.declarations.forms import DecisionForm
from linli.declarations.models import Declaration
from linli.declarations.queries import Match


@dataclass(frozen=True)
class ChoiceLine:
    """One of the choices: who, why it may be them, where they live now, and what would change."""

    value: str
    identity: str
    title: str
    reasons: str
    effect: str
    chosen: bool


def choice_lines(declaration: Declaration, matches: list[Match], form: DecisionForm) -> list[ChoiceLine]:
    """Return the choices of a form in its order; none where no person is named."""
    if "choice" not in form.fields:
        return []
    people = {f"{Choice.PERSON}:{match.person.pk}": match for match in matches}
    bound = form["choice"]
    lines = []
    for place, (value, _label) in enumerate(form.fields["choice"].choices):  # type: ignore[attr-defined]
        match = people.get(value)
        lines.append(
            ChoiceLine(
                value=value,
                identity=f"choice-{place}",
                title=match.person.name if match else _title(declaration, value),
                reasons=_(", ").join(match.reasons) if match else "",
                effect=_effect(declaration, match) if match else _plain_effect(declaration, value),
                chosen=str(bound.value() or "") == value,
            )
        )
    return lines


def _title(declaration: Declaration, value: str) -> str:
    if value == Choice.NEW:
        return _("%(name)s, a new person") % {"name": declaration.name}
    return _("Nobody")


def _effect(declaration: Declaration, match: Match) -> str:
    day = {"day": spell_day(declaration.day)}
    match declaration.kind:
        case Kind.MOVE_OUT:
            return _("Would leave this home on %(day)s; stays in its history") % day
        case Kind.CONTACT:
            return _("Would have the new phone number")
        case _ if match.lives_here:
            return _("Lives here already: nothing would change")
        case _ if match.home is not None:
            return _("Would move from %(home)s into this home on %(day)s") % {
                **day,
                "home": match.home.dwelling.address,
            }
        case _:
            return _("Would move into this home on %(day)s") % day


def _plain_effect(declaration: Declaration, value: str) -> str:
    if value == Choice.NEW:
        return _("Would be written down in this home, since %(day)s") % {"day": spell_day(declaration.day)}
    return _("No person would be written down or changed")
