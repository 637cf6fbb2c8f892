"""The door of the web server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

# Objects made between two looks for rubbish; Python's own 700 looks several times a page.
YOUNG, MIDDLE, OLD = 20_000, 20, 20

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")

application = get_wsgi_application()

# What is loaded now stays for good: views before the first visitor, and out of the way of the rubbish collection,
# which would walk all of it again and again while somebody waits for a page.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
gc.set_threshold(YOUNG, MIDDLE, OLD)
