"""Noting a case: the way follows the category until somebody chooses one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.flows.acts import choose, fill
from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow


def way(page: Page) -> Locator:
    return page.locator("input[name=mechanism]:checked")


@pytest.mark.parametrize(("size", "path"), [("phone", "/field/new/"), ("desktop", "/cases/new/")])
def test_the_way_follows_the_category_until_one_is_chosen(visit: Visit, size: str, path: str) -> None:
    worker = visit(size)
    worker.sign_in("worker")
    page = worker.open(path)
    page.wait_for_load_state("networkidle")
    main = page.locator("main")
    for category, usual in (("gas-leak", "emergency"), ("ramp", "approval"), ("heating", "coordination")):
        choose(main, "category", category)
        expect(way(page)).to_have_value(usual)
    # What was done already went the way “on the spot”.
    fill(main, {"done": "拧紧了"})
    expect(way(page)).to_have_value("on_spot")
    fill(main, {"done": ""})
    expect(way(page)).to_have_value("coordination")
    # On the phone “on the spot” says that it is done: nobody but the worker says that.
    choose(main, "category", "small-ads")
    expect(way(page)).to_have_value("" if size == "phone" else "on_spot")
    choose(main, "mechanism", "approval")
    choose(main, "category", "gas-leak")
    fill(main, {"text": "还没写完"})
    expect(way(page)).to_have_value("approval")
    worker.check()
    page.reload()
    expect(way(page)).to_have_value("approval")
