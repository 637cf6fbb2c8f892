"""Who may open what: one row for every address of the pages and every call of the JSON interface.

``ability`` opens the door; ``kind`` is the object that the address names, ``visible`` the ability by which it is seen
(out of its reach: 404) and ``reach`` the ability that must reach it too (else 403). ``opened`` is what a public door
answers when it opens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PUBLIC = "public"
SIGNED_IN = "signed-in"

GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")


@dataclass(frozen=True)
class Door:
    """One address. ``path`` and ``query`` and ``body`` name values of the object as ``{name}``."""

    ability: str | tuple[str, ...]
    kind: str = ""
    visible: str = ""
    reach: str = ""
    methods: tuple[str, ...] = GET
    path: dict[str, str] = field(default_factory=dict)
    query: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    opened: int = 200
    # Another kind of object that `reach` is asked of: the community of a building.
    reach_kind: str = ""
    # “only”: whoever asked for it, and nobody else whom it reaches; “never”: everybody else whom it reaches.
    own: str = ""


def _case(ability: str = "cases.view", **values: Any) -> Door:
    return Door(
        ability,
        "case",
        "cases.view",
        values.pop("reach", ability),
        path={"number": "{case}"} | values.pop("path", {}),
        **values,
    )


def _paper(reach: str = "agreements.view", **values: Any) -> Door:
    path = values.pop("path", {"pk": "{agreement}"})
    return Door(reach, "agreement", "agreements.view", reach, path=path, **values)


def _paper_text() -> Door:
    ability = "agreements.templates"
    return Door(ability, "paper_text", ability, ability, BOTH, {"pk": "{paper_text}"})


def _batch(**values: Any) -> Door:
    """Return the door of a workbook of people; `_roster` is that of a workbook of posts."""
    return Door("exchange.use", "batch", "people.import", path={"number": "{batch}"}, **values)


def _roster(**values: Any) -> Door:
    """Return the door of a workbook of posts: the same addresses, for others."""
    return Door("exchange.use", "roster", "posts.edit", path={"number": "{roster}"}, **values)


def _export(**values: Any) -> Door:
    """Return the door of a list of people that was taken out: whoever decides about it sees people too."""
    return Door("exports.request", "export", "people.view", path={"number": "{export}"}, **values)


def _template(**values: Any) -> Door:
    return Door("exports.forms", "template", "exports.forms", path={"number": "{template}"}, **values)


def _post(**values: Any) -> Door:
    return Door("posts.edit", "post", "posts.view", "posts.edit", BOTH, {"pk": "{post}"}, **values)


def _user(methods: tuple[str, ...]) -> Door:
    return Door("accounts.manage", "user", "accounts.manage", methods=methods, path={"pk": "{user}"})


def _facility(ability: str = "housing.edit", methods: tuple[str, ...] = BOTH, photo: str = "") -> Door:
    path = {"pk": "{facility}"} | ({"photo": f"{{{photo}}}"} if photo else {})
    return Door(ability, "facility", "areas.view", ability, methods, path)


def _planned() -> Door:
    """Return the door of what becomes of a planned building."""
    return Door("areas.plan", "planned", "areas.view", "areas.plan", BOTH, {"pk": "{planned}"})


def _grid_plan(ability: str, methods: tuple[str, ...] = POST) -> Door:
    """Return the door of a draft of grids."""
    return Door(ability, "grid_plan", "grids.view_plans", ability, methods, {"pk": "{grid_plan}"})


def _kept(**path: str) -> Door:
    return Door("housing.edit", "community", "areas.view", "housing.edit", BOTH, {"code": "{community}"} | path)


def _declaration(ability: str = "people.edit", **values: Any) -> Door:
    path = {"number": "{declaration}"} | values.pop("path", {})
    return Door(ability, "declaration", "people.edit", ability, path=path, **values)


def _pair(kind: str = "duplicate", methods: tuple[str, ...] = POST) -> Door:
    return Door("people.merge", kind, "people.merge", methods=methods, path={"pk": f"{{{kind}}}"})


def _building(ability: str = "people.view", reach: str = "", **values: Any) -> Door:
    return Door(ability, "household", "people.view", reach, path={"pk": "{house}"}, **values)


def _home(key: str = "", methods: tuple[str, ...] = BOTH) -> Door:
    path = {"pk": "{home}"} | ({"key": key} if key else {})
    return Door("housing.edit", "household", "people.view", "housing.edit", methods, path)


def _declared(methods: tuple[str, ...] = POST) -> Door:
    return Door(PUBLIC, "declaration", methods=methods, path={"token": "{declared}"})


def _absence(**values: Any) -> Door:
    return Door("posts.cover", "absence", "posts.cover", "posts.cover", path={"pk": "{absence}"}, **values)


PAGES: dict[str, Door] = {
    "sign-in": Door(PUBLIC),
    "sign-out": Door(PUBLIC, methods=POST),
    "language": Door(PUBLIC, methods=POST),
    "display": Door(PUBLIC, methods=POST),
    "workbench": Door(SIGNED_IN),
    "case-list": Door("cases.view"),
    "case-new": Door("cases.report", methods=BOTH),
    "case-new-areas": Door("cases.report"),
    "case": _case(),
    "case-nearby": _case(),
    "case-photo": _case(path={"pk": "{photo}"}),
    "case-contact": _case("cases.reveal_contact", methods=BOTH),
    "case-link": _case("cases.renew_link", methods=BOTH),
    "case-step": _case(reach="cases.note", methods=BOTH, path={"action": "note"}),
    "map": Door("areas.view", "grid", "areas.view", query="under={grid}"),
    "map-areas": Door("areas.view"),
    "map-cases": Door("cases.view"),
    "map-buildings": Door("areas.view", "grid", "areas.view", query="under={grid}"),
    "grid-list": Door("areas.view"),
    "grid": Door("areas.view", "grid", "areas.view", path={"code": "{grid}"}),
    "grid-coverage": Door("areas.view", "grid", "areas.view", query="under={grid}"),
    "grid-coverage-rows": Door("areas.view", "grid", "areas.view", query="under={grid}&kind=size"),
    "grid-coverage-shapes": Door("areas.view", "grid", "areas.view", query="under={grid}"),
    "grid-coverage-count": Door("areas.view", "grid", "areas.view", methods=POST, query="under={grid}"),
    "grid-reason": Door("areas.explain", "grid", "areas.view", "areas.explain", BOTH, {"code": "{grid}"}),
    "grid-plans": Door("grids.view_plans"),
    "grid-plan": _grid_plan("grids.view_plans", GET),
    "grid-plan-ground": _grid_plan("grids.view_plans", GET),
    "grid-plan-draft": _grid_plan("grids.view_plans", GET),
    "grid-plan-steps": _grid_plan("grids.plan"),
    "grid-plan-note": _grid_plan("grids.plan"),
    "grid-plan-copy": _grid_plan("grids.plan"),
    "grid-plan-rest": _grid_plan("grids.plan"),
    "grid-plan-cancel": _grid_plan("grids.plan"),
    "grid-plan-discard": _grid_plan("grids.plan"),
    "grid-plan-apply": _grid_plan("grids.redraw", BOTH),
    "grid-plan-revert": _grid_plan("grids.redraw"),
    "planned-list": Door("areas.view"),
    "planned-points": Door("areas.view"),
    "planned-shapes": Door("areas.view"),
    "planned-new": Door("areas.plan", methods=BOTH),
    "planned": Door("areas.view", "planned", "areas.view", path={"pk": "{planned}"}),
    "planned-change": _planned(),
    "planned-finish": _planned(),
    "planned-give-up": _planned(),
    "area-sizes": Door("areas.edit"),
    "area-size": Door("areas.edit", methods=BOTH, path={"kind": "residential"}),
    "dashboard": Door("dashboard.view", "grid", "dashboard.view", query="under={grid}"),
    "dashboard-areas": Door("dashboard.view", "grid", "dashboard.view", query="under={grid}"),
    "unit-list": Door("units.view"),
    "unit-new": Door("units.edit", methods=BOTH),
    "unit": Door("units.view", "unit", "units.view", path={"pk": "{unit}"}),
    "unit-change": Door("units.edit", "unit", "units.view", "units.edit", BOTH, {"pk": "{unit}"}),
    "unit-move": Door("units.edit", "unit", "units.view", "units.edit", BOTH, {"pk": "{unit}"}),
    "unit-close": Door("units.edit", "unit", "units.view", "units.edit", BOTH, {"pk": "{unit}"}),
    "unit-reopen": Door("units.edit", "unit", "units.view", "units.edit", POST, {"pk": "{unit}"}),
    "agreement-list": Door("agreements.view"),
    "agreement-new": Door("agreements.edit", methods=BOTH),
    "agreement": _paper(),
    "agreement-sign": _paper("agreements.edit", methods=BOTH),
    "agreement-check": _paper("agreements.edit", methods=BOTH),
    "agreement-settle": _paper("agreements.edit", methods=BOTH, path={"pk": "{agreement}", "result": "{result}"}),
    "agreement-renew": _paper("agreements.edit", methods=BOTH),
    "agreement-end": _paper("agreements.edit", methods=BOTH),
    "agreement-print": _paper("agreements.edit"),
    "agreement-template-list": Door(("agreements.view", "agreements.templates")),
    "agreement-template-new": Door("agreements.templates", methods=BOTH),
    "agreement-template": _paper_text(),
    "agreement-template-retire": _paper_text(),
    "unit-notice": Door("units.edit", "unit", "units.view", "units.edit", BOTH, {"pk": "{unit}"}),
    "unit-contact": Door(
        "people.reveal", "unit", "units.view", "people.reveal", BOTH, {"pk": "{unit}", "field": "contact_phone"}
    ),
    "search": Door(("people.view", "cases.view"), query="q=7"),
    "household-list": Door("people.view"),
    "household": Door("people.view", "household", "people.view", path={"number": "{household}"}),
    "person-reveal": Door(
        "people.reveal", "person", "people.view", "people.reveal", BOTH, {"pk": "{person}", "field": "id_number"}
    ),
    "household-print": Door("people.view", "household", "people.view", path={"number": "{household}"}),
    "household-change": Door(
        "people.edit", "household", "people.view", "people.edit", BOTH, {"number": "{household}", "kind": "move-in"}
    ),
    "household-codes": Door("people.edit"),
    "household-codes-print": Door("people.edit", "grid", "people.edit", query="under={grid}"),
    "home-move-in": Door("people.edit", "household", "people.view", "people.edit", BOTH, {"pk": "{home}"}),
    "person-edit": Door("people.edit", "person", "people.view", "people.edit", BOTH, {"pk": "{person}"}),
    "building-list": Door("people.view"),
    "building-new": Door("housing.edit", "area", "areas.view", "housing.edit", BOTH, query="community={area}"),
    "building": _building(),
    "building-edit": _building("housing.edit", "housing.edit", reach_kind="area", methods=BOTH),
    "building-remove": _building("housing.edit", "housing.edit", reach_kind="area", methods=BOTH),
    "building-rows": _building("housing.edit", "housing.edit", methods=BOTH),
    "building-home-new": _building("housing.edit", "housing.edit", methods=BOTH),
    "building-plates": _building(),
    "building-compound-new": Door("housing.edit", "area", "areas.view", "housing.edit", BOTH, query="community={area}"),
    "building-compound": Door("housing.edit", "area", "people.view", "housing.edit", BOTH, {"pk": "{compound}"}),
    "building-compound-remove": Door("housing.edit", "area", "people.view", "housing.edit", BOTH, {"pk": "{compound}"}),
    "building-compound-plates": Door("people.view", "area", "people.view", path={"pk": "{compound}"}),
    "rental-list": Door("people.view"),
    "dwelling-list": Door("people.view"),
    "dwelling": Door("people.view", "household", "people.view", path={"pk": "{home}"}),
    "dwelling-edit": _home(),
    "dwelling-remove": _home(),
    "dwelling-owner-new": _home(),
    "dwelling-owner": _home("{owner}"),
    "dwelling-owner-end": _home("{owner}"),
    "dwelling-tenancy-new": _home(),
    "dwelling-tenancy-end": _home("{tenancy}"),
    "dwelling-mark": _home(methods=POST),
    "dwelling-dormitory": _home(),
    "dwelling-check": _home(),
    "dwelling-plate": _home(methods=POST),
    "dwelling-phone": Door(
        "people.reveal",
        "household",
        "people.view",
        "people.reveal",
        BOTH,
        {"pk": "{home}", "kind": "owner", "key": "{owner}"},
    ),
    "field-building-list": Door("people.view"),
    "field-building": _building(),
    "field-dwelling": Door("people.view", "household", "people.view", path={"pk": "{home}"}),
    "field-dwelling-check": _home(),
    "field-dwelling-mark": _home(methods=POST),
    "departure-list": Door("people.edit"),
    "departure": Door("people.edit", "departure", "people.edit", path={"pk": "{departure}"}),
    "departure-answer": Door("people.edit", "departure", "people.edit", methods=POST, path={"pk": "{departure}"}),
    "departure-print": Door("people.edit", "departure", "people.edit", methods=POST, path={"pk": "{departure}"}),
    "transfer-list": Door("people.edit"),
    "transfer": Door("people.edit", "transfer", "people.edit", path={"pk": "{transfer}"}),
    "transfer-withdraw": Door("people.edit", "transfer", "people.edit", methods=POST, path={"pk": "{transfer}"}),
    "transfer-accept": Door("people.edit", "transfer", "people.edit", methods=POST, path={"pk": "{arrival}"}),
    "transfer-refuse": Door("people.edit", "transfer", "people.edit", methods=POST, path={"pk": "{arrival}"}),
    "duplicate-list": Door("people.merge"),
    "duplicate": _pair(methods=GET),
    "duplicate-merge": _pair(),
    "duplicate-apart": _pair(),
    "duplicate-later": _pair(),
    "duplicate-again": _pair(),
    "duplicate-undo": _pair("merging"),
    "duplicate-check": Door("people.merge", "looked_at", "people.merge", methods=POST, path={"code": "{looked_at}"}),
    "duplicate-progress": _pair("looking", GET),
    "duplicate-stop": _pair("looking"),
    "correction-list": Door("people.edit"),
    "correction": Door("people.edit", "correction", "people.edit", methods=BOTH, path={"pk": "{correction}"}),
    "correction-keep": Door("people.edit", "correction", "people.edit", methods=POST, path={"pk": "{correction}"}),
    "import-list": Door("exchange.use"),
    "quality-list": Door("people.count", "grid", "people.count", query="under={grid}"),
    "quality-rows": Door("people.view", "grid", "people.count", "people.view", query="under={grid}&fact=phone"),
    "quality-count": Door("people.count", "grid", "people.count", methods=POST, query="under={grid}"),
    "quality-delays": Door("people.count", "grid", "people.count", query="under={grid}"),
    "quality-slow": Door("people.view", "grid", "people.count", "people.view", query="under={grid}"),
    "review-list": Door("people.view"),
    "review": Door("people.view", "grid", "people.view", path={"code": "{grid}"}),
    "review-sign": Door("people.review", "grid", "people.view", "people.review", POST, {"code": "{grid}"}),
    "household-confirm": Door(
        "people.edit", "household", "people.view", "people.edit", POST, {"number": "{household}"}
    ),
    "field-review": Door("people.view"),
    "field-household-confirm": Door(
        "people.edit", "household", "people.view", "people.edit", POST, {"number": "{household}"}
    ),
    "import-new": Door("exchange.use", methods=BOTH),
    "import": _batch(),
    "import-problems": _batch(),
    "import-progress": _batch(),
    "import-stop": _batch(methods=POST),
    "import-read": _batch(methods=POST),
    "import-check": _batch(methods=POST),
    "import-apply": _batch(methods=POST),
    "import-undo": _batch(methods=BOTH),
    "export-list": Door("exports.request"),
    "export-new": Door("exports.request", methods=BOTH, query="kind=facilities"),
    "export-form-list": Door("exports.forms"),
    "export-form-new": Door("exports.forms", methods=BOTH),
    "export-form": _template(methods=BOTH),
    "export-form-fill": _template(methods=BOTH),
    "export-form-remove": _template(methods=POST),
    "export": _export(),
    "export-decide": _export(methods=POST, own="never"),
    "export-progress": _export(),
    "export-stop": _export(methods=POST, own="only"),
    "export-again": _export(methods=POST, own="only"),
    "export-withdraw": _export(methods=POST, own="only"),
    "export-file": _export(own="only"),
    "import-differences": _batch(),
    "import-headers": Door("exchange.use"),
    "import-header-forget": Door("exchange.use", "learnt", "people.import", methods=POST, path={"pk": "{learnt}"}),
    "journal": Door("journal.view"),
    "journal-verify": Door("journal.view", methods=POST),
    "journal-progress": Door("journal.view"),
    "journal-stop": Door("journal.view", methods=POST),
    "post-list": Door("posts.view"),
    "post-new": Door("posts.edit", methods=BOTH),
    "post-appoint": _post(),
    "post-end": _post(),
    "user-list": Door("accounts.manage"),
    "user-new": Door("accounts.manage", methods=BOTH),
    "user-password": _user(BOTH),
    "user-active": _user(POST),
    "area-list": Door("areas.edit"),
    "area": Door("areas.edit", "grid", "areas.view", "areas.edit", BOTH, {"code": "{grid}"}),
    "my-post": Door(SIGNED_IN),
    "my-name": Door(SIGNED_IN, methods=POST),
    "my-photo": Door(SIGNED_IN, methods=BOTH),
    "my-record": Door(SIGNED_IN, methods=BOTH),
    "my-record-remove": Door(SIGNED_IN, methods=POST),
    "pledge": Door(SIGNED_IN, methods=BOTH),
    "message-list": Door(SIGNED_IN),
    "messages-read": Door(SIGNED_IN, methods=POST),
    "absence-list": Door(SIGNED_IN),
    "absence-new": Door(SIGNED_IN, methods=BOTH),
    "absence-back": Door(SIGNED_IN, methods=POST),
    "absence": _absence(methods=BOTH),
    "absence-end": _absence(methods=POST),
    "member-list": Door("posts.cover"),
    "member": Door("posts.cover", "member", "posts.cover", path={"pk": "{member}"}),
    "vacancy-list": Door("posts.cover"),
    "board-sheets": Door("areas.view", "grid", "areas.view", query="under={grid}"),
    "settings": Door(SIGNED_IN, methods=BOTH),
    "parts": Door(SIGNED_IN),
    "field-today": Door("cases.view"),
    "field-case-new": Door("cases.report", methods=BOTH),
    "field-case-list": Door("cases.view"),
    "field-case": _case(),
    "field-case-step": _case(reach="cases.note", methods=BOTH, path={"action": "note"}),
    "field-household-list": Door("people.view"),
    "field-search": Door(("people.view", "cases.view"), query="q=7"),
    "field-household": Door("people.view", "household", "people.view", path={"number": "{household}"}),
    "field-household-change": Door(
        "people.edit", "household", "people.view", "people.edit", BOTH, {"number": "{household}", "kind": "move-in"}
    ),
    "field-agreement-list": Door("agreements.view"),
    "field-agreement": _paper(),
    "field-agreement-check": _paper("agreements.edit", methods=BOTH),
    "field-unit-list": Door("units.view"),
    "field-unit-new": Door("units.edit", methods=BOTH),
    "field-unit": Door("units.view", "unit", "units.view", path={"pk": "{unit}"}),
    "field-unit-change": Door("units.edit", "unit", "units.view", "units.edit", BOTH, {"pk": "{unit}"}),
    "field-grid": Door("areas.view"),
    "find": Door(PUBLIC),
    "find-suggest": Door(PUBLIC, query="q=7"),
    "find-at": Door(PUBLIC, query="lon=113.1025&lat=36.1825"),
    "plate": Door(PUBLIC, "plate", path={"plate": "{plate}"}),
    "plate-qr": Door(PUBLIC, "plate", path={"plate": "{plate}"}),
    "board": Door(PUBLIC, "grid", path={"code": "{grid}"}),
    "board-photo": Door(PUBLIC, "grid", path={"code": "{grid}", "post": "{post}"}),
    "community-board": Door(PUBLIC, "grid", path={"code": "{community}"}),
    "report": Door(PUBLIC, methods=BOTH),
    # Nothing was sent from this browser.
    "report-sent": Door(PUBLIC, opened=404),
    "follow": Door(PUBLIC, "case", path={"token": "{token}"}),
    "follow-reply": Door(PUBLIC, "case", methods=POST, path={"token": "{token}"}),
    "follow-renew": Door(PUBLIC, "case", methods=POST, path={"token": "{token}"}),
    "follow-photo": Door(PUBLIC, "case", path={"token": "{token}", "number": "1"}),
    "declaration-list": Door("people.edit"),
    "declaration": _declaration(),
    "declaration-take": _declaration(methods=POST),
    "declaration-prepare": _declaration(methods=POST),
    "declaration-confirm": _declaration("declarations.decide", methods=POST),
    "declaration-step": _declaration(methods=BOTH, path={"action": "ask"}),
    "declaration-reveal": _declaration("people.reveal", methods=BOTH, path={"field": "phone"}),
    "declare": Door(PUBLIC),
    "declare-form": Door(PUBLIC, methods=BOTH, path={"who": "tenant", "kind": "move_in"}),
    "declare-pick": Door(PUBLIC, "grid", path={"who": "owner", "kind": "let"}, query="under={grid}"),
    "declare-sent": Door(PUBLIC, opened=404),
    "declare-follow": _declared(GET),
    "declare-answer": _declared(),
    "declare-withdraw": _declared(),
    "declare-renew": _declared(),
    "facility-list": Door("areas.view"),
    "facility-points": Door("areas.view"),
    "facility": _facility("areas.view", GET),
    "facility-new": Door("housing.edit", methods=BOTH),
    "facility-edit": _facility(),
    "facility-remove": _facility(),
    "facility-repair": _facility(),
    "facility-book": _facility(),
    "facility-booking": Door(
        "housing.edit",
        "facility",
        "areas.view",
        "housing.edit",
        POST,
        {"pk": "{facility}", "booking": "{booking}", "step": "confirm"},
    ),
    "facility-photos": _facility(),
    "facility-photo": _facility("areas.view", GET, "facility_photo"),
    "facility-photo-remove": _facility("housing.edit", BOTH, "facility_photo"),
    "field-facility-photos": _facility(),
    "field-facility-photo-remove": _facility("housing.edit", BOTH, "facility_photo"),
    "field-facility-list": Door("areas.view"),
    "field-facility-repair": _facility(),
    "community-list": Door("areas.view"),
    # Whoever sees a grid sees the profile of its community.
    "community": Door("areas.view", "grid", "areas.view", path={"code": "{community}"}),
    "community-print": Door("areas.view", "grid", "areas.view", path={"code": "{community}"}),
    "community-edit": _kept(),
    "community-money": _kept(),
    "community-money-remove": _kept(pk="{money}"),
    "community-honour": _kept(),
    "community-honour-remove": _kept(pk="{honour}"),
    "community-clear": _kept(item="units"),
    "item-list": Door("areas.edit"),
    "item-load": Door("areas.edit", methods=POST),
    "item-new": Door("areas.edit", methods=BOTH, path={"kind": "facility"}),
    "item": Door("areas.edit", methods=BOTH, path={"pk": "{item}"}),
    "privacy": Door(PUBLIC),
    "public-areas": Door(PUBLIC),
    "public-buildings": Door(PUBLIC, "grid", query="grid={grid}"),
    "healthz": Door(PUBLIC),
}

NEW_CASE = {"category": "heating", "mechanism": "coordination", "text": "暖气不热", "area": "{grid}"}

CALLS: dict[str, Door] = {
    "GET /areas": Door(PUBLIC),
    "GET /areas.geojson": Door(PUBLIC),
    "GET /areas/{code}": Door(PUBLIC, "grid", path={"code": "{grid}"}),
    "GET /locate": Door(PUBLIC, query="lon=113.1025&lat=36.1825"),
    "GET /cases": Door("cases.view"),
    # The tree is public, so a place out of reach is refused, not hidden.
    "POST /cases": Door("cases.report", "grid", PUBLIC, "cases.report", POST, body=NEW_CASE),
    "GET /cases/{number}": _case(),
    "GET /cases/{number}/history": _case(),
    "POST /cases/{number}/actions/{action}": _case(reach="cases.note", methods=POST, path={"action": "note"}),
    "POST /reports": Door(PUBLIC, methods=POST),
    "GET /reports/{token}": Door(PUBLIC, "case", path={"token": "{token}"}),
    "POST /reports/{token}/reply": Door(PUBLIC, "case", methods=POST, path={"token": "{token}"}),
    "GET /people": Door("people.view", "grid", "areas.view", query="under={grid}"),
    "GET /people/{int:person_id}": Door("people.view", "person", "people.view", path={"int:person_id": "{person}"}),
    "GET /households/{number}": Door("people.view", "household", "people.view", path={"number": "{household}"}),
    "GET /dwellings": Door("people.view", "grid", "areas.view", query="under={grid}"),
    "GET /units": Door("units.view", "grid", "areas.view", query="under={grid}"),
    "GET /units/{int:unit_id}": Door("units.view", "unit", "units.view", path={"int:unit_id": "{unit}"}),
}

# Answers 404 to everybody, whatever is asked.
NOWHERE = "/{path:rest}"


# The pages of workbooks once more, for a workbook of posts and a header that was taught with one.
ROSTERS: dict[str, Door] = {
    "import": _roster(),
    "import-problems": _roster(),
    "import-progress": _roster(),
    "import-stop": _roster(methods=POST),
    "import-read": _roster(methods=POST),
    "import-check": _roster(methods=POST),
    "import-apply": _roster(methods=POST),
    "import-undo": _roster(methods=BOTH),
    "import-differences": _roster(),
    "import-header-forget": Door("exchange.use", "roster", "posts.edit", methods=POST, path={"pk": "{roster_header}"}),
}


@dataclass(frozen=True)
class Listing:
    """A list: the ability by which its rows are seen, and what an object leaves in it.

    ``whole`` is False for pages that show only the rows that wait for the reader.
    """

    ability: str
    kind: str
    mark: str
    query: str = ""
    whole: bool = True


LISTS: dict[str, Listing] = {
    "case-list": Listing("cases.view", "case", "{case}"),
    "map-cases": Listing("cases.view", "case", "{case}"),
    "workbench": Listing("cases.view", "case", "{case}", whole=False),
    "field-today": Listing("cases.view", "case", "{case}", whole=False),
    "field-case-list": Listing("cases.view", "case", "{case}", "pile="),
    "search": Listing("people.view", "person", "{name}", "q={name}", whole=False),
    "household-list": Listing("people.view", "household", "{household}"),
    "unit-list": Listing("units.view", "unit", "/units/{unit}/"),
    "field-search": Listing("people.view", "person", "{name}", "q={name}", whole=False),
    "field-household-list": Listing("people.view", "household", "{household}", whole=False),
    "building-list": Listing("people.view", "household", "/buildings/{house}/"),
    "dwelling-list": Listing("people.view", "household", "/dwellings/{home}/"),
    "rental-list": Listing("people.view", "household", "/dwellings/{home}/"),
    "field-building-list": Listing("people.view", "household", "/buildings/{house}/"),
    "departure-list": Listing("people.edit", "departure", "/departures/{departure}/"),
    "transfer-list": Listing("people.edit", "transfer", "/transfers/{transfer}/", "pile=asked"),
    "household-codes": Listing("people.edit", "household", "{household}", whole=False),
    "correction-list": Listing("people.edit", "correction", "/corrections/{correction}/"),
    "duplicate-list": Listing("people.merge", "duplicate", "/duplicates/{duplicate}/"),
    "declaration-list": Listing("people.edit", "declaration", "{declaration}"),
    "facility-list": Listing("areas.view", "facility", "/facilities/{facility}/"),
    "facility-points": Listing("areas.view", "facility", "/facilities/{facility}/"),
    "field-facility-list": Listing("areas.view", "facility", "/facilities/{facility}/", whole=False),
    "community-list": Listing("areas.view", "grid", "/communities/{community}/"),
    "import-list": Listing("people.import", "batch", "{batch}"),
    "export-list": Listing("people.view", "export", "{export}", "show=all"),
    "export-form-list": Listing("exports.forms", "template", "{template}"),
    "quality-list": Listing("people.count", "grid", "under={grid}", whole=False),
    "quality-delays": Listing("people.count", "grid", "under={grid}", whole=False),
    "review-list": Listing("people.view", "grid", "/reviews/{grid}/"),
    "field-review": Listing("people.view", "grid", "grid={grid}", whole=False),
    "import-headers": Listing("people.import", "learnt", "/headers/{learnt}/"),
    "grid-list": Listing("areas.view", "grid", "{grid}"),
    "grid-coverage": Listing("areas.view", "grid", "under={grid}", whole=False),
    "grid-plans": Listing("grids.view_plans", "grid_plan", "/grid-plans/{grid_plan}/"),
    "planned-list": Listing("areas.view", "planned", "/planned/{planned}/"),
    "planned-points": Listing("areas.view", "planned", "/planned/{planned}/"),
    "map-areas": Listing("areas.view", "grid", "{grid}"),
    "map": Listing("areas.view", "grid", "{grid}", whole=False),
    "agreement-list": Listing("agreements.view", "agreement", "/agreements/{agreement}/"),
    "field-agreement-list": Listing("agreements.view", "agreement", "/field/agreements/{agreement}/"),
    "field-unit-list": Listing("units.view", "unit", "/field/units/{unit}/"),
    "field-grid": Listing("areas.view", "grid", "grid={grid}", whole=False),
    "dashboard": Listing("dashboard.view", "grid", "{grid}", "level=grid"),
    "dashboard-areas": Listing("dashboard.view", "grid", "{grid}"),
    "case-new-areas": Listing("cases.report", "grid", "{grid}"),
    "area-list": Listing("areas.edit", "grid", "/areas/{grid}/", whole=False),
    "post-list": Listing("posts.view", "post", "{holder}"),
    "absence-list": Listing("posts.cover", "absence", "/absences/{absence}/", whole=False),
    "member-list": Listing("posts.cover", "member", "/staff/{member}/"),
    "board-sheets": Listing("areas.view", "grid", "{community}", whole=False),
    "user-list": Listing("accounts.manage", "user", "{username}"),
    "GET /cases": Listing("cases.view", "case", "{case}"),
    "GET /people": Listing("people.view", "person", "{name}"),
    "GET /dwellings": Listing("people.view", "household", "{address}"),
    "GET /units": Listing("units.view", "unit", '"id": {unit},'),
}

# The lists of workbooks once more, for those of posts.
ROSTER_LISTS: dict[str, Listing] = {
    "import-list": Listing("posts.edit", "roster", "{roster}"),
    "import-headers": Listing("posts.edit", "roster", "/headers/{roster_header}/"),
}
