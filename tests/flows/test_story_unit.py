"""A worker writes down a shop, is told what is wrong with its code, looks at its contact, and it closes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.flows.acts import ADDRESS, GRID, fill, words
from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow

CODE = "91350100M000100Y43"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_shop_is_written_down_changed_and_closed(visit: Visit, size: str) -> None:
    base = "/units/" if size == "desktop" else "/field/units/"
    name = words("面馆")
    worker = visit(size)
    worker.sign_in("worker")
    page = worker.open(base)
    page.get_by_role("link", name="登记单位").click()
    worker.check()
    facts = {"name": name, "kind": "restaurant", "grid": GRID, "place": ADDRESS, "contact_name": "常桂英"}
    fill(page, facts | {"contact_phone": "13835500788", "credit_code": CODE[:-1] + "4"})
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main .l-error").first).to_contain_text("最后一位")
    expect(page.locator("input[name=name]")).to_have_value(name)
    fill(page, {"credit_code": CODE})
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    worker.check()
    # The contact is hidden until somebody says what for.
    assert "常桂英" not in page.content()
    page.get_by_role("link", name="联系人").first.click()
    page.get_by_role("radio").first.check()
    page.locator("dialog[open] button.btn-primary, main form button.btn-primary").first.click()
    expect(page.get_by_text("常桂英")).to_be_visible()

    page = worker.open(base + f"?q={name}")
    page.get_by_role("link", name=name).click()
    page.wait_for_url(re.compile(r"/units/\d+/"))
    desk = worker.open(page.url.removeprefix(worker.site.url).replace("/field/", "/"))
    desk.get_by_role("link", name="记一条告知").click()
    fill(desk, {"text": "本周五停水"})
    worker.check()
    desk.locator("main form button.btn-primary").click()
    expect(desk.get_by_text("本周五停水")).to_be_visible()
    desk.get_by_role("link", name="已关停").click()
    worker.check()
    desk.locator("main form button.btn-primary").click()
    expect(desk.locator(".l-page-head")).to_contain_text("关停")
    assert name not in worker.open(base).content()
