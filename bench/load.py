"""The load: ten workers, two officers and five residents, each a click every two seconds; every answer is checked.

Run by ``python -m bench``: the people come in ``BENCH_PEOPLE``, the samples of server time go to ``BENCH_SAMPLES``.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from locust import HttpUser, constant_pacing, events, task

PEOPLE = json.loads(Path(os.environ["BENCH_PEOPLE"]).read_text(encoding="utf-8"))
SAMPLES = open(os.environ["BENCH_SAMPLES"], "w", encoding="utf-8")  # noqa: SIM115
PASSWORD = os.environ["BENCH_PASSWORD"]
DURATION = re.compile(r"app;dur=([\d.]+)")
SECONDS_BETWEEN_CLICKS = 2
# Signing in costs a third of a second each on purpose; the figures begin when everybody is in and looks around.
WARM_UP_SECONDS = float(os.environ["BENCH_WARM_UP"])
STARTED = time.monotonic()


@events.request.add_listener
def keep_sample(name: str, response: Any, exception: Any, **_others: Any) -> None:
    """Keep the server's own time of each answer, and whether it was right; of the warm-up only what was wrong."""
    if time.monotonic() - STARTED < WARM_UP_SECONDS and exception is None:
        return
    found = DURATION.search(response.headers.get("Server-Timing", "")) if response is not None else None
    sample = {"name": name, "ms": float(found.group(1)) if found else None, "error": str(exception or "") or None}
    SAMPLES.write(json.dumps(sample) + "\n")
    SAMPLES.flush()


class Clicker(HttpUser):
    """Somebody who clicks every two seconds."""

    abstract = True
    wait_time = constant_pacing(SECONDS_BETWEEN_CLICKS)

    def look(self, name: str, path: str, expected: str, **values: Any) -> None:
        """Open a page and check that it shows what it must."""
        with self.client.get(path, name=name, catch_response=True, **values) as answer:
            if answer.status_code != 200:
                answer.failure(f"status {answer.status_code}")
            elif expected not in answer.text:
                answer.failure(f"{expected!r} is not on the page")


# Name in the table → address of a list; each is opened by workers and by the street.
LISTS = {
    "household list": "/households/",
    "building list": "/buildings/",
    "list of homes": "/dwellings/",
    "rental list": "/rentals/",
    "unit list": "/units/",
    "agreement list": "/agreements/",
    "facility list": "/facilities/",
    "list of declarations": "/declarations/",
    "list of transfers": "/transfers/",
    "list of departures": "/departures/",
    "list of corrections": "/corrections/",
    "list of communities": "/communities/",
    "quality": "/quality/",
    "people behind a number": "/quality/rows/?fact=phone",
    "homes behind a number": "/quality/rows/?home=not_yet",
    "delays": "/quality/delays/",
    "list of reviews": "/reviews/",
    "coverage check": "/grids/coverage/",
    "what coverage found": "/grids/coverage/rows/?kind=size",
    "planned buildings": "/planned/",
    "list of absences": "/absences/",
}
# Those who only read the ledgers have no business there.
FOR_EDITORS = {"list of declarations", "list of transfers", "list of departures", "list of corrections"}
# Name → address of a list that is open to the street and to nobody below the leader of a grid.
OF_THE_STREET = {
    "list of duplicates": "/duplicates/",
    "list of imports": "/imports/",
    "list of exports": "/exports/",
    "forms to fill": "/exports/forms/",
    "staff register": "/staff/",
    "list of vacancies": "/vacancies/",
}
# Name → address of a list on the phone; workers carry it.
ON_THE_PHONE = {
    "phone: today": "/field/",
    "phone: case list": "/field/cases/",
    "phone: household list": "/field/households/",
    "phone: building list": "/field/buildings/",
    "phone: unit list": "/field/units/",
    "phone: agreement list": "/field/agreements/",
    "phone: facility list": "/field/facilities/",
    "phone: review": "/field/review/",
}
# How many days ago somebody looks at the file of a household.
DAYS_AGO = (30, 400)


def _in_turn(names: Iterable[str]) -> Iterator[str]:
    mixed = list(names)
    random.shuffle(mixed)
    return cycle(mixed)


class Staff(Clicker):
    """A worker or an officer, signed in."""

    abstract = True
    person: dict[str, Any]

    def on_start(self) -> None:
        names = [name for name in LISTS if self.person["edits"] or name not in FOR_EDITORS]
        # In turn, each from a place of their own, so that no list is left out in a short run.
        self.lists, self.of_the_street, self.on_the_phone = map(_in_turn, (names, OF_THE_STREET, ON_THE_PHONE))
        page = self.client.get("/sign-in/", name="sign in")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        values = {
            "username": self.person["username"],
            "password": PASSWORD,
            "csrfmiddlewaretoken": token.group(1) if token else "",
        }
        self.client.post("/sign-in/", values, name="sign in", headers={"Referer": self.host or ""})

    @task(3)
    def workbench(self) -> None:
        self.look("workbench", "/", self.person["name"])

    @task(3)
    def case_list(self) -> None:
        self.look("case list", "/cases/", self.person["name"])

    @task(3)
    def case(self) -> None:
        if self.person["cases"]:
            number = random.choice(self.person["cases"])
            self.look("case detail", f"/cases/{number}/", number)

    @task(8)
    def ledger(self) -> None:
        if self.person["ledgers"]:
            name = next(self.lists)
            self.look(name, LISTS[name], self.person["name"])

    @task(2)
    def face(self) -> None:
        if self.person["ledgers"] and self.person["buildings"]:
            building, address = random.choice(self.person["buildings"])
            self.look("face of a building", f"/buildings/{building}/", address)

    @task(2)
    def home(self) -> None:
        if self.person["ledgers"] and self.person["rentals"]:
            home, address = random.choice(self.person["rentals"])
            self.look("file of a home", f"/dwellings/{home}/", address)

    @task(3)
    def search(self) -> None:
        name = random.choice(self.person["names"]) if self.person["names"] else "路灯"
        self.look("search", "/search/", name, params={"q": name})


class Worker(Staff):
    """One of ten workers of different grids."""

    fixed_count = len(PEOPLE["workers"])
    waiting = list(PEOPLE["workers"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = self.waiting.pop()

    @task(3)
    def household(self) -> None:
        number, address = random.choice(self.person["households"])
        self.look("household file", f"/households/{number}/", address.split(" ")[0][:4])

    @task(1)
    def past_household(self) -> None:
        number, address = random.choice(self.person["households"])
        day = datetime.now(tz=UTC).date() - timedelta(days=random.randint(*DAYS_AGO))
        where = f"/households/{number}/?day={day.isoformat()}"
        self.look("household file, a past day", where, address.split(" ")[0][:4])

    @task(4)
    def phone(self) -> None:
        name = next(self.on_the_phone)
        self.look(name, ON_THE_PHONE[name], self.person["name"])

    @task(1)
    def phone_search(self) -> None:
        name = random.choice(self.person["names"])
        self.look("phone: search", "/field/search/", name, params={"q": name})


class Officer(Staff):
    """The street officer and the district leader, who look at the dashboard."""

    fixed_count = len(PEOPLE["officers"])
    waiting = list(PEOPLE["officers"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = self.waiting.pop()

    @task(6)
    def dashboard(self) -> None:
        self.look("dashboard", "/dashboard/", self.person["name"])

    @task(8)
    def list_of_the_street(self) -> None:
        if self.person["ledgers"]:
            name = next(self.of_the_street)
            self.look(name, OF_THE_STREET[name], self.person["name"])

    @task(0)
    def search(self) -> None:
        """Officers look at figures."""


class Resident(Clicker):
    """Somebody who looks for the grid worker, and now and then reports something."""

    fixed_count = len(PEOPLE["residents"])
    waiting = list(PEOPLE["residents"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = self.waiting.pop()

    @task(5)
    def locate(self) -> None:
        longitude, latitude, code, _address = random.choice(self.person["places"])
        self.look("public locate", "/api/v1/locate", f'"{code}"', params={"lon": longitude, "lat": latitude})

    @task(2)
    def find(self) -> None:
        *_position, address = random.choice(self.person["places"])
        self.look("find my grid", "/find/", address, params={"q": address})

    @task(2)
    def report(self) -> None:
        longitude, latitude, _code, _address = random.choice(self.person["places"])
        body = {"category": self.person["category"], "text": "路灯不亮", "lon": longitude, "lat": latitude}
        with self.client.post("/api/v1/reports", json=body, name="report intake", catch_response=True) as answer:
            if answer.status_code != 201 or "token" not in answer.json():
                answer.failure(f"status {answer.status_code}: {answer.text[:200]}")
