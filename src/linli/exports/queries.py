"""Reading exports: lists, who may approve, what somebody took today, the filters in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from linli.accounts.models import User
from linli.areas.choices import Reach, Role
from linli.areas.models import Area, Post
from linli.areas.queries import doers_of
from linli.areas.roles import reach_of
from linli.areas.scope import scope_paths
from linli.core import clock
from linli.core.masking import mask_name
from linli.core.paths import ancestors, shared
from linli.exports.choices import ExportState
from linli.exports.kinds import Asked, ExportKind, kind_for, kinds
from linli.exports.models import Export, approved_by
from linli.files.choices import FileState


def exports_of(user: Any) -> QuerySet[Export]:
    """Return what the user asked for, the newest first."""
    return _listed(Export.objects.filter(requested_by=user.username))


def waiting_for(user: Any) -> QuerySet[Export]:
    """Return what waits for the user's decision, the oldest first."""
    found = Export.objects.filter(approved_by(user), state=ExportState.WAITING)
    return _listed(found.exclude(requested_by=user.username)).order_by("id")


def exports_for(user: Any) -> QuerySet[Export]:
    """Return everything taken out of the user's reach, one's own and others', the newest first."""
    return _listed(Export.objects.visible_to(user))


def _listed(exports: QuerySet[Export]) -> QuerySet[Export]:
    return exports.select_related("area", "job", "upload").defer("area__geometry", "area__bounds")


def export_for(user: Any, number: str) -> Export:
    """Return one export that the user may see. Raises ``Export.DoesNotExist``."""
    return exports_for(user).get(number=number)


def filters_of(export: Export) -> dict[str, str]:
    """Return the filters of an export."""
    found: dict[str, str] = json.loads(export.filters) if export.filters else {}
    return found


def asked_of(export: Export, by: Any) -> Asked:
    """Return which rows an export holds, seen by somebody."""
    return Asked(by, export.area, filters_of(export), tuple(export.columns))


def title_of(export: Export) -> str:
    """Return what an export is called."""
    kind = kind_for(export.kind)
    return kind.title(filters_of(export)) if kind.title else str(kind.label)


def filters_told(export: Export) -> list[str]:
    """Return in words what an export is narrowed to."""
    return kind_for(export.kind).told(filters_of(export))


def kept_filters(kind: ExportKind, query: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters of a list's address that narrow it, without the empty ones."""
    found = {name: str(query.get(name, "")).strip()[:200] for name in (*kind.filters, "under")}
    return {name: value for name, value in found.items() if value}


def journalled_filters(filters: Mapping[str, str]) -> dict[str, str]:
    """Return the filters as the journal may hold them: of what was searched only the first character."""
    return {name: mask_name(value) if name == "q" else value for name, value in filters.items()}


def areas_to_export(user: Any, kind: ExportKind) -> list[Area]:
    """Return the areas that the user may take a list out of: the outermost ones of their posts."""
    both = shared(scope_paths(user, "exports.request"), scope_paths(user, kind.ability))
    return list(Area.objects.filter(path__in=both).defer("geometry", "bounds").order_by("code"))


def offered_to(user: Any) -> frozenset[str]:
    """Return the lists that the user may take out; their pages offer it."""
    if not user.has_perm("exports.request"):
        return frozenset()
    return frozenset(name for name in kinds.names() if user.has_perm(kind_for(name).ability))


def approvers_of(area: Area, kind: ExportKind, *, but: Any) -> list[User]:
    """Return everybody who may approve an export of a list of an area today, without the one who asks."""
    roles = [
        role
        for role in Role
        if all(reach_of(role, ability) == Reach.AREA for ability in ("exports.approve", kind.ability))
    ]
    posts = Post.objects.on(clock.today()).filter(
        role__in=roles, area__path__in=ancestors(area.path), holder__is_active=True
    )
    doers = {doer.pk: doer for doer in doers_of(posts.select_related("holder").order_by("id"))}
    return [doer for doer in doers.values() if doer.username != but.username]


def taken_today(user: Any) -> int:
    """Return how many rows somebody took without a second person since midnight."""
    midnight = datetime.combine(clock.today(), time(), tzinfo=clock.SHANGHAI)
    taken = Export.objects.filter(
        Q(requested_by=user.username), requested_at__gte=midnight, needs_approval=False
    ).aggregate(sum=Sum("rows"))
    return int(taken["sum"] or 0)


def rows_at_once() -> int:
    """Return up to how many rows a day somebody takes without a second person."""
    limit: int = settings.LINLI_EXPORT_ROWS
    return limit


def has_file(export: Export) -> bool:
    """Tell whether the file can be had now."""
    return export.state == ExportState.READY and export.upload is not None and export.upload.state != FileState.GONE


def hidden_columns(kind: ExportKind, names: Iterable[str]) -> list[str]:
    """Return the columns among some whose values are masked unless a second person agrees."""
    return [name for name in names if kind.column(name).mask is not None]
