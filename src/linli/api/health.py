"""``/healthz``: 200 when web, database and background tasks live."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from linli.jobs.queries import TASKS, is_alive


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Tell which parts live; 503 when one does not."""
    parts = {"web": True, "database": False, "tasks": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        parts["database"] = True
        parts["tasks"] = is_alive(TASKS)
    except DatabaseError:
        parts["database"] = False
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)
