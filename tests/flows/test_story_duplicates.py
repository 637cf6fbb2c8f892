"""Somebody stands in the ledger twice: found, compared, merged, looked up, and taken back exactly."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.flows.conftest import Site, Visit

pytestmark = pytest.mark.flow

SURE = """
import json
from linli.people.models import Duplicate
pair = Duplicate.objects.filter(state="open", certainty="certain").select_related("first", "second").first()
rows = [(person.name, person.registered_address, person.path) for person in (pair.first, pair.second)]
print(json.dumps([pair.pk, rows]))
"""


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_pair_is_found_compared_merged_and_taken_back(visit: Visit, site: Site, size: str) -> None:
    key, before = json.loads(site.ask(SURE))
    name = before[0][0]
    leader = visit(size)
    leader.sign_in("leader")
    page = leader.open("/households/")
    page.get_by_role("link", name=re.compile("对记录可能是同一个人")).click()
    leader.check()
    page.locator(f"a.btn[href='/duplicates/{key}/']").click()
    leader.check()
    expect(page.get_by_text("出生日期一样")).to_be_visible()
    assert re.search(r"\d{11}", page.locator("main").inner_text()) is None
    page.get_by_role("group", name="现在住在").get_by_role("radio").last.check()
    page.get_by_role("button", name="是一个人，按选的合并").click()
    expect(page.get_by_text(f"{name}在台账里只剩一条了。")).to_be_visible()
    leader.check()

    page = leader.open(f"/search/?q={name}")
    expect(page.locator("section[aria-labelledby=found-people] li", has_text=name)).to_have_count(1)
    page = leader.open("/duplicates/?pile=merged")
    page.get_by_role("row", name=re.compile(name)).get_by_role("button", name=re.compile("撤回")).click()
    expect(page.get_by_text("两条记录都恢复成原来的样子了。")).to_be_visible()
    leader.check()
    assert json.loads(site.ask(SURE)) == [key, before]
    assert "clean" in site.ask(
        "from linli.checks import check_all\nfrom linli.accounts.rules import SYSTEM\n"
        "print('clean' if check_all(None, by=SYSTEM)['clean'] else 'not')"
    )


def test_two_people_are_not_asked_about_again(visit: Visit, site: Site) -> None:
    leader = visit("phone")
    leader.sign_in("leader")
    page = leader.open("/duplicates/")
    asked = page.locator("tbody tr").count()
    page.locator("tbody a.btn").last.click()
    page.get_by_role("button", name="是两个人，别再问").click()
    expect(page.get_by_text("记下了：这是两个人，以后不再问。")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(asked - 1)
    page = leader.open("/duplicates/?pile=different")
    page.locator("tbody a.btn").first.click()
    again = page.get_by_role("button", name="重新看")
    again.click()
    expect(again).to_have_count(0)
    leader.open("/duplicates/")
    expect(page.locator("tbody tr")).to_have_count(asked)


def test_a_worker_finds_a_home_by_three_numbers(visit: Visit) -> None:
    worker = visit("phone")
    worker.sign_in("worker")
    page = worker.open("/search/?q=3-2-501")
    expect(page.get_by_role("link", name=re.compile("3号楼2单元501"))).to_be_visible()
    assert worker.context.request.get(worker.site.url + "/duplicates/").status == 403
