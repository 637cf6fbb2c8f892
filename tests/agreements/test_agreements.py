"""Papers are lawful, agreed with a party, signed, checked, renewed and ended by those of the grid, and reminded of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from linli.accounts.rules import SYSTEM, Refused
from linli.agreements.actions import (
    Found,
    Party,
    Text,
    add_template,
    change_template,
    check_agreement,
    draft_agreement,
    end_agreement,
    remind_due,
    renew_agreement,
    retire_template,
    settle_result,
    sign_agreement,
)
from linli.agreements.choices import Finding, Standing
from linli.agreements.lawful import objection
from linli.agreements.models import Agreement, Result, Template
from linli.agreements.queries import (
    AgreementFilters,
    agreements_for,
    papers_at,
    pile_counts,
    search_agreements,
    standing_of,
)
from linli.agreements.rules import NotPossible
from linli.agreements.samples import samples
from linli.agreements.terms import next_term
from linli.core import clock
from linli.exports.kinds import Asked, kind_for
from linli.housing.actions import NewBuilding, NewDwelling, add_building, add_dwellings, assign_grid
from linli.inbox.models import Message
from linli.units.actions import UnitFacts, Where, add_unit
from tests.cast import Cast
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

Browser = Callable[[object], Client]
TEXT = Text("消防责任书", "owner", 12, ["楼道不堆东西。", "每年看一遍电线。"])


def _draft(cast: Cast, name: str = "常桂英", days: int = 364) -> Agreement:
    today = clock.today()
    party = Party("owner", name, cast.grid, "黎花园1号楼")
    return draft_agreement(TEXT, party, today, today + timedelta(days=days), by=cast.worker)


def _signed(cast: Cast, name: str = "常桂英", days: int = 364) -> Agreement:
    return sign_agreement(_draft(cast, name, days), clock.today(), by=cast.worker)


def _with_fault(cast: Cast) -> Result:
    paper = _signed(cast)
    first, second = paper.clauses.all()
    found = {
        first.pk: Found(Finding.TO_MEND, "搬走纸箱", clock.today() + timedelta(days=3)),
        second.pk: Found(Finding.KEPT),
    }
    return check_agreement(paper, clock.today(), found, by=cast.worker).results.get(finding=Finding.TO_MEND)


@pytest.mark.parametrize(
    "clause",
    [
        "违反的罚款二百元。",
        "违反的罚 款200元。",
        "交押金，不守约没收。",
        "发现可疑人员及时举报。",
        "及时向社区报告租客的情况。",
        "收集租客的身份证复印件交社区。",
        "育龄妇女须有婚育证明。",
        "租客须办理暂住证。",
        "不得租给外地人。",
        "配合清查，随时入户。",
        "不签字的停水停电。",
        "登记租客的宗教信仰。",
        "年终排名，末位公示。",
        "Whoever breaks this is fined.",
        "The owner reports on tenants.",
    ],
)
def test_what_is_not_lawful_is_refused_in_words(cast: Cast, clause: str) -> None:
    assert objection(clause)
    party = Party("owner", "常桂英", cast.grid)
    with pytest.raises(ValidationError) as refused:
        draft_agreement(
            Text("责任书", "owner", 12, ["楼道不堆东西。", clause]),
            party,
            clock.today(),
            clock.today(),
            by=cast.worker,
        )
    assert "2" in refused.value.message_dict["clauses"][0]
    with pytest.raises(ValidationError):
        add_template(cast.areas["street_area"], Text("责任书", "owner", 12, [clause]), by=cast.users["street"])
    assert not Template.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sample_is_lawful(language: str) -> None:
    with translation.override(language):
        papers = samples()
    assert len(papers) >= 3
    assert [clause for paper in papers.values() for clause in (paper.title, *paper.clauses) if objection(clause)] == []


def test_a_paper_goes_from_draft_to_signature_to_its_end(cast: Cast) -> None:
    paper = _draft(cast)
    assert standing_of(paper) == Standing.DRAFT
    with pytest.raises(NotPossible):
        renew_agreement(paper, clock.today(), clock.today(), by=cast.worker)
    with pytest.raises(NotPossible):
        sign_agreement(paper, clock.today() + timedelta(days=1), by=cast.worker)
    paper = sign_agreement(paper, clock.today(), by=cast.worker)
    assert standing_of(paper) == Standing.RUNNING
    assert standing_of(paper, paper.ends_on - timedelta(days=30)) == Standing.ENDING
    assert standing_of(paper, paper.ends_on + timedelta(days=1)) == Standing.OVER
    with pytest.raises(NotPossible):
        sign_agreement(paper, clock.today(), by=cast.worker)
    with pytest.raises(ValidationError):
        end_agreement(paper, clock.today(), " ", by=cast.worker)
    paper = end_agreement(paper, clock.today(), "房子卖了", by=cast.worker)
    assert standing_of(paper) == Standing.ENDED
    with pytest.raises(NotPossible):
        end_agreement(paper, clock.today(), "房子卖了", by=cast.worker)


def test_a_party_may_prefer_not_to_sign(cast: Cast, client_for: Browser) -> None:
    signed = sign_agreement(_draft(cast), clock.today(), by=cast.worker)
    with pytest.raises(NotPossible):
        end_agreement(signed, clock.today(), "", by=cast.worker, declined=True)
    client, paper = client_for(cast.fresh("worker")), _draft(cast, "王二")
    told = {"on": clock.today().isoformat(), "reason": ""}
    assert client.post(f"/agreements/{paper.pk}/end/", told).status_code == 422
    assert client.post(f"/agreements/{paper.pk}/end/", told | {"declined": "on"}).status_code == 302
    paper.refresh_from_db()
    assert (standing_of(paper), paper.end_reason) == (Standing.DECLINED, "")
    assert 'name="declined"' not in client.get(f"/agreements/{signed.pk}/end/").content.decode()
    assert client_for(cast.fresh("far_worker")).post(f"/agreements/{paper.pk}/end/", told).status_code == 404


def test_a_wrong_party_term_or_place_is_refused(cast: Cast) -> None:
    today = clock.today()
    wrong = [
        (Party("owner", " ", cast.grid), today, today),
        (Party("unit", "惠民超市", cast.grid), today, today),
        (Party("owner", "常桂英", cast.community_area), today, today),
        (Party("owner", "常桂英", cast.grid), today, today - timedelta(days=1)),
        (Party("owner", "常桂英", cast.grid), today, date(2099, 1, 1)),
    ]
    for party, first, last in wrong:
        with pytest.raises(ValidationError):
            draft_agreement(TEXT, party, first, last, by=cast.leader)
    elsewhere = add_unit(UnitFacts("店"), Where(cast.other_grid, "东门"), by=cast.leader)
    with pytest.raises(ValidationError):
        draft_agreement(TEXT, Party("owner", "店", cast.grid, unit=elsewhere), today, today, by=cast.leader)


def test_a_check_says_of_each_clause_what_was_found(cast: Cast) -> None:
    paper, today = _signed(cast), clock.today()
    first = paper.clauses.all()[0]
    with pytest.raises(NotPossible):
        check_agreement(paper, today, {}, by=cast.worker)
    with pytest.raises(NotPossible):
        check_agreement(paper, today + timedelta(days=1), {first.pk: Found(Finding.KEPT)}, by=cast.worker)
    for incomplete in (Found(Finding.TO_MEND, "", today), Found(Finding.TO_MEND, "搬走纸箱"), Found("other")):
        with pytest.raises(ValidationError):
            check_agreement(paper, today, {first.pk: incomplete}, by=cast.worker)
    made = check_agreement(paper, today, {first.pk: Found(Finding.KEPT)}, by=cast.worker, note="很好")
    assert [row.finding for row in made.results.all()] == [Finding.KEPT, Finding.NOT_SEEN]


def test_what_is_to_be_put_right_is_settled_once(cast: Cast) -> None:
    result = _with_fault(cast)
    assert pile_counts(cast.worker)["to_mend"] == 1
    with pytest.raises(NotPossible):
        settle_result(result, clock.today() - timedelta(days=1), by=cast.worker)
    settle_result(result, clock.today(), by=cast.worker)
    assert pile_counts(cast.worker)["to_mend"] == 0
    with pytest.raises(NotPossible):
        settle_result(result, clock.today(), by=cast.worker)


def test_a_renewal_takes_party_and_clauses_along(cast: Cast) -> None:
    paper = _signed(cast)
    with pytest.raises(ValidationError):
        renew_agreement(paper, paper.starts_on, paper.ends_on, by=cast.worker)
    new = renew_agreement(paper, *next_term(paper.starts_on, paper.ends_on), by=cast.worker)
    assert (new.renews, new.party_name, new.starts_on) == (paper, "常桂英", paper.ends_on + timedelta(days=1))
    assert [clause.text for clause in new.clauses.all()] == list(TEXT.clauses)
    with pytest.raises(NotPossible):
        renew_agreement(paper, *next_term(paper.starts_on, paper.ends_on), by=cast.worker)


def test_the_next_term_is_as_long_as_this_one() -> None:
    assert next_term(date(2026, 1, 1), date(2026, 12, 31)) == (date(2027, 1, 1), date(2027, 12, 31))
    assert next_term(date(2024, 2, 29), date(2025, 2, 28)) == (date(2025, 3, 1), date(2026, 3, 1))
    assert next_term(date(2026, 1, 1), date(2026, 1, 10)) == (date(2026, 1, 11), date(2026, 1, 20))


@pytest.mark.parametrize("who", ["far_worker", "auditor", "police", "street", "outsider"])
def test_others_write_nothing(cast: Cast, who: str) -> None:
    result, by, today = _with_fault(cast), cast.users[who], clock.today()
    paper = result.of_check.agreement
    with pytest.raises(Refused):
        draft_agreement(TEXT, Party("owner", "常桂英", cast.grid), today, today, by=by)
    with pytest.raises(Refused):
        sign_agreement(paper, today, by=by)
    with pytest.raises(Refused):
        check_agreement(paper, today, {}, by=by)
    with pytest.raises(Refused):
        settle_result(result, today, by=by)
    with pytest.raises(Refused):
        renew_agreement(paper, today, today, by=by)
    with pytest.raises(Refused):
        end_agreement(paper, today, "搬走了", by=by)


def test_texts_hold_for_the_place_and_below_and_are_the_streets(cast: Cast) -> None:
    street = cast.users["street"]
    with pytest.raises(Refused):
        add_template(cast.areas["street_area"], TEXT, by=cast.leader)
    with pytest.raises(Refused):
        add_template(cast.areas["far_street"], TEXT, by=street)
    text = add_template(cast.areas["street_area"], TEXT, by=street)
    assert str(text.pk) in papers_at(cast.worker, cast.grid)
    assert str(text.pk) not in papers_at(cast.far_worker)
    assert str(text.pk) not in papers_at(cast.administrator, cast.far_grid)
    paper = _signed(cast)
    change_template(text, Text("新责任书", "owner", 6, ["不堵楼道。"]), by=street)
    assert paper.clauses.count() == 2
    retire_template(text, by=street)
    assert str(text.pk) not in papers_at(cast.worker, cast.grid)
    with pytest.raises(NotPossible):
        change_template(text, TEXT, by=street)


def test_a_paper_follows_its_building(cast: Cast) -> None:
    house = add_building(NewBuilding(cast.community_area, "1号楼", grid=cast.grid), by=SYSTEM)
    home = add_dwellings([NewDwelling(house, "1", "101")], by=SYSTEM)[0]
    today = clock.today()
    paper = draft_agreement(TEXT, Party("owner", "常桂英", cast.grid, dwelling=home), today, today, by=cast.worker)
    assign_grid(house, cast.other_grid, by=SYSTEM)
    paper.refresh_from_db()
    assert (paper.grid, paper.path) == (cast.other_grid, cast.other_grid.path)


def test_the_grid_hears_once_of_an_end_and_of_what_is_overdue(cast: Cast) -> None:
    _signed(cast, days=20)
    _signed(cast, "原秀英")
    _draft(cast, days=10)
    assert remind_due(clock.now()) == 1
    assert remind_due(clock.now()) == 0
    assert [message.kind for message in Message.objects.filter(to=cast.worker)] == ["agreements.ending"]
    assert "常桂英" not in str(Message.objects.first().values)  # type: ignore[union-attr]
    _with_fault(cast)
    assert remind_due(clock.now()) == 0
    later = clock.now() + timedelta(days=5)
    assert (remind_due(later), remind_due(later)) == (1, 0)
    assert not Message.objects.filter(to=cast.far_worker).exists()


@pytest.mark.parametrize("text", ["常桂", "changgui", "cgy", "消防", "黎花园"])
def test_a_paper_is_found(cast: Cast, text: str) -> None:
    paper = _signed(cast)
    assert search_agreements(cast.worker, text, 8) == [paper]
    assert search_agreements(cast.far_worker, text, 8) == []


def test_piles_hold_what_they_say(cast: Cast) -> None:
    _draft(cast)
    ending, running = _signed(cast, days=5), _signed(cast)
    assert list(agreements_for(cast.worker)) == [ending, running]
    assert list(agreements_for(cast.worker, AgreementFilters(pile="ending", under=cast.grid.code))) == [ending]
    assert list(agreements_for(cast.worker, AgreementFilters(under=cast.far_grid.code))) == []
    assert list(agreements_for(cast.worker, AgreementFilters(party="unit"))) == []
    assert pile_counts(cast.worker) == {
        "running": 2,
        "ending": 1,
        "over": 0,
        "to_mend": 0,
        "draft": 1,
        "ended": 0,
    }
    assert list(agreements_for(cast.fresh("far_worker"))) == []


def test_the_pages_lead_from_a_unit_to_a_signed_and_checked_paper(cast: Cast, client_for: Browser) -> None:
    shop = add_unit(UnitFacts("惠民超市"), Where(cast.grid, "底商"), by=cast.worker)
    client = client_for(cast.fresh("worker"))
    assert "惠民超市" in client.get(f"/agreements/new/?unit={shop.pk}").content.decode()
    values = {"text": "sample:shop", "party_name": "惠民超市", "grid": cast.grid.code, "place": ""}
    term = {"starts_on": "2026-01-01", "ends_on": "2099-01-01"}
    refused = client.post("/agreements/new/", values | term)
    assert (refused.status_code, "5 年" in refused.content.decode()) == (422, True)
    assert client.post("/agreements/new/", values | term | {"ends_on": "2026-12-31"}).status_code == 302
    paper = Agreement.objects.get()
    assert (paper.unit, paper.place) == (shop, "底商")
    page = f"/agreements/{paper.pk}/"
    today = clock.today().isoformat()
    assert client.post(f"{page}sign/", {"on": "2999-01-01"}).status_code == 422
    assert client.post(f"{page}sign/", {"on": today}).status_code == 302
    found = {f"finding_{clause.pk}": "kept" for clause in paper.clauses.all()}
    first = paper.clauses.all()[0]
    broken = found | {f"finding_{first.pk}": "to_mend", "on": today}
    assert client.post(f"{page}check/", broken).status_code == 422
    broken |= {f"text_{first.pk}": "搬走纸箱", f"due_{first.pk}": "2099-01-01"}
    assert client.post(f"{page}check/", broken).status_code == 302
    result = Result.objects.get(finding="to_mend")
    assert "搬走纸箱" in client.get(page).content.decode()
    assert client.post(f"{page}results/{result.pk}/", {"on": today}).status_code == 302
    assert client.post(f"{page}renew/", {"starts_on": "2027-01-01", "ends_on": "2027-12-31"}).status_code == 302
    printed = client.get(f"{page}print/")
    assert (printed["Content-Type"], printed.content[:5]) == ("application/pdf", b"%PDF-")
    assert client.post(f"{page}end/", {"on": today, "reason": ""}).status_code == 422
    assert client.post(f"{page}end/", {"on": today, "reason": "关门了"}).status_code == 302
    assert "关门了" in client.get(page).content.decode()
    assert "惠民超市" in client.get("/search/?q=惠民").content.decode()
    assert client_for(cast.fresh("far_worker")).get(page).status_code == 404


def test_the_street_keeps_texts_on_its_page(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("street"))
    assert client.get("/agreements/texts/new/?sample=rental").status_code == 200
    values = {"title": "租房责任书", "party_kind": "owner", "months": "12", "area": cast.areas["street_area"].code}
    refused = client.post("/agreements/texts/new/", values | {"clauses": "不堵楼道。\n违者罚款。"})
    assert (refused.status_code, "第 2 条" in refused.content.decode()) == (422, True)
    assert "违者罚款。" in refused.content.decode()
    assert client.post("/agreements/texts/new/", values | {"clauses": "不堵楼道。\n"}).status_code == 302
    text = Template.objects.get()
    assert text.clauses == ["不堵楼道。"]
    page = f"/agreements/texts/{text.pk}/"
    assert client.post(page, values | {"clauses": "不堵楼道。\n电线要看。"}).status_code == 302
    assert client.get(f"{page}retire/").status_code == 200
    assert client.post(f"{page}retire/").status_code == 302
    assert client.get(page).status_code == 404
    assert client_for(cast.fresh("worker")).get("/agreements/texts/").status_code == 200
    assert client_for(cast.fresh("auditor")).get("/agreements/texts/").status_code == 403


@pytest.mark.parametrize("path", ["/agreements/", "/field/agreements/"])
def test_lists_need_as_many_queries_for_three_as_for_one(cast: Cast, client_for: Browser, path: str) -> None:
    client = client_for(cast.fresh("worker"))
    _signed(cast)
    client.get(path)
    one = queries_of(client, path)
    _signed(cast, "原秀英")
    _signed(cast, "单田芳")
    assert queries_of(client, path) == one


def test_the_texts_need_as_many_queries_for_three_as_for_one(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("street"))
    add_template(cast.areas["street_area"], TEXT, by=cast.users["street"])
    client.get("/agreements/texts/")
    one = queries_of(client, "/agreements/texts/")
    add_template(cast.areas["street_area"], TEXT, by=cast.users["street"])
    add_template(cast.areas["street_area"], TEXT, by=cast.users["street"])
    assert queries_of(client, "/agreements/texts/") == one


def test_on_the_phone_a_paper_is_found_and_checked(cast: Cast, client_for: Browser) -> None:
    paper = _signed(cast)
    client = client_for(cast.fresh("worker"))
    assert "常桂英" in client.get("/field/agreements/?q=常桂").content.decode()
    page = f"/field/agreements/{paper.pk}/"
    assert client.post(f"{page}check/", {"on": clock.today().isoformat()}).status_code == 422
    found = {f"finding_{clause.pk}": "kept" for clause in paper.clauses.all()}
    assert client.post(f"{page}check/", found | {"on": clock.today().isoformat()}).status_code == 302
    assert paper.checks.count() == 1
    assert client_for(cast.fresh("far_worker")).get(page).status_code == 404


def test_papers_are_taken_out_as_they_are_narrowed_and_within_reach(cast: Cast) -> None:
    _signed(cast)
    _draft(cast)
    kind = kind_for("agreements")
    columns = ("party_name", "standing")
    asked = Asked(by=cast.leader, area=cast.community_area, filters={"q": "常桂", "party": "owner"}, columns=columns)
    assert kind.count(asked) == 1
    assert [list(row) for row in kind.rows(asked)] == [["常桂英", "生效中"]]
    assert kind.told({"q": "常桂", "party": "owner"}) == ["房主", "“常桂”"]
    far = Asked(by=cast.fresh("far_leader"), area=cast.community_area, filters={}, columns=columns)
    assert kind.count(far) == 0
