"""The filter of the journal as the auditor types it: a case goes by the number that residents know."""

from __future__ import annotations

from typing import Any

from linli.cases.models import Case
from linli.cases.queries import key_of
from linli.journal.forms import JournalFilterForm

CASE = Case._meta.label_lower


class AuditorFilterForm(JournalFilterForm):
    """Takes the number of a case where the journal keeps the key of its row."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        key = key_of(cleaned.get("object_id", ""))
        if key:
            cleaned["object_type"], cleaned["object_id"] = CASE, key
        return cleaned
