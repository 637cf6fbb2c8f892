from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.areas.actions import create_post
from linli.areas.choices import Role
from linli.areas.models import Post
from tests.cast import Cast
from tests.web.counting import queries_of

Browser = Callable[[object], Client]


def test_the_auditor_reads_the_administrator_edits_and_others_do_neither(cast: Cast, client_for: Browser) -> None:
    appoint = f"/posts/{cast.posts['vacant'].pk}/"
    expected = {"administrator": (200, 200, 200), "auditor": (200, 403, 403), "leader": (403, 403, 403)}
    for name, codes in expected.items():
        client = client_for(cast.fresh(name))
        assert tuple(client.get(address).status_code for address in ("/posts/", "/posts/new/", appoint)) == codes
    assert client_for(None).get("/posts/").status_code == 302


def test_the_auditor_sees_no_button_to_change(cast: Cast, client_for: Browser) -> None:
    appoint = f'href="/posts/{cast.posts["vacant"].pk}/"'
    assert appoint not in client_for(cast.auditor).get("/posts/").content.decode()
    assert appoint in client_for(cast.administrator).get("/posts/").content.decode()


def test_filters_narrow_by_role_area_and_vacancy(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.auditor)

    def listed(query: str) -> set[int]:
        return {post.pk for post in client.get(f"/posts/?{query}").context["page"]}

    assert listed("vacant=on") == {cast.posts["vacant"].pk}
    assert listed("role=street") == {cast.posts["street"].pk}
    assert cast.posts["far_worker"].pk in listed(f"area={cast.far_street.code}")
    assert cast.posts["worker"].pk not in listed(f"area={cast.far_street.code}")
    assert listed("area=nowhere") == set()
    assert cast.posts["worker"].pk in listed("role=nonsense")


def test_the_administrator_appoints_and_vacates(cast: Cast, client_for: Browser) -> None:
    client, post = client_for(cast.administrator), cast.posts["vacant"]
    answer = client.post(f"/posts/{post.pk}/", {"holder": cast.outsider.pk}, follow=True)
    assert "路人现在是第二网格的网格员" in answer.content.decode()
    assert Post.objects.get(pk=post.pk).holder == cast.outsider
    answer = client.post(f"/posts/{post.pk}/", {"holder": ""}, follow=True)
    assert "空着，事情由上一级接着办" in answer.content.decode()
    assert Post.objects.get(pk=post.pk).holder is None


def test_the_administrator_creates_a_post(cast: Cast, client_for: Browser) -> None:
    given = {"role": "assistant", "area": cast.other_grid.code, "holder": "", "since": "2026-01-01", "label": "协理员"}
    answer = client_for(cast.administrator).post("/posts/new/", given)
    assert answer.status_code == 302
    assert Post.objects.get(area=cast.other_grid, role=Role.ASSISTANT).title == "协理员"


def test_what_is_missing_is_named_at_its_field(cast: Cast, client_for: Browser) -> None:
    given = {"role": "department", "area": "000", "since": "2026-01-01", "duties": "修路灯"}
    answer = client_for(cast.administrator).post("/posts/new/", given)
    assert set(answer.context["form"].errors) == {"area", "department"}
    assert "修路灯" in answer.content.decode()


def test_a_post_ends_with_a_day_and_stays_as_history(cast: Cast, client_for: Browser) -> None:
    client, post = client_for(cast.administrator), cast.posts["partner"]
    assert client.post(f"/posts/{post.pk}/end/", {"until": "2020-01-01"}).context["end_form"].errors
    assert client.post(f"/posts/{post.pk}/end/", {"until": "2025-01-01"}).status_code == 302
    assert str(Post.objects.get(pk=post.pk).until) == "2025-01-01"
    assert post.pk not in {row.pk for row in client.get("/posts/").context["page"]}


def test_a_post_out_of_reach_is_not_found(cast: Cast, client_for: Browser) -> None:
    create_post(role=Role.ADMINISTRATOR, area=cast.street_area, holder=cast.outsider, by=SYSTEM)
    client = client_for(cast.fresh("outsider"))
    assert client.get(f"/posts/{cast.posts['far_worker'].pk}/").status_code == 404
    assert client.get(f"/posts/{cast.posts['worker'].pk}/").status_code == 200
    given = {"role": "volunteer", "area": cast.far_grid.code, "since": "2026-01-01"}
    assert "area" in client.post("/posts/new/", given).context["form"].errors


def test_posts_cost_the_same_number_of_queries(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.auditor)
    counts = []
    for _number in range(3):
        create_post(role=Role.SUPERVISOR, area=cast.grid, holder=cast.worker, by=SYSTEM)
        counts.append(queries_of(client, "/posts/?role=supervisor"))
    assert counts[0] == counts[2]
