"""Addresses below ``/api/v1`` that lead nowhere: a problem document, as every other error."""

from django.http import Http404, HttpRequest
from ninja import Router

from linli.api.access import public

router = Router(auth=None)


@router.api_operation(
    ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"], "/{path:rest}", include_in_schema=False
)
@public("locate")
def nowhere(request: HttpRequest, rest: str) -> None:
    """Answer 404. Stands behind all other calls."""
    raise Http404
