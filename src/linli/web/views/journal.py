"""The journal as the auditor reads it; nobody edits it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from linli.accounts.access import allowed
from linli.accounts.queries import names_of
from linli.areas.choices import Level
from linli.areas.models import Area
from linli.areas.scope import scope_paths
from linli.cases.queries import numbers_of
from linli.core.paging import page_of
from linli.core.paths import within
from linli.jobs.actions import ask_to_verify, request_cancel
from linli.jobs.choices import VERIFY_JOURNAL, JobState
from linli.jobs.models import Job
from linli.jobs.queries import jobs_of
from linli.journal.models import Entry
from linli.journal.queries import Verdict, entries_under
from linli.journal.texts import action_words, actor_words, object_words, reason_words, source_words
from linli.web.forms.journal import CASE, AuditorFilterForm
from linli.web.job_words import may_stop, outcome_of, standing_of

ABOVE_DISTRICTS = (Level.PROVINCE, Level.CITY)


@dataclass(frozen=True)
class Line:
    """One entry as the page shows it."""

    entry: Entry
    action: str
    thing: str
    thing_number: str
    actor_name: str
    area_name: str
    reason: str
    source: str

    @property
    def by_nobody(self) -> bool:
        """Whether nobody with an account acted."""
        return bool(actor_words(self.entry.actor))


@allowed("journal.view")
def journal(request: HttpRequest) -> HttpResponse:
    """List the entries that the auditor's posts reach, newest first, filtered by the address."""
    return _page(request, _last_proof(request.user))


@require_POST
@allowed("journal.view")
def journal_verify(request: HttpRequest) -> HttpResponse:
    """Let the whole journal be proved in the background; the page says in words whether anybody altered it."""
    ask_to_verify(by=request.user)
    return _page(request, _last_proof(request.user))


@never_cache
@allowed("journal.view")
def journal_progress(request: HttpRequest) -> HttpResponse:
    """Answer with how far the proof is; once it is over, lead to the page that tells what was found."""
    job = _last_proof(request.user)
    if job is None or not job.is_open:
        return HttpResponseClientRedirect(reverse("journal"))
    poll_url = reverse("journal-progress")
    return render(request, "web/jobs/progress.html", {"standing": standing_of(job), "poll_url": poll_url})


@require_POST
@allowed("journal.view")
def journal_stop(request: HttpRequest) -> HttpResponse:
    """Stop the proof that goes on."""
    job = _last_proof(request.user)
    if job is None or not job.is_open:
        messages.info(request, _("It was over already."))
    else:
        request_cancel(job, by=request.user)
    return redirect("journal")


def _last_proof(user: Any) -> Job | None:
    return jobs_of(user).filter(kind=VERIFY_JOURNAL).first()


def _page(request: HttpRequest, proof: Job | None) -> HttpResponse:
    form = AuditorFilterForm(request.GET)
    entries = form.apply(_entries_for(request.user))
    code = form.cleaned_data.get("area", "")
    if code:
        areas = Area.objects.filter(code=code).values_list("path", flat=True)
        entries = entries.filter(within(areas, "area_path"))
    page = page_of(request, entries)
    verdict = Verdict(**proof.result) if proof is not None and proof.state == JobState.DONE else None
    context = {
        "form": form,
        "page": page,
        "lines": _lines(page.object_list),
        "proof": proof,
        "standing": standing_of(proof) if proof is not None and proof.is_open else None,
        "may_stop": proof is not None and may_stop(proof, request.user),
        "outcome": outcome_of(proof) if proof is not None else None,
        "verdict": verdict,
        "verdict_text": _verdict_text(verdict) if verdict else "",
    }
    return render(request, "web/journal/list.html", context)


def _entries_for(user: Any) -> Any:
    """Whoever audits every district also reads what belongs to no place: sign-ins, accounts, background work."""
    paths = scope_paths(user, "journal.view")
    beyond = Area.objects.exclude(level__in=ABOVE_DISTRICTS).exclude(within(paths)).exists()
    return entries_under(paths, everywhere=not beyond)


def _lines(entries: Any) -> list[Line]:
    rows = list(entries)
    names = names_of(row.actor for row in rows)
    numbers = numbers_of(row.object_id for row in rows if row.object_type == CASE)
    areas = dict(Area.objects.filter(path__in={row.area_path for row in rows}).values_list("path", "name"))
    return [
        Line(
            row,
            action_words(row.action),
            object_words(row.object_type) if row.object_type else "",
            numbers.get(row.object_id, row.object_id) if row.object_type == CASE else row.object_id,
            names.get(row.actor, "") or actor_words(row.actor),
            areas.get(row.area_path, ""),
            reason_words(row.reason),
            source_words(row.source),
        )
        for row in rows
    ]


def _verdict_text(verdict: Verdict) -> str:
    texts = {
        "": _("All %(entries)d entries are as they were written. Nobody altered the journal."),
        "changed": _("Entry %(number)d was changed after it was written. Everything before it is as it was written."),
        "removed": _("Entry %(number)d is missing. Everything before it is as it was written."),
        "cut_off": _("The journal ends too early: entry %(number)d and later ones were removed."),
        "head": _("The end of the journal was written by somebody else than Linli. The last entry is %(number)d."),
    }
    return texts[verdict.problem] % {"entries": verdict.entries, "number": verdict.number or 0}
