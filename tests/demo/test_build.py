"""The smallest demo, looked at as a whole."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
import shapely
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import transaction
from django.test import RequestFactory, TestCase
from shapely.geometry import Point, shape

from linli.accounts.models import User
from linli.accounts.rules import SYSTEM, Refused
from linli.areas.choices import Level, Role
from linli.areas.models import Area, Post
from linli.areas.queries import accountable_post, area_by_code, locate
from linli.cases.choices import Mechanism, State
from linli.cases.models import Case, CasePhoto, Route, Step
from linli.cases.replay import replay_all
from linli.cases.workflow import STATES
from linli.checks import check_all
from linli.core import clock
from linli.demo import DemoSummary, build
from linli.demo.doubles import MOST_PAIRS
from linli.demo.scales import WORKBOOK_COMMUNITY
from linli.demo.staff import SHOWCASE_GRID
from linli.files.choices import FileState
from linli.housing.models import Building, Compound, Dwelling, Plate
from linli.people.choices import CorrectionState
from linli.people.models import Correction, Household, Person
from linli.people.queries import search_people

# A Tuesday morning: 24 November 2026, 10:18 in Shanghai.
MOMENT = datetime(2026, 11, 24, 2, 18, tzinfo=UTC)
SEED = 7


class DemoTests(TestCase):
    """All tests look at one demo, which is built once."""

    summary: DemoSummary
    told: list[tuple[str, int, int]]

    @classmethod
    def setUpTestData(cls) -> None:
        cls.enterClassContext(clock.frozen(MOMENT))
        cache.clear()
        cls.told = []
        cls.summary = build("test", SEED, SYSTEM, lambda step, done, total: cls.told.append((step, done, total)))

    def test_progress_grows_to_the_whole(self) -> None:
        shares = [done / total for _step, done, total in self.told]
        assert shares == sorted(shares)
        assert (shares[0], shares[-1]) == (0.0, 1.0)

    def test_the_places_of_the_register_are_there_with_their_codes(self) -> None:
        levels = {name: Area.objects.filter(level=name).count() for name in ("district", "street", "community", "grid")}
        assert levels == {"district": 1, "street": 19, "community": 215, "grid": 4}
        assert area_by_code("140403007").name == "太行西街街道"

    def test_locate_agrees_with_the_polygons_for_a_thousand_points(self) -> None:
        grids = {grid.code: shape(grid.geometry) for grid in Area.objects.filter(level=Level.GRID)}
        west, south, east, north = shapely.union_all(list(grids.values())).bounds
        rng, inside = random.Random(11), 0
        for _number in range(1000):
            point = Point(rng.uniform(west, east), rng.uniform(south, north))
            expected = next((code for code, polygon in grids.items() if polygon.contains(point)), None)
            found = locate(point.x, point.y)
            assert (found.code if found else None) == expected
            inside += expected is not None
        assert 100 < inside < 1000

    def test_every_building_stands_inside_its_grid_and_clear_of_the_others(self) -> None:
        buildings = list(Building.objects.select_related("grid"))
        footprints = [shape(building.geometry) for building in buildings]
        for building, footprint in zip(buildings, footprints, strict=True):
            assert building.grid is not None
            assert shape(building.grid.geometry).contains(footprint)
            assert footprint.contains(Point(building.longitude, building.latitude))
        assert shapely.union_all(footprints).area == pytest.approx(sum(footprint.area for footprint in footprints))

    def test_the_workbook_community_has_its_compounds_and_nobody_in_them(self) -> None:
        community = area_by_code(WORKBOOK_COMMUNITY)
        assert set(Compound.objects.filter(community=community).values_list("name", flat=True)) == {
            "古公寓",
            "刘小区",
            "黎花园",
        }
        buildings = Building.objects.filter(community=community)
        assert buildings.count() == 27
        assert set(buildings.values_list("entrances", flat=True)) == {4}
        assert set(buildings.filter(compound__name="黎花园").values_list("name", flat=True)) == {
            f"{number}号楼" for number in range(1, 10)
        }
        assert not Dwelling.objects.filter(building__community=community).exists()
        assert not Person.objects.filter(path__startswith=community.path).exists()

    def test_people_live_in_the_other_community(self) -> None:
        # Those who stand in the ledger twice have a household of their own there.
        assert 38 <= Household.objects.count() <= 42 + MOST_PAIRS
        assert 80 <= Person.objects.count() <= 140
        assert (
            not Person.objects.filter(residences__until=None)
            .exclude(path__startswith=area_by_code("140403007001").path)
            .exists()
        )

    def test_what_was_written_wrongly_waits_for_the_worker(self) -> None:
        worker = User.objects.get(username="worker")
        waiting = Correction.objects.visible_to(worker).filter(state=CorrectionState.OPEN)
        assert set(waiting.values_list("kind", flat=True)) == {"bad_id", "bad_date", "bad_phone"}

    def test_every_entrance_has_a_door_plate(self) -> None:
        entrances = set(Dwelling.objects.values_list("building_id", "entrance").distinct())
        assert entrances <= set(Plate.objects.values_list("building_id", "entrance"))

    def test_people_are_found_by_name_and_by_phone_tail(self) -> None:
        worker = User.objects.get(username="worker")
        person = Person.objects.exclude(phone="").filter(path=area_by_code(SHOWCASE_GRID).path)[0]
        assert person in search_people(worker, person.name)
        assert person in search_people(worker, person.phone[-4:])

    def test_every_role_has_an_account_that_signs_in(self) -> None:
        assert {role for _name, _password, role, _area in self.summary.accounts} == set(Role.values)
        for username, password, role, area in self.summary.accounts:
            user = authenticate(RequestFactory().post("/sign-in/"), username=username, password=password)
            assert user is not None
            assert Post.objects.filter(holder__username=username, role=role, area__code=area).exists()

    def test_every_grid_has_a_pair_on_the_board(self) -> None:
        for grid in Area.objects.filter(level=Level.GRID):
            pair = Post.objects.filter(area=grid, on_board=True, role__in=(Role.WORKER, Role.ASSISTANT))
            assert pair.count() == 2
            assert accountable_post(grid) is not None

    def test_every_case_replays_and_nothing_lies_ahead(self) -> None:
        assert list(replay_all(Case.objects.all())) == []
        assert not Step.objects.filter(at__gt=clock.now()).exists()

    def test_every_state_of_every_way_is_there(self) -> None:
        found = set(Case.objects.values_list("mechanism", "state"))
        assert {(way, state) for way, states in STATES.items() for state in states} <= found
        assert (Mechanism.COORDINATION, State.MERGED) in found

    def test_staff_work_in_working_hours_except_in_emergencies(self) -> None:
        for step in Step.objects.exclude(mechanism=Mechanism.EMERGENCY).exclude(by__in=("resident", "system")):
            if step.at < clock.now():
                assert 8 <= clock.local(step.at).hour <= 18

    def test_some_cases_are_late_and_one_emergency_runs_in_the_first_community(self) -> None:
        assert Case.objects.open().filter(due_at__lt=clock.now()).count() >= 3
        running = Case.objects.filter(
            mechanism=Mechanism.EMERGENCY, state=State.ORAL_REPORTED, area__code=SHOWCASE_GRID
        )
        assert running.count() == 1

    def test_the_photo_was_drawn_anew_and_is_ready(self) -> None:
        photo = CasePhoto.objects.get()
        assert photo.upload.state == FileState.READY

    def test_every_category_that_happens_has_a_route(self) -> None:
        routed = set(Route.objects.values_list("category_id", flat=True))
        assert set(Case.objects.values_list("category_id", flat=True)) <= routed

    def test_the_check_finds_nothing(self) -> None:
        assert check_all(None, by=SYSTEM)["problems"] == []

    def test_an_unknown_scale_is_named(self) -> None:
        with pytest.raises(ValueError, match="continent"):
            build("continent", 1, SYSTEM, lambda step, done, total: None)

    def test_nobody_without_rights_builds_a_demo(self) -> None:
        nobody = User.objects.get(username="volunteer")
        assert not AnonymousUser().has_perm("areas.edit")
        with pytest.raises(Refused), transaction.atomic():
            build("test", 1, nobody, lambda step, done, total: None)
