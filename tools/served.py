"""The product as people start it, for browser tests, pictures and benchmarks: a demo, and ``linli serve``."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
LINLI = [sys.executable, "-m", "linli"]
READY_SECONDS = 60
STOP_SECONDS = 30
RATES = ("REPORT", "LOCATE", "FOLLOW", "REPLY", "DECLARE", "SIGN_IN")
# One address plays many people here.
RATE = "100000/m"

# The shell without windows does the same in two thirds of the time.
BROWSERS = ("chromium-headless-shell", "chromium")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), BROWSERS[0])
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Without a graphics card only maps are drawn by its stand-in; pages are painted three times as fast without.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
    "--disable-gpu-rasterization",
]
# A browser as on a desktop whose usual font is Chinese; without it Latin letters come from a much wider font.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><test name="family"><string>system-ui</string></test>
<edit name="family" mode="assign" binding="strong"><string>Noto Sans CJK SC</string></edit></match>
<match target="pattern"><test name="family"><string>sans-serif</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Noto Sans CJK SC</string></edit></match>
</fontconfig>"""
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}

# The folder of a street demo that was made before the tests in a browser, and its accounts in it.
DEMO_VARIABLE = "LINLI_TEST_DEMO"
DEMO_ACCOUNTS = "accounts.json"

Account = dict[str, str]


def environment(data: Path | str, address: str | None = None) -> dict[str, str]:
    """Return the variables of a run with its own data, none of the caller's settings, and limits out of the way."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINLI_", "DJANGO_"))}
    rates = {f"LINLI_RATE_{name}": RATE for name in RATES}
    return kept | rates | {"LINLI_DATA_DIR": str(data)} | ({"LINLI_DATABASE_URL": address} if address else {})


def browser_environment() -> dict[str, str | float | bool]:
    """Return the variables of a browser whose usual font is the Chinese one."""
    path = Path(tempfile.gettempdir()) / "linli-fonts.conf"
    path.write_text(FONTS, encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(path)}


def make_demo(env: Mapping[str, str], scale: str = "street") -> list[Account]:
    """Fill the empty database of a run and return its accounts. Raises ``RuntimeError`` with what the command said."""
    command = [*LINLI, "demo", "--scale", scale, "--json"]
    made = subprocess.run(command, env=dict(env), cwd=ROOT, check=False, text=True, capture_output=True)
    if made.returncode != 0:
        raise RuntimeError(made.stderr)
    accounts: list[Account] = json.loads(made.stdout)
    return accounts


@contextmanager
def served(env: Mapping[str, str]) -> Iterator[tuple[str, psutil.Process]]:
    """Serve, and yield the address and the process at the head of the group once everything lives."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([*LINLI, "serve", "--port", str(port)], env=dict(env), cwd=ROOT)
    try:
        _wait_until_healthy(port)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _wait_until_healthy(port: int) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            # Not listening yet.
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise RuntimeError("the service did not become healthy in time")
