"""Writing the cases of the demo: presets, routes, histories, a merge, notes and photos."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linli.areas.models import Area
from linli.cases import actions as cases
from linli.cases.actions import PlannedCase, Reported
from linli.cases.choices import Mechanism, State
from linli.cases.deadlines import calendar
from linli.cases.models import Case, Category
from linli.core.search import indexed_at_the_end
from linli.demo.histories import Spot, Stories, every_state
from linli.demo.pictures import draw_picture
from linli.demo.register import DISTRICT
from linli.demo.scales import Scale
from linli.demo.staff import Cast
from linli.demo.topics import offices
from linli.files.actions import keep_photos, process_photo

CHUNK = 1000
DUPLICATE_NOTE = "和前面那件是同一件事，并到一起办。"


@dataclass(frozen=True)
class Happenings:
    """What happened in the demo; ``by`` fills the database."""

    scale: Scale
    cast: Cast
    places: Mapping[str, Area]
    spots: Sequence[Spot]
    seed: int
    by: Any

    def write(self, progress: Callable[[float], None]) -> None:
        """Write categories, routes and cases, and tell how far it has come, from 0 to 1."""
        cases.load_presets(self.by)
        categories = {category.code: category for category in Category.objects.select_related("parent")}
        for code, office in offices().items():
            cases.set_route(categories[code], self.places[DISTRICT], self.cast.departments[office], by=self.by)
        rng = random.Random(f"{self.seed}:cases")  # noqa: S311
        stories = Stories(self.cast, categories, calendar(), rng, self.scale.days_of_cases)
        shown = list(every_state(self.spots, stories))
        first = cases.create_cases(shown, by=self.by, rng=rng)
        past = self._past(stories, self.scale.cases - len(shown), rng, progress)
        with indexed_at_the_end(Case):
            cases.create_cases(past, by=self.by, rng=rng)
        self._add_photos(first)
        self._merge_twins(stories, rng)
        progress(1.0)

    def _past(
        self, stories: Stories, count: int, rng: random.Random, progress: Callable[[float], None]
    ) -> Iterator[PlannedCase]:
        for number in range(max(count, 0)):
            if number % CHUNK == 0:
                progress(number / count)
            yield stories.past(rng.choice(self.spots))

    def _add_photos(self, reported: Sequence[Reported]) -> None:
        """Give the first cases that residents follow a small drawn picture each."""
        for number, one in enumerate(reported[: self.scale.photos]):
            uploads = keep_photos([draw_picture(number)], by=self.by)
            cases.attach_photos(one.case, uploads, by=self.by, step_number=1)
            for upload in uploads:
                process_photo(upload.pk)

    def _merge_twins(self, stories: Stories, rng: random.Random) -> None:
        """Report one matter twice and let the community merge the second into the first, as people do it."""
        spot, topic = self.spots[0], stories.topic(Mechanism.COORDINATION)
        twins = [stories.standing(spot, topic, State.ACCEPTED, minutes) for minutes in (90, 60)]
        kept, second = (one.case for one in cases.create_cases(twins, by=self.by, rng=rng))
        cases.merge_case(second, by=spot.community.holder, into=kept, note=DUPLICATE_NOTE)
