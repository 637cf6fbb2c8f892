"""A facility breaks and is repaired; a community tells about itself and residents read it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.files.pictures import with_position
from tests.flows.acts import COMMUNITY, GRID, choose, choose_photo, expect_photos, words
from tests.flows.conftest import Site, Visit

pytestmark = pytest.mark.flow

# A facility of the first grid that is good: one for the desk, another for the phone.
GOOD = f"""
import json
from linli.housing.models import Facility
found = Facility.objects.filter(area__code={GRID!r}, condition="good", kind__code__in=["charger", "toilet"])
row = found.order_by("kind__code")[SKIP]
print(json.dumps({{"pk": row.pk, "name": row.name}}))
"""


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_what_is_broken_becomes_a_case_and_is_good_again(visit: Visit, site: Site, size: str) -> None:
    found = json.loads(site.ask(GOOD.replace("SKIP", "0" if size == "desktop" else "1")))
    text = words("坏了，用不了")
    worker = visit(size)
    worker.sign_in("worker")
    if size == "desktop":
        page = worker.open("/facilities/")
        page.get_by_role("link", name=found["name"]).first.click()
        page.get_by_role("link", name="报修").click()
    else:
        page = worker.open(f"/field/facilities/?q={found['name']}")
        page.get_by_role("link", name=found["name"]).first.click()
    worker.check()
    page.get_by_label("哪里坏了").fill(text)
    page.get_by_role("button", name="上报").click()
    expect(page.get_by_text("已经转成事件")).to_be_visible()

    page = worker.open(f"/facilities/{found['pk']}/")
    expect(page.locator("main")).to_contain_text("要维修")
    worker.check()
    page.get_by_role("link", name=text).click()
    page.wait_for_url("**/cases/*/")
    case = page.url
    page.goto(case + "steps/reclassify/")
    choose(page.locator("main"), "mechanism", "on_spot")
    page.locator("main textarea[name=note]").fill("当场就能修")
    page.locator("main form button.btn-primary, main form button.btn-danger").first.click()
    page.wait_for_url(case)
    page.goto(case + "steps/solve_on_spot/")
    page.locator("main textarea[name=note]").fill("换了零件，修好了")
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_url(case)
    expect(page.locator("main")).to_contain_text("已结案")

    page = worker.open(f"/facilities/{found['pk']}/")
    expect(page.locator("main")).to_contain_text("换了零件，修好了")
    expect(page.locator(".l-page-head")).to_contain_text("完好")
    worker.check()


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_photo_is_added_shown_and_removed(visit: Visit, site: Site, size: str, tmp_path: Path) -> None:
    found = json.loads(site.ask(GOOD.replace("SKIP", "0" if size == "desktop" else "1")))
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(with_position())
    surface = "" if size == "desktop" else "/field"
    worker = visit(size)
    worker.sign_in("worker")
    page = worker.open(f"{surface}/facilities/{found['pk']}/")
    page.get_by_role("link", name="添照片").click()
    choose_photo(page, photo)
    worker.check()
    page.get_by_role("button", name="添上").click()
    expect(page.get_by_text("添了 1 张照片")).to_be_visible()
    expect_photos(page, "main", 1)
    worker.check()
    page.get_by_role("link", name="添照片、删照片").click()
    worker.check()
    page.get_by_role("link", name="删除 1").click()
    expect(page.locator("img.l-picture")).to_be_visible()
    worker.check()
    page.get_by_role("button", name="删除").click()
    expect(page.get_by_text("已删除")).to_be_visible()
    expect(page.locator("main img")).to_have_count(0)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_residents_read_what_their_community_tells(visit: Visit, size: str) -> None:
    text = words("院里的老槐树有一百年了")
    leader = visit(size)
    leader.sign_in("leader")
    page = leader.open("/communities/")
    page.get_by_role("link", name="桥北社区居委会").click()
    leader.check()
    page.get_by_role("link", name="改", exact=True).click()
    page.get_by_label("社区介绍").fill(text)
    page.locator("main form button.btn-primary").click()
    expect(page.get_by_text(text)).to_be_visible()

    resident = visit(size)
    page = resident.open(f"/grid/{GRID}/")
    page.get_by_role("link", name="看看桥北社区居委会").click()
    expect(page).to_have_url(re.compile(f"/community/{COMMUNITY}/$"))
    expect(page.get_by_text(text)).to_be_visible()
    resident.check()
