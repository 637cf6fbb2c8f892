"""How large grids are to be, and the reasons for those that are not."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import Refused
from linli.areas.actions import explain_size, forget_size_reason, set_band, set_kind
from linli.areas.bands import NUMBERS, band_of, bands, wrong_order
from linli.areas.choices import GRID_KINDS, AreaKind, Measure, Side
from linli.areas.models import Area, SizeReason
from tests.cast import Cast

pytestmark = pytest.mark.django_db
BUILDINGS = {"target": 15, "planned_low": 10, "planned_high": 20, "warned_low": 8, "warned_high": 24}


def test_residential_grids_begin_with_300_households_and_others_without_a_size() -> None:
    asked = bands()
    band = asked[AreaKind.RESIDENTIAL]
    assert [getattr(band, name) for name in NUMBERS] == [300, 200, 400, 200, 500]
    assert asked[AreaKind.ORDINARY] == band
    assert asked[AreaKind.SPECIAL].side_of(0) is asked[AreaKind.SHOPFRONT].side_of(9999) is None


@pytest.mark.parametrize(
    ("size", "side"), [(0, Side.BELOW), (199, Side.BELOW), (200, None), (500, None), (501, Side.ABOVE)]
)
def test_the_outer_limits_are_within_the_band(size: int, side: Side | None) -> None:
    assert band_of(AreaKind.RESIDENTIAL).side_of(size) == side


@pytest.mark.parametrize(
    ("numbers", "wrong"),
    [
        ((300, 200, 400, 200, 500), False),
        ((300, 200, 400, 250, 500), True),
        ((500, 200, 400, 200, 500), True),
        ((300, 200, 400, 200, 350), True),
        ((0, 0, 0, 0, 0), True),
    ],
)
def test_limits_do_not_contradict_each_other(numbers: tuple[int, ...], wrong: bool) -> None:
    assert wrong_order(numbers) is wrong


def test_the_administrator_sets_the_size_of_a_kind_and_nobody_else(cast: Cast) -> None:
    set_band(AreaKind.SPECIAL, Measure.BUILDINGS, BUILDINGS, by=cast.administrator)
    set_band(AreaKind.SPECIAL, Measure.BUILDINGS, BUILDINGS | {"target": 12}, by=cast.administrator)
    band = band_of(AreaKind.SPECIAL)
    assert (band.measure, band.target, band.side_of(25)) == (Measure.BUILDINGS, 12, Side.ABOVE)
    set_band(AreaKind.SPECIAL, Measure.NONE, BUILDINGS, by=cast.administrator)
    assert band_of(AreaKind.SPECIAL).side_of(25) is None
    with pytest.raises(Refused):
        set_band(AreaKind.SPECIAL, Measure.NONE, {}, by=cast.street)
    for kind, measure, numbers in (
        (AreaKind.VILLAGE, Measure.NONE, {}),
        (AreaKind.SPECIAL, "metres", BUILDINGS),
        (AreaKind.SPECIAL, Measure.BUILDINGS, BUILDINGS | {"target": 30}),
    ):
        with pytest.raises(ValidationError):
            set_band(kind, measure, numbers, by=cast.administrator)


def test_a_grid_may_become_of_another_kind(cast: Cast) -> None:
    assert set_kind(cast.grid, AreaKind.SPECIAL, by=cast.administrator).kind in GRID_KINDS
    with pytest.raises(ValidationError):
        set_kind(cast.grid, AreaKind.VILLAGE, by=cast.administrator)
    with pytest.raises(ValidationError):
        set_kind(cast.community_area, AreaKind.SPECIAL, by=cast.administrator)
    with pytest.raises(Refused):
        set_kind(cast.grid, AreaKind.SPECIAL, by=cast.leader)


@pytest.mark.parametrize("who", ["leader", "community", "street", "administrator"])
def test_a_reason_is_accepted_and_taken_back(cast: Cast, who: str) -> None:
    by = cast.users[who]
    explain_size(cast.grid, " 一片老院子 ", size=120, by=by)
    explain_size(cast.grid, "四面都是大路", size=130, by=by)
    reason = SizeReason.objects.get()
    assert (reason.side, reason.size, reason.text) == (Side.BELOW, 130, "四面都是大路")
    assert (reason.given_by, reason.given_by_name) == (by.username, by.name)
    forget_size_reason(cast.grid, by=by)
    forget_size_reason(cast.grid, by=by)
    assert not SizeReason.objects.exists()


@pytest.mark.parametrize("who", ["worker", "district", "far_leader", "police", "outsider"])
def test_others_accept_no_reason(cast: Cast, who: str) -> None:
    with pytest.raises(Refused):
        explain_size(cast.grid, "老院子", size=120, by=cast.users[who])
    explain_size(cast.grid, "老院子", size=120, by=cast.leader)
    with pytest.raises(Refused):
        forget_size_reason(cast.grid, by=cast.users[who])


def test_where_the_size_fits_no_reason_is_taken(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        explain_size(cast.grid, "老院子", size=300, by=cast.leader)
    with pytest.raises(ValidationError):
        explain_size(cast.grid, "  ", size=120, by=cast.leader)
    with pytest.raises(ValidationError):
        explain_size(cast.community_area, "老院子", size=120, by=cast.leader)


def test_reasons_are_seen_by_those_who_see_the_grid(cast: Cast) -> None:
    explain_size(cast.grid, "老院子", size=120, by=cast.leader)
    assert SizeReason.objects.visible_to(cast.worker).exists()
    assert not SizeReason.objects.visible_to(cast.far_worker).exists()
    assert Area.objects.get(pk=cast.grid.pk).size_reason.text == "老院子"
