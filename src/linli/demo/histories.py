"""Cases of the demo with their histories, dated so that they end today or earlier."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linli.accounts.rules import SYSTEM
from linli.areas.choices import Role
from linli.areas.models import Area, Department, Post
from linli.cases.actions import RESIDENT, NewCase, PlannedCase, PlannedStep, StepValues
from linli.cases.choices import Action, Mechanism, Source, State, Verdict
from linli.cases.deadlines import silence_ends
from linli.cases.models import Category
from linli.cases.workflow import STATES, rows_for
from linli.core import clock
from linli.core.workcalendar import Calendar
from linli.demo import names
from linli.demo.beats import Actor, Beat, Words, beats_for
from linli.demo.staff import Cast
from linli.demo.topics import Topic, topic_for
from linli.demo.worktime import WorkLine
from linli.housing.models import Building

RESIDENT_SHARE = 0.6
CONTACT_SHARE = 0.7
TOPIC_WORDS = frozenset({Words.HANDLED, Words.ANSWER, Words.WRITTEN, Words.REFUSED})
RATINGS = (5, 5, 5, 4, 4, 3)
FIRST_HOUR, LAST_HOUR = 7, 22


@dataclass(frozen=True)
class Spot:
    """A grid where something can happen: who serves it, and its buildings."""

    grid: Area
    worker: Post
    community: Post
    leader: Post
    street: Post
    buildings: Sequence[Building]

    def post(self, actor: Actor) -> Post:
        """Return the post behind an actor of the grid."""
        posts = {
            Actor.WORKER: self.worker,
            Actor.COMMUNITY: self.community,
            Actor.LEADER: self.leader,
            Actor.STREET: self.street,
        }
        return posts[actor]


def spots(cast: Cast, places: Mapping[str, Area], buildings: Sequence[Building]) -> list[Spot]:
    """Return the grids that have buildings, in the order of their codes."""
    by_grid: dict[str, list[Building]] = {}
    for building in buildings:
        if building.grid is not None:
            by_grid.setdefault(building.grid.code, []).append(building)
    found = []
    for code, inside in sorted(by_grid.items()):
        worker = cast.at(Role.WORKER, code)
        found.append(
            Spot(
                places[code],
                worker if worker.holder else cast.at(Role.ASSISTANT, code),
                cast.at(Role.COMMUNITY, code[:12]),
                cast.at(Role.LEADER, code[:12]),
                cast.at(Role.STREET, code[:9]),
                inside,
            )
        )
    return found


@dataclass(frozen=True)
class _Report:
    """How a story begins: what happened where, when, and whether a resident told it."""

    spot: Spot
    topic: Topic
    at: datetime
    resident: bool


class Stories:
    """Invents cases; the same chance and the same moment give the same ones."""

    def __init__(
        self, cast: Cast, categories: Mapping[str, Category], days: Calendar, rng: random.Random, history_days: int
    ) -> None:
        self._officers: Mapping[str, Post] = cast.officers
        self._departments: Mapping[str, Department] = cast.departments
        self._categories = categories
        self._days = days
        self._rng = rng
        self._now = clock.now()
        self._first = self._now - timedelta(days=history_days)
        self._line = WorkLine(days, self._first - timedelta(days=60), self._now + timedelta(days=60))

    def past(self, spot: Spot) -> PlannedCase:
        """Return a case that was reported some time within the history and has come as far as it would by now."""
        rng = self._rng
        topic, resident = topic_for(rng), rng.random() < RESIDENT_SHARE
        report = _Report(spot, topic, self._some_time(resident=resident), resident)
        category = self._categories[topic.category]
        beats = beats_for(topic.way, category.accept_minutes, category.answer_minutes, rng, resident=resident)
        timed = [(beat, at) for beat, at in self._timed(report, beats) if at <= self._now]
        return self._planned(report, timed)

    def standing(self, spot: Spot, topic: Topic, state: State, waiting: float) -> PlannedCase:
        """Return a case about a topic that stands in a state since so many minutes.

        The minutes are working time, or time on the wall for an emergency that is being handled.
        """
        rng = self._rng
        way, category = topic.way, self._categories[topic.category]
        beats = beats_for(way, category.accept_minutes, category.answer_minutes, rng, resident=True, patient=True)
        beats = _until(way, beats, state)
        if all(beat.wall for beat in beats) and way == Mechanism.EMERGENCY:
            begin = self._now - timedelta(minutes=waiting + sum(beat.minutes for beat in beats))
        else:
            minutes = waiting + sum(beat.minutes for beat in beats)
            begin = self._line.moment_of(self._line.minute_of(self._now) - minutes)
        while True:
            report = _Report(spot, topic, begin, resident=True)
            timed = self._timed(report, beats)
            if not timed or timed[-1][1] <= self._now:
                return self._planned(report, timed)
            begin -= timedelta(days=1)

    def topic(self, way: Mechanism) -> Topic:
        """Return a topic of one of the four ways."""
        return topic_for(self._rng, way)

    def promise(self, topic: Topic, state: State) -> int:
        """Return the working minutes that are promised to accept a new case, or to answer one that was accepted."""
        category = self._categories[topic.category]
        return category.accept_minutes if state == State.REPORTED else category.answer_minutes

    def _some_time(self, *, resident: bool) -> datetime:
        rng = self._rng
        if not resident:
            first, last = self._line.minute_of(self._first), self._line.minute_of(self._now)
            return self._line.moment_of(rng.uniform(first, last - 1))
        day = clock.local(self._first + (self._now - self._first) * rng.random())
        moment = day.replace(
            hour=rng.randint(FIRST_HOUR, LAST_HOUR - 1), minute=rng.randrange(60), second=0, microsecond=0
        )
        return min(moment, self._now - timedelta(minutes=2))

    def _timed(self, report: _Report, beats: Sequence[Beat]) -> list[tuple[Beat, datetime]]:
        """Return the steps with their moments, the report left out."""
        timed, at, checked = [], report.at, report.at
        category = self._categories[report.topic.category]
        for beat in beats:
            if beat.action == Action.LAPSE:
                at = silence_ends(category, checked, self._days) + timedelta(minutes=5)
            elif beat.wall:
                at += timedelta(minutes=beat.minutes)
            else:
                at = max(at, self._line.moment_of(self._line.minute_of(at) + beat.minutes))
            if beat.action in (Action.CHECK, Action.SOLVE_ON_SPOT):
                checked = at
            timed.append((beat, at))
        return timed

    def _planned(self, report: _Report, timed: Sequence[tuple[Beat, datetime]]) -> PlannedCase:
        rng, spot, topic = self._rng, report.spot, report.topic
        building = rng.choice(spot.buildings)
        slots = {
            "door": rng.randint(1, building.entrances or 1),
            "floor": rng.randint(1, building.floors or 1),
            "count": rng.randint(2, 6),
        }
        wording = _Wording(self, topic, slots)
        steps = _Steps(spot, self._officers[topic.office], wording)
        steps.begin(report, at_once=topic.way == Mechanism.ON_SPOT and not report.resident)
        for beat, at in timed[1:] if steps.at_once else timed:
            steps.take(beat, at)
        new = NewCase(
            category=self._categories[topic.category],
            text=rng.choice(topic.report).format(**slots),
            mechanism=topic.way,
            area=spot.grid,
            longitude=building.longitude,
            latitude=building.latitude,
            building=building,
            place=building.address,
            discovered_at=report.at - timedelta(minutes=rng.randint(2, 8)),
            contact=names.mobile(rng) if report.resident and rng.random() < CONTACT_SHARE else "",
            source=Source.RESIDENT if report.resident else Source.STAFF,
        )
        return PlannedCase(new, spot.grid, spot.worker, steps.taken, has_resident=report.resident)

    def department(self, topic: Topic) -> Department:
        """Return the department that mends a topic."""
        return self._departments[topic.office]

    def rating(self) -> int:
        """Return how content a resident is."""
        return self._rng.choice(RATINGS)


@dataclass(frozen=True)
class _Wording:
    """The words and values that the steps of one case carry."""

    stories: Stories
    topic: Topic
    slots: Mapping[str, int]

    def text(self, words: Words) -> str:
        """Return the text of a step."""
        if words in TOPIC_WORDS:
            return str(getattr(self.topic, words)).format(**self.slots)
        return str(words)

    def values(self, beat: Beat, at: datetime) -> StepValues:
        """Return what a step is given."""
        match beat.action:
            case Action.DISPATCH:
                return StepValues(note=self.text(beat.words), department=self.stories.department(self.topic))
            case Action.REPORT_ORAL:
                return StepValues(told=self.topic.told, told_at=at)
            case Action.DECIDE:
                refused = beat.words == Words.REFUSED
                return StepValues(note=self.text(beat.words), verdict=Verdict.REFUSE if refused else Verdict.APPROVE)
            case Action.CONFIRM:
                return StepValues(note=self.text(beat.words), rating=self.stories.rating())
            case _:
                return StepValues(note=self.text(beat.words))


class _Steps:
    """Takes the steps of one case and knows whose turn it is."""

    def __init__(self, spot: Spot, officer: Post, wording: _Wording) -> None:
        self._spot = spot
        self._officer = officer
        self._wording = wording
        self.taken: list[PlannedStep] = []
        self.at_once = False

    def begin(self, report: _Report, *, at_once: bool) -> None:
        """Take the first step: the report, or the mending itself where staff do it at once."""
        self.at_once = at_once
        if at_once:
            self.take(Beat(Action.SOLVE_ON_SPOT, Actor.WORKER, 0, Words.HANDLED), report.at)
            return
        by: Any = RESIDENT if report.resident else self._spot.worker.holder
        self.taken.append(PlannedStep(Action.REPORT, by, report.at, handler=self._spot.worker))

    def take(self, beat: Beat, at: datetime) -> None:
        """Take one step."""
        step = PlannedStep(beat.action, self._doer(beat.actor), at, self._wording.values(beat, at), self._next(beat))
        self.taken.append(step)

    def _doer(self, actor: Actor) -> Any:
        if actor == Actor.RESIDENT:
            return RESIDENT
        if actor == Actor.CLOCK:
            return SYSTEM
        return self._post(actor).holder

    def _post(self, actor: Actor) -> Post:
        return self._officer if actor == Actor.OFFICER else self._spot.post(actor)

    def _next(self, beat: Beat) -> Post | None:
        """Return whose turn it is after a step, as the actions on single cases find it."""
        spot = self._spot
        match beat.action:
            case Action.HAND_UP:
                return spot.community
            case Action.DISPATCH:
                return self._officer
            case Action.REPLY:
                return spot.leader
            case Action.SUBMIT:
                return spot.street
            case Action.DECIDE | Action.REOPEN:
                return spot.worker
            case Action.RETURN:
                return spot.community if beat.actor == Actor.OFFICER else spot.worker
            case Action.CHECK | Action.CONFIRM | Action.LAPSE | Action.SOLVE_ON_SPOT:
                return None
            case _:
                return self._post(beat.actor)


def _until(way: Mechanism, beats: Sequence[Beat], wanted: State) -> list[Beat]:
    """Return the steps up to the first one that brings a case with a resident into a state."""
    state, taken = State.REPORTED, []
    for beat in beats:
        if state == wanted:
            break
        rows = [row for row in rows_for(way, state) if row.action == beat.action]
        state = next(row.target for row in rows if "has_no_resident" not in row.conditions)
        taken.append(beat)
    return taken


def every_state(spots: Sequence[Spot], stories: Stories) -> Iterator[PlannedCase]:
    """Yield a case for every state of every way, the first grids first, and some that are late.

    The first community has one emergency that is running; the others happen elsewhere.
    """
    for way, states in STATES.items():
        for number, state in enumerate(states):
            spot = spots[number % 2]
            if way == Mechanism.EMERGENCY:
                spot = spots[0] if state == State.ORAL_REPORTED else spots[-1 - number % (len(spots) // 2)]
            waiting = 6.0 if way == Mechanism.EMERGENCY else 20.0 + 15 * number
            yield stories.standing(spot, stories.topic(way), state, waiting)
    for number, (state, promises) in enumerate(LATE):
        topic = stories.topic(Mechanism.COORDINATION)
        waiting = promises * stories.promise(topic, state)
        yield stories.standing(spots[number % 2], topic, state, waiting)


# Cases that are late or nearly: the state, and for how many times the promised minutes it has been so.
LATE = (
    (State.REPORTED, 2.5),
    (State.DISPATCHED, 1.1),
    (State.DISPATCHED, 0.8),
    (State.HANDED_UP, 1.3),
    (State.REPORTED, 0.7),
    (State.HANDLED, 0.6),
    (State.DISPATCHED, 1.6),
    (State.HANDED_UP, 0.75),
)
