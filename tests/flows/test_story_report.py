"""A resident finds the grid worker, reports, follows, and has the last word."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from shapely.geometry import shape

from tests.flows.acts import (
    ADDRESS,
    COMMUNITY,
    GRID,
    STAFF,
    WORKER,
    choose,
    open_case,
    report,
    take_step,
    take_step_on_foot,
    words,
)
from tests.flows.conftest import Site, Visit, Visitor

pytestmark = pytest.mark.flow

MAP = "document.querySelector('#find-map').map"
PLATE = (
    "from linli.housing.models import Plate; "
    f"print(Plate.objects.filter(building__grid__code='{GRID}').order_by('pk').first().token)"
)


def tap_map(resident: Visitor, longitude: float, latitude: float) -> None:
    """Tap a place of the map, wherever the map has drawn it."""
    page = resident.page
    page.wait_for_function(f"() => {MAP}?.getZoom() > 10")
    canvas = page.locator("#find-map canvas")
    canvas.scroll_into_view_if_needed()
    x, y = page.evaluate(
        f"([lon, lat]) => {{ const p = {MAP}.project([lon, lat]); return [p.x, p.y] }}", [longitude, latitude]
    )
    canvas.click(position={"x": x, "y": y})


def expect_card(resident: Visitor) -> None:
    expect(resident.page.get_by_role("heading", name=WORKER)).to_be_visible()
    expect(resident.page.get_by_role("link", name="报一件事")).to_be_visible()
    resident.check()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_card_of_the_worker_is_found_in_three_ways(visit: Visit, site: Site, size: str) -> None:
    resident = visit(size)
    shapes = resident.context.request.get(f"{site.url}/public/areas.geojson?under={COMMUNITY}").json()["features"]
    inside = next(shape(one["geometry"]).representative_point() for one in shapes if one["properties"]["code"] == GRID)
    resident.open(f"/find/?under={COMMUNITY}")
    tap_map(resident, inside.x, inside.y)
    expect_card(resident)

    resident.open("/find/")
    resident.page.fill("input[name=q]", ADDRESS)
    resident.page.get_by_role("button", name="找", exact=True).click()
    expect_card(resident)

    resident.open(f"/d/{site.ask(PLATE)}/")
    expect_card(resident)
    resident.page.get_by_role("link", name="报一件事").click()
    expect(resident.page.get_by_role("heading", name="报一件事")).to_be_visible()


def test_the_middle_of_the_map_is_taken_with_the_keyboard(visit: Visit) -> None:
    resident = visit("desktop")
    resident.open(f"/find/?q={ADDRESS}")
    resident.page.wait_for_function(f"() => {MAP}?.getZoom() > 14")
    resident.page.locator("#find-map canvas").press("Enter")
    resident.page.wait_for_url("**/find/at/**")
    expect_card(resident)


def test_a_broken_light_comes_back_with_an_answer(visit: Visit, tmp_path: Path) -> None:
    photo = tmp_path / "light.jpg"
    Image.new("RGB", (1200, 900), (40, 40, 60)).save(photo)
    text = words("路灯不亮，晚上看不清路")
    resident = visit("phone")
    matter = report(resident, text, photo=photo)
    resident.check()

    worker = visit("phone")
    worker.sign_in("worker")
    worker.open("/field/").get_by_role("link", name=text[:6]).click()
    worker.check()
    take_step_on_foot(worker, "受理")
    take_step_on_foot(worker, "上交社区", note="灯杆归供电管，网格里修不了")

    leader = visit("desktop")
    leader.sign_in("leader")
    open_case(leader, matter.number)
    expect(leader.page.get_by_role("img", name="照片 1").first).to_be_visible()
    take_step(leader, "派给部门", to="heating", note="请今天去看")

    officer = visit("desktop")
    officer.sign_in("heating")
    open_case(officer, matter.number)
    take_step(officer, "写办理情况", note="换了灯泡和线")
    take_step(officer, "回复居民", note="路灯修好了，今晚就亮。")

    open_case(leader, matter.number)
    take_step(leader, "核实了，办好了")

    page = resident.open(matter.link)
    told = page.locator("main").inner_text()
    assert "路灯修好了，今晚就亮。" in told
    assert [name for name in (*STAFF, "供热公司") if name in told] == []
    choose(page, "rating", "5")
    page.get_by_role("button", name="解决了", exact=True).click()
    expect(page.locator(".l-toast")).to_contain_text("谢谢您")

    open_case(leader, matter.number)
    expect(leader.page.locator("main")).to_contain_text("居民已确认")
    leader.check()


def test_a_resident_says_that_it_is_not_solved(visit: Visit) -> None:
    text = words("路灯一闪一闪")
    resident = visit("desktop")
    matter = report(resident, text)

    worker = visit("phone")
    worker.sign_in("worker")
    worker.open(f"/field/cases/{matter.number}/")
    take_step_on_foot(worker, "换处理机制", mechanism="on_spot", note="拧一下就好")
    take_step_on_foot(worker, "当场办结", note="拧紧了灯泡")

    page = resident.open(matter.link)
    page.get_by_role("button", name="还没解决").click()
    expect(page.locator("#word .l-error")).to_be_visible()
    page.fill("textarea[name=text]", "晚上还是一闪一闪")
    page.get_by_role("button", name="还没解决").click()
    expect(page.locator(".l-toast")).to_contain_text("接着办")
    resident.check()

    line = worker.open("/field/").get_by_role("link", name=text[:6])
    expect(line).to_be_visible()
    line.click()
    expect(worker.page.locator("main")).to_contain_text("晚上还是一闪一闪")
