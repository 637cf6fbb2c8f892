"""``make test``: the checks, then every test on SQLite and on PostgreSQL, then the stories in a browser.

What is missing on the machine (PostgreSQL, Chromium, Chinese fonts) is installed, or the run fails; nothing is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from postgres import install, running_server
from served import CHROMIUM, DEMO_ACCOUNTS, DEMO_VARIABLE, environment, make_demo

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [str(ROOT / ".venv" / "bin" / "pytest"), "-q", "--durations=5", "-n", "2", "--dist", "worksteal"]
FONTS = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def browser() -> None:
    """Make sure that there is a Chromium, and fonts that can write Chinese."""
    missing = [] if shutil.which(CHROMIUM) else [CHROMIUM]
    missing += [] if FONTS.exists() else ["fonts-noto-cjk"]
    if missing:
        install(tuple(missing))
    if not shutil.which(CHROMIUM):
        raise RuntimeError(f"Chromium is not here and could not be installed: apt-get install {CHROMIUM}")


def run(name: str, command: list[str], **variables: str) -> tuple[str, bool, float]:
    """Run one part and return its name, how it went, and its seconds."""
    print(f"\n=== {name}", flush=True)
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=os.environ | variables, check=False)
    return name, done.returncode == 0, time.monotonic() - started


def keep_demo(data: Path) -> str:
    """Make the street demo in a folder, with its accounts beside it, and return the folder."""
    accounts = make_demo(environment(data))
    (data / DEMO_ACCOUNTS).write_text(json.dumps(accounts), encoding="utf-8")
    return str(data)


def main() -> int:
    """Run every part, print the summary, and exit 1 when one part failed."""
    # Programs that start a hundred times need not be compiled a hundred times.
    for variable in ("LINLI_DATABASE_URL", "LINLI_DATA_DIR", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(variable, None)
    browser()
    tests = [*PYTEST, "-m", "not flow"]
    with (
        tempfile.TemporaryDirectory(prefix="linli-demo-") as demo,
        running_server(durable=False) as address,
        ThreadPoolExecutor() as beside,
    ):
        # The checks leave a core free; the demo for the browser is made there.
        making = beside.submit(keep_demo, Path(demo))
        results = [
            run("checks", [sys.executable, "tools/check.py"]),
            run("tests on SQLite", tests),
            run("tests on PostgreSQL", tests, LINLI_DATABASE_URL=address),
            run("stories in a browser", [*PYTEST, "tests/flows"], **{DEMO_VARIABLE: making.result()}),
        ]
    print("\n=== summary")
    for name, good, seconds in results:
        print(f"{'ok  ' if good else 'FAIL'} {name}: {seconds:.0f} s")
    return 0 if all(good for _name, good, _seconds in results) else 1


if __name__ == "__main__":
    sys.exit(main())
