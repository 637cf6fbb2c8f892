"""How a matter goes: the steps that follow a report, by whom, and how long after the step before."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

from linli.cases.choices import Action, Mechanism


class Actor(StrEnum):
    """Who takes a step."""

    RESIDENT = "resident"
    WORKER = "worker"
    COMMUNITY = "community"
    LEADER = "leader"
    OFFICER = "officer"
    STREET = "street"
    CLOCK = "clock"


class Words(StrEnum):
    """What a step says; the topic has the words for the first five."""

    HANDLED = "handled"
    ANSWER = "answer"
    TOLD = "told"
    WRITTEN = "written"
    REFUSED = "refused"
    SEEN = "到现场看过，情况属实。"
    HAND_UP = "看过现场，网格里解决不了，请社区协调。"
    DISPATCH = "请到现场处理，办完回话。"
    NOT_OURS = "现场看过，这一段是物业的管线，请重新派。"
    SECOND_LOOK = "再看了一遍图纸，是公共管线，请继续办。"
    NOT_DONE = "回访时还没有完全解决，请再看一下。"
    FACTS = "情况和材料都核实过，请街道决定。"
    DECIDED = "条件符合，同意。"
    CHECKED = "打电话问过，也到现场看了，确实办好了。"
    STILL_THERE = "昨天又出现了，没有彻底解决。"
    THANKS = "办得快，谢谢。"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Beat:
    """One step: what, who, so many minutes after the step before; by the clock on the wall or in working time."""

    action: Action
    actor: Actor
    minutes: float
    words: Words
    wall: bool = False


WAIT_FOR_RESIDENT = 0.0
LATE_SHARE = 0.05


def beats_for(
    way: Mechanism, accept: int, answer: int, rng: random.Random, *, resident: bool, patient: bool = False
) -> list[Beat]:
    """Return the steps after the report, up to the end of the case.

    Args:
        accept, answer: the working minutes that the category promises; most cases keep them.
        resident: somebody follows the case and can be asked.
        patient: nothing goes wrong on the way, and every usual step is taken.
    """
    if way == Mechanism.ON_SPOT:
        steps = [Beat(Action.SOLVE_ON_SPOT, Actor.WORKER, rng.uniform(10, 200), Words.HANDLED)]
    elif way == Mechanism.EMERGENCY:
        steps = _emergency(rng)
    elif way == Mechanism.APPROVAL:
        steps = _approval(accept, answer, rng)
    else:
        steps = _coordination(accept, answer, rng, patient=patient)
    if way != Mechanism.ON_SPOT:
        steps += _answered(answer, rng, patient=patient or way == Mechanism.EMERGENCY)
    return [*steps, *_ending(way, answer, rng, patient=patient)] if resident else steps


def _accept(accept: int, rng: random.Random) -> Beat:
    share = rng.uniform(1.1, 4) if rng.random() < LATE_SHARE else rng.uniform(0.05, 0.8)
    return Beat(Action.ACCEPT, Actor.WORKER, accept * share, Words.SEEN)


def _coordination(accept: int, answer: int, rng: random.Random, *, patient: bool) -> list[Beat]:
    slow = 3.5 if rng.random() < LATE_SHARE and not patient else 1.0
    begin = [
        _accept(accept, rng),
        Beat(Action.HAND_UP, Actor.WORKER, answer * rng.uniform(0.02, 0.1), Words.HAND_UP),
    ]
    work = answer * rng.uniform(0.15, 0.4) * slow
    if not patient and rng.random() < 0.25:
        return [*begin, Beat(Action.HANDLE, Actor.COMMUNITY, work, Words.HANDLED)]
    dispatch = Beat(Action.DISPATCH, Actor.COMMUNITY, answer * rng.uniform(0.02, 0.08), Words.DISPATCH)
    handle = Beat(Action.HANDLE, Actor.OFFICER, work, Words.HANDLED)
    if not patient and rng.random() < 0.06:
        refused = Beat(Action.RETURN, Actor.OFFICER, answer * 0.05, Words.NOT_OURS)
        again = Beat(Action.DISPATCH, Actor.COMMUNITY, answer * 0.04, Words.SECOND_LOOK)
        return [*begin, dispatch, refused, again, handle]
    return [*begin, dispatch, handle]


def _emergency(rng: random.Random) -> list[Beat]:
    written = rng.uniform(62, 90) if rng.random() < LATE_SHARE else rng.uniform(15, 35)
    return [
        Beat(Action.REPORT_ORAL, Actor.WORKER, rng.uniform(3, 12), Words.TOLD, wall=True),
        Beat(Action.REPORT_WRITTEN, Actor.WORKER, written, Words.WRITTEN, wall=True),
        Beat(Action.DISPATCH, Actor.COMMUNITY, rng.uniform(3, 15), Words.DISPATCH, wall=True),
        Beat(Action.HANDLE, Actor.OFFICER, rng.uniform(40, 200), Words.HANDLED, wall=True),
    ]


def _approval(accept: int, answer: int, rng: random.Random) -> list[Beat]:
    decided = Words.REFUSED if rng.random() < 0.15 else Words.DECIDED
    return [
        _accept(accept, rng),
        Beat(Action.SUBMIT, Actor.WORKER, answer * rng.uniform(0.05, 0.2), Words.FACTS),
        Beat(Action.DECIDE, Actor.STREET, answer * rng.uniform(0.1, 0.45), decided),
    ]


def _answered(answer: int, rng: random.Random, *, patient: bool) -> list[Beat]:
    reply = Beat(Action.REPLY, Actor.WORKER, answer * rng.uniform(0.01, 0.08), Words.ANSWER)
    check = Beat(Action.CHECK, Actor.LEADER, rng.uniform(20, 500), Words.CHECKED)
    if not patient and rng.random() < 0.04:
        return [reply, Beat(Action.RETURN, Actor.LEADER, 60, Words.NOT_DONE), reply, check]
    return [reply, check]


def _ending(way: Mechanism, answer: int, rng: random.Random, *, patient: bool) -> list[Beat]:
    confirm = Beat(Action.CONFIRM, Actor.RESIDENT, rng.uniform(10, 900), Words.THANKS)
    chance = 0.0 if patient else rng.random()
    if chance < 0.72:
        return [confirm]
    if chance < 0.93:
        return [Beat(Action.LAPSE, Actor.CLOCK, WAIT_FOR_RESIDENT, Words.NOTHING)]
    reopen = Beat(Action.REOPEN, Actor.RESIDENT, rng.uniform(10, 900), Words.STILL_THERE)
    if way != Mechanism.COORDINATION:
        return [confirm]
    again = [
        Beat(Action.HAND_UP, Actor.WORKER, answer * 0.05, Words.HAND_UP),
        Beat(Action.DISPATCH, Actor.COMMUNITY, answer * 0.03, Words.SECOND_LOOK),
        Beat(Action.HANDLE, Actor.OFFICER, answer * rng.uniform(0.1, 0.3), Words.HANDLED),
    ]
    return [reopen, *again, *_answered(answer, rng, patient=True), confirm]
