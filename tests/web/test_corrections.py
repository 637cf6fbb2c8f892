from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from linli.people.choices import CorrectionState
from linli.people.models import Correction, Person
from tests.cast import Cast
from tests.exchange.samples import applied, resident, workbook
from tests.web.counting import queries_of
from tests.web.ledgers import BAD_ID, ID_NUMBER, settle

Browser = Callable[[object], Client]


@pytest.fixture
def settled(cast: Cast, tuesday: object) -> Cast:
    settle(cast)
    return cast


def _of(name: str) -> Correction:
    return Correction.objects.get(person__name=name)


def test_each_sees_what_is_to_be_corrected_in_their_area(settled: Cast, client_for: Browser) -> None:
    def names(who: str) -> list[str]:
        lines = client_for(settled.fresh(who)).get("/corrections/").context["lines"]
        return [line.correction.person.name for line in lines]

    assert names("worker") == ["李桂香"]
    assert names("leader") == ["李桂香", "王翠萍"]
    assert names("far_leader") == []


@pytest.mark.parametrize("name", ["street", "district", "department", "police", "auditor"])
def test_corrections_are_closed_to(settled: Cast, client_for: Browser, name: str) -> None:
    client, row = client_for(settled.fresh(name)), _of("李桂香")
    assert client.get("/corrections/").status_code == 403
    assert client.post(f"/corrections/{row.pk}/", {"value": ID_NUMBER}).status_code == 403
    assert client.post(f"/corrections/{row.pk}/keep/").status_code == 403


def test_a_correction_out_of_reach_is_not_found(settled: Cast, client_for: Browser) -> None:
    row = _of("王翠萍")
    assert client_for(None).get(f"/corrections/{row.pk}/").status_code == 302
    assert client_for(settled.fresh("worker")).get(f"/corrections/{row.pk}/").status_code == 404
    assert client_for(settled.fresh("worker")).post(f"/corrections/{row.pk}/keep/").status_code == 404
    assert client_for(settled.fresh("leader")).get(f"/corrections/{row.pk}/").status_code == 200


def test_a_number_as_written_is_masked_and_a_date_is_shown(settled: Cast, client_for: Browser) -> None:
    page = client_for(settled.fresh("leader")).get("/corrections/").content.decode()
    assert BAD_ID not in page
    assert "1499**********7325" in page
    assert "1961-02-30" in page


def test_the_right_value_settles_it(settled: Cast, client_for: Browser) -> None:
    row = _of("王翠萍")
    answer = client_for(settled.fresh("leader")).post(f"/corrections/{row.pk}/", {"value": "1961-02-28"}, follow=True)
    assert "王翠萍的资料改对了" in answer.content.decode()
    assert str(Person.objects.get(name="王翠萍").birth_date) == "1961-02-28"
    assert _of("王翠萍").state == CorrectionState.DONE
    assert [line.correction.person.name for line in answer.context["lines"]] == ["李桂香"]


def test_another_wrong_value_is_named_at_its_field_and_stays(settled: Cast, client_for: Browser) -> None:
    row = _of("王翠萍")
    answer = client_for(settled.fresh("leader")).post(f"/corrections/{row.pk}/", {"value": "1961-02-31"})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"value"}
    assert 'value="1961-02-31"' in answer.content.decode()
    assert _of("王翠萍").state == CorrectionState.OPEN


def test_a_value_can_be_right_as_written(settled: Cast, client_for: Browser) -> None:
    row = _of("李桂香")
    client = client_for(settled.fresh("worker"))
    assert client.get(f"/corrections/{row.pk}/keep/").status_code == 405
    assert client.post(f"/corrections/{row.pk}/keep/").status_code == 302
    assert _of("李桂香").state == CorrectionState.KEPT
    assert client.post(f"/corrections/{row.pk}/keep/").status_code == 404


def test_nothing_to_correct_says_so(cast: Cast, client_for: Browser) -> None:
    assert "没有要改的" in client_for(cast.fresh("worker")).get("/corrections/").content.decode()


def test_corrections_cost_the_same_number_of_queries(settled: Cast, client_for: Browser) -> None:
    client = client_for(settled.fresh("far_leader"))
    counts = []
    for room in ("101", "102", "103"):
        row = resident(f"郭{room}", room=room, birth_date="1961-02-30")
        applied(workbook([row]), settled.far_community, settled.far_leader)
        counts.append(queries_of(client, "/corrections/"))
    assert counts[0] == counts[2]
