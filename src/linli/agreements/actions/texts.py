"""The texts that a street or district keeps for papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli.accounts.rules import require
from linli.agreements.models import Template
from linli.agreements.rules import NotPossible, require_lawful
from linli.areas.models import Area
from linli.core import clock
from linli.journal import actions as journal


@dataclass(frozen=True)
class Text:
    """A text for papers: what it is called, with whom, the usual term, and its clauses."""

    title: str
    party_kind: str
    months: int
    clauses: Sequence[str]


@transaction.atomic
def add_template(area: Area, text: Text, *, by: Any) -> Template:
    """Keep a text for a place and everybody below it. Raises ``ValidationError`` for a clause that can't stand."""
    require(by, "agreements.templates", area)
    made = Template(area=area, path=area.path)
    _put_text(made, text)
    made.save(force_insert=True)
    journal.record(by, "agreements.add_template", made)
    return made


@transaction.atomic
def change_template(template: Template, text: Text, *, by: Any) -> Template:
    """Change a text; what is signed keeps its own clauses."""
    locked = _locked_template(template, by)
    _put_text(locked, text)
    locked.save(update_fields=["title", "party_kind", "months", "clauses", "changed_at"])
    journal.record(by, "agreements.change_template", locked)
    return locked


@transaction.atomic
def retire_template(template: Template, *, by: Any) -> Template:
    """Offer a text no longer."""
    locked = _locked_template(template, by)
    locked.is_active, locked.changed_at = False, clock.now()
    locked.save(update_fields=["is_active", "changed_at"])
    journal.record(by, "agreements.retire_template", locked)
    return locked


def _put_text(template: Template, text: Text) -> None:
    template.title, template.party_kind, template.months = text.title.strip(), text.party_kind, text.months
    template.clauses = require_lawful(text.title, text.clauses)
    template.changed_at = clock.now()
    template.full_clean()


def _locked_template(template: Template, by: Any) -> Template:
    locked = Template.objects.select_for_update(of=("self",)).get(pk=template.pk)
    require(by, "agreements.templates", locked)
    if not locked.is_active:
        raise NotPossible(_("This text is no longer in use. Load the page again."))
    return locked
