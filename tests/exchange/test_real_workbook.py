"""The workbook of 广场西社区, from the file to the ledger and back."""

from __future__ import annotations

import io
import logging
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from python_calamine import CalamineWorkbook

from linli.exchange.actions import apply_batch, check_batch, import_file, receive_workbook, undo_batch
from linli.exchange.choices import BatchState
from linli.exchange.models import Batch
from linli.exchange.snapshots import snapshot
from linli.files.queries import content_of
from linli.housing.choices import Occupancy
from linli.housing.models import Building, Compound, Dwelling
from linli.people.models import Correction, Household, Person, Residence
from tests.cast import Cast
from tests.exchange.samples import REAL_WORKBOOK, applied

LEDGER = (Compound, Building, Dwelling, Household, Person, Residence, Correction)
APPLIED = {"people": 786, "dwellings": 320, "households": 310, "empty_homes": 10, "renting": 47}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def kinds(report: dict[str, Any]) -> Counter[str]:
    return Counter(problem["kind"] for problem in report["problems"])


def everything() -> dict[str, list[str]]:
    """Return every row of the ledger as text."""
    return {model.__name__: sorted(snapshot(row) for row in model._default_manager.all()) for model in LEDGER}


def test_the_report_agrees_with_the_workbook(cast: Cast) -> None:
    report = import_file(REAL_WORKBOOK, kind="people", area=cast.community_area, by=cast.leader, partial=True)
    assert report["rows"] == 809
    assert report["applied"] == {**APPLIED, "updated": 0}
    assert kinds(report) == {"bad_id": 29, "bad_date": 6, "duplicate": 5, "missing_name": 8}
    assert Counter(problem["held"] for problem in report["problems"]) == {False: 35, True: 13}
    assert report["state"] == BatchState.APPLIED


def test_the_ledger_holds_what_the_report_says(cast: Cast) -> None:
    batch = applied(REAL_WORKBOOK.read_bytes(), cast.community_area, cast.leader)
    assert (Person.objects.count(), Dwelling.objects.count(), Household.objects.count()) == (786, 320, 310)
    assert Residence.objects.filter(until=None).count() == 786
    uses = Counter(Dwelling.objects.values_list("occupancy", flat=True))
    assert uses == {Occupancy.EMPTY: 10, Occupancy.RENTED: 47, Occupancy.OWN: 263}
    assert Counter(Correction.objects.values_list("kind", flat=True)) == {"bad_id": 29, "bad_date": 6}
    assert set(Compound.objects.values_list("name", flat=True)) == {"古公寓", "刘小区", "黎花园"}
    assert set(Building.objects.values_list("grid", "path")) == {(None, cast.community_area.path)}
    person = Person.objects.get(name="杨红", birth_date="1961-08-25")
    assert (person.id_number, person.phone, person.path) == ("149999196108257324", "15005569934", batch.path)
    residence = person.residences.get()
    assert residence.household.dwelling.address == "古公寓4号楼3单元201"
    assert (residence.relation, residence.registration, residence.presence) == ("head", "elsewhere", "here")


def test_importing_again_doubles_nobody(cast: Cast) -> None:
    content = REAL_WORKBOOK.read_bytes()
    applied(content, cast.community_area, cast.leader)
    before = everything()
    second = applied(content, cast.community_area, cast.leader)
    assert second.report["applied"] == {**APPLIED, "updated": 786}
    assert everything() == before
    assert not second.changes.exists()


def test_undo_brings_back_the_former_state(cast: Cast) -> None:
    before = everything()
    batch = applied(REAL_WORKBOOK.read_bytes(), cast.community_area, cast.leader)
    assert everything() != before
    undo_batch(batch, by=cast.leader)
    assert everything() == before
    assert Batch.objects.get().state == BatchState.UNDONE
    assert not batch.changes.exists()


def test_one_held_row_stops_an_import_that_is_not_partial(cast: Cast) -> None:
    report = import_file(REAL_WORKBOOK, kind="people", area=cast.community_area, by=cast.leader, partial=False)
    assert set(report["applied"].values()) == {0}
    assert (report["held"], report["state"]) == (13, BatchState.CHECKED)
    assert not Person.objects.exists()
    assert not Building.objects.exists()


def test_a_dry_run_tells_the_same_and_keeps_nothing(cast: Cast, tmp_path: Path) -> None:
    out = tmp_path / "errors.xlsx"
    report = import_file(
        REAL_WORKBOOK, kind="people", area=cast.community_area, by=cast.leader, dry_run=True, errors=out
    )
    assert report["applied"] == {**APPLIED, "updated": 0}
    assert not Batch.objects.exists()
    assert not Person.objects.exists()
    table = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()
    # Some rows have two problems, and the first two lines are the header.
    assert len(table) - 2 == len({problem["row"] for problem in report["problems"]})


def test_no_number_lies_anywhere_in_clear(
    cast: Cast, data_dir: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(temporary))
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().addHandler(handler)
    batch = receive_workbook(
        REAL_WORKBOOK.read_bytes(), name=REAL_WORKBOOK.name, area=cast.community_area, kind="people", by=cast.leader
    )
    check_batch(batch, by=cast.leader)
    apply_batch(batch, by=cast.leader)
    logging.getLogger().removeHandler(handler)

    people = list(Person.objects.exclude(phone="").exclude(id_number="").order_by("pk"))
    doubtful = list(Person.objects.filter(corrections__kind="bad_id").order_by("pk")[:5])
    numbers = [person.id_number for person in [*people[:20], *doubtful]] + [person.phone for person in people[:20]]
    assert len(set(numbers)) >= 40
    stored = every_text_in_the_database()
    files = b"".join(
        path.read_bytes() for folder in (data_dir, temporary) for path in folder.rglob("*") if path.is_file()
    )
    assert content_of(batch.upload) == REAL_WORKBOOK.read_bytes()
    files += connection.connection.serialize() if connection.vendor == "sqlite" else b""
    found = [number for number in numbers if number in stored or number in log.getvalue() or number.encode() in files]
    assert found == []
    # The search itself is not blind: what is no secret is found.
    assert "古公寓4号楼3单元201" in stored


def every_text_in_the_database() -> str:
    """Return all columns of all tables, the search index among them."""
    texts: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            texts.extend(str(value) for row in cursor.fetchall() for value in row)
    assert len(apps.get_models()) < len(texts)
    return "\n".join(texts)
