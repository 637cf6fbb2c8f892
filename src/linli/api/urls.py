from __future__ import annotations

from django.urls import URLPattern, path

from linli.api.health import healthz

urlpatterns: list[URLPattern] = [path("healthz", healthz, name="healthz")]
