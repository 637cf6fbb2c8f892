from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.accounts.actions import create_user
from linli.accounts.models import User
from linli.accounts.rules import SYSTEM
from linli.journal.models import Entry
from tests.cast import Cast
from tests.web.counting import queries_of

Browser = Callable[[object], Client]


def test_only_the_administrator_opens_accounts(cast: Cast, client_for: Browser) -> None:
    for address in ("/users/", "/users/new/", f"/users/{cast.worker.pk}/password/"):
        assert client_for(None).get(address).status_code == 302
        assert client_for(cast.fresh("administrator")).get(address).status_code == 200
        assert client_for(cast.fresh("community")).get(address).status_code == 403
    assert client_for(cast.fresh("community")).post(f"/users/{cast.worker.pk}/active/").status_code == 403


def test_a_new_account_shows_its_password_once_and_can_sign_in(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.administrator)
    answer = client.post("/users/new/", {"name": "王晓燕", "username": "Wang.Xiaoyan"})
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert User.objects.get(username="wang.xiaoyan").check_password(password)
    assert password not in client.get("/users/").content.decode()
    assert not Entry.objects.filter(detail__icontains=password).exists()
    assert Client().post("/sign-in/", {"username": "wang.xiaoyan", "password": password}).status_code == 302


@pytest.mark.parametrize(("username", "word"), [("worker", "有人用了"), ("Li Wen", "小写字母"), ("", "")])
def test_a_user_name_that_can_not_be_is_named_at_its_field(
    cast: Cast, client_for: Browser, username: str, word: str
) -> None:
    before = User.objects.count()
    answer = client_for(cast.administrator).post("/users/new/", {"name": "王晓燕", "username": username})
    assert word in str(answer.context["form"].errors["username"])
    assert "王晓燕" in answer.content.decode()
    assert User.objects.count() == before


def test_a_new_password_ends_the_old_one(cast: Cast, client_for: Browser) -> None:
    answer = client_for(cast.administrator).post(f"/users/{cast.worker.pk}/password/")
    assert cast.fresh("worker").check_password(answer.context["password"])


def test_a_closed_account_can_not_sign_in_and_can_be_opened_again(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.administrator)
    client.post(f"/users/{cast.worker.pk}/active/", {"active": "0"})
    assert not cast.fresh("worker").is_active
    client.post(f"/users/{cast.worker.pk}/active/", {"active": "1"})
    assert cast.fresh("worker").is_active


def test_nobody_closes_their_own_account(cast: Cast, client_for: Browser) -> None:
    answer = client_for(cast.administrator).post(
        f"/users/{cast.administrator.pk}/active/", {"active": "0"}, follow=True
    )
    assert "不能停用自己的账号" in answer.content.decode()
    assert cast.fresh("administrator").is_active


def test_an_account_that_is_not_there_is_not_found(cast: Cast, client_for: Browser) -> None:
    assert client_for(cast.administrator).get("/users/999999/password/").status_code == 404


def test_the_list_finds_by_name_and_user_name(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.administrator)
    assert [user.username for user in client.get("/users/?q=李文静").context["page"]] == ["worker"]
    assert [user.username for user in client.get("/users/?q=audit").context["page"]] == ["auditor"]
    assert "没有叫这个名字的" in client.get("/users/?q=nobody-here").content.decode()


def test_accounts_cost_the_same_number_of_queries(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.administrator)
    counts = []
    for number in range(3):
        create_user(f"walker{number}", "走访员", "a-long-password-71", by=SYSTEM)
        counts.append(queries_of(client, "/users/?q=walker"))
    assert counts[0] == counts[2]


def test_settings_are_for_everybody_who_signed_in(cast: Cast, client_for: Browser) -> None:
    assert client_for(None).get("/settings/").status_code == 302
    assert client_for(cast.fresh("outsider")).get("/settings/").status_code == 200


def test_one_changes_ones_own_password_and_stays_signed_in(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.worker)
    given = {"current": "walk-the-grid-2026", "new": "a-better-password-9", "again": "a-better-password-9"}
    answer = client.post("/settings/", given, follow=True)
    assert answer.redirect_chain == [("/settings/", 302)]
    assert cast.fresh("worker").check_password("a-better-password-9")
    assert client.get("/settings/").status_code == 200


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"current": "wrong", "new": "a-better-password-9", "again": "a-better-password-9"}, "current"),
        ({"current": "walk-the-grid-2026", "new": "short", "again": "short"}, "new"),
        ({"current": "walk-the-grid-2026", "new": "a-better-password-9", "again": "another"}, "again"),
    ],
)
def test_a_password_that_can_not_be_is_named_at_its_field(
    cast: Cast, client_for: Browser, given: dict[str, str], field: str
) -> None:
    answer = client_for(cast.worker).post("/settings/", given)
    assert list(answer.context["form"].errors) == [field]
    assert cast.fresh("worker").check_password("walk-the-grid-2026")
