"""A PostgreSQL server for tests and benchmarks: started on a free port in a folder of its own, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGES = ("postgresql-15",)
INSTALLED = Path("/usr/lib/postgresql")
USER = "postgres"
# For databases that live as long as a test run: nothing is kept safe on the disk, nothing is tidied up.
FLEETING = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=4GB",
    "autovacuum=off",
)


def server_programs() -> Path:
    """Return the folder of the server's programs, installing Debian's package when there is none.

    Raises ``RuntimeError`` when there is none and it can't be installed.
    """
    found = sorted(INSTALLED.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        install(PACKAGES)
        found = sorted(INSTALLED.glob("*/bin/initdb"))
    if not found:
        raise RuntimeError("PostgreSQL is not here and could not be installed: apt-get install postgresql-15")
    return found[-1].parent


def install(packages: tuple[str, ...]) -> None:
    """Install Debian packages; needs root, or a password-less sudo."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        subprocess.run([*prefix, *command], env=environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running_server(*, durable: bool = True) -> Iterator[str]:
    """Yield the address of an empty database ``linli`` on a server that runs as long as the block.

    Args:
        durable: whether what is committed survives a power cut, as in use; tests need not wait for the disk.
    """
    programs = server_programs()
    folder = Path(tempfile.mkdtemp(prefix="linli-postgres-"))
    port = _free_port()
    as_root = os.geteuid() == 0
    if as_root:
        # PostgreSQL refuses to run as root.
        account = pwd.getpwnam(USER)
        os.chown(folder, account.pw_uid, account.pw_gid)
    owner = ["runuser", "-u", USER, "--"] if as_root else []
    data = folder / "data"
    try:
        _run([*owner, str(programs / "initdb"), "-D", str(data), "-U", "linli", "-A", "trust", "-E", "UTF8"], folder)
        options = f"-c port={port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        options += "" if durable else "".join(f" -c {setting}" for setting in FLEETING)
        control = [*owner, str(programs / "pg_ctl"), "-D", str(data), "-w"]
        _run([*control, "-l", str(folder / "log"), "-o", options, "start"], folder)
        try:
            _run([str(programs / "createdb"), "-h", "127.0.0.1", "-p", str(port), "-U", "linli", "linli"], folder)
            yield f"postgresql://linli@127.0.0.1:{port}/linli"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Run a server until interrupted, and print its address."""
    with running_server() as address:
        print(address, flush=True)
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
