"""The processes that serve pages have no memory to spare for what divides communities."""

from __future__ import annotations

import os
import subprocess
import sys

LOOK = """
import sys
import django

django.setup()
import linli.urls
import linli.planner.storing, linli.planner.shapes, linli.planner.judging, linli.planner.numbering

print(*sorted({name.partition(".")[0] for name in sys.modules} & {"scipy", "numba", "llvmlite"}))
"""


def test_pages_load_no_compiler_and_no_scipy() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "linli.settings"}
    done = subprocess.run([sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
