"""``linli serve`` begins and ends as one."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil

from served import environment, served

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
