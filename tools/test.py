"""``make test``: the checks, then every test on SQLite and on PostgreSQL, then the stories in a browser.

What is missing on the machine (PostgreSQL, Chromium, Chinese fonts) is installed, or the run fails; nothing is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from postgres import install, running_server
from served import BROWSERS

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [str(ROOT / ".venv" / "bin" / "pytest"), "-q", "--durations=5", "-n", "2", "--dist", "worksteal"]
FONTS = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def browser() -> None:
    """Make sure that there is a Chromium, and fonts that can write Chinese."""
    missing = [] if any(map(shutil.which, BROWSERS)) else [BROWSERS[0]]
    missing += [] if FONTS.exists() else ["fonts-noto-cjk"]
    if missing:
        install(tuple(missing))
    if not any(map(shutil.which, BROWSERS)):
        raise RuntimeError(f"Chromium is not here and could not be installed: apt-get install {BROWSERS[0]}")


def run(name: str, command: list[str], **variables: str) -> tuple[str, bool, float]:
    """Run one part and return its name, how it went, and its seconds."""
    print(f"\n=== {name}", flush=True)
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=os.environ | variables, check=False)
    return name, done.returncode == 0, time.monotonic() - started


def main() -> int:
    """Run every part, print the summary, and exit 1 when one part failed."""
    # Programs that start a hundred times need not be compiled a hundred times.
    for variable in ("LINLI_DATABASE_URL", "LINLI_DATA_DIR", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(variable, None)
    browser()
    tests = [*PYTEST, "-m", "not flow"]
    with running_server(durable=False) as address:
        results = [
            run("checks", [sys.executable, "tools/check.py"]),
            run("tests on SQLite", tests),
            run("tests on PostgreSQL", tests, LINLI_DATABASE_URL=address),
            run("stories in a browser", [*PYTEST, "-m", "flow"]),
        ]
    print("\n=== summary")
    for name, good, seconds in results:
        print(f"{'ok  ' if good else 'FAIL'} {name}: {seconds:.0f} s")
    return 0 if all(good for _name, good, _seconds in results) else 1


if __name__ == "__main__":
    sys.exit(main())
