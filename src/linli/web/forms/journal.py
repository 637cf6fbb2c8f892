"""The filter of the journal as the auditor types it: a case goes by the number that residents know."""

from __future__ import annotations

from typing import Any

from linli.cases.models import Case
from linli.journal.forms import JournalFilterForm

CASE = Case._meta.label_lower


class AuditorFilterForm(JournalFilterForm):
    """Takes the number of a case where the journal keeps the key of its row."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        number = cleaned.get("object_id", "").upper()
        case = Case.objects.filter(number=number).only("pk").first() if number else None
        if case is not None:
            cleaned["object_type"], cleaned["object_id"] = CASE, str(case.pk)
        return cleaned
