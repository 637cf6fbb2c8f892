"""Every address of Linli, put together from its surfaces."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("linli.accounts.urls")),
    path("", include("linli.web.urls")),
    path("", include("linli.field.urls")),
    path("", include("linli.public.urls")),
    path("", include("linli.api.urls")),
]

handler400 = "linli.web.errors.bad_request"
handler403 = "linli.web.errors.permission_denied"
handler404 = "linli.web.errors.not_found"
handler500 = "linli.web.errors.server_error"
