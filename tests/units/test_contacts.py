"""A second contact and the office-holders of a unit: hidden, shown for a purpose, found, and kept when left empty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from linli.accounts.rules import Refused
from linli.exports.kinds import Asked, kind_for
from linli.finder import found_for
from linli.journal.models import Entry
from linli.people.choices import RevealPurpose
from linli.units.actions import UnitFacts, Where, add_unit, change_unit, reveal_contact
from linli.units.choices import UnitKind
from linli.units.models import HIDDEN_FIELDS, Unit
from linli.units.queries import changes_of, officers_shown, search_contacts
from tests.cast import Cast
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

Browser = Callable[[object], Client]
PHONE, SECOND_PHONE = "13900005678", "13900007788"
OFFICERS = "主任：尚小云；副主任：不方便"
HIDDEN = {
    "contact_name": "常桂英",
    "contact_phone": PHONE,
    "second_name": "申建国",
    "second_phone": SECOND_PHONE,
    "officers": "主任：尚小云；副主任：—",
}


def _committee(cast: Cast, name: str = "黎花园业主委员会", **facts: object) -> Unit:
    told = {**HIDDEN, "officers": OFFICERS, "kind": UnitKind.COMMITTEE, **facts}
    return add_unit(UnitFacts(name, **told), Where(cast.grid, "黎花园1号楼"), by=cast.worker)  # type: ignore[arg-type]


def test_both_contacts_and_the_offices_are_kept_and_hidden(cast: Cast, client_for: Browser) -> None:
    unit = _committee(cast)
    assert {name: getattr(unit, name) for name in HIDDEN_FIELDS} == HIDDEN
    assert [(office.title, office.name) for office in officers_shown(unit)] == [("主任", "尚*"), ("副主任", "")]
    client = client_for(cast.fresh("worker"))
    for page in (f"/units/{unit.pk}/", f"/field/units/{unit.pk}/", f"/units/{unit.pk}/change/", "/units/"):
        shown = client.get(page).content.decode()
        for hidden in ("申建国", SECOND_PHONE, "尚小云"):
            assert hidden not in shown, (page, hidden)
    for page in (f"/units/{unit.pk}/", f"/field/units/{unit.pk}/"):
        shown = client.get(page).content.decode()
        for part in ("申*", "139****7788", "尚*", "本人不愿公开", f"/units/{unit.pk}/contact/officers/"):
            assert part in shown, (page, part)


@pytest.mark.parametrize("field", HIDDEN_FIELDS)
def test_each_is_shown_for_a_purpose_and_journalled(cast: Cast, client_for: Browser, field: str) -> None:
    unit = _committee(cast)
    address = f"/units/{unit.pk}/contact/{field}/"
    client = client_for(cast.fresh("worker"))
    assert client.post(address, {}).status_code == 422
    assert not Entry.objects.filter(action="units.reveal_contact").exists()
    assert HIDDEN[field] in client.post(address, {"reason": "visit"}).content.decode()
    assert Entry.objects.get(action="units.reveal_contact").detail == {"field": field}


def test_others_see_none_of_it(cast: Cast, client_for: Browser) -> None:
    unit = _committee(cast)
    for who in ("far_worker", "police", "auditor", "outsider"):
        with pytest.raises(Refused):
            reveal_contact(unit, "officers", by=cast.users[who], reason=RevealPurpose.VISIT)
    with pytest.raises(ValueError, match="not masked"):
        reveal_contact(unit, "name", by=cast.worker, reason=RevealPurpose.VISIT)
    assert client_for(cast.fresh("far_worker")).get(f"/units/{unit.pk}/contact/officers/").status_code == 404
    assert client_for(cast.fresh("worker")).get(f"/units/{unit.pk}/contact/name/").status_code == 404


def test_who_prefers_not_to_give_a_contact_has_neither(cast: Cast) -> None:
    unit = _committee(cast, contact_declined=True)
    assert [unit.contact_name, unit.contact_phone, unit.second_name, unit.second_phone] == [""] * 4
    assert unit.officers == HIDDEN["officers"]


def test_a_wrong_second_phone_and_unreadable_offices_stand_at_their_fields(cast: Cast, client_for: Browser) -> None:
    with pytest.raises(ValidationError) as wrong:
        _committee(cast, second_phone="123")
    assert set(wrong.value.message_dict) == {"second_phone"}
    values = {"name": "会", "kind": "committee", "grid": cast.grid.code, "place": "底商", "officers": "尚小云"}
    answer = client_for(cast.fresh("worker")).post("/units/new/", values)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"officers"}
    page = answer.content.decode()
    assert "前面少了职务" in page
    assert ">\n尚小云</textarea>" in page


def test_left_empty_they_stay_and_each_goes_by_itself(cast: Cast, client_for: Browser) -> None:
    unit = _committee(cast)
    client, address = client_for(cast.fresh("worker")), f"/units/{unit.pk}/change/"
    values = {"name": unit.name, "kind": "committee"}

    def after(**more: str) -> dict[str, str]:
        assert client.post(address, values | more).status_code == 302
        unit.refresh_from_db()
        return {name: getattr(unit, name) for name in HIDDEN_FIELDS}

    assert after() == HIDDEN
    assert after(second_gone="on") == HIDDEN | {"second_name": "", "second_phone": ""}
    assert after(officers="主任：关小羽") == HIDDEN | {
        "second_name": "",
        "second_phone": "",
        "officers": "主任：关小羽",
    }
    assert after(officers_gone="on")["officers"] == ""
    assert "second_gone" not in client.get(address).context["form"].fields


def test_history_tells_that_offices_changed_and_not_who(cast: Cast) -> None:
    unit = _committee(cast)
    facts = UnitFacts(unit.name, **{**HIDDEN, "officers": "主任：关小羽", "kind": UnitKind.COMMITTEE})  # type: ignore[arg-type]
    change_unit(unit, facts, by=cast.worker)
    assert [value for _name, value in changes_of(unit)[0].before] == ["***"]
    assert Entry.objects.get(action="units.change").detail == {"fields": ["officers"]}


@pytest.mark.parametrize("text", ["申建国", "shenjianguo", "sjg", "7788", SECOND_PHONE])
def test_a_unit_is_found_by_its_second_contact(cast: Cast, text: str) -> None:
    unit = _committee(cast)
    assert search_contacts(cast.worker, text, 5) == [(unit, {"name": "申*", "phone": "139****7788"})]
    assert search_contacts(cast.far_worker, text, 5) == []
    assert [found.name for found in found_for(cast.fresh("worker"), text).contacts] == ["申*"]


def test_programs_read_them_masked(cast: Cast, client_for: Browser) -> None:
    unit = _committee(cast)
    answer = client_for(cast.fresh("worker")).get(f"/api/v1/units/{unit.pk}").json()
    assert answer["second_contact"] == {"name": "申*", "phone": "139****7788"}
    assert answer["officers"] == [{"office": "主任", "name": "尚*"}, {"office": "副主任", "name": ""}]


def test_the_list_of_programs_and_the_file_cost_the_same(cast: Cast, client_for: Browser) -> None:
    client = client_for(cast.fresh("leader"))
    unit = _committee(cast)
    one = queries_of(client, "/api/v1/units"), queries_of(client, f"/units/{unit.pk}/")
    _committee(cast, "第二家")
    _committee(cast, "第三家")
    assert (queries_of(client, "/api/v1/units"), queries_of(client, f"/units/{unit.pk}/")) == one


def test_every_column_of_a_unit_can_be_taken_out_masked(cast: Cast) -> None:
    _committee(cast, members=20, register_number="社证第7号", liaison="牛志强", contract_rate=0)
    kind = kind_for("units")
    apart = {"grid": "grid", "dwelling": "room", "id": "", "path": "", "search_terms": "", "building": ""}
    apart |= {"created_at": "", "changed_at": "", "credit_code_wrong": ""}
    fields = {apart.get(field.name, field.name) for field in Unit._meta.concrete_fields}
    assert {column.name for column in kind.columns} == fields - {""}
    columns = tuple(column.name for column in kind.columns)
    asked = Asked(by=cast.leader, area=cast.community_area, filters={}, columns=columns)
    row = dict(zip(columns, next(iter(kind.rows(asked))), strict=True))
    assert (row["members"], row["contract_rate"], row["contact_declined"]) == (20, 0, "否")
    masks = {column.name: column.mask for column in kind.columns if column.mask}
    assert set(masks) == set(HIDDEN_FIELDS)
    assert masks["officers"](row["officers"]) == "主任：尚*；副主任：—"
