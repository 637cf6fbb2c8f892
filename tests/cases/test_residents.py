"""The resident's side: the private link, confirming, reopening, silence, merging, and what is never shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from linli.accounts.rules import SYSTEM, Refused
from linli.areas.actions import appoint
from linli.cases.actions import (
    Conflict,
    accept_case,
    decide_case,
    lapse_silent,
    merge_case,
    renew_link,
    renew_own_link,
    reply_to_case,
    resident_reply,
    reveal_contact,
    submit_case,
    write_note,
)
from linli.cases.choices import Closing, Mechanism, State
from linli.cases.models import Case, FollowLink
from linli.cases.queries import case_by_token, history_of, progress_of, resident_can
from linli.cases.replay import replay
from linli.core import clock
from linli.inbox.models import Message
from linli.journal.models import Entry
from tests.cases.stage import on_stage, reported, shanghai, to_checked, to_replied
from tests.cast import Cast


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_progress_tells_every_step_and_no_name_and_no_note(scene: Cast) -> None:
    made = reported(scene, text="三单元王阿姨家暖气不热", contact="19000000131")
    write_note(made.case, by=scene.leader, note="钥匙在老靳那儿")
    case = to_checked(scene, made.case)
    resident_reply(made.token or "", verdict="note", text="谢谢，我姓王")
    told = progress_of(case)
    assert len(told) == len(history_of(case)) - 1
    text = "\n".join(step.text for step in told)
    assert "阀门已换，暖气已热" in text
    names = [user.name for user in scene.users.values()]
    assert not [word for word in (*names, "钥匙", "王", "19000000131", "供热公司") if word in text]
    assert [step.at for step in told] == sorted(step.at for step in told)


def test_a_decision_is_told_with_the_answer(scene: Cast) -> None:
    case = accept_case(reported(scene, "ramp").case, by=scene.worker)
    case = submit_case(case, by=scene.worker, note="内部材料")
    case = decide_case(case, by=scene.street, verdict="refuse", note="内部理由")
    case = reply_to_case(case, by=scene.worker, note="通道太窄，改装扶手")
    last = progress_of(case)[-1].text
    assert "通道太窄，改装扶手" in last
    assert "内部" not in "".join(step.text for step in progress_of(case))


def test_a_token_opens_its_case_and_nothing_else(scene: Cast) -> None:
    first, second = reported(scene), reported(scene)
    assert case_by_token(first.token or "") == first.case
    assert case_by_token(second.token or "") == second.case
    assert case_by_token("") is None
    token = first.token or ""
    assert case_by_token(token[:-1] + ("y" if token.endswith("x") else "x")) is None
    assert case_by_token(f"{first.token}x") is None
    assert case_by_token((first.token or "")[:-1]) is None
    assert not FollowLink.objects.filter(digest=first.token).exists()
    with pytest.raises(Case.DoesNotExist):
        resident_reply("no-such-token-at-all", verdict="confirm")


def test_renewing_ends_the_old_link(scene: Cast) -> None:
    made = reported(scene)
    token = renew_link(made.case, by=scene.worker)
    assert case_by_token(made.token or "") is None
    assert case_by_token(token) == made.case
    newest = renew_own_link(token)
    assert case_by_token(token) is None
    assert case_by_token(newest) == made.case
    with pytest.raises(FollowLink.DoesNotExist):
        renew_own_link(token)
    assert list(Entry.objects.filter(action="cases.renew_link").values_list("actor", flat=True)) == [
        "resident",
        "worker",
    ]


def test_renewing_needs_the_right_and_somebody_who_follows(scene: Cast) -> None:
    made = reported(scene)
    for person in (scene.department, scene.far_leader, scene.outsider):
        with pytest.raises(Refused):
            renew_link(made.case, by=person)
    with pytest.raises(ValidationError):
        renew_link(reported(scene, by=scene.worker).case, by=scene.worker)


def test_silence_is_answered_never_confirmed(scene: Cast) -> None:
    case = to_checked(scene, reported(scene).case)
    # Checked on Tuesday: Wednesday to Friday, Monday and Tuesday are waited for.
    assert case.lapses_at == shanghai("2026-12-02 00:00")
    assert lapse_silent(shanghai("2026-12-01 23:59")) == 0
    with clock.frozen(shanghai("2026-12-02 00:00")):
        assert lapse_silent(clock.now()) == 1
        assert lapse_silent(clock.now()) == 0
    ended = fresh(case)
    assert (ended.state, ended.closing, ended.rating) == (State.CLOSED, Closing.ANSWERED, None)
    assert history_of(ended)[-1].by == "system"
    assert replay(ended) is None


def test_a_word_is_no_silence(scene: Cast) -> None:
    made = reported(scene)
    case = to_checked(scene, made.case)
    with clock.frozen(shanghai("2026-11-30 20:00")):
        resident_reply(made.token or "", verdict="note", text="周末再看看")
    assert fresh(case).lapses_at == shanghai("2026-12-08 00:00")
    assert lapse_silent(shanghai("2026-12-05 00:00")) == 0


def test_reopening_goes_on_with_the_same_owner_until_the_fifteenth_day(scene: Cast) -> None:
    made = reported(scene)
    case = to_checked(scene, made.case)
    resident_reply(made.token or "", verdict="confirm", rating=2)
    closed = clock.now()
    with clock.frozen(closed + timedelta(days=15)):
        case = resident_reply(made.token or "", verdict="reopen", text="又不热了")
        assert (case.state, case.reopened, case.closing, case.closed_at) == (State.ACCEPTED, 1, "", None)
        assert (case.owner, case.handler) == (scene.posts["worker"], scene.posts["worker"])
        assert (case.answer, case.answered_at, case.rating, case.department) == ("", None, None, None)
        assert replay(case) is None
    assert Message.objects.filter(kind="cases.reopened", to=scene.worker).count() == 1


def test_reopening_ends_after_the_fifteenth_day(scene: Cast) -> None:
    made = reported(scene)
    to_checked(scene, made.case)
    resident_reply(made.token or "", verdict="confirm")
    with clock.frozen(clock.now() + timedelta(days=15, seconds=1)):
        assert resident_can(fresh(made.case)) == []
        with pytest.raises(Refused):
            resident_reply(made.token or "", verdict="reopen")


def test_a_reopened_case_falls_to_the_next_level_when_the_owner_has_left(scene: Cast) -> None:
    made = reported(scene)
    to_checked(scene, made.case)
    appoint(scene.posts["worker"], None, by=SYSTEM)
    case = resident_reply(made.token or "", verdict="reopen")
    assert (case.owner, case.handler) == (scene.posts["worker"], scene.posts["partner"])


def test_a_reopened_emergency_was_reported_in_writing_already(scene: Cast) -> None:
    case = on_stage(scene, Mechanism.EMERGENCY, State.CHECKED)
    token = renew_link(case, by=scene.worker)
    assert resident_reply(token, verdict="reopen").state == State.WRITTEN_REPORTED


@pytest.mark.parametrize("rating", [0, 6, -1, 10**9])
def test_a_rating_has_one_to_five_stars(scene: Cast, rating: int) -> None:
    made = reported(scene)
    to_checked(scene, made.case)
    with pytest.raises(ValidationError):
        resident_reply(made.token or "", verdict="confirm", rating=rating)
    assert fresh(made.case).state == State.CHECKED


def test_confirming_waits_for_the_check(scene: Cast) -> None:
    made = reported(scene)
    to_replied(scene, made.case)
    with pytest.raises(Conflict):
        resident_reply(made.token or "", verdict="confirm")
    with pytest.raises(ValidationError):
        resident_reply(made.token or "", verdict="anything")
    assert resident_can(fresh(made.case)) == ["reopen", "note"]


def test_after_a_merge_both_histories_say_so_and_the_resident_follows(scene: Cast) -> None:
    lasting, ending = reported(scene, by=scene.worker), reported(scene, text="同一处漏水")
    merged = merge_case(ending.case, by=scene.leader, into=lasting.case, note="同一件事")
    assert (merged.state, merged.closing, merged.merged_into) == (State.MERGED, Closing.MERGED, lasting.case)
    assert case_by_token(ending.token or "") == lasting.case
    after = fresh(lasting.case)
    assert (after.state, after.version) == (State.REPORTED, 1)
    assert history_of(merged)[-1].detail == {"case": after.number}
    assert history_of(after)[-1].detail == {"case": merged.number}
    assert replay(merged) is None
    assert replay(after) is None
    # The case has a resident now, who is asked in the end.
    done = to_checked(scene, after)
    assert done.state == State.CHECKED
    assert resident_reply(ending.token or "", verdict="confirm").pk == lasting.case.pk
    renewed = renew_link(fresh(ending.case), by=scene.leader)
    assert case_by_token(renewed) == lasting.case


def test_what_cannot_be_merged_is_refused_in_words(scene: Cast) -> None:
    one, other, third = (reported(scene).case for _number in range(3))
    far = reported(scene, area=scene.far_grid).case
    gone = merge_case(one, by=scene.leader, into=other)
    with pytest.raises(ValidationError) as refusal:
        merge_case(third, by=scene.leader, into=gone)
    assert other.number in str(refusal.value.error_dict["into"])
    with pytest.raises(ValidationError):
        merge_case(third, by=scene.leader, into=third)
    with pytest.raises(Refused, match=far.number):
        merge_case(third, by=scene.leader, into=far)
    with pytest.raises(Refused):
        merge_case(third, by=scene.worker, into=other)
    with pytest.raises(ValidationError):
        merge_case(third, by=scene.leader, into=None)  # type: ignore[arg-type]
    Case.objects.filter(pk=other.pk).update(state=State.CLOSED)
    with pytest.raises(ValidationError):
        merge_case(third, by=scene.leader, into=fresh(other))
    assert fresh(third).version == 1


def test_an_emergency_is_not_merged_away_before_its_report(scene: Cast) -> None:
    ordinary = reported(scene).case
    first, second = (reported(scene, "gas-leak", by=scene.worker).case for _number in range(2))
    with pytest.raises(ValidationError):
        merge_case(first, by=scene.leader, into=ordinary)
    assert merge_case(first, by=scene.leader, into=second).state == State.MERGED


def test_the_phone_number_is_shown_for_a_purpose_and_journalled(scene: Cast) -> None:
    case = reported(scene, contact="19000000131").case
    with pytest.raises(ValidationError):
        reveal_contact(case, by=scene.worker, purpose=" ")
    for person in (scene.district, scene.volunteer, scene.department, scene.far_leader, scene.auditor):
        with pytest.raises(Refused):
            reveal_contact(case, by=person, purpose="回访")
    assert not Entry.objects.filter(action="cases.reveal_contact").exists()
    assert reveal_contact(case, by=scene.worker, purpose="回访") == "19000000131"
    entry = Entry.objects.get(action="cases.reveal_contact")
    assert (entry.actor, entry.reason, entry.object_id) == ("worker", "回访", str(case.pk))
