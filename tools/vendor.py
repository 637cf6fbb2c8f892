"""Copy the browser parts that pages load from node_modules into the package's static files.

Nothing is built or changed: the files are served as their packages publish them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
CORE = ROOT / "src" / "linli" / "core"
STATIC = CORE / "static" / "vendor"
ICONS = CORE / "icons"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "maplibre-gl/dist/maplibre-gl.mjs": "maplibre/maplibre-gl.mjs",
    "maplibre-gl/dist/maplibre-gl-worker.mjs": "maplibre/maplibre-gl-worker.mjs",
    "maplibre-gl/dist/maplibre-gl-shared.mjs": "maplibre/maplibre-gl-shared.mjs",
    "maplibre-gl/dist/maplibre-gl.css": "maplibre/maplibre-gl.css",
    "maplibre-gl/LICENSE.txt": "maplibre/LICENSE.txt",
}


def main() -> None:
    """Replace the copied folders by fresh ones; fail when a named file is missing."""
    for folder in (STATIC, ICONS):
        shutil.rmtree(folder, ignore_errors=True)
    for source, target in FILES.items():
        destination = STATIC / target
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, destination)
    # Icons are written into the page by a template tag, so they are data of the package, not static files.
    shutil.copytree(MODULES / "@tabler" / "icons" / "icons" / "outline", ICONS)


if __name__ == "__main__":
    main()
