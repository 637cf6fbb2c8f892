"""The entry point for WSGI servers."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")

application = get_wsgi_application()
# Every view is imported before the first visitor comes, not while they wait.
get_resolver().url_patterns  # noqa: B018
