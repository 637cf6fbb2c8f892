from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from linli.accounts.models import User
from linli.accounts.rules import SYSTEM
from linli.areas.actions import appoint, create_post, show_name
from linli.areas.choices import Role
from tests.cast import OPENED, Cast, middle
from tests.public.conftest import Estate

STAFF_NAMES_ON_THE_BOARD = {"李文静", "申海波", "郭建英"}


def text_of(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def test_an_address_gives_the_public_card(visitor: Client, estate: Estate) -> None:
    page = text_of(visitor.get("/find/", {"q": "黎花园 1 号楼 2单元 501"}))
    for shown in ("第一网格", "李文静", "tel:0355-000-0300", "家里和楼道的困难", "申海波", "0355-000-0301"):
        assert shown in page
    assert "/report/?address=%E9%BB%8E%E8%8A%B1%E5%9B%AD1%E5%8F%B7%E6%A5%BC" in page
    assert "Supervision phone" in page


def test_several_matches_are_offered_and_lead_to_the_card(visitor: Client, estate: Estate) -> None:
    page = text_of(visitor.get("/find/", {"q": "黎花园"}))
    assert "Which one is it?" in page
    for building in (estate.first, estate.second, estate.tenth):
        assert building.address in page
    assert "李文静" not in page


def test_a_full_address_wins_over_longer_ones(visitor: Client, estate: Estate) -> None:
    assert "Which one" not in text_of(visitor.get("/find/", {"q": "黎花园1号楼"}))


@pytest.mark.parametrize("asked", ["没有这个地方", "<script>alert(1)</script>", "a" * 100_000, "%", "'\"", "٣"])
def test_an_address_that_is_not_known_is_answered_in_words(visitor: Client, estate: Estate, asked: str) -> None:
    response = visitor.get("/find/", {"q": asked})
    assert response.status_code == 200
    page = text_of(response)
    assert "know this address" in page
    assert "<script>alert" not in page


def test_a_building_without_a_grid_says_so(visitor: Client, estate: Estate) -> None:
    assert "belongs to no grid yet" in text_of(visitor.get("/find/", {"q": estate.orphan.address}))


def test_suggestions_are_addresses_only(visitor: Client, estate: Estate) -> None:
    page = text_of(visitor.get("/find/suggest/", {"q": "黎花园1"}))
    assert estate.first.address in page
    assert not any(name in page for name in STAFF_NAMES_ON_THE_BOARD)
    assert text_of(visitor.get("/find/suggest/", {"q": " "})).strip() == ""


def test_a_tap_on_the_map_gives_the_grid(visitor: Client, cast: Cast) -> None:
    longitude, latitude = middle(0)
    page = text_of(visitor.get("/find/at/", {"lon": longitude, "lat": latitude}))
    assert "李文静" in page
    assert f'data-marker="{longitude:.6f},{latitude:.6f}"' in page


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        ("2.35", "48.85", "none of our grids"),
        ("nan", "36.1", "not a place on the map"),
        ("1e999", "36.1", "not a place on the map"),
        ("113.1", "91", "not a place on the map"),
        ("", "", "not a place on the map"),
        ("x", "y", "not a place on the map"),
    ],
)
def test_a_place_elsewhere_is_answered_in_words(visitor: Client, cast: Cast, lon: str, lat: str, words: str) -> None:
    response = visitor.get("/find/at/", {"lon": lon, "lat": lat})
    assert response.status_code == 200
    assert words in text_of(response)


def test_a_nul_byte_in_the_address_is_refused(visitor: Client, cast: Cast) -> None:
    assert visitor.get("/find/?q=%00").status_code == 400


def test_a_vacant_grid_shows_who_answers_instead(visitor: Client, cast: Cast) -> None:
    longitude, latitude = middle(1)
    page = text_of(visitor.get("/find/at/", {"lon": longitude, "lat": latitude}))
    assert "郭建英" in page
    assert "李文静" not in page


def test_a_grid_that_nobody_serves_can_still_be_reported_to(visitor: Client, cast: Cast) -> None:
    for name in ("leader", "community", "street", "worker", "partner"):
        appoint(cast.posts[name], None, by=SYSTEM)
    longitude, latitude = middle(0)
    page = text_of(visitor.get("/find/at/", {"lon": longitude, "lat": latitude}))
    assert "Nobody serves this grid" in page
    assert "/report/?" in page


def test_the_tree_can_be_walked_without_map_and_scripts(visitor: Client, cast: Cast) -> None:
    streets = text_of(visitor.get("/find/"))
    assert f"?under={cast.street_area.code}" in streets
    communities = text_of(visitor.get("/find/", {"under": cast.street_area.code}))
    assert f"?under={cast.community_area.code}" in communities
    grids = text_of(visitor.get("/find/", {"under": cast.community_area.code}))
    assert f"/grid/{cast.grid.code}/" in grids
    assert visitor.get("/find/", {"under": "nowhere"}).status_code == 404


def test_a_door_plate_knows_its_building(visitor: Client, estate: Estate) -> None:
    page = text_of(visitor.get(f"/d/{estate.plate.token.lower()}/"))
    assert "李文静" in page
    assert f"/report/?plate={estate.plate.token}" in page
    assert "501" not in page


def test_an_unknown_plate_says_what_to_do(visitor: Client, cast: Cast) -> None:
    response = visitor.get("/d/NOTAPLATE234/")
    assert response.status_code == 404
    assert "type the address" in text_of(response)


def test_the_qr_code_of_a_plate_is_an_svg_for_print(visitor: Client, estate: Estate) -> None:
    response = visitor.get(f"/d/{estate.plate.token}/qr.svg")
    assert response["Content-Type"] == "image/svg+xml"
    assert text_of(response).startswith("<?xml")
    assert visitor.get("/d/NOTAPLATE234/qr.svg").status_code == 404


def test_the_board_shows_posts_on_board_and_buildings_and_nobody_else(visitor: Client, estate: Estate) -> None:
    officer = User.objects.create(username="officer", name="孟凡军")
    post = create_post(
        role=Role.POLICE, area=estate.cast.community_area, holder=officer, since=OPENED, on_board=True, by=SYSTEM
    )
    assert "孟凡军" not in text_of(visitor.get(f"/grid/{estate.cast.grid.code}/"))
    show_name(post, shown=True, by=officer)
    page = text_of(visitor.get(f"/grid/{estate.cast.grid.code}/"))
    for shown in ("李文静", "郭建英", "孟凡军", "黎花园", "1号楼, 2号楼, 10号楼"):
        assert shown in page
    for hidden in ("牛志强", "靳晓峰", "田秀兰", "苗润生", "501"):
        assert hidden not in page
    assert visitor.get("/grid/140403007002/").status_code == 404
    assert visitor.get("/grid/nowhere/").status_code == 404


def test_a_post_that_is_not_on_the_board_stays_hidden(visitor: Client, cast: Cast) -> None:
    assert "孟凡军" not in text_of(visitor.get(f"/grid/{cast.grid.code}/"))


def test_pages_load_nothing_from_elsewhere_and_have_no_inline_style(visitor: Client, estate: Estate) -> None:
    for address in ("/find/", f"/d/{estate.plate.token}/", f"/grid/{estate.cast.grid.code}/", "/privacy/"):
        page = text_of(visitor.get(address))
        assert " style=" not in page
        assert "<style" not in page
        assert "https://" not in page


def test_asking_too_often_is_slowed_down(visitor: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.LINLI_RATES, "locate", "2/m")
    assert [visitor.get("/find/").status_code for _time in range(3)] == [200, 200, 429]
    response = visitor.get("/find/at/")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert "call your grid worker" in text_of(response)


def test_grid_shapes_hold_public_facts_of_the_place_only(visitor: Client, cast: Cast) -> None:
    response = visitor.get("/public/areas.geojson", {"under": cast.community_area.code})
    assert response["Content-Type"] == "application/geo+json"
    features = response.json()["features"]
    assert [feature["properties"] for feature in features] == [
        {"code": grid.code, "name": grid.name, "level": "grid", "kind": "residential", "label": grid.name}
        for grid in (cast.grid, cast.other_grid)
    ]
    assert len(visitor.get("/public/areas.geojson").json()["features"]) == 4
    assert visitor.get("/public/areas.geojson", {"under": "nowhere"}).status_code == 404


def test_building_shapes_hold_names_only(visitor: Client, estate: Estate) -> None:
    response = visitor.get("/public/buildings.geojson", {"grid": estate.cast.grid.code})
    properties = [feature["properties"] for feature in response.json()["features"]]
    assert {"name": "黎花园1号楼", "label": "1号楼"} in properties
    assert all(set(one) == {"name", "label"} for one in properties)
    assert visitor.get("/public/buildings.geojson").status_code == 404


def test_shapes_are_not_sent_again_while_they_are_the_same(visitor: Client, estate: Estate) -> None:
    for address in ("/public/areas.geojson", f"/public/buildings.geojson?grid={estate.cast.grid.code}"):
        first = visitor.get(address)
        assert "max-age" in first["Cache-Control"]
        again = visitor.get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        assert visitor.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(
    visitor: Client, estate: Estate, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    code = estate.cast.grid.code
    visitor.get("/find/")
    several = count_queries(lambda: visitor.get(f"/grid/{code}/"))
    assert several <= 14
    estate.second.delete()
    estate.tenth.delete()
    assert count_queries(lambda: visitor.get(f"/grid/{code}/")) == several
    tap = "/find/at/?lon=113.1025&lat=36.1825"
    visitor.get(tap)
    assert count_queries(lambda: visitor.get(tap)) <= 20


def test_public_pages_say_what_is_kept(visitor: Client) -> None:
    assert "Only those who handle this matter" in text_of(visitor.get("/privacy/"))


def test_icons_of_the_pages_exist() -> None:
    icons = Path("src/linli/core/icons")
    assert all((icons / f"{name}.svg").is_file() for name in ("flag", "phone", "current-location", "map-pin"))
