"""What is to be seen about a draft before it is applied: what must be mended, what needs a reason, what to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from linli.gridplans.choices import CheckLevel, StepKind
from linli.gridplans.drafting import FIXED
from linli.gridplans.models import GridPlan, PlanPart
from linli.gridplans.values import Asked
from linli.housing.models import Building
from linli.planner.model import Reason

# Reasons that a grid is as it is: nobody needs to give another.
KNOWN = frozenset({Reason.SMALL_PART, Reason.SMALL_COMMUNITY, Reason.BIG_BUILDING, Reason.LOCKED, Reason.NO_BUILDING})
SIZES = frozenset({Reason.TOO_FEW, Reason.TOO_MANY})
MOST_NAMED = 5

TEXTS: dict[str, str | Promise] = {
    Reason.TOO_FEW: gettext_lazy("has too few households"),
    Reason.TOO_MANY: gettext_lazy("has too many households"),
    Reason.SMALL_PART: gettext_lazy("lies in a part of the community that is small by itself"),
    Reason.SMALL_COMMUNITY: gettext_lazy("the community has too few households for a full grid"),
    Reason.BIG_BUILDING: gettext_lazy("has a building that is too large by itself"),
    Reason.NO_BUILDING: gettext_lazy("lies on ground without buildings"),
    Reason.CROSSES_ROAD: gettext_lazy("lies on both sides of a main road"),
    Reason.SPLITS_COMPOUND: gettext_lazy("has only a part of a compound"),
    Reason.LOCKED: gettext_lazy("is locked and stays as it is"),
    Reason.OUTSIDE: gettext_lazy("stands partly or wholly outside its community"),
    Reason.UNKNOWN_COMMUNITY: gettext_lazy("belongs to no community of this place"),
    Reason.NO_SHAPE: gettext_lazy("has no place on the map"),
    Reason.MENDED: gettext_lazy("had an outline that crossed itself"),
    Reason.REPEATED: gettext_lazy("stands in the list twice"),
    Reason.OVERLAPS: gettext_lazy("lies over another building"),
    Reason.BAD_HOUSEHOLDS: gettext_lazy("had a wrong number of households"),
}
PIECES = gettext_lazy("does not hang together")


@dataclass(frozen=True)
class Fix:
    """A way to mend something: words, and the step that does it, or the building to look at."""

    words: str
    step: Mapping[str, str] | None = None
    building: int | None = None


@dataclass(frozen=True)
class Check:
    """Something to see about a draft."""

    level: CheckLevel
    text: str
    detail: str = ""
    fixes: Sequence[Fix] = ()
    grid: str = ""


@dataclass(frozen=True)
class Told:
    """A remark about one grid in words."""

    level: CheckLevel
    reason: str
    text: str
    explained: str = ""


@dataclass
class Checks:
    """All that is to be seen, the heaviest first."""

    found: list[Check] = field(default_factory=list)

    def __iter__(self) -> Iterator[Check]:
        order = list(CheckLevel)
        return iter(sorted(self.found, key=lambda check: order.index(check.level)))

    def hindering(self) -> list[str]:
        """Return what stands in the way of applying, in words."""
        return [check.text for check in self if check.level != CheckLevel.FINE]


def remarks_of(row: Mapping[str, Any], asked: Asked) -> list[Told]:
    """Return what is to be known about a grid, in words."""
    low, high = asked.band
    reasons = [(Reason(name), about) for name, about in row.get("remarks", ())]
    excused = bool(KNOWN & {reason for reason, _about in reasons}) or low <= row["households"] <= high
    explained = row.get("reason", "")
    told = []
    for reason, about in reasons:
        level = CheckLevel.FINE if reason in KNOWN or (reason in SIZES and excused) else CheckLevel.EXPLAIN
        text = str(TEXTS[reason])
        if about and reason == Reason.SPLITS_COMPOUND:
            text = _("has only a part of %(compound)s") % {"compound": about}
        told.append(Told(level, str(reason), text, explained if level == CheckLevel.EXPLAIN else ""))
    if row.get("pieces", 1) > 1:
        level = CheckLevel.EXPLAIN if row["locked"] else CheckLevel.MUST
        told.append(Told(level, "pieces", str(PIECES), explained if row["locked"] else ""))
    return told


def checks_of(plan: GridPlan, parts: Iterable[PlanPart], changed: Sequence[str]) -> Checks:
    """Return what is to be seen about a draft before it is applied.

    Args:
        plan: the draft.
        parts: its communities.
        changed: names of the communities in which grids or buildings changed since the draft was made.
    """
    checks, asked = Checks(), Asked.read(plan.settings)
    if changed:
        names = "、".join(changed[:MOST_NAMED])
        text = _("The grids of %(names)s have changed since this draft was made.") % {"names": names}
        detail = _("Make a new draft: it starts from what stands there now.")
        checks.found.append(Check(CheckLevel.MUST, text, detail))
    fine, known = 0, list(parts)
    for part in known:
        # Names of grids are told apart within a community only.
        place = f"{part.community.name} " if len(known) > 1 else ""
        for key, row in part.grids.items():
            name = f"{place}{row['name']}"
            check = _of_grid(key, name, part, asked)
            found = [one for one in (check, _outgrowing(key, name, row, asked)) if one is not None]
            fine += not found
            checks.found += found
    checks.found += _of_buildings(plan)
    if fine:
        text = ngettext("%(count)d grid is as asked for.", "%(count)d grids are as asked for.", fine)
        checks.found.append(Check(CheckLevel.FINE, text % {"count": fine}, _("No gaps, no overlaps.")))
    return checks


def _outgrowing(key: str, name: str, row: Mapping[str, Any], asked: Asked) -> Check | None:
    """Return what is to be seen about a grid that planned buildings will make too large."""
    coming = row.get("coming") or ()
    later = row["households"] + sum(site["households"] for site in coming)
    if not coming or later <= asked.band[1] or row["kind"] in FIXED:
        return None
    text = _("%(grid)s will have %(count)d households in %(month)s")
    told = {"grid": name, "count": later, "month": max(site["month"] for site in coming)}
    names = "、".join(f"{site['name']} {site['households']}" for site in coming[:MOST_NAMED])
    detail = _("Being built: %(names)s. More than %(highest)d.") % {"names": names, "highest": asked.band[1]}
    level = CheckLevel.FINE if row["reason"] else CheckLevel.EXPLAIN
    ways = [Fix(_("Write the reason"), {"action": str(StepKind.EXPLAIN), "grid": key})] if not row["reason"] else []
    return Check(level, text % told, detail, ways, key)


def _of_grid(key: str, name: str, part: PlanPart, asked: Asked) -> Check | None:
    row = part.grids[key]
    told = remarks_of(row, asked)
    if not told:
        return None
    levels = {one.level for one in told}
    words = _(", ").join(one.text for one in told)
    text = _("%(grid)s %(what)s (%(count)d households)") % {"grid": name, "what": words, "count": row["households"]}
    if CheckLevel.MUST in levels:
        return Check(CheckLevel.MUST, text, "", _ways(key, row, part, asked), key)
    if CheckLevel.EXPLAIN not in levels:
        return Check(CheckLevel.FINE, text, "", (), key)
    if row["reason"]:
        return Check(CheckLevel.FINE, text, _("Reason: %(reason)s") % {"reason": row["reason"]}, (), key)
    return Check(CheckLevel.EXPLAIN, text, "", _ways(key, row, part, asked), key)


def _ways(key: str, row: Mapping[str, Any], part: PlanPart, asked: Asked) -> list[Fix]:
    reasons = {name for name, _about in row["remarks"]}
    ways = [Fix(_("Write the reason"), {"action": str(StepKind.EXPLAIN), "grid": key})]
    if Reason.TOO_MANY in reasons and row["buildings"] > 1 and not row["locked"]:
        ways.append(Fix(_("Divide it"), {"action": str(StepKind.SPLIT), "grid": key}))
    if Reason.TOO_FEW in reasons and not row["locked"]:
        beside = [
            (part.grids[other]["households"], other) for other in row["beside"] if not part.grids[other]["locked"]
        ]
        fitting = [(size, other) for size, other in beside if size + row["households"] <= asked.highest]
        if fitting:
            other = min(fitting)[1]
            words = _("Join it with %(grid)s") % {"grid": part.grids[other]["name"]}
            ways.append(Fix(words, {"action": str(StepKind.MERGE), "grid": key, "to": other}))
    return ways


def _of_buildings(plan: GridPlan) -> list[Check]:
    """Return one remark for each way in which buildings were not taken as they came."""
    by_reason: dict[str, list[int]] = {}
    for problem in plan.problems:
        by_reason.setdefault(problem["reason"], []).append(int(problem["building"]))
    shown = {pk for keys in by_reason.values() for pk in keys[:MOST_NAMED]}
    names = dict(Building.objects.filter(pk__in=shown).values_list("pk", "address"))
    found = []
    for reason, keys in by_reason.items():
        named = "、".join(names[pk] for pk in keys[:MOST_NAMED] if pk in names)
        level = CheckLevel.MUST if reason == Reason.UNKNOWN_COMMUNITY else CheckLevel.FINE
        text = ngettext("%(count)d building %(what)s", "%(count)d buildings: %(what)s", len(keys))
        fixes = [Fix(_("See on the map"), None, keys[0])] if reason != Reason.NO_SHAPE else []
        found.append(Check(level, text % {"count": len(keys), "what": TEXTS[reason]}, named, fixes))
    return found
