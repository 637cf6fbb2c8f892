"""An approval: the facts go up, the street decides with a reason, and only then the resident is answered."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.flows.acts import ADDRESS, begin_step, fill, note_on_foot, open_case, take_step, take_step_on_foot, words
from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow


def test_the_street_decides_before_the_resident_is_answered(visit: Visit) -> None:
    worker = visit("phone")
    worker.sign_in("worker")
    phone = "13803550000"
    number = note_on_foot(worker, category="ramp", text=words("门口想装坡道"), address=ADDRESS, contact=phone)
    worker.check()
    take_step_on_foot(worker, "受理")
    take_step_on_foot(worker, "报请批复", note="三户都同意，宽一米二")
    expect(worker.page.locator("main").get_by_role("link", name="答复居民")).to_have_count(0)

    street = visit("desktop")
    street.sign_in("street")
    page = open_case(street, number)
    expect(page.locator("main")).to_contain_text("三户都同意，宽一米二")
    assert phone not in page.content()
    dialog = begin_step(street, "作决定")
    fill(dialog, {"verdict": "approve"})
    dialog.get_by_role("button", name="作决定").click()
    expect(dialog.locator(".l-error")).to_be_visible()
    expect(dialog.locator("input[name=verdict][value=approve]")).to_be_checked()
    fill(dialog, {"note": "不占消防通道，可以装"})
    street.check()
    dialog.get_by_role("button", name="作决定").click()
    expect(page.locator("main")).to_contain_text("不占消防通道，可以装")

    worker.open(f"/field/cases/{number}/")
    take_step_on_foot(worker, "答复居民", note="街道同意了，下周开工。")
    community = visit("desktop")
    community.sign_in("community")
    open_case(community, number)
    take_step(community, "核实了，办好了")
    expect(community.page.locator("main")).to_contain_text("街道同意了，下周开工。")
