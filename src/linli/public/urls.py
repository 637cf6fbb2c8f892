from __future__ import annotations

from django.urls import URLPattern, path

from linli.public.views import declare, declared, find, follow, geo, pages, report

urlpatterns: list[URLPattern] = [
    path("find/", find.find, name="find"),
    path("find/suggest/", find.suggest, name="find-suggest"),
    path("find/at/", find.at, name="find-at"),
    path("d/<str:plate>/", find.plate, name="plate"),
    path("d/<str:plate>/qr.svg", find.plate_qr, name="plate-qr"),
    path("grid/<str:code>/", find.board, name="board"),
    path("report/", report.report, name="report"),
    path("report/sent/", report.sent, name="report-sent"),
    path("follow/<str:token>/", follow.follow, name="follow"),
    path("follow/<str:token>/reply/", follow.reply, name="follow-reply"),
    path("follow/<str:token>/renew/", follow.renew, name="follow-renew"),
    path("follow/<str:token>/photos/<int:number>/", follow.photo, name="follow-photo"),
    path("declare/", declare.choose, name="declare"),
    path("declare/sent/", declare.sent, name="declare-sent"),
    path("declare/follow/<str:token>/", declared.follow, name="declare-follow"),
    path("declare/follow/<str:token>/answer/", declared.reply, name="declare-answer"),
    path("declare/follow/<str:token>/withdraw/", declared.take_back, name="declare-withdraw"),
    path("declare/follow/<str:token>/renew/", declared.renew, name="declare-renew"),
    path("declare/<str:who>/<str:kind>/", declare.declare, name="declare-form"),
    path("declare/<str:who>/<str:kind>/pick/", declare.pick, name="declare-pick"),
    path("privacy/", pages.privacy, name="privacy"),
    path("public/areas.geojson", geo.areas, name="public-areas"),
    path("public/buildings.geojson", geo.buildings, name="public-buildings"),
]
