"""What other ledgers add to the file of a household: on the page, on paper, today and on a past day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client

from linli.cases.actions import NewCase, report_case
from linli.cases.models import Case, Category
from linli.core import clock
from linli.declarations.models import Declaration
from linli.housing.actions import add_owner, end_tenancy, make_home_plates, start_tenancy, write_check
from linli.housing.choices import ListKind, Occupancy
from linli.housing.models import Dwelling, ListItem, Mend, Plate
from linli.housing.values import NewCheck, OwnerValues, TenancyValues, ToMend
from linli.people.models import Household
from linli.people.queries import household_file
from linli.web.household_sections import sections_of
from linli.web.views.household_prints import _file_data
from tests.cast import Cast
from tests.web.counting import queries_of
from tests.web.ledgers import category, let_today, settled_home, sign_and_declare

Browser = Callable[[object], Client]
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True)
class Kept:
    """The cast, the household of 单田芳 and its home, of which every ledger knows something."""

    cast: Cast
    household: Household
    home: Dwelling

    @property
    def page(self) -> str:
        return f"/households/{self.household.number}/"

    def rows(self, name: str = "leader", days_ago: int = 0) -> dict[str, list[list[str]]]:
        """Return the title of a section → its rows on paper, as somebody reads them on a day."""
        day = clock.today() - timedelta(days=days_ago)
        file = household_file(self.cast.fresh(name), self.household.number, day)
        return {section.title: section.rows for section in sections_of(self.cast.fresh(name), file)}


@pytest.fixture
def kept(cast: Cast, tuesday: object) -> Kept:
    household, home = settled_home(cast)
    now = clock.now()
    with clock.frozen(now - 3 * MONTH):
        earlier = start_tenancy(home, TenancyValues(clock.today(), contact="老租客"), by=cast.leader)
        end_tenancy(earlier, clock.today(), Occupancy.EMPTY, by=cast.leader)
        add_owner(home, OwnerValues("房明", phone="13900005678", since=clock.today()), by=cast.leader)
    with clock.frozen(now - MONTH):
        paper = let_today(home, cast)
        points = dict.fromkeys(ListItem.objects.filter(kind=ListKind.SAFETY))
        points[next(iter(points))] = ToMend("软管老化", clock.today() + WEEK)
        write_check(home, NewCheck(clock.today(), points), by=cast.worker)
        report_case(NewCase(category(), "楼道灯不亮", building=home.building), by=cast.worker)
    sign_and_declare(paper, home, cast)
    make_home_plates([home], by=cast.leader)
    return Kept(cast, household, home)


def test_the_page_shows_what_every_ledger_knows_of_the_home(kept: Kept, client_for: Browser) -> None:
    page = client_for(kept.cast.fresh("leader")).get(kept.page).content.decode()
    token = Plate.objects.get(dwelling=kept.home).token
    for shown in ("房明", "新租客", "软管老化", "楼道灯不亮", "消防责任书", "一次安全检查", token, "13900005678"):
        assert (shown in page) == (shown != "13900005678"), shown
    assert page.index("这套房的事件") < page.index("这栋楼的事件")
    assert f'href="/cases/{Case.objects.get(text__contains="软管老化").number}/"' in page
    assert f'href="/declarations/{Declaration.objects.get().number}/"' in page


def test_paper_has_the_sections_of_the_page(kept: Kept, client_for: Browser) -> None:
    user = kept.cast.fresh("leader")
    file = household_file(user, kept.household.number)
    sections = sections_of(user, file)
    data = _file_data(file, sections)
    titles = ["房主和出租", "安全检查", "居民申报", "事件", "责任书"]
    assert [section["title"] for section in data["sections"]] == titles
    assert "13900005678" not in str(data)
    for section in data["sections"]:
        assert section["rows"]
        assert {len(row) for row in section["rows"]} in ({2}, {3})
    answer = client_for(user).get(f"{kept.page}file.pdf")
    assert answer.content.startswith(b"%PDF")


def test_a_past_day_shows_what_was_known_by_then(kept: Kept, client_for: Browser) -> None:
    sections = list(kept.rows(days_ago=10).values())
    told = str(sections)
    for shown in ("房明", "新租客", "软管老化", "楼道灯不亮", "消防责任书", "还没签"):
        assert shown in told, shown
    for hidden in (Plate.objects.get(dwelling=kept.home).token, "一次安全检查", "生效中"):
        assert hidden not in told, hidden
    assert "居民申报" not in kept.rows(days_ago=10)
    before = str(kept.rows(days_ago=60))
    assert "房明" in before
    for hidden in ("新租客", "软管老化", "楼道灯不亮", "消防责任书"):
        assert hidden not in before, hidden
    day = (clock.today() - timedelta(days=60)).isoformat()
    assert "新租客" not in client_for(kept.cast.fresh("leader")).get(f"{kept.page}?day={day}").content.decode()
    assert str(kept.rows(days_ago=100)).count("房明") == 0


def test_something_mended_later_was_open_on_a_day_before(kept: Kept) -> None:
    Mend.objects.update(state="done", settled_on=clock.today(), answer="换了新的")
    assert "换了新的" in str(kept.rows())
    before = str(kept.rows(days_ago=10))
    assert "换了新的" not in before
    assert "过了整改日期" in before


def test_sections_are_for_those_who_see_their_ledgers(kept: Kept, client_for: Browser) -> None:
    assert "居民申报" in kept.rows()
    assert "居民申报" not in kept.rows("street")
    assert client_for(kept.cast.fresh("far_leader")).get(kept.page).status_code == 404
    assert client_for(kept.cast.fresh("police")).get(kept.page).status_code == 403


def test_the_file_costs_the_same_with_more_cases(kept: Kept, client_for: Browser) -> None:
    client = client_for(kept.cast.fresh("leader"))
    one = queries_of(client, kept.page)
    category = Category.objects.filter(parent__isnull=False, mechanism="coordination")[0]
    for number in range(2):
        new = NewCase(category, f"下水堵了{number}", building=kept.home.building, place=kept.home.address)
        report_case(new, by=kept.cast.worker)
    assert queries_of(client, kept.page) == one
    assert str(kept.rows()["事件"]).count("下水堵了") == 2
