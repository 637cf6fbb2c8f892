"""Lost networks, broken servers, rubbish and guesses: a clear answer, and nothing typed is lost."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, expect

from tests.flows.acts import ADDRESS, GRID, begin_step, fill, register, report, words
from tests.flows.conftest import Site, Visit

pytestmark = pytest.mark.flow

# Another address than the browser's, so that only it is slowed down.
GUESSER = ("127.0.0.2", 0)
MOST_GUESSES = 30
PARIS = {"lon": "2.3522", "lat": "48.8566"}


def test_what_an_officer_typed_stays_when_the_network_or_the_server_is_gone(visit: Visit) -> None:
    leader = visit("desktop")
    leader.sign_in("leader")
    register(leader, category="street-light", text=words("路灯忽明忽暗"), area=GRID)
    page = leader.page
    dialog = begin_step(leader, "换一种办法")
    fill(dialog, {"mechanism": "approval", "note": "要街道定"})
    send = dialog.get_by_role("button", name="换一种办法")

    leader.context.set_offline(True)
    send.click()
    expect(page.get_by_text("没连上，写的都在")).to_be_visible()
    leader.context.set_offline(False)
    page.route("**/steps/reclassify/", lambda route: route.fulfill(status=500, body="broken"))
    send.click()
    expect(page.get_by_text("没有送到")).to_be_visible()
    expect(dialog.locator("textarea[name=note]")).to_have_value("要街道定")
    page.unroute("**/steps/reclassify/")
    page.get_by_role("button", name="再试一次").click()
    expect(page.locator(".l-toast")).to_be_visible()


def test_what_a_resident_typed_comes_back_after_a_lost_network(visit: Visit) -> None:
    resident = visit("phone")
    text = words("路灯不亮")
    page = resident.open(f"/report/?grid={GRID}")
    fill(page, {"category": "street-light", "text": text})
    resident.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"), page.expect_navigation():
        page.get_by_role("button", name="报上去").click()
    resident.context.set_offline(False)
    # The browser's own page about the lost network stands there now.
    expect(page.locator("textarea[name=text]")).to_have_count(0)
    page.go_back()
    expect(page.locator("textarea[name=text]")).to_have_value(text)
    expect(page.locator("input[name=category][value=street-light]")).to_be_checked()
    page.get_by_role("button", name="报上去").click()
    expect(page.get_by_role("heading", name="收到了")).to_be_visible()


@pytest.mark.parametrize(
    ("text", "place"),
    [("路灯\x00不亮", {}), ("灯" * 1_000_000, {}), ("路灯不亮", PARIS)],
    ids=["nul", "million", "paris"],
)
def test_rubbish_is_answered_beside_its_field_and_kept(visit: Visit, text: str, place: dict[str, str]) -> None:
    resident = visit("phone")
    page = resident.open(f"/report/?address={ADDRESS}" if not place else "/report/")
    fill(page, {"category": "street-light"})
    for name, value in {"text": text, **place}.items():
        page.locator(f"#report [name={name}]").evaluate("(field, value) => { field.value = value }", value)
    page.get_by_role("button", name="报上去").click()
    wrong = page.locator(".l-wrong", has=page.locator(f"[name={'address' if place else 'text'}]"))
    expect(wrong.locator(".l-error")).to_be_visible()
    # A page can't hold NUL; browsers show U+FFFD in its place.
    expect(page.locator("textarea[name=text]")).to_have_value(text.replace("\x00", "\ufffd"))


def test_guessing_links_finds_nothing_and_gets_slow(visit: Visit, site: Site) -> None:
    known = report(visit("phone"), words("路灯不亮"))
    address = urlsplit(site.url)
    answers: list[tuple[int, str, str]] = []
    while len(answers) < MOST_GUESSES and (not answers or answers[-1][0] != http.client.TOO_MANY_REQUESTS):
        connection = http.client.HTTPConnection(address.hostname or "", address.port, source_address=GUESSER)
        connection.request("GET", f"{known.link[:-7]}{len(answers):06}/")
        answer = connection.getresponse()
        answers.append((answer.status, answer.headers.get("Retry-After", ""), answer.read().decode()))
        connection.close()
    assert {status for status, _wait, _body in answers[:-1]} == {http.client.NOT_FOUND}
    status, wait, body = answers[-1]
    assert status == http.client.TOO_MANY_REQUESTS
    assert int(wait) > 0
    assert "请稍等一会儿" in body
    visit("phone").open(known.link)
