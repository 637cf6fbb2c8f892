from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.areas.actions import add_area, create_post
from linli.areas.choices import Level, Role
from linli.areas.models import Area
from tests.cast import Cast
from tests.web.counting import queries_of

Browser = Callable[[object], Client]


def test_only_the_administrator_tends_the_tree(cast: Cast, client_for: Browser) -> None:
    for address in ("/areas/", f"/areas/{cast.grid.code}/"):
        assert client_for(None).get(address).status_code == 302
        assert client_for(cast.fresh("administrator")).get(address).status_code == 200
        assert client_for(cast.fresh("street")).get(address).status_code == 403


def test_the_tree_starts_at_ones_own_post_and_leads_down(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.administrator)
    assert [area.code for area in client.get("/areas/").context["page"]] == [cast.district_area.code]
    page = client.get(f"/areas/{cast.street_area.code}/")
    assert [area.name for area in page.context["page"]] == ["桥北社区", "广场西社区"]
    assert [area.name for area in page.context["above"]] == ["潞州区"]
    assert [area.below for area in page.context["page"]] == [1, 2]


def test_an_area_gets_another_name_and_phone(cast: Cast, client_for: Browser) -> None:
    given = {"name": "广场西", "supervision_phone": "0355-000-0399"}
    client_for(cast.administrator).post(f"/areas/{cast.community_area.code}/", given)
    area = Area.objects.get(pk=cast.community_area.pk)
    assert (area.name, area.supervision_phone) == ("广场西", "0355-000-0399")


def test_an_area_needs_a_name(cast: Cast, client_for: Browser) -> None:
    given = {"name": " ", "supervision_phone": "0355-000-0399"}
    answer = client_for(cast.administrator).post(f"/areas/{cast.community_area.code}/", given)
    assert "name" in answer.context["form"].errors
    assert "0355-000-0399" in answer.content.decode()


def test_an_area_out_of_reach_is_not_found(cast: Cast, client_for: Browser) -> None:
    create_post(role=Role.ADMINISTRATOR, area=cast.street_area, holder=cast.outsider, by=SYSTEM)
    client = client_for(cast.fresh("outsider"))
    assert client.get(f"/areas/{cast.far_grid.code}/").status_code == 404
    assert client.post(f"/areas/{cast.far_grid.code}/", {"name": "x"}).status_code == 404
    assert client.get("/areas/no-such-code/").status_code == 404


def test_areas_cost_the_same_number_of_queries(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.administrator)
    counts = []
    for number in range(3):
        add_area(
            code=f"14040300100200{number}", name="第二网格", level=Level.GRID, parent=cast.far_community, by=SYSTEM
        )
        counts.append(queries_of(client, f"/areas/{cast.far_community.code}/"))
    assert counts[0] == counts[2]
