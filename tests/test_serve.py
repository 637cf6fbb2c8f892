"""``linli serve`` begins and ends as one."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

import psutil

from served import LINLI, environment, served

# The grace that the parts have, and some more for a slow machine.
PATIENCE_SECONDS = 20


def test_no_part_outlives_a_signal_to_all_of_them(tmp_path: Path) -> None:
    for told in (signal.SIGINT, signal.SIGTERM):
        with served(environment(tmp_path)) as (_address, head):
            parts = [head, *head.children(recursive=True)]
            assert len(parts) >= 4
            # As Ctrl+C in a terminal does, or a service manager.
            for part in parts:
                part.send_signal(told)
            _gone, left = psutil.wait_procs(parts, timeout=PATIENCE_SECONDS)
        assert left == []


def test_an_address_that_is_taken_is_refused_in_words(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        command = [*LINLI, "serve", "--port", port]
        told = subprocess.run(
            command, env=environment(tmp_path), capture_output=True, text=True, check=False, timeout=60
        )
    assert told.returncode == 1
    assert f"127.0.0.1:{port}" in told.stderr
    assert "--port" in told.stderr
