"""Lists that are taken out as they are narrowed: buildings, declarations, the staff register, vacancies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.accounts.models import User
from linli.accounts.rules import SYSTEM, Refused
from linli.areas.models import Area
from linli.declarations.actions import refuse
from linli.exports.actions import request_export, take_file
from linli.exports.choices import ExportState
from linli.exports.kinds import Asked, kind_for
from linli.exports.models import Export
from linli.exports.queries import filters_told
from linli.exports.rules import NotPossible
from linli.housing.actions import NewBuilding, add_building, add_compound
from linli.journal.models import Entry
from linli.staff.actions import NewRecord, add_record
from linli.staff.choices import RecordKind
from tests.cast import Cast
from tests.declarations import samples
from tests.exports.samples import table
from tests.web.ledgers import ID_NUMBER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
ClientFor = Callable[[object], Client]


def taken(kind: str, by: User, area: Area, /, **filters: str) -> Export:
    """Ask for a list with every column."""
    columns = [column.name for column in kind_for(kind).columns]
    return request_export(
        kind, area=area, filters=filters, columns=columns, form="xlsx", clear=False, purpose="核对名单", by=by
    )


def rows_of(export: Export, by: User) -> list[tuple[Any, ...]]:
    """Return what stands in the file below the watermark and the headers."""
    export = Export.objects.select_related("upload", "job", "area").get(pk=export.pk)
    return table(take_file(export, by=by))[2:]


def queries_for(kind: str, by: User, area: Area, /, **filters: str) -> int:
    """Return how many statements the rows of a list take."""
    known = kind_for(kind)
    # The posts of a person are read once.
    by.has_perm(known.ability, area)
    with CaptureQueriesContext(connection) as queries:
        assert list(known.rows(Asked(by, area, filters, tuple(column.name for column in known.columns))))
    return len(queries)


@pytest.fixture
def buildings(cast: Cast) -> None:
    compound = add_compound(cast.community_area, "黎花园", by=SYSTEM)
    for number, grid in ((1, cast.grid), (2, cast.other_grid)):
        add_building(NewBuilding(cast.community_area, f"{number}号楼", compound, grid=grid, floors=6), by=SYSTEM)
    add_building(NewBuilding(cast.far_community, "3号楼", grid=cast.far_grid), by=SYSTEM)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/buildings/", "buildings"),
        ("/declarations/", "declarations"),
        ("/staff/", "members"),
        ("/vacancies/", "vacancies"),
    ],
)
def test_the_button_stands_above_the_list_for_those_who_may(
    cast: Cast, client_for: ClientFor, path: str, kind: str
) -> None:
    assert f'href="/exports/new/?kind={kind}"' in client_for(cast.leader).get(path).content.decode()
    assert f"kind={kind}" not in client_for(cast.worker).get(path).content.decode()
    assert client_for(cast.worker).get(f"/exports/new/?kind={kind}").status_code == 403


@pytest.mark.parametrize("kind", ["buildings", "declarations", "members", "vacancies"])
def test_only_within_reach(cast: Cast, kind: str) -> None:
    for who, area in ((cast.worker, cast.grid), (cast.leader, cast.far_community), (cast.far_leader, cast.grid)):
        with pytest.raises(Refused):
            taken(kind, who, area)


@pytest.mark.usefixtures("buildings")
def test_buildings_go_out_as_they_are_narrowed(cast: Cast) -> None:
    every = rows_of(taken("buildings", cast.leader, cast.community_area), cast.leader)
    assert [(row[0], row[1], row[3]) for row in every] == [
        ("黎花园1号楼", "黎花园", "第一网格"),
        ("黎花园2号楼", "黎花园", "第二网格"),
    ]
    export = taken("buildings", cast.leader, cast.community_area, q="2号楼")
    assert [row[0] for row in rows_of(export, cast.leader)] == ["黎花园2号楼"]
    assert filters_told(export) == ["2号楼"]
    grid = taken("buildings", cast.leader, cast.grid, under=cast.grid.code)
    assert [row[0] for row in rows_of(grid, cast.leader)] == ["黎花园1号楼"]
    with pytest.raises(NotPossible):
        taken("buildings", cast.leader, cast.community_area, compound="999")
    [entry] = Entry.objects.filter(action="exports.request", detail__kind="buildings").order_by("number")[:1]
    assert entry.actor == "leader"


@pytest.mark.usefixtures("buildings")
def test_above_a_size_a_second_person_decides(cast: Cast, settings: Any) -> None:
    settings.LINLI_EXPORT_ROWS = 1
    assert taken("buildings", cast.leader, cast.community_area).state == ExportState.WAITING
    assert taken("members", cast.leader, cast.community_area).state == ExportState.WAITING


@pytest.mark.usefixtures("buildings")
def test_buildings_cost_the_same_for_two_and_three(cast: Cast) -> None:
    once = queries_for("buildings", cast.leader, cast.community_area)
    add_building(NewBuilding(cast.community_area, "9号楼", grid=cast.grid), by=SYSTEM)
    assert queries_for("buildings", cast.leader, cast.community_area) == once


def test_the_register_goes_out_as_the_list_shows_it(cast: Cast) -> None:
    add_record(NewRecord(RecordKind.SKILL, "手语"), by=cast.worker)
    found = {row[0]: row for row in rows_of(taken("members", cast.leader, cast.community_area), cast.leader)}
    assert "赵远" not in found
    assert found["李文静"][1] == "第一网格 网格员"
    assert found["李文静"][5] == "手语"
    assert found["李文静"][6] is not None
    export = taken("members", cast.leader, cast.community_area, q="李文")
    assert [row[0] for row in rows_of(export, cast.leader)] == ["李文静"]
    assert filters_told(export) == ["“李文”"]


def test_the_register_costs_the_same_for_few_and_many(cast: Cast) -> None:
    few = queries_for("members", cast.leader, cast.grid)
    assert queries_for("members", cast.street, cast.street_area) == few


def test_vacancies_go_out(cast: Cast) -> None:
    rows = rows_of(taken("vacancies", cast.leader, cast.community_area), cast.leader)
    assert [(row[0], row[2], row[3]) for row in rows] == [("网格员", "第二网格", "广场西社区")]
    with pytest.raises(NotPossible):
        taken("vacancies", cast.leader, cast.grid)


def test_declarations_go_out_with_what_their_list_shows_and_no_more(cast: Cast) -> None:
    samples.home(cast)
    waits = samples.declared(samples.building(cast, "4号楼"), id_number=ID_NUMBER).declaration
    refused = samples.declared(samples.building(cast, "5号楼")).declaration
    refuse(refused, "地址不对", by=cast.leader)
    rows = rows_of(taken("declarations", cast.leader, cast.community_area), cast.leader)
    assert [(row[0], row[4]) for row in rows] == [(waits.number, "李*")]
    assert not any(secret in str(rows) for secret in (samples.NEWCOMER, samples.OTHER_PHONE, ID_NUMBER))
    export = taken("declarations", cast.leader, cast.community_area, state="refused")
    assert [row[0] for row in rows_of(export, cast.leader)] == [refused.number]
    assert filters_told(export) == ["没有确认"]
    every = taken("declarations", cast.leader, cast.community_area, state="all")
    assert {row[0] for row in rows_of(every, cast.leader)} == {waits.number, refused.number}
    # Not even a second person makes more of it clear.
    assert not any(column.mask for column in kind_for("declarations").columns)


def test_declarations_cost_the_same_for_one_and_three(cast: Cast) -> None:
    house = samples.building(cast)
    samples.declared(house)
    once = queries_for("declarations", cast.leader, cast.community_area)
    samples.declared(house, room="502")
    samples.declared(samples.building(cast, "4号楼"))
    assert queries_for("declarations", cast.leader, cast.community_area) == once
