"""Keeps personal data out of logs: a logged request is named by its route pattern, never by its address."""

from __future__ import annotations

import logging


class RoutePatternFilter(logging.Filter):
    """Replaces the address in Django's request messages by the pattern that it matched."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            route = match.route if match is not None else "(no route)"
            status = getattr(record, "status_code", "")
            record.msg, record.args = "%s %s /%s", (status, getattr(request, "method", ""), route)
        return True
