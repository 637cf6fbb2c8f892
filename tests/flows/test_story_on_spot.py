"""Done on the spot: registered and finished in one step."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.flows.acts import ADDRESS, GRID, note_on_foot, register, words
from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow


def test_a_worker_notes_on_the_phone_what_is_done_already(visit: Visit) -> None:
    worker = visit("phone")
    worker.sign_in("worker")
    text = words("楼道灯泡坏了")
    note_on_foot(worker, mechanism="on_spot", category="errand", text=text, done="换了灯泡", address=ADDRESS)
    expect(worker.page.locator("main")).to_contain_text("已结案")
    expect(worker.page.locator("main")).to_contain_text("换了灯泡")
    worker.check()


def test_a_community_registers_at_the_desk_what_is_done_already(visit: Visit) -> None:
    community = visit("desktop")
    community.sign_in("community")
    register(community, category="small-ads", text=words("门上贴了小广告"), done="撕掉了", area=GRID)
    expect(community.page.locator("main")).to_contain_text("已结案")
    expect(community.page.locator("main")).to_contain_text("撕掉了")
