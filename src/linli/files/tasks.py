"""Background work of this app."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from linli.files import actions


@task()
def process_photo(key: str) -> str:
    """Re-draw one photo; returns the state that it has afterwards."""
    return actions.process_photo(UUID(key)).state
