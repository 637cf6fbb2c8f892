"""Addresses of the worker's pages on a phone."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.field.views import agreements, cases, grid, households, today, units

urlpatterns: list[URLPattern] = [
    path("field/", today.today, name="field-today"),
    path("field/new/", cases.case_new, name="field-case-new"),
    path("field/cases/", cases.case_list, name="field-case-list"),
    path("field/cases/<str:number>/", cases.case, name="field-case"),
    path("field/cases/<str:number>/<str:action>/", cases.case_step, name="field-case-step"),
    path("field/households/", households.household_list, name="field-household-list"),
    path("field/households/<str:number>/", households.household, name="field-household"),
    path(
        "field/households/<str:number>/changes/<str:kind>/", households.household_change, name="field-household-change"
    ),
    path("field/units/", units.unit_list, name="field-unit-list"),
    path("field/units/new/", units.unit_new, name="field-unit-new"),
    path("field/units/<int:pk>/", units.unit, name="field-unit"),
    path("field/units/<int:pk>/change/", units.unit_change, name="field-unit-change"),
    path("field/agreements/", agreements.agreement_list, name="field-agreement-list"),
    path("field/agreements/<int:pk>/", agreements.agreement, name="field-agreement"),
    path("field/agreements/<int:pk>/check/", agreements.agreement_check, name="field-agreement-check"),
    path("field/grid/", grid.my_grid, name="field-grid"),
]
