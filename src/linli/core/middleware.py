"""Middleware that every request passes: server time, clean input, language."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import get_resolver
from django.utils import translation

Respond = Callable[[HttpRequest], HttpResponseBase]

NUL_MARKS = ("\x00", "%00")


class ServerTimingMiddleware:
    """Says in ``Server-Timing`` how long the answer took; this is what “server time” means in every figure."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        response["Server-Timing"] = f"app;dur={(time.perf_counter() - started) * 1000:.1f}"
        return response


class CleanInputMiddleware:
    """Refuses NUL bytes in addresses with the page for what can't be read: PostgreSQL can't store them.

    NUL bytes in form fields are refused by the form fields themselves, next to the field.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.path_info + "?" + request.META.get("QUERY_STRING", "")
        if any(mark in asked for mark in NUL_MARKS):
            refuse: Respond = get_resolver().resolve_error_handler(HTTPStatus.BAD_REQUEST)
            return refuse(request)
        return self.get_response(request)


class LanguageMiddleware:
    """Chinese unless the visitor chose English: the browser's own language list is not asked."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.known = {code for code, _name in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in self.known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response
