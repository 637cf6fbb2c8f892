"""The first command on a new machine: a process of its own, on a database of its own."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import linli


def run(data: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command as it is installed, with a data folder and nothing else."""
    environment = {
        "PATH": os.environ["PATH"],
        "LINLI_DATA_DIR": str(data),
        "PYTHONPATH": str(Path(linli.__file__).parents[1]),
    }
    command = [sys.executable, "-m", "linli", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def test_a_first_command_makes_database_and_keys_and_the_journal_proves_itself(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fresh = run(data, "journal", "verify", "--json")
    assert fresh.returncode == 0, fresh.stderr
    assert json.loads(fresh.stdout) == {"ok": True, "entries": 0, "problem": None, "number": None}
    keys = list((data / "keys").iterdir())
    assert len(keys) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}

    table = tmp_path / "areas.csv"
    table.write_text("code,level,name,parent_code\n14,province,山西省,\n1404,city,长治市,14\n", encoding="utf-8")
    assert run(data, "import", "areas", table).returncode == 0
    sound = run(data, "journal", "verify")
    assert (sound.returncode, sound.stdout.strip()) == (0, "2 entries, unaltered")

    tamper = "import sqlite3,sys; db = sqlite3.connect(sys.argv[1]); db.execute(sys.argv[2]); db.commit()"
    change = "UPDATE journal_entry SET actor = 'somebody' WHERE number = 1"
    subprocess.run([sys.executable, "-c", tamper, str(data / "linli.sqlite3"), change], check=True)
    broken = run(data, "journal", "verify", "--json")
    assert broken.returncode == 1
    assert json.loads(broken.stdout) | {"entries": 0} == {
        "ok": False,
        "entries": 0,
        "problem": "changed",
        "number": 1,
    }
