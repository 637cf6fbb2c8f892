"""Invented places are the same for the same seed, and as dirty as they say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bench.planner import instances
from bench.planner.files import read_instance


def test_a_seed_gives_one_district(tmp_path: Path):
    one, same, other = (instances.district(seed, 2, 2) for seed in (5, 5, 6))
    assert one == same
    assert one != other
    one.write(tmp_path)
    instances.read(tmp_path).write(tmp_path / "again")
    for path in tmp_path.glob("*.geojson"):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()
    found = read_instance(tmp_path)
    assert len(found.communities) == 4
    assert 6_000 < found.households < 13_000


def test_a_change_touches_the_share_that_was_asked_for():
    before = instances.district(5, 2, 2, dirt=0)
    after = instances.changed(before, 1, 0.1)
    assert after == instances.changed(before, 1, 0.1)
    known = {one["properties"]["id"]: one["properties"]["households"] for one in before.buildings}
    later = {one["properties"]["id"]: one["properties"]["households"] for one in after.buildings}
    differ = [key for key in known if later.get(key) != known[key]]
    assert 0.05 * len(known) < len(differ) <= 0.11 * len(known)
    assert any(key.startswith("n") for key in later)


def test_a_messy_district_has_all_that_planners_stumble_over(tmp_path: Path):
    instances.messy(7).write(tmp_path)
    found = read_instance(tmp_path)
    count = Counter(one.community for one in found.buildings)
    assert count["nowhere"] == 5
    assert count["c6"] == 0
    assert 0 < count["c8"] <= 5
    assert len(found.communities["c0"].interiors) == 1
    assert found.communities["c5"].geom_type == "MultiPolygon"
    assert any(one.outline.geom_type == "Point" for one in found.buildings)
