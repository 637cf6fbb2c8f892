"""Addresses of the staff's desktop pages, one list for each family of pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.web.views import (
    areas,
    case_new,
    case_page,
    case_steps,
    cases,
    corrections,
    dashboard,
    declarations,
    exports,
    grids,
    household_deeds,
    household_prints,
    households,
    imports,
    journal,
    maps,
    parts,
    people,
    posts,
    search,
    settings,
    transfers,
    units,
    users,
    workbench,
)

case_urls: list[URLPattern] = [
    path("", workbench.workbench, name="workbench"),
    path("cases/", cases.case_list, name="case-list"),
    path("cases/new/", case_new.case_new, name="case-new"),
    path("cases/new/areas.geojson", maps.report_areas, name="case-new-areas"),
    path("cases/<str:number>/", case_page.case_page, name="case"),
    path("cases/<str:number>/nearby.geojson", case_page.case_nearby, name="case-nearby"),
    path("cases/<str:number>/photos/<int:pk>/", case_page.case_photo, name="case-photo"),
    path("cases/<str:number>/contact/", case_page.case_contact, name="case-contact"),
    path("cases/<str:number>/link/", case_page.case_link, name="case-link"),
    path("cases/<str:number>/steps/<str:action>/", case_steps.case_step, name="case-step"),
]

place_urls: list[URLPattern] = [
    path("map/", maps.area_map, name="map"),
    path("map/areas.geojson", maps.areas, name="map-areas"),
    path("map/cases.geojson", maps.cases, name="map-cases"),
    path("map/buildings.geojson", maps.buildings, name="map-buildings"),
    path("grids/", grids.grid_list, name="grid-list"),
    path("grids/<str:code>/", grids.grid, name="grid"),
    path("dashboard/", dashboard.dashboard_page, name="dashboard"),
    path("dashboard/areas.geojson", dashboard.dashboard_areas_geojson, name="dashboard-areas"),
]

ledger_urls: list[URLPattern] = [
    path("search/", search.search, name="search"),
    path("households/", households.household_list, name="household-list"),
    path("households/codes/", household_prints.household_codes, name="household-codes"),
    path("households/codes.pdf", household_prints.household_codes_print, name="household-codes-print"),
    path("households/<str:number>/", households.household, name="household"),
    path("households/<str:number>/file.pdf", household_prints.household_print, name="household-print"),
    path("households/<str:number>/changes/<str:kind>/", household_deeds.household_change, name="household-change"),
    path("homes/<int:pk>/move-in/", household_deeds.home_move_in, name="home-move-in"),
    path("transfers/", transfers.transfer_list, name="transfer-list"),
    path("transfers/<int:pk>/", transfers.transfer, name="transfer"),
    path("transfers/<int:pk>/accept/", transfers.transfer_accept, name="transfer-accept"),
    path("transfers/<int:pk>/refuse/", transfers.transfer_refuse, name="transfer-refuse"),
    path("transfers/<int:pk>/withdraw/", transfers.transfer_withdraw, name="transfer-withdraw"),
    path("people/<int:pk>/", people.person_edit, name="person-edit"),
    path("people/<int:pk>/<str:field>/", people.person_reveal, name="person-reveal"),
    path("units/", units.unit_list, name="unit-list"),
    path("units/new/", units.unit_new, name="unit-new"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/change/", units.unit_change, name="unit-change"),
    path("units/<int:pk>/move/", units.unit_move, name="unit-move"),
    path("units/<int:pk>/close/", units.unit_close, name="unit-close"),
    path("units/<int:pk>/reopen/", units.unit_reopen, name="unit-reopen"),
    path("units/<int:pk>/notice/", units.unit_notice, name="unit-notice"),
    path("units/<int:pk>/contact/<str:field>/", units.unit_contact, name="unit-contact"),
    path("corrections/", corrections.correction_list, name="correction-list"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("corrections/<int:pk>/keep/", corrections.correction_keep, name="correction-keep"),
    path("imports/", imports.import_list, name="import-list"),
    path("imports/new/", imports.import_new, name="import-new"),
    path("imports/<str:number>/", imports.import_page, name="import"),
    path("imports/<str:number>/problems.xlsx", imports.import_problems, name="import-problems"),
    path("imports/<str:number>/progress/", imports.import_progress, name="import-progress"),
    path("imports/<str:number>/stop/", imports.import_stop, name="import-stop"),
    path("imports/<str:number>/read/", imports.import_read, name="import-read"),
    path("imports/<str:number>/check/", imports.import_check, name="import-check"),
    path("imports/<str:number>/apply/", imports.import_apply, name="import-apply"),
    path("imports/<str:number>/undo/", imports.import_undo, name="import-undo"),
]

declaration_urls: list[URLPattern] = [
    path("declarations/", declarations.declaration_list, name="declaration-list"),
    path("declarations/<str:number>/", declarations.declaration, name="declaration"),
    path("declarations/<str:number>/take/", declarations.declaration_take, name="declaration-take"),
    path("declarations/<str:number>/prepare/", declarations.declaration_prepare, name="declaration-prepare"),
    path("declarations/<str:number>/confirm/", declarations.declaration_confirm, name="declaration-confirm"),
    path("declarations/<str:number>/steps/<str:action>/", declarations.declaration_step, name="declaration-step"),
    path("declarations/<str:number>/show/<str:field>/", declarations.declaration_reveal, name="declaration-reveal"),
]

export_urls: list[URLPattern] = [
    path("exports/", exports.export_list, name="export-list"),
    path("exports/new/", exports.export_new, name="export-new"),
    path("exports/<str:number>/", exports.export, name="export"),
    path("exports/<str:number>/decide/", exports.export_decide, name="export-decide"),
    path("exports/<str:number>/progress/", exports.export_progress, name="export-progress"),
    path("exports/<str:number>/stop/", exports.export_stop, name="export-stop"),
    path("exports/<str:number>/again/", exports.export_again, name="export-again"),
    path("exports/<str:number>/withdraw/", exports.export_withdraw, name="export-withdraw"),
    path("exports/<str:number>/file/", exports.export_file, name="export-file"),
]

staff_urls: list[URLPattern] = [
    path("journal/", journal.journal, name="journal"),
    path("journal/verify/", journal.journal_verify, name="journal-verify"),
    path("journal/verify/progress/", journal.journal_progress, name="journal-progress"),
    path("journal/verify/stop/", journal.journal_stop, name="journal-stop"),
    path("posts/", posts.post_list, name="post-list"),
    path("posts/new/", posts.post_new, name="post-new"),
    path("posts/<int:pk>/", posts.post_appoint, name="post-appoint"),
    path("posts/<int:pk>/end/", posts.post_end, name="post-end"),
    path("users/", users.user_list, name="user-list"),
    path("users/new/", users.user_new, name="user-new"),
    path("users/<int:pk>/password/", users.user_password, name="user-password"),
    path("users/<int:pk>/active/", users.user_active, name="user-active"),
    path("areas/", areas.area_list, name="area-list"),
    path("areas/<str:code>/", areas.area, name="area"),
    path("settings/", settings.settings, name="settings"),
    path("parts/", parts.parts, name="parts"),
]

urlpatterns: list[URLPattern] = [
    *case_urls,
    *place_urls,
    *ledger_urls,
    *declaration_urls,
    *export_urls,
    *staff_urls,
]
