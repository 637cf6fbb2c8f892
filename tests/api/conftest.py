"""Programs that call the interface, and a first category."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from linli.accounts.actions import create_token
from linli.accounts.rules import SYSTEM
from linli.cases.actions import load_presets
from tests.cast import Cast


class Program:
    """Calls the interface with the token of a user, or without one."""

    def __init__(self, token: str | None) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/{path}", query, headers=self.headers)

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(
            f"/api/v1/{path}", json.dumps(body, default=str), content_type="application/json", headers=self.headers
        )


@pytest.fixture
def presets(cast: Cast) -> Cast:
    """The cast, with categories, calendar and working hours."""
    load_presets(by=SYSTEM)
    return cast


@pytest.fixture
def program() -> Callable[[Any], Program]:
    def make(user: Any) -> Program:
        return Program(create_token(user, by=SYSTEM) if user is not None else None)

    return make
