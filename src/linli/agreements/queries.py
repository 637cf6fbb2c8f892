"""Reading agreements: the list by piles, one paper with its checks, the texts, and finding by party and address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from linli.agreements.choices import Finding, PartyKind, Standing
from linli.agreements.models import Agreement, Result, Template
from linli.agreements.samples import Paper, samples
from linli.areas.models import Area
from linli.core import clock
from linli.core.bigrams import query_terms
from linli.core.paths import ancestors, within
from linli.core.search import matching

LONGEST_SEARCH = 100
# Somebody should think of the next paper so many days before the end.
SOON_DAYS = 30
TO_MEND = "to_mend"
SAMPLE = "sample:"
PILES = ("running", Standing.ENDING.value, Standing.OVER.value, TO_MEND, Standing.DRAFT.value, Standing.ENDED.value)


@dataclass(frozen=True)
class AgreementFilters:
    """Which agreements to list: a pile, under a place, with whom, and words."""

    pile: str = "running"
    under: str = ""
    party: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> AgreementFilters:
        pile, party = query.get("pile", ""), query.get("party", "")
        return cls(
            pile=pile if pile in PILES else "running",
            under=query.get("under", ""),
            party=party if party in PartyKind.values else "",
            text=query.get("q", "").strip()[:LONGEST_SEARCH],
        )


def standing_of(agreement: Agreement, today: date | None = None) -> Standing:
    """Return how far an agreement is, by its days; as it stood on another day if one is given."""
    day = today or clock.today()
    if agreement.ended_on is not None and agreement.ended_on <= day:
        return Standing.DECLINED if agreement.declined else Standing.ENDED
    if agreement.signed_on is None or agreement.signed_on > day:
        return Standing.DRAFT
    if agreement.ends_on < day:
        return Standing.OVER
    return Standing.ENDING if agreement.ends_on <= day + timedelta(days=SOON_DAYS) else Standing.RUNNING


def _open_results() -> QuerySet[Result]:
    return Result.objects.filter(finding=Finding.TO_MEND, settled_on=None)


def _in_pile(pile: str) -> Q:
    today = clock.today()
    in_force = Q(ended_on=None, signed_on__isnull=False)
    return {
        "running": in_force & Q(ends_on__gte=today),
        Standing.ENDING.value: in_force & Q(ends_on__gte=today, ends_on__lte=today + timedelta(days=SOON_DAYS)),
        Standing.OVER.value: in_force & Q(ends_on__lt=today),
        TO_MEND: in_force & Q(Exists(_open_results().filter(of_check__agreement=OuterRef("pk")))),
        Standing.DRAFT.value: Q(ended_on=None, signed_on=None),
        Standing.ENDED.value: Q(ended_on__isnull=False),
    }[pile]


def narrowed_to(rows: QuerySet[Agreement], asked: AgreementFilters) -> QuerySet[Agreement]:
    """Narrow agreements by pile, party and words; the place is left to whoever asks."""
    rows = rows.filter(_in_pile(asked.pile))
    if asked.party:
        rows = rows.filter(party_kind=asked.party)
    return matching(rows, [query_terms(asked.text)]) if asked.text else rows


def agreements_for(user: Any, filters: AgreementFilters | None = None) -> QuerySet[Agreement]:
    """Return the agreements within reach, those that end first at the top; an unknown place has none."""
    asked = filters or AgreementFilters()
    rows = narrowed_to(Agreement.objects.visible_to(user), asked)
    if asked.under:
        rows = rows.filter(within(Area.objects.filter(code=asked.under).values_list("path", flat=True)))
    return rows.select_related("grid__parent").defer("grid__geometry", "grid__bounds")


def pile_counts(user: Any) -> dict[str, int]:
    """Return pile → how many agreements lie in it."""
    rows = Agreement.objects.visible_to(user)
    return {pile: rows.filter(_in_pile(pile)).count() for pile in PILES}


def agreement_for(user: Any, pk: int) -> Agreement:
    """Return one agreement within reach. Raises ``Agreement.DoesNotExist``."""
    rows = Agreement.objects.visible_to(user).select_related("grid__parent", "unit", "dwelling", "household", "renews")
    return rows.prefetch_related("clauses").get(pk=pk)


def checks_of(agreement: Agreement) -> list[Any]:
    """Return the checks, the newest first, each with its results."""
    results = Result.objects.select_related("clause").order_by("clause__position")
    return list(agreement.checks.prefetch_related(Prefetch("results", queryset=results)))


def next_paper(agreement: Agreement) -> Agreement | None:
    """Return the paper that renews this one, if there is one."""
    return Agreement.objects.filter(renews=agreement).first()


def search_agreements(user: Any, text: str, limit: int) -> list[Agreement]:
    """Return the agreements within reach, whatever their state, that fit what was typed."""
    words = text.strip()[:LONGEST_SEARCH]
    if not words:
        return []
    rows = Agreement.objects.visible_to(user).filter(ended_on=None).select_related("grid")
    return list(matching(rows, [query_terms(words)])[:limit])


def agreements_with(
    user: Any, *, unit: Any = None, dwelling: Any = None, household: Any = None, day: date | None = None
) -> list[Agreement]:
    """Return the papers with a unit, or about a dwelling or a household, within reach, the newest first.

    Args:
        day: only those that were there at the end of this day.
    """
    rows = Agreement.objects.visible_to(user)
    about = Q(unit=unit) if unit is not None else Q(dwelling=dwelling) if dwelling is not None else Q(pk__in=[])
    if household is not None:
        about |= Q(household=household)
    rows = rows.filter(about)
    if day is not None:
        rows = rows.filter(Q(created_at__lt=clock.end_of(day)) | Q(signed_on__lte=day))
    return list(rows.order_by("-starts_on", "-pk")[:20])


def templates_for(user: Any) -> QuerySet[Template]:
    """Return the texts in use that the user may read."""
    return Template.objects.visible_to(user).select_related("area").filter(is_active=True)


def papers_at(user: Any, grid: Area | None = None) -> dict[str, Paper]:
    """Return key → text: those kept for the place, and the samples that every installation begins with."""
    rows = templates_for(user)
    if grid is not None:
        rows = rows.filter(path__in=ancestors(grid.path))
    kept = {str(row.pk): Paper(row.title, PartyKind(row.party_kind), row.months, tuple(row.clauses)) for row in rows}
    return kept | {f"{SAMPLE}{code}": paper for code, paper in samples().items()}
