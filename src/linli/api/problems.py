"""Errors as RFC 9457 problem documents, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as SchemaError

from linli.cases.actions import Conflict

CONTENT_TYPE = "application/problem+json"


class RateLimited(Exception):
    """Too many requests; ``wait`` tells for how many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def problem(status: int, title: str, **members: Any) -> HttpResponse:
    """Return a problem document."""
    body = {"type": "about:blank", "title": title, "status": status, **members}
    return JsonResponse(
        body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False, "default": str}
    )


def field_errors(errors: Iterable[tuple[str, str]]) -> HttpResponse:
    """Return a 422 that names each field with what is wrong and how to mend it."""
    listed = [{"field": field, "message": message} for field, message in errors]
    return problem(422, _("Some values need correcting."), errors=listed)


def install(api: NinjaAPI) -> None:
    """Teach an API to answer every error as a problem document."""
    api.add_exception_handler(AuthenticationError, _not_signed_in)
    api.add_exception_handler(PermissionDenied, _refused)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(SchemaError, _wrong_schema)
    api.add_exception_handler(ValidationError, _wrong_values)
    api.add_exception_handler(Conflict, _conflict)
    api.add_exception_handler(RateLimited, _limited)
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(SuspiciousOperation, _unreadable)
    api.add_exception_handler(MultiPartParserError, _unreadable)


def _not_signed_in(request: HttpRequest, error: Any) -> HttpResponse:
    response = problem(401, _("Sign in, or send a Bearer token."))
    response["WWW-Authenticate"] = "Bearer"
    return response


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(403, str(error) or _("Your post does not allow this."))


def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404, _("There is nothing here, or it lies outside your area."))


def _wrong_schema(request: HttpRequest, error: Any) -> HttpResponse:
    return field_errors((".".join(str(part) for part in found["loc"][1:]), found["msg"]) for found in error.errors)


def _wrong_values(request: HttpRequest, error: Any) -> HttpResponse:
    if hasattr(error, "error_dict"):
        return field_errors((name, message) for name, listed in error.message_dict.items() for message in listed)
    return field_errors(("", message) for message in error.messages)


def _conflict(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(409, str(error), state=error.state, by=error.by, at=error.at)


def _limited(request: HttpRequest, error: Any) -> HttpResponse:
    response = problem(429, _("Too many requests. Please wait a moment."))
    response["Retry-After"] = str(error.wait)
    return response


def _too_large(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(413, _("This is more than we take. Send less."))


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, _("We can't read this. Send JSON, or a form."))


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status_code, str(error))
