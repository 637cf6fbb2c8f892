"""Addresses of the worker's pages on a phone."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.field.views import agreements, buildings, cases, facilities, grid, households, reviews, search, today, units

urlpatterns: list[URLPattern] = [
    path("field/", today.today, name="field-today"),
    path("field/search/", search.search, name="field-search"),
    path("field/new/", cases.case_new, name="field-case-new"),
    path("field/cases/", cases.case_list, name="field-case-list"),
    path("field/cases/<str:number>/", cases.case, name="field-case"),
    path("field/cases/<str:number>/<str:action>/", cases.case_step, name="field-case-step"),
    path("field/households/", households.household_list, name="field-household-list"),
    path("field/households/<str:number>/", households.household, name="field-household"),
    path(
        "field/households/<str:number>/changes/<str:kind>/", households.household_change, name="field-household-change"
    ),
    path("field/households/<str:number>/confirm/", reviews.household_confirm, name="field-household-confirm"),
    path("field/review/", reviews.review, name="field-review"),
    path("field/facilities/", facilities.facility_list, name="field-facility-list"),
    path("field/facilities/<int:pk>/", facilities.facility_repair, name="field-facility-repair"),
    path("field/facilities/<int:pk>/photos/", facilities.facility_photos, name="field-facility-photos"),
    path(
        "field/facilities/<int:pk>/photos/<int:photo>/remove/",
        facilities.facility_photo_remove,
        name="field-facility-photo-remove",
    ),
    path("field/units/", units.unit_list, name="field-unit-list"),
    path("field/units/new/", units.unit_new, name="field-unit-new"),
    path("field/units/<int:pk>/", units.unit, name="field-unit"),
    path("field/units/<int:pk>/change/", units.unit_change, name="field-unit-change"),
    path("field/buildings/", buildings.building_list, name="field-building-list"),
    path("field/buildings/<int:pk>/", buildings.building, name="field-building"),
    path("field/dwellings/<int:pk>/", buildings.dwelling, name="field-dwelling"),
    path("field/dwellings/<int:pk>/check/", buildings.dwelling_check, name="field-dwelling-check"),
    path("field/dwellings/<int:pk>/ones/", buildings.dwelling_mark, name="field-dwelling-mark"),
    path("field/agreements/", agreements.agreement_list, name="field-agreement-list"),
    path("field/agreements/<int:pk>/", agreements.agreement, name="field-agreement"),
    path("field/agreements/<int:pk>/check/", agreements.agreement_check, name="field-agreement-check"),
    path("field/grid/", grid.my_grid, name="field-grid"),
]
