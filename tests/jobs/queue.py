"""A queue for the tests that takes tasks and does none of them."""

from __future__ import annotations

from django.test import override_settings

WAITING = override_settings(
    TASKS={"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend", "QUEUES": ["default", "long"]}}
)
