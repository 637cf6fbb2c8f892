"""What is put back is what was made: rows, the journal with its seals, and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from linli.accounts.rules import SYSTEM
from linli.checks import check_all
from tests.cast import Cast
from tests.once import once, rows_of
from tests.web.ledgers import move_in


@pytest.mark.usefixtures("tuesday")
def test_what_is_put_back_is_what_was_made(cast: Cast) -> None:
    seen: list[Any] = []

    def make() -> None:
        move_in(cast)
        (Path(settings.DATA_DIR) / "note.txt").write_text("一", encoding="utf-8")

    for _time in range(3):
        with transaction.atomic():
            once("test", make)
            assert check_all(None, by=SYSTEM)["clean"]
            note = Path(settings.DATA_DIR) / "note.txt"
            seen.append((rows_of(), note.read_text(encoding="utf-8")))
            note.unlink()
            transaction.set_rollback(True)
    assert seen[1] == seen[2]
    assert {model: len(rows) for model, rows in seen[0][0].items()} == {
        model: len(rows) for model, rows in seen[2][0].items()
    }
