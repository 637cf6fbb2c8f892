"""The one inline script of every page: the import map, fixed text so that the security policy can name its hash."""

from __future__ import annotations

import base64
import hashlib
import json

IMPORT_MAP = json.dumps(
    {
        "imports": {
            "linli/": "/static/core/js/",
            "maplibre-gl": "/static/vendor/maplibre/maplibre-gl.mjs",
        }
    },
    separators=(",", ":"),
)
IMPORT_MAP_HASH = "'sha256-" + base64.b64encode(hashlib.sha256(IMPORT_MAP.encode()).digest()).decode() + "'"
