"""Workbooks of homes and of buildings: their columns, and what makes a row right or a repeat."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from linli.core.sheets.addresses import ADDRESS_PARTS
from linli.core.sheets.columns import Choice, Column, Ignored, Number, Text
from linli.core.sheets.definition import RowDraft, RowKeys, SheetDefinition, SheetFacts
from linli.core.sheets.people_rows import dwelling_key, place_home
from linli.core.sheets.presets import FOREIGN_WORDS, PEOPLE_COLUMNS
from linli.core.sheets.problems import Fault, ProblemKind
from linli.core.sheets.text import words

_NO_HOME = _("The home is missing. Write the building and the room.")
_NO_BUILDING = _("The building is missing. Write its number or its name, and its compound if it has one.")
_MOST_FLOORS = 200
_MOST_ENTRANCES = 100

_BY_FIELD = {column.field: column for column in PEOPLE_COLUMNS}
_USE_HEADERS = _BY_FIELD["renting"]

USE_WORDS: dict[str, str] = {
    **dict.fromkeys(words("是 有 1 y yes true √"), "rented"),
    **dict.fromkeys(words("否 没有 0 n no false ×"), "own"),
    **dict.fromkeys(words("不愿说 不愿透露 不便透露 拒绝 拒答"), "declined"),
    **dict.fromkeys(words("未登记 未知 不清楚 待核实 其他"), "unknown"),
}
USE_PIECES: dict[str, str] = {
    # The order matters: 未出租 before 出租, 空置待租 is empty.
    **dict.fromkeys(words("空置 空户 空房 空关 空家 空闲 无人 未入住 闲置 待售 未售 毛坯 待租 vacant empty"), "empty"),
    **dict.fromkeys(words("未出租 不出租 未租 自住 自有 自用 自购 产权 业主 自家 自居 自建 own"), "own"),
    **dict.fromkeys(words("租 rented let"), "rented"),
}
BUILDING_PIECES: dict[str, str] = {
    **dict.fromkeys(words("商住 住宅 居民 居住 家属楼 平房 民房 公寓 宿舍 residential"), "residential"),
    **dict.fromkeys(words("商铺 商业 门面 门店 店铺 底商 商场 市场 写字楼 shops"), "shops"),
    **dict.fromkeys(words("公共 公建 办公 学校 医院 幼儿园 机关 社区用房 服务中心 public"), "public"),
}


def _columns(*fields: str) -> tuple[Column, ...]:
    return tuple(_BY_FIELD[field] for field in fields)


DWELLING_COLUMNS: tuple[Column, ...] = (
    *_columns("serial", "compound", "building", "entrance", "room", "address"),
    Choice(
        field="occupancy",
        label=_("Use of the home"),
        headers=_USE_HEADERS.headers,
        contains=_USE_HEADERS.contains,
        not_with=_USE_HEADERS.not_with,
        words=USE_WORDS,
        pieces=USE_PIECES,
    ),
    # 门牌号 alone is how people write the room.
    Text(
        field="plate_number",
        label=_("Plate number"),
        headers=words(
            "标准地址码 标准地址编码 标准地址代码 地址编码 地址码 门牌编码 门牌编号 门楼牌号 门楼牌编码 "
            "市政门牌号 二维码门牌号 plate"
        ),
        contains=words("标准地址码 标准地址编码 门牌编码"),
        max_length=60,
    ),
    Ignored(field="note", label=_BY_FIELD["note"].label, headers=_BY_FIELD["note"].headers),
)
BUILDING_COLUMNS: tuple[Column, ...] = (
    *_columns("serial", "compound", "building", "address"),
    Choice(
        field="kind",
        label=_("Kind of building"),
        headers=words(
            "楼栋类型 建筑类型 楼宇类型 楼房类型 类型 用途 楼栋用途 建筑用途 楼宇性质 楼栋性质 建筑性质 房屋类型"
        ),
        contains=words("楼栋类型 建筑类型 楼宇类型"),
        words={},
        pieces=BUILDING_PIECES,
        otherwise="other",
    ),
    Number(
        field="floors",
        label=_("Floors"),
        headers=words("层数 楼层数 总层数 楼层 总楼层 地上层数 几层 建筑层数 floors"),
        contains=("层数",),
        not_with=words("地下 所在"),
        least=1,
        most=_MOST_FLOORS,
        whole=True,
    ),
    Number(
        field="entrances",
        label=_("Number of entrances"),
        headers=words("单元数 单元数量 单元个数 单元总数 总单元数 几个单元 单元 门洞数 entrances"),
        contains=("单元数",),
        least=1,
        most=_MOST_ENTRANCES,
        whole=True,
    ),
    Text(
        field="grid",
        label=_("Grid"),
        headers=words("网格 所属网格 所在网格 网格名称 网格编号 网格编码 网格代码 所属网格名称 所属网格编码 grid"),
        max_length=100,
    ),
    Ignored(field="households", label=_("Households in it"), headers=words("户数 总户数 住户数")),
    Ignored(field="note", label=_BY_FIELD["note"].label, headers=_BY_FIELD["note"].headers),
)


def finish_dwelling(row: RowDraft, facts: SheetFacts) -> None:
    """Put the address together; a line of the form that nobody filled in is passed over."""
    if place_home(row, facts):
        return
    if not row.has_own_address:
        row.skipped = True
    else:
        row.mark("room" if "room" in facts.fields else "address", Fault(ProblemKind.NO_DWELLING, _NO_HOME, held=True))


def finish_building(row: RowDraft, facts: SheetFacts) -> None:
    """Put compound and building together; a building may be known by its compound alone."""
    place_home(row, facts)
    row.values |= {"entrance": "", "room": ""}
    if row.values.get("building") or row.values.get("compound"):
        return
    if not row.has_own_address:
        row.skipped = True
    else:
        row.mark("building", Fault(ProblemKind.NO_DWELLING, _NO_BUILDING, held=True))


def home_keys(row: RowDraft) -> RowKeys:
    """The same address twice is a repeat."""
    key = dwelling_key(row.values)
    return RowKeys((key,), (key,)) if any(key) else RowKeys()


def _sheet(
    kind: str,
    columns: tuple[Column, ...],
    finish: Callable[[RowDraft, SheetFacts], None],
    *,
    needs: str,
    filled_down: tuple[str, ...],
) -> SheetDefinition:
    return SheetDefinition(
        kind=kind,
        columns=columns,
        recognised_by=(frozenset(words(needs)), frozenset(words("compound building address"))),
        address_fields=filled_down,
        merged_fields=frozenset({*ADDRESS_PARTS, "address", "grid"}),
        foreign_words=FOREIGN_WORDS,
        finish=finish,
        identity=home_keys,
    )


DWELLINGS_SHEET = _sheet(
    "dwellings", DWELLING_COLUMNS, finish_dwelling, needs="room address", filled_down=ADDRESS_PARTS[:-1]
)
BUILDINGS_SHEET = _sheet(
    "buildings", BUILDING_COLUMNS, finish_building, needs="building address", filled_down=ADDRESS_PARTS[:1]
)
"""As the engine reads them; the housing app registers them."""
