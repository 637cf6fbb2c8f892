"""Addresses of the staff's desktop pages, one list for each family of pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.web.views import areas, journal, parts, posts, settings, users

staff_urls: list[URLPattern] = [
    path("journal/", journal.journal, name="journal"),
    path("journal/verify/", journal.journal_verify, name="journal-verify"),
    path("posts/", posts.post_list, name="post-list"),
    path("posts/new/", posts.post_new, name="post-new"),
    path("posts/<int:pk>/", posts.post_appoint, name="post-appoint"),
    path("posts/<int:pk>/end/", posts.post_end, name="post-end"),
    path("users/", users.user_list, name="user-list"),
    path("users/new/", users.user_new, name="user-new"),
    path("users/<int:pk>/password/", users.user_password, name="user-password"),
    path("users/<int:pk>/active/", users.user_active, name="user-active"),
    path("areas/", areas.area_list, name="area-list"),
    path("areas/<str:code>/", areas.area, name="area"),
    path("settings/", settings.settings, name="settings"),
    path("parts/", parts.parts, name="parts"),
]

urlpatterns: list[URLPattern] = [*staff_urls]
