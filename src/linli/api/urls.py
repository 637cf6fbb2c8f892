from __future__ import annotations

from django.urls import path

from linli.api.api import api
from linli.api.health import healthz

urlpatterns = [
    path("api/v1/", api.urls),
    path("healthz", healthz, name="healthz"),
]
