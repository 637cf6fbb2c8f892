"""Photos that come with a step: on the phone and in the dialog; the resident sees those of the answer and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.files.pictures import picture, with_position
from tests.flows.acts import begin_step, choose_photo, expect_photos, open_case, report, take_step_on_foot, words
from tests.flows.conftest import Visit

pytestmark = pytest.mark.flow


def test_photos_of_the_work_stay_among_staff_and_those_of_the_answer_reach_the_resident(
    visit: Visit, tmp_path: Path
) -> None:
    lamp, ladder = tmp_path / "lamp.jpg", tmp_path / "ladder.jpg"
    lamp.write_bytes(with_position())
    ladder.write_bytes(picture())
    resident, worker, leader = visit("phone"), visit("phone"), visit("desktop")
    matter = report(resident, words("楼门口灯不亮"))

    worker.sign_in("worker")
    page = worker.open(f"/field/cases/{matter.number}/")
    take_step_on_foot(worker, "受理")
    page.goto(f"{worker.site.url}/field/cases/{matter.number}/hand_up/")
    page.locator("[name=note]").fill("够不着")
    choose_photo(page, lamp)
    worker.check()
    page.get_by_role("button", name="上交社区").click()
    expect(page.locator(".l-toast")).to_be_visible()
    expect_photos(page, ".l-timeline", 1)
    worker.check()

    leader.sign_in("leader")
    page = open_case(leader, matter.number)
    dialog = begin_step(leader, "写办理情况")
    dialog.locator("[name=note]").fill("换了灯泡")
    # The script refuses what is no picture at once; what it can't know the server refuses, and the words stay.
    page.evaluate(
        """() => {
          const files = new DataTransfer();
          files.items.add(new File(["no photo"], "灯.jpg", { type: "image/jpeg" }));
          document.querySelector("dialog input[name=photos]").files = files.files;
        }"""
    )
    dialog.get_by_role("button", name="写办理情况", exact=True).click()
    expect(dialog.locator(".l-photo .l-error")).to_contain_text("灯.jpg")
    expect(dialog.locator("[name=note]")).to_have_value("换了灯泡")
    leader.check()
    choose_photo(dialog, ladder)
    dialog.get_by_role("button", name="写办理情况", exact=True).click()
    expect(dialog).to_be_hidden()
    expect_photos(page, ".l-timeline", 2)
    leader.check()
    page = resident.open(matter.link)
    expect(page.locator("main img")).to_have_count(0)

    dialog = begin_step(leader, "回复居民")
    expect(dialog.locator(".l-photo")).to_contain_text("居民会和答复一起看到")
    choose_photo(dialog, lamp)
    dialog.locator("[name=note]").fill("灯亮了")
    dialog.get_by_role("button", name="回复居民", exact=True).click()
    expect(dialog).to_be_hidden()
    expect_photos(leader.page, ".l-timeline", 3)
    page = resident.open(matter.link)
    expect(page.locator("main img")).to_have_count(1)
