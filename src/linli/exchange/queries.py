"""Reading batches: the list, the preview, the workbook of what can be corrected and sent again."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.core.sheets.checking import ColumnChoices, Taker
from linli.core.sheets.safety import Limits
from linli.exchange.ledgers import ledger_for
from linli.exchange.models import Batch, BatchDifference, LearntHeader
from linli.exchange.previews import SheetPreview, content_from
from linli.exchange.reading import ReadWorkbook, pass_over, read_workbook, write_errors
from linli.exchange.rules import NotPossible
from linli.files.choices import FileState
from linli.files.queries import content_of


@dataclass(frozen=True)
class Preview:
    """A workbook before it is taken over: ``report`` in the reader's language, sheets, and the fields to choose from.

    Before the file was read ``report`` is empty; once it is gone, only the report is left. ``sheets`` is empty in both.
    """

    batch: Batch
    report: dict[str, Any]
    sheets: list[SheetPreview]
    fields: list[tuple[str, str | Promise]]


def batches_for(user: Any) -> QuerySet[Batch]:
    """Return the workbooks that were taken in where the user may take them in, the newest first."""
    return Batch.objects.visible_to(user).select_related("area")


def batch_for(user: Any, number: str) -> Batch:
    """Return one workbook of the user's reach. Raises ``Batch.DoesNotExist``."""
    return Batch.objects.visible_to(user).select_related("area", "upload", "job").get(number=number)


def preview(batch: Batch) -> Preview:
    """Return what is in a workbook, so that a person can correct the columns and decide. The file is not read."""
    fields = [(column.field, column.label) for column in ledger_for(batch.kind).sheet.columns]
    kept = batch.previews.filter(language=get_language()).first()
    if kept is None:
        return Preview(batch, batch.report, [], fields)
    content = content_from(kept.content)
    # The stored report speaks the language of whoever checked; this one speaks the reader's.
    return Preview(batch, {**batch.report, "problems": content.problems}, content.sheets, fields)


def error_workbook(batch: Batch) -> bytes:
    """Return an .xlsx file of the rows that need work, each problem noted at its cell.

    Raises:
        NotPossible: the file was removed.
    """
    out = io.BytesIO()
    write_errors(read_batch(batch, take=pass_over), out)
    return out.getvalue()


def read_batch(batch: Batch, take: Taker | None = None) -> ReadWorkbook:
    """Read the kept file of a batch again, with its columns as corrected.

    Args:
        take: is given every row; most of them are then forgotten.

    Raises:
        NotPossible: the file was removed.
    """
    gone = NotPossible(_("The file was removed after 30 days. Send the workbook again."))
    if batch.upload is None or batch.upload.state == FileState.GONE:
        raise gone
    try:
        content = content_of(batch.upload)
    except FileNotFoundError as error:
        raise gone from error
    ledger, learnt = ledger_for(batch.kind), learnt_in(batch.area, batch.kind)
    return read_workbook(
        content, batch.file_name, ledger, batch.area, limits(), choices=choices_of(batch), learnt=learnt, take=take
    )


def differences_of(batch: Batch, kind: str = "") -> QuerySet[BatchDifference]:
    """Return what a workbook says otherwise about what is known, of one kind if it is given."""
    found = batch.differences.order_by("pk")
    return found.filter(kind=kind) if kind else found


def difference_of(row: BatchDifference) -> dict[str, Any]:
    """Return ``name``, ``place`` and ``lines`` (field, before, after) of a difference; numbers are masked."""
    told: dict[str, Any] = json.loads(row.content)
    return told


def learnt_in(area: Area, kind: str) -> dict[str, str]:
    """Return header → field, as people said in this place."""
    return dict(LearntHeader.objects.filter(area=area, kind=kind).values_list("header", "field"))


def learnt_headers(user: Any) -> QuerySet[LearntHeader]:
    """Return what headers were taught to mean in the user's reach."""
    return LearntHeader.objects.visible_to(user).select_related("area").order_by("kind", "written", "pk")


def choices_of(batch: Batch) -> dict[str, ColumnChoices]:
    """Return sheet name → column number → field, as a person corrected them."""
    return {name: {int(index): field for index, field in chosen.items()} for name, chosen in batch.mapping.items()}


def limits() -> Limits:
    """Return how large a workbook may be."""
    return Limits(file_size=settings.LINLI_UPLOAD_MAX_MB * 1024 * 1024)
