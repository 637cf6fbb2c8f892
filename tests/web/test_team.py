"""The pages about those who serve: absences, vacancies, the register, boards, messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import NewAbsence, ask_absence, create_post, show_name
from linli.areas.choices import AbsenceReason, AbsenceState, Role
from linli.areas.models import Absence, Area, Post
from linli.files.models import Upload
from linli.inbox.models import Message
from linli.journal.models import Entry
from linli.staff.actions import NewRecord, add_record, change_record, show_portrait
from linli.staff.choices import RecordKind
from linli.staff.models import Portrait, Record
from tests.cast import OPENED, Cast
from tests.files.pictures import picture
from tests.web.counting import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]
Browser = Callable[[object], Client]
TODAY = date(2026, 11, 24)
FORM = {"since": "2026-11-24", "until": "2026-11-25", "reason": "sick", "cover": ""}


def note(cast: Cast, name: str, since: date = TODAY) -> Absence:
    new = NewAbsence(cast.fresh(name), since, since + timedelta(days=1), AbsenceReason.SICK)
    return ask_absence(new, by=SYSTEM)


def test_asking_and_answering(cast: Cast, client_for: Browser) -> None:
    worker, leader = client_for(cast.worker), client_for(cast.leader)
    assert "照常：申海波" in worker.get("/absences/new/").content.decode()
    assert worker.post("/absences/new/", FORM)["Location"] == "/absences/"
    absence = Absence.objects.get()
    assert absence.state == AbsenceState.ASKED
    page = leader.get("/absences/").content.decode()
    assert "等你答复" in page
    refused = leader.post(f"/absences/{absence.pk}/", {"verdict": "refuse", "answer": ""})
    assert refused.status_code == 422
    assert "请简单说说为什么不同意。" in refused.content.decode()
    leader.post(f"/absences/{absence.pk}/", {"verdict": "approve", "answer": ""})
    assert Absence.objects.get().state == AbsenceState.APPROVED
    assert "今天我顶班" in client_for(cast.fresh("partner")).get("/").content.decode()
    assert "你 11-24–11-25 的请假同意了" in client_for(cast.fresh("worker")).get("/messages/").content.decode()
    assert client_for(cast.fresh("worker")).post("/absences/back/", {"absence": absence.pk}).status_code == 302
    assert "今天我顶班" not in client_for(cast.fresh("partner")).get("/").content.decode()


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(cast: Cast, client_for: Browser) -> None:
    answer = client_for(cast.worker).post("/absences/new/", FORM | {"since": "2026-12-09"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "最后一天比第一天还早。" in page
    assert 'value="2026-12-09"' in page


def test_the_leader_notes_an_absence_for_somebody_of_the_own_area_alone(cast: Cast, client_for: Browser) -> None:
    leader = client_for(cast.leader)
    assert leader.post(f"/absences/new/?person={cast.worker.pk}", FORM)["Location"] == "/absences/"
    assert Absence.objects.get().state == AbsenceState.APPROVED
    assert leader.get(f"/absences/new/?person={cast.far_worker.pk}").status_code == 404
    assert client_for(cast.partner).get(f"/absences/new/?person={cast.worker.pk}").status_code == 404


def test_why_somebody_is_away_is_told_only_to_those_who_arrange_covers(cast: Cast, client_for: Browser) -> None:
    note(cast, "worker")
    assert "病假" not in client_for(cast.partner).get("/absences/").content.decode()
    assert "病" not in Client().get(f"/grid/{cast.grid.code}/").content.decode()
    assert "sick" not in str(list(Entry.objects.filter(action="absences.note").values_list("detail", flat=True)))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_the_absences(cast: Cast, client_for: Browser, rows: int) -> None:
    for number in range(rows):
        note(cast, "worker", TODAY + timedelta(days=3 * number))
        note(cast, "partner", TODAY + timedelta(days=3 * number))
    assert queries_of(client_for(cast.leader), "/absences/") <= 12
    assert queries_of(client_for(cast.worker), "/absences/") <= 12


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_vacancies(cast: Cast, client_for: Browser, rows: int) -> None:
    for _number in range(rows - 1):
        create_post(role=Role.ASSISTANT, area=cast.other_grid, since=OPENED, by=SYSTEM)
    assert queries_of(client_for(cast.leader), "/vacancies/") <= 13


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_the_register(cast: Cast, client_for: Browser, rows: int) -> None:
    for name in ("worker", "partner", "leader")[:rows]:
        add_record(NewRecord(RecordKind.SKILL, "手语"), by=cast.fresh(name))
    assert queries_of(client_for(cast.street), "/staff/") <= 11
    assert queries_of(client_for(cast.street), f"/staff/{cast.worker.pk}/") <= 10


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_boards(cast: Cast, client_for: Browser, rows: int) -> None:
    Area.objects.filter(parent=cast.community_area).exclude(pk=cast.grid.pk).update(
        closed_on=None if rows > 1 else TODAY
    )
    address = f"?under={cast.community_area.code}"
    assert queries_of(client_for(cast.leader), f"/boards/{address}") <= 15
    assert queries_of(client_for(cast.leader), f"/boards/{address}&as=sheet") <= 15
    # With its profile, figures, facilities and honours.
    assert queries_of(Client(), f"/community/{cast.community_area.code}/") <= 20


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_of_messages(cast: Cast, client_for: Browser, rows: int) -> None:
    for number in range(rows):
        note(cast, "worker", TODAY + timedelta(days=3 * number))
    assert queries_of(client_for(cast.partner), "/messages/") <= 10


def test_vacancies_name_the_grid_and_lead_only_the_administrator_to_appoint(cast: Cast, client_for: Browser) -> None:
    page = client_for(cast.leader).get("/vacancies/").content.decode()
    assert "第二网格" in page
    assert f"/posts/{cast.posts['vacant'].pk}/" not in page
    assert f"/posts/{cast.posts['vacant'].pk}/" in client_for(cast.administrator).get("/vacancies/").content.decode()
    assert "第二网格" not in client_for(cast.far_leader).get("/vacancies/").content.decode()


def test_the_least_number_of_workers_is_set_on_the_page_of_an_area(cast: Cast, client_for: Browser) -> None:
    form = {"name": cast.grid.name, "supervision_phone": "", "min_workers": "2"}
    assert client_for(cast.administrator).post(f"/areas/{cast.grid.code}/", form).status_code == 302
    assert Area.objects.get(pk=cast.grid.pk).min_workers == 2
    assert (
        client_for(cast.administrator).post(f"/areas/{cast.grid.code}/", form | {"min_workers": "9"}).status_code == 200
    )
    assert Area.objects.get(pk=cast.grid.pk).min_workers == 2


def test_everybody_writes_their_own_lines_and_the_leader_reads_them(cast: Cast, client_for: Browser) -> None:
    worker = client_for(cast.worker)
    wrong = worker.post("/mine/record/?kind=training", {"title": "燃气安全", "day": "2026-12-24", "hours": "8"})
    assert wrong.status_code == 422
    assert "这一天还没到。" in wrong.content.decode()
    worker.post("/mine/record/?kind=training", {"title": "燃气安全", "day": "2026-03-02", "hours": "8"})
    record = Record.objects.get()
    assert record.person == cast.worker
    worker.post(f"/mine/record/?record={record.pk}", {"title": "燃气安全", "day": "2026-03-02", "hours": "1.5"})
    assert Record.objects.get().hours == Decimal("1.5")
    for name in ("leader", "street", "administrator"):
        assert "燃气安全" in client_for(cast.fresh(name)).get(f"/staff/{cast.worker.pk}/").content.decode()
    assert client_for(cast.far_leader).get(f"/staff/{cast.worker.pk}/").status_code == 404
    assert client_for(cast.partner).get(f"/staff/{cast.worker.pk}/").status_code == 403
    assert client_for(cast.partner).get(f"/mine/record/?record={record.pk}").status_code == 404
    with pytest.raises(Refused):
        change_record(record, NewRecord(RecordKind.SKILL, "手语"), by=cast.leader)
    client_for(cast.partner).post("/mine/record/remove/", {"record": "x"})
    worker.post("/mine/record/remove/", {"record": record.pk})
    assert not Record.objects.exists()


def test_one_may_take_the_name_off_the_board_and_put_it_back(cast: Cast, client_for: Browser) -> None:
    worker, board = client_for(cast.worker), f"/grid/{cast.grid.code}/"
    assert "李文静" in Client().get(board).content.decode()
    worker.post("/mine/name/", {"post": cast.posts["worker"].pk, "hide": "1"})
    for address in (board, f"/community/{cast.community_area.code}/"):
        page = Client().get(address).content.decode()
        assert "李文静" not in page
        assert "0355-000-0300" in page
    assert "李文静" not in str(Client().get("/api/v1/locate?lon=113.1025&lat=36.1825").json())
    assert "李文静" not in worker.get(f"/boards/?under={cast.grid.code}").content.decode().partition("l-poster")[2]
    worker.post("/mine/name/", {"post": cast.posts["partner"].pk, "hide": "1"})
    assert Post.objects.get(pk=cast.posts["partner"].pk).name_agreed_on == OPENED
    worker.post("/mine/name/", {"post": cast.posts["worker"].pk})
    assert "李文静" in Client().get(board).content.decode()


def test_a_photo_stands_on_the_board_by_consent_and_goes_with_it(cast: Cast, client_for: Browser) -> None:
    worker, photo = client_for(cast.worker), f"/grid/{cast.grid.code}/photo/{cast.posts['worker'].pk}/"
    assert Client().get(photo).status_code == 404
    show_portrait(picture(), by=cast.worker)
    shown = Client().get(photo)
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert photo in Client().get(f"/grid/{cast.grid.code}/").content.decode()
    # Only on the boards where the post stands.
    assert Client().get(f"/grid/{cast.far_grid.code}/photo/{cast.posts['worker'].pk}/").status_code == 404
    upload = Portrait.objects.get().upload_id
    worker.post("/mine/photo/", {"hide": "1"})
    assert Client().get(photo).status_code == 404
    assert Upload.objects.get(pk=upload).state != "ready"


def test_a_photo_without_the_word_is_refused(cast: Cast, client_for: Browser) -> None:
    answer = client_for(cast.worker).post("/mine/photo/", {})
    assert answer.status_code == 422
    assert not Portrait.objects.exists()


def test_boards_on_paper_carry_the_phones_and_a_code_to_their_page(cast: Cast, client_for: Browser) -> None:
    leader = client_for(cast.leader)
    page = leader.get(f"/boards/?under={cast.community_area.code}").content.decode()
    assert page.count("<svg") >= 2
    for shown in ("李文静", "0355-000-0300", "家里和楼道的困难", "第二网格"):
        assert shown in page
    assert leader.get(f"/boards/?under={cast.grid.code}&as=sheet").status_code == 200
    assert leader.get(f"/boards/?under={cast.far_grid.code}").status_code == 404
    assert leader.get(f"/boards/?under={cast.grid.code}&as=mug").status_code == 404
    assert cast.grid.code in client_for(cast.worker).get("/boards/").content.decode()


def test_messages_are_ones_own_and_are_put_away(cast: Cast, client_for: Browser) -> None:
    note(cast, "worker")
    assert "你替李文静顶班" in client_for(cast.partner).get("/messages/").content.decode()
    assert "你替李文静顶班" not in client_for(cast.far_worker).get("/messages/").content.decode()
    client_for(cast.far_worker).post("/messages/read/")
    assert Message.objects.filter(to=cast.partner, read_at=None).exists()
    client_for(cast.partner).post("/messages/read/")
    assert not Message.objects.filter(to=cast.partner, read_at=None).exists()


def test_whoever_is_not_named_is_called_by_the_post_in_print_too(cast: Cast) -> None:
    show_name(cast.posts["leader"], shown=False, by=cast.leader)
    page = Client().get(f"/community/{cast.community_area.code}/").content.decode()
    assert "郭建英" not in page
    assert "网格长" in page
