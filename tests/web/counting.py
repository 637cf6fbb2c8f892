"""Counting queries: a list costs the same however many rows it shows."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def queries_of(client: Client, address: str) -> int:
    """Open a page and return how many queries it took; anything but 200 fails.

    The page is opened once before: the first request of a session also writes the session.
    """
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)
