"""The JSON interface ``/api/v1`` for programs."""

from __future__ import annotations

from ninja import NinjaAPI

from linli.api import areas, cases, ledgers, lost, problems, reports
from linli.api.access import STAFF

api = NinjaAPI(
    title="Linli 邻里",
    version="1",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    auth=STAFF,
)
for router in (areas.router, cases.router, reports.router, ledgers.router, lost.router):
    api.add_router("", router)
problems.install(api)
