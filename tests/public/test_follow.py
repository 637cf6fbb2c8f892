from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from linli.accounts.rules import SYSTEM
from linli.cases.actions import (
    RESIDENT,
    NewCase,
    StepValues,
    accept_case,
    attach_photos,
    check_case,
    handle_case,
    load_presets,
    merge_case,
    reply_to_case,
    report_case,
    take_step,
    write_note,
)
from linli.cases.choices import Closing, Mechanism, State
from linli.cases.models import Case, FollowLink
from linli.cases.queries import categories_in_use
from linli.core.tokens import new_token
from linli.files.actions import keep_photos
from linli.public.limits import guess_wait
from tests.cast import Cast, middle
from tests.files.pictures import CAMERA, picture, with_position

PHONE = "03550000172"
HOME = "黎花园1号楼2单元501"


class Story:
    """A broken lamp, reported by a resident who left a phone number and named a home."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        load_presets(by=SYSTEM)
        self.case, self.token = self.report()

    def report(self) -> tuple[Case, str]:
        longitude, latitude = middle(0)
        new = NewCase(
            category=categories_in_use(for_residents=True)[0],
            mechanism=Mechanism.COORDINATION,
            text="我是张三，灯坏了",
            longitude=longitude,
            latitude=latitude,
            place=HOME,
            contact=PHONE,
        )
        reported = report_case(new, by=RESIDENT, photos=[picture()])
        assert reported.token is not None
        return reported.case, reported.token

    def fresh(self) -> Case:
        return Case.objects.get(pk=self.case.pk)

    def answer(self) -> None:
        accept_case(self.fresh(), by=self.cast.worker)
        write_note(self.fresh(), by=self.cast.worker, note="内部：电工老王知道")
        attach_photos(self.fresh(), keep_photos([picture()], by=self.cast.worker), by=self.cast.worker)
        handle_case(self.fresh(), by=self.cast.leader, note="换灯泡")
        reply_to_case(self.fresh(), by=self.cast.worker, note="灯已经换好")
        attach_photos(self.fresh(), keep_photos([picture()], by=self.cast.worker), by=self.cast.worker)

    def check(self) -> None:
        check_case(self.fresh(), by=self.cast.community, note="")


@pytest.fixture
def story(cast: Cast) -> Story:
    return Story(cast)


def text_of(response: Any) -> str:
    return response.content.decode()


def without_form_keys(response: Any) -> str:
    """Return a page without the keys against forged forms, which differ each time."""
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', "", text_of(response))


def test_the_link_shows_how_far_it_is_and_nothing_personal(visitor: Client, story: Story) -> None:
    story.answer()
    story.check()
    page = text_of(visitor.get(f"/follow/{story.token}/"))
    assert story.case.number in page
    assert "灯已经换好" in page
    assert "Your report has arrived." in page
    for hidden in (PHONE, HOME, "张三", "内部", "换灯泡", "李文静", "郭建英", "牛志强", "靳晓峰"):
        assert hidden not in page


def test_only_photos_of_the_report_and_of_the_answer_are_shown(visitor: Client, story: Story) -> None:
    story.answer()
    page = text_of(visitor.get(f"/follow/{story.token}/"))
    assert page.count("<img") == 2
    assert visitor.get(f"/follow/{story.token}/photos/2/").status_code == 200
    assert visitor.get(f"/follow/{story.token}/photos/3/").status_code == 404


def test_photos_of_steps_among_staff_stay_there_and_those_of_the_answer_are_shown(
    visitor: Client, story: Story
) -> None:
    address = f"/follow/{story.token}/"

    def shown() -> int:
        return text_of(visitor.get(address)).count("<img")

    assert shown() == 1
    for action, who in (("accept", "worker"), ("note", "worker"), ("handle", "leader")):
        take_step(story.fresh(), action, by=story.cast.users[who], values=StepValues(note="内部"), photos=[picture()])
        assert shown() == 1
    assert visitor.get(f"{address}photos/2/").status_code == 404
    take_step(
        story.fresh(), "reply", by=story.cast.worker, values=StepValues(note="灯已经换好"), photos=[with_position()]
    )
    assert shown() == 2
    photo = visitor.get(f"{address}photos/2/")
    assert photo.status_code == 200
    assert CAMERA.encode() not in photo.content


def test_before_the_answer_the_promise_stands_there(visitor: Client, story: Story) -> None:
    page = text_of(visitor.get(f"/follow/{story.token}/"))
    assert "You have an answer by" in page
    assert 'value="confirm"' not in page
    assert 'value="note"' in page


def test_the_page_stays_out_of_caches_and_search_machines(visitor: Client, story: Story) -> None:
    answers = [visitor.get(f"/follow/{story.token}/"), visitor.get("/follow/unknown/")]
    answers.append(visitor.get(f"/follow/{story.token}/photos/1/"))
    answers.append(visitor.post(f"/follow/{story.token}/renew/"))
    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "no-referrer"


def test_confirming_closes_the_case(visitor: Client, story: Story) -> None:
    story.answer()
    story.check()
    assert 'value="confirm"' in text_of(visitor.get(f"/follow/{story.token}/"))
    response = visitor.post(f"/follow/{story.token}/reply/", {"verdict": "confirm", "rating": "4"}, follow=True)
    assert "Thank you" in text_of(response)
    case = story.fresh()
    assert (case.state, case.closing, case.rating) == (State.CLOSED, Closing.CONFIRMED, 4)
    assert "Solved, as you said" in text_of(response)


def test_reopening_needs_words_and_keeps_the_owner(visitor: Client, story: Story) -> None:
    story.answer()
    story.check()
    address = f"/follow/{story.token}/reply/"
    refused = visitor.post(address, {"verdict": "reopen", "text": ""})
    assert refused.status_code == 422
    assert "Write a few words" in text_of(refused)
    assert story.fresh().state == State.CHECKED
    assert visitor.post(address, {"verdict": "reopen", "text": "又坏了"}).status_code == 302
    case = story.fresh()
    assert (case.state, case.reopened, case.owner) == (State.ACCEPTED, 1, story.cast.posts["worker"])


def test_a_word_can_be_added_while_it_is_dealt_with(visitor: Client, story: Story) -> None:
    response = visitor.post(f"/follow/{story.token}/reply/", {"verdict": "note", "text": "夜里更暗"}, follow=True)
    assert "Your words are with those who handle it." in text_of(response)
    assert story.fresh().state == State.REPORTED
    assert "You added a word." in text_of(response)


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        ({"verdict": "confirm"}, 409, "moved on"),
        ({"verdict": "close it"}, 422, "Choose: solved"),
        ({}, 422, "Choose: solved"),
        ({"verdict": "note", "text": "a\x00b"}, 422, "can&#x27;t be kept"),
        ({"verdict": "note", "text": "字" * 1_000_000}, 422, "shorten"),
    ],
)
def test_a_wrong_word_is_answered_in_words_and_changes_nothing(
    visitor: Client, story: Story, data: dict[str, str], status: int, words: str
) -> None:
    response = visitor.post(f"/follow/{story.token}/reply/", data)
    assert response.status_code == status
    assert words in text_of(response)
    assert story.fresh().version == story.case.version
    assert story.fresh().state == State.REPORTED


def test_six_stars_are_refused_in_words(visitor: Client, story: Story) -> None:
    story.answer()
    story.check()
    response = visitor.post(f"/follow/{story.token}/reply/", {"verdict": "confirm", "rating": "6"})
    assert response.status_code == 422
    assert "one to five" in text_of(response)
    assert story.fresh().state == State.CHECKED


def test_what_was_typed_stays_when_too_much_was_sent(
    visitor: Client, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.LINLI_RATES, "reply", "1/h")
    address, data = f"/follow/{story.token}/reply/", {"verdict": "note", "text": "夜里更暗"}
    assert visitor.post(address, data).status_code == 302
    response = visitor.post(address, data)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "夜里更暗" in text_of(response)
    assert visitor.post(f"/follow/{story.token}/renew/").status_code == 429


def test_a_renewed_link_ends_the_old_one_which_looks_like_one_never_made(visitor: Client, story: Story) -> None:
    never = without_form_keys(visitor.get("/follow/never-made/"))
    response = visitor.post(f"/follow/{story.token}/renew/")
    fresh = response["Location"].split("/")[2]
    assert fresh != story.token
    assert "This is your new link" in text_of(visitor.get(response["Location"]))
    old = visitor.get(f"/follow/{story.token}/")
    assert old.status_code == 404
    assert without_form_keys(old).replace(story.token, "never-made") == never
    assert visitor.post(f"/follow/{story.token}/reply/", {"verdict": "note", "text": "x"}).status_code == 404
    assert visitor.post(f"/follow/{story.token}/renew/").status_code == 404
    assert FollowLink.objects.filter(ended_at=None).count() == 1


def test_after_a_merge_the_link_goes_on_without_the_photos_of_the_other_resident(visitor: Client, story: Story) -> None:
    other, _token = story.report()
    merge_case(story.fresh(), by=story.cast.leader, into=other)
    page = text_of(visitor.get(f"/follow/{story.token}/"))
    assert "Somebody else reported the same" in page
    assert story.case.number in page
    assert other.number not in page
    assert "<img" not in page


def test_a_thousand_guessed_links_hit_nothing_and_are_slowed_down(visitor: Client, story: Story) -> None:
    statuses = [visitor.get(f"/follow/{new_token()}/").status_code for _guess in range(1000)]
    assert set(statuses) == {404, 429}
    assert statuses.count(404) <= 20
    waiting = visitor.get(f"/follow/{story.token}/")
    assert waiting.status_code == 429, "a right guess is not told from a wrong one"
    assert int(waiting["Retry-After"]) > 0
    assert story.case.number not in text_of(waiting)
    elsewhere = Client(REMOTE_ADDR="10.1.1.1")
    assert elsewhere.get(f"/follow/{story.token}/").status_code == 200


def test_a_link_is_opened_only_so_often_from_wherever(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.LINLI_RATES, "follow", "2/m")
    visitors = [Client(REMOTE_ADDR=f"198.51.100.{number}") for number in range(3)]
    answers = [visitor.get(f"/follow/{story.token}/") for visitor in visitors]
    assert [answer.status_code for answer in answers] == [200, 200, 429]


def test_somebody_who_mistypes_twice_is_not_slowed_down(visitor: Client, story: Story) -> None:
    for _time in range(2):
        assert visitor.get("/follow/mistyped/").status_code == 404
    assert visitor.get(f"/follow/{story.token}/").status_code == 200


@pytest.mark.parametrize("token", ["x" * 5000, "'; drop table", "%E4%B8%AD", "..", "-"])
def test_rubbish_is_an_unknown_link(visitor: Client, story: Story, token: str) -> None:
    assert visitor.get(f"/follow/{token}/").status_code == 404


def test_links_are_not_changed_by_looking(visitor: Client, story: Story) -> None:
    assert visitor.get(f"/follow/{story.token}/reply/").status_code == 405
    assert visitor.get(f"/follow/{story.token}/renew/").status_code == 405
    assert visitor.post(f"/follow/{story.token}/").status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_steps(
    visitor: Client, story: Story, count_queries: Callable[[Callable[[], object]], int]
) -> None:
    few = count_queries(lambda: visitor.get(f"/follow/{story.token}/"))
    story.answer()
    assert count_queries(lambda: visitor.get(f"/follow/{story.token}/")) <= few + 1
    assert few <= 16


def test_waiting_is_counted_for_each_address(rf: Any) -> None:
    assert guess_wait(rf.get("/", REMOTE_ADDR="10.2.2.2")) == 0
