"""Answers to programs that no call gave: a wrong method, an address that can't be read, a fault on our side."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from linli.api.problems import problem

Respond = Callable[[HttpRequest], HttpResponseBase]

PROGRAMS_ASK = ("/api/", "/healthz")


class ProblemsMiddleware:
    """Turns every error below ``/api/`` that would come as a page or as plain text into a problem document."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code < HTTPStatus.BAD_REQUEST or not request.path_info.startswith(PROGRAMS_ASK):
            return response
        if "json" in response.headers.get("Content-Type", ""):
            return response
        told = problem(response.status_code, _title(request, response))
        if "Allow" in response.headers:
            told["Allow"] = response["Allow"]
        return told


def _title(request: HttpRequest, response: HttpResponseBase) -> str:
    match response.status_code:
        case HTTPStatus.BAD_REQUEST:
            return _("This request can't be read. Check its address for characters that don't belong there.")
        case HTTPStatus.NOT_FOUND:
            return _("There is nothing here, or it lies outside your area.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            text = _("This address does not take %(method)s, only: %(methods)s.")
            return text % {"method": request.method, "methods": response["Allow"]}
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            return _("Something broke on our side. Wait a minute and try again.")
        case _status:
            return _("This request was refused.")
