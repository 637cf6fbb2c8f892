"""The command line: what it prints, what it changes, and the number it ends with."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from python_calamine import CalamineWorkbook

import linli.areas
from linli.accounts.models import Token
from linli.accounts.queries import user_for_token
from linli.areas.models import Area
from linli.cases.models import Case
from linli.cli import main
from linli.core import clock
from linli.core.paths import child_path
from linli.exchange.models import Batch
from linli.exports.actions import decide_export
from linli.housing.models import Building
from linli.jobs.models import ScheduleMark
from linli.jobs.schedule import duties
from linli.journal.models import Entry
from linli.people.models import Person
from tests.cast import Cast
from tests.conftest import TUESDAY
from tests.exchange.samples import REAL_WORKBOOK, resident, workbook
from tests.exports.samples import asked
from tests.jobs.queue import WAITING
from tests.web.cases_data import from_resident, presets
from tests.web.ledgers import ID_NUMBER, PHONE, settle

pytestmark = pytest.mark.django_db

AREAS_FILE = Path(linli.areas.__file__).parent / "data" / "areas-luzhou.csv"
FIGURES = {"people": 786, "dwellings": 320, "households": 310, "empty_homes": 10, "renting": 47, "updated": 0}

Command = Callable[..., Result]


@pytest.fixture
def linli_command(monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a function that runs a command in this process, on the database of the test."""
    monkeypatch.setattr("django.core.management.call_command", _without_migrations)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)

    return run


def _without_migrations(name: str, **options: Any) -> None:
    assert name == "migrate", "the tests' database is migrated already; nothing else is called here"


def report_of(result: Result, code: int) -> dict[str, Any]:
    assert result.exit_code == code, result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return report


# Import


def test_areas_come_from_a_table(db: None, linli_command: Command) -> None:
    rows = len(AREAS_FILE.read_text(encoding="utf-8").splitlines()) - 1
    dry = report_of(linli_command("import", "areas", AREAS_FILE, "--dry-run", "--json"), 0)
    assert (dry["rows"], Area.objects.count()) == (rows, 0)
    report = report_of(linli_command("import", "areas", AREAS_FILE, "--json"), 0)
    assert (report["rows"], report["applied"], report["problems"]) == (rows, {"areas": rows}, [])
    assert Counter(Area.objects.values_list("level", flat=True)) == {
        "province": 1,
        "city": 1,
        "district": 1,
        "street": 19,
        "community": 215,
    }
    for area in Area.objects.exclude(parent=None).select_related("parent"):
        assert area.parent is not None
        assert area.path.startswith(area.parent.path)
    again = report_of(linli_command("import", "areas", AREAS_FILE, "--json"), 0)
    assert again["applied"] == {"areas": 0}


def test_one_wrong_area_stops_a_table_unless_it_is_partial(cast: Cast, linli_command: Command, tmp_path: Path) -> None:
    table = tmp_path / "areas.csv"
    table.write_text(
        "code,level,name,parent_code\n140403002,street,西街街道,140403\n140403003,village,没有这一级,140403\n",
        encoding="utf-8",
    )
    report = report_of(linli_command("import", "areas", table, "--json"), 1)
    assert [(problem["row"], problem["column"], problem["held"]) for problem in report["problems"]] == [
        (3, "level", True)
    ]
    assert not Area.objects.filter(code="140403002").exists()
    report = report_of(linli_command("import", "areas", table, "--partial", "--json"), 0)
    assert report["applied"] == {"areas": 1}
    assert Area.objects.get(code="140403002").path.startswith(cast.district_area.path)


def test_people_of_the_workbook_with_partial(cast: Cast, linli_command: Command) -> None:
    community = cast.community_area.code
    report = report_of(linli_command("import", "people", REAL_WORKBOOK, "--area", community, "--partial", "--json"), 0)
    assert (report["rows"], report["applied"]) == (809, FIGURES)
    kinds = Counter(problem["kind"] for problem in report["problems"])
    assert kinds == {"bad_id": 29, "bad_date": 6, "duplicate": 5, "missing_name": 8}
    assert {"row", "column", "kind", "value", "message", "held"} <= set(report["problems"][0])
    assert {"header", "field", "how"} <= set(report["columns"][0])
    assert Person.objects.count() == 786
    assert Batch.objects.get().number == report["batch"]
    assert set(Entry.objects.filter(action__startswith="exchange.").values_list("actor", "source")) == {
        ("system", "command")
    }
    text = json.dumps(report, ensure_ascii=False)
    numbers = [person.id_number for person in Person.objects.exclude(id_number="")[:50]]
    assert [number for number in numbers if number in text] == []


def test_one_held_row_stops_the_workbook_without_partial(cast: Cast, linli_command: Command) -> None:
    code = cast.community_area.code
    report = report_of(linli_command("import", "people", REAL_WORKBOOK, "--area", code, "--json"), 1)
    assert set(report["applied"].values()) == {0}
    assert not Person.objects.exists()
    assert not Building.objects.exists()


def test_a_dry_run_keeps_nothing_and_writes_what_needs_work(cast: Cast, linli_command: Command, tmp_path: Path) -> None:
    errors = tmp_path / "errors.xlsx"
    result = linli_command(
        "import", "people", REAL_WORKBOOK, "--area", cast.community_area.code, "--dry-run", "--errors", errors, "--json"
    )
    report = report_of(result, 1)
    assert report["applied"] == FIGURES
    assert not Batch.objects.exists()
    assert not Person.objects.exists()
    table = CalamineWorkbook.from_path(str(errors)).get_sheet_by_index(0).to_python()
    assert len(table) - 2 == len({problem["row"] for problem in report["problems"]})


def test_the_report_in_words_names_row_and_column(cast: Cast, linli_command: Command, tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(workbook([resident("单田芳", phone=PHONE), resident("", room="502", id_number=ID_NUMBER)]))
    result = linli_command("import", "people", file, "--area", cast.community_area.code)
    assert result.exit_code == 1
    assert result.stdout.startswith("rows 2;")
    assert "row 3:" in result.stdout
    assert ID_NUMBER not in result.output


def test_whoever_may_not_import_imports_nothing(cast: Cast, linli_command: Command) -> None:
    code = cast.community_area.code
    for username, exit_code in (("worker", 1), ("far_leader", 1), ("leader", 0)):
        result = linli_command("import", "people", REAL_WORKBOOK, "--area", code, "--partial", "--as", username)
        assert result.exit_code == exit_code, result.output
        assert Person.objects.exists() is (exit_code == 0)
    assert set(Entry.objects.filter(action="exchange.apply").values_list("actor", flat=True)) == {"leader"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("import", "people", REAL_WORKBOOK), 2),
        (("import", "people", REAL_WORKBOOK, "--area", "999"), 2),
        (("import", "people", "/no/such/file.xlsx", "--area", "140403007002"), 2),
        (("import", "people", REAL_WORKBOOK, "--area", "140403"), 1),
        (("import", "pets", REAL_WORKBOOK), 2),
        (("import", "people", REAL_WORKBOOK, "--area", "140403007002", "--as", "nobody"), 2),
        (("export", "areas", "--area", "999", "--out", "x.csv"), 2),
        (("export", "areas", "--out", "x.csv"), 2),
        (("check", "--area", "999"), 2),
        (("token", "nobody"), 2),
        (("tick", "--now", "yesterday"), 2),
        (("nothing",), 2),
    ],
)
def test_who_asks_wrongly_gets_a_word_and_a_number(
    cast: Cast, linli_command: Command, arguments: tuple[object, ...], code: int
) -> None:
    result = linli_command(*arguments)
    assert result.exit_code == code, result.output
    assert "Error" in result.stderr
    assert "Traceback" not in result.output
    assert not Person.objects.exists()


def test_what_is_no_workbook_is_refused_in_words(cast: Cast, linli_command: Command, tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    file.write_bytes(b"PK\x03\x04 but no workbook")
    result = linli_command("import", "people", file, "--area", cast.community_area.code)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert not Batch.objects.exists()


# Export


def table_of(file: Path) -> list[list[str]]:
    if file.suffix == ".csv":
        return [line.split(",") for line in file.read_text(encoding="utf-8-sig").splitlines()]
    return [
        [str(cell) for cell in row] for row in CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_areas_go_out_as_a_table(cast: Cast, linli_command: Command, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"areas{suffix}"
    result = linli_command("export", "areas", "--area", cast.street_area.code, "--out", out)
    assert result.exit_code == 0, result.output
    head, *rows = table_of(out)
    assert head == ["code", "level", "name", "parent_code"]
    under = Area.objects.under(cast.street_area)
    assert {row[0] for row in rows} == set(under.values_list("code", flat=True))
    assert rows[0] == [cast.street_area.code, "street", "太行西街街道", cast.district_area.code]


def test_an_exported_table_can_be_taken_in_again(cast: Cast, linli_command: Command, tmp_path: Path) -> None:
    out = tmp_path / "areas.csv"
    linli_command("export", "areas", "--area", "14", "--out", out)
    report = report_of(linli_command("import", "areas", out, "--json"), 0)
    assert (report["rows"], report["applied"], report["problems"]) == (len(cast.areas), {"areas": 0}, [])


def test_areas_go_out_as_shapes(cast: Cast, linli_command: Command, tmp_path: Path) -> None:
    out = tmp_path / "areas.geojson"
    assert linli_command("export", "areas", "--area", cast.community_area.code, "--out", out).exit_code == 0
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    shapes = {feature["properties"]["code"]: feature["geometry"] for feature in features}
    assert shapes[cast.grid.code] == cast.grid.geometry
    assert set(shapes) == {area.code for area in (cast.community_area, cast.grid, cast.other_grid)}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_cases_go_out_without_persons(cast: Cast, linli_command: Command, tmp_path: Path, suffix: str) -> None:
    presets()
    case = from_resident(cast, text="三号楼李桂香家漏水", place="3号楼2单元602")
    from_resident(cast, area=cast.far_grid)
    out = tmp_path / f"cases{suffix}"
    result = linli_command("export", "cases", "--area", cast.community_area.code, "--out", out)
    assert result.exit_code == 0, result.output
    _head, *rows = table_of(out)
    assert [row[0] for row in rows] == [case.number]
    text = json.dumps(rows, ensure_ascii=False)
    assert [part for part in ("13900001234", "李桂香", "漏水", "602", "李文静") if part in text] == []


@pytest.mark.parametrize(("kind", "name"), [("areas", "areas.pdf"), ("cases", "cases.geojson"), ("cases", "cases")])
def test_an_unknown_ending_writes_nothing(
    cast: Cast, linli_command: Command, tmp_path: Path, kind: str, name: str
) -> None:
    result = linli_command("export", kind, "--area", cast.grid.code, "--out", tmp_path / name)
    assert result.exit_code == 1
    assert not (tmp_path / name).exists()


def test_whoever_may_not_export_gets_nothing(cast: Cast, linli_command: Command, tmp_path: Path) -> None:
    for username, code in (("worker", 1), ("far_leader", 1), ("leader", 0)):
        out = tmp_path / f"{username}.csv"
        result = linli_command("export", "cases", "--area", cast.grid.code, "--out", out, "--as", username)
        assert result.exit_code == code, result.output
        assert out.exists() is (code == 0)


def test_people_go_out_only_by_an_approved_request(cast: Cast, linli_command: Command, tmp_path: Path) -> None:
    settle(cast)
    out = tmp_path / "people.csv"
    place = ("export", "people", "--area", cast.community_area.code, "--out", out)
    for extra in ((), ("--as", "leader"), ("--as", "leader", "--request", "NOSUCH"), ("--request", "NOSUCH")):
        assert linli_command(*place, *extra).exit_code == 1
    small = asked(cast.leader, cast.community_area, form="csv")
    refused = linli_command(*place, "--as", "leader", "--request", small.number)
    assert (refused.exit_code, out.exists()) == (1, False)
    assert "还没有人批" in refused.output
    export = asked(cast.leader, cast.community_area, form="csv", clear=True)
    assert linli_command(*place, "--as", "leader", "--request", export.number).exit_code == 1
    with WAITING:
        decide_export(export, approve=True, by=cast.community)
    for other in ("community", "far_leader"):
        assert linli_command(*place, "--as", other, "--request", export.number).exit_code == 1
    for wrong in (("export", "households", *place[2:]), (*place[:5], tmp_path / "people.xlsx")):
        assert linli_command(*wrong, "--as", "leader", "--request", export.number).exit_code == 1
    assert not out.exists()
    result = linli_command(*place, "--as", "leader", "--request", export.number)
    assert result.exit_code == 0, result.output
    assert ID_NUMBER in out.read_text(encoding="utf-8-sig")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert Entry.objects.filter(action="exports.download", actor="leader").count() == 1


# Check, tick, tokens


def test_check_ends_with_one_when_something_is_broken(cast: Cast, linli_command: Command) -> None:
    report = report_of(linli_command("check", "--json"), 0)
    assert (report["clean"], report["problems"]) == (True, [])
    assert {"kind": "vacancy", "area": cast.other_grid.code} in report["notices"]
    presets()
    case = from_resident(cast)
    Case.objects.filter(pk=case.pk).update(state="closed", path=child_path(case.path, "z"))
    report = report_of(linli_command("check", "--json"), 1)
    assert {"case_path_differs", "case_breaks_workflow"} == {problem["kind"] for problem in report["problems"]}
    assert report_of(linli_command("check", "--area", cast.far_street.code, "--json"), 0)["clean"]
    assert linli_command("check").stdout.splitlines()[-1] == "not clean"


def test_check_is_for_those_who_keep_the_tree(cast: Cast, linli_command: Command) -> None:
    assert linli_command("check", "--as", "worker").exit_code == 1
    assert linli_command("check", "--area", cast.grid.code, "--as", "administrator").exit_code == 0


def test_a_token_opens_the_interface(cast: Cast, linli_command: Command) -> None:
    result = linli_command("token", "WORKER")
    assert result.exit_code == 0, result.output
    assert user_for_token(result.stdout.strip()) == cast.worker
    assert linli_command("token", "worker", "--as", "leader").exit_code == 1
    assert Token.objects.count() == 1


def test_tick_runs_every_duty_once_and_again_when_it_is_due(cast: Cast, linli_command: Command) -> None:
    names = {duty.name for duty in duties}
    assert names
    first = linli_command("tick", "--now", "2026-11-24T10:18+08:00")
    assert first.exit_code == 0, first.output
    assert set(first.stdout.strip().split(", ")) == names
    assert set(ScheduleMark.objects.values_list("ran_at", flat=True)) == {TUESDAY}
    assert linli_command("tick", "--now", "2026-11-24T10:18").stdout.strip() == "nothing was due"
    later = clock.local(TUESDAY + max(duty.every for duty in duties)).isoformat()
    assert set(linli_command("tick", "--now", later).stdout.strip().split(", ")) == names


def test_tick_acts_at_the_moment_it_is_given(cast: Cast, linli_command: Command) -> None:
    presets()
    with clock.frozen(TUESDAY):
        case = from_resident(cast)
        Case.objects.filter(pk=case.pk).update(state="checked", lapses_at=TUESDAY + timedelta(days=7))
    linli_command("tick", "--now", (TUESDAY + timedelta(days=6)).isoformat())
    assert Case.objects.get(pk=case.pk).state == "checked"
    linli_command("tick", "--now", (TUESDAY + timedelta(days=8)).isoformat())
    lapsed = Case.objects.get(pk=case.pk)
    assert (lapsed.state, lapsed.closing, lapsed.closed_at) == ("closed", "answered", TUESDAY + timedelta(days=8))


def test_every_command_explains_itself(linli_command: Command) -> None:
    for path in ([], *([name] for name in main.commands), ["journal", "verify"]):
        result = linli_command(*path, "--help")
        assert result.exit_code == 0
        assert "Usage:" in result.stdout
