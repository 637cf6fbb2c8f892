"""A leader draws what is being built; the grid says how it will grow, and the coverage check leads there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.flows.acts import GRID, fill, words
from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow

MAP = "document.querySelector('#form-map').map"
FOUR_LINES = re.compile(r"^([\d.]+ [\d.]+\n){3}[\d.]+ [\d.]+$")
# Corners around the middle of the map, in pixels.
CORNERS = ((-20, -12), (20, -12), (20, 12), (-20, 12))


def tap_around_the_middle(page: Page) -> None:
    """Tap the corners of a site in the grid of the showcase, wherever the map has drawn it."""
    page.wait_for_function(f"() => {MAP}?.getZoom() > 10 && {MAP}.loaded()")
    canvas = page.locator("#form-map canvas")
    canvas.scroll_into_view_if_needed()
    middle = page.evaluate(
        f"""(code) => fetch("/map/areas.geojson").then((answer) => answer.json()).then(({{ features }}) => {{
          const ring = features.find((one) => one.properties.code === code).geometry.coordinates[0];
          const mean = [0, 1].map((at) => ring.slice(1).reduce((sum, place) => sum + place[at], 0) / (ring.length - 1));
          const point = {MAP}.project(mean);
          return [point.x, point.y];
        }})""",
        GRID,
    )
    for x, y in CORNERS:
        canvas.click(position={"x": middle[0] + x, "y": middle[1] + y})


def test_a_site_is_drawn_and_its_grid_grows(visit: Visit) -> None:
    name = words("新盖的楼")
    leader = visit("desktop")
    leader.sign_in("leader")
    page = leader.open("/planned/new/")
    button = page.get_by_role("button", name="画轮廓：一个角一个角地点")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    tap_around_the_middle(page)
    corners = page.locator("textarea[name=outline]")
    expect(corners).to_have_value(FOUR_LINES)
    expect(page.locator("input[name=longitude]")).to_have_value("")
    page.wait_for_function(f"() => {MAP}.queryRenderedFeatures({{ layers: ['outline-fill'] }}).length > 0")
    fill(page, {"name": name, "households": "7", "expected_on": "2037-06"})
    leader.check()
    page.get_by_role("button", name="添加").click()
    page.wait_for_url("**/planned/*/")
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    leader.check()
    page.get_by_role("link", name="第一网格").click()
    page.wait_for_url(f"**/grids/{GRID}/")
    expect(page.locator("main")).to_contain_text("2037年6月")
    expect(page.locator("main")).to_contain_text(name)
