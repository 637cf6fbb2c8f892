"""``make check``: everything that can be judged without running the product."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
MAX_FILE_LINES = 600
MAX_FUNCTION_LINES = 60

STEPS: tuple[tuple[str, list[str]], ...] = (
    ("ruff", [str(BIN / "ruff"), "check"]),
    ("format", [str(BIN / "ruff"), "format", "--check"]),
    ("types", [str(BIN / "mypy")]),
    ("layers", [str(BIN / "lint-imports"), "--no-cache"]),
    ("migrations", [str(BIN / "django-admin"), "makemigrations", "--check", "--dry-run"]),
    ("texts", [sys.executable, "tools/messages.py", "check"]),
)
# What the content security policy would refuse in a page.
INLINE = re.compile(r"""\sstyle\s*=\s*["']|\son\w+\s*=\s*["']|<style|javascript:""")


def run_step(name: str, command: list[str]) -> bool:
    """Run one tool and tell how it went."""
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "linli.settings", "LINLI_DATA_DIR": tempfile.mkdtemp()}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}")
    if done.returncode:
        print(done.stdout[-8000:], done.stderr[-8000:])
    return done.returncode == 0


def inline_parts() -> list[str]:
    """Return every place in a template that the content security policy would refuse."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in sorted((ROOT / "src").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if INLINE.search(line)
    ]


def large_pieces() -> list[str]:
    """Return the files and functions that are longer than the guide says."""
    found = []
    for path in sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]):
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MAX_FILE_LINES:
            found.append(f"{path.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    found.append(f"{path.relative_to(ROOT)}: {node.name} has {length} lines")
    return found


def main() -> int:
    """Run every step; exit 1 when one of them finds something."""
    good = [run_step(name, command) for name, command in STEPS]
    inline = inline_parts()
    print(f"{'FAIL' if inline else 'ok  '} csp", *inline, sep="\n     " if inline else " ")
    for piece in large_pieces():
        print("size", piece)
    return 0 if all(good) and not inline else 1


if __name__ == "__main__":
    sys.exit(main())
