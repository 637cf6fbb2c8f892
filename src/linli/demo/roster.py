"""An invented roster that the administrator has just sent in and not taken over yet."""

from __future__ import annotations

from collections.abc import Mapping

from linli.areas.choices import Role
from linli.areas.models import Area
from linli.areas.queries import staff_of
from linli.demo.sheets import titled_workbook
from linli.demo.staff import SHOWCASE_COMMUNITY, SHOWCASE_GRID, VACANT_GRID
from linli.exchange.actions import check_batch, receive_workbook

TITLE = "网格员花名册"
HEADERS = ("序号", "网格名称", "岗位", "姓名", "账号", "联系电话", "公示电话", "职责")


def roster(grid: Area, vacant: Area) -> bytes:
    """Return a roster of two grids: a new phone, somebody for a vacant post, somebody unknown, a grid that is none."""
    rows = (
        (grid.name, "专职网格员", "李文静", "", "", "0355-2020118", ""),
        ("", "网格助理", "申海波", "", "", "", ""),
        ("", "楼栋长", "冯建国", "", "", "", "看好楼道，帮忙传话"),
        (vacant.name, "专职网格员", "武晓燕", "wu.xiaoyan", "", "0355-2020119", ""),
        ("", "志愿者", "段玉兰", "", "", "", ""),
        ("第九十九网格", "专职网格员", "武晓燕", "", "", "", ""),
    )
    return titled_workbook(TITLE, HEADERS, rows)


def send_roster(places: Mapping[str, Area]) -> None:
    """Let the administrator send the roster of the first community in, and look at what it would bring."""
    community = places[SHOWCASE_COMMUNITY]
    administrators = [post.holder for post in staff_of(community, (Role.ADMINISTRATOR,)) if post.holder]
    if not administrators or VACANT_GRID not in places:
        return
    by = administrators[0]
    content = roster(places[SHOWCASE_GRID], places[VACANT_GRID])
    batch = receive_workbook(content, name=f"{community.name}{TITLE}.xlsx", area=community, kind="posts", by=by)
    check_batch(batch, by=by)
