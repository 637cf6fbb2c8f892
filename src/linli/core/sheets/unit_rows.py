"""Workbooks of units: companies, shops, organisations; their columns, and what makes a row right or a repeat."""

from django.utils.translation import gettext_lazy as _

from linli.core.sheets.addresses import ADDRESS_PARTS
from linli.core.sheets.columns import Choice, DateColumn, Ignored, Name, Number, PhoneColumn, Text
from linli.core.sheets.definition import RowDraft, RowKeys, SheetDefinition, SheetFacts
from linli.core.sheets.people_rows import place_home
from linli.core.sheets.presets import PEOPLE_COLUMNS
from linli.core.sheets.problems import Fault, ProblemKind
from linli.core.sheets.text import without_spaces, words

_MOST = 1_000_000
_NO_NAME = _("The name of the unit is missing. Write it as on the licence or over the door.")
_NO_PLACE = _("It is not written where the unit is. It is kept without a grid until somebody says so.")

_BY_FIELD = {column.field: column for column in PEOPLE_COLUMNS}

KIND_PIECES: dict[str, str] = {
    # The order matters: 业主委员会 before 委员会, 幼儿园 and 学校 before 公司, 医药公司 is a company.
    **dict.fromkeys(words("业主委员会 业委会 物管会"), "committee"),
    **dict.fromkeys(words("物业"), "manager"),
    **dict.fromkeys(words("协会 学会 商会 联合会"), "association"),
    **dict.fromkeys(words("社会组织 社会团体 社团 民办非企业 民非 基金会 志愿"), "social"),
    **dict.fromkeys(words("幼儿园 学校 小学 中学 大学 培训 教育"), "school"),
    **dict.fromkeys(words("医院 诊所 卫生室 卫生所 卫生服务 门诊 药房"), "clinic"),
    **dict.fromkeys(words("宾馆 酒店 旅馆 旅店 民宿 招待所"), "hotel"),
    **dict.fromkeys(words("餐饮 餐馆 饭店 面馆 小吃 快餐 火锅 烧烤 食堂"), "restaurant"),
    **dict.fromkeys(words("机关 事业 行政 政府 委员会 中心"), "institution"),
    **dict.fromkeys(words("公司 企业 工厂 集团 厂"), "company"),
    **dict.fromkeys(words("个体 商铺 门店 店铺 超市 便利店 商店 店"), "shop"),
}

UNIT_COLUMNS = (
    _BY_FIELD["serial"],
    Text(
        field="name",
        label=_("Name of the unit"),
        headers=words(
            "单位名称 企业名称 公司名称 商户名称 店铺名称 门店名称 商铺名称 门店 店名 机构名称 组织名称 字号名称 名称 "
            "单位 企业 商户 unit"
        ),
        contains=words("单位名称 企业名称 商户名称"),
        max_length=100,
    ),
    Choice(
        field="kind",
        label=_("Kind of unit"),
        headers=words("单位类型 单位性质 单位类别 企业类型 企业性质 行业 行业类别 类型 类别 性质 经营类别 kind"),
        words={},
        pieces=KIND_PIECES,
        otherwise="other",
    ),
    Text(
        field="credit_code",
        label=_("Unified social credit code"),
        headers=words("统一社会信用代码 社会信用代码 信用代码 统一信用代码 组织机构代码 营业执照号 uscc"),
        contains=("信用代码",),
        max_length=40,
    ),
    *(_BY_FIELD[name] for name in words("compound building entrance room")),
    Text(
        field="address",
        label=_("Where it is"),
        headers=words("地址 单位地址 经营地址 经营场所 注册地址 详细地址 所在位置 位置 住所 门牌 address"),
        contains=words("经营地址 单位地址"),
    ),
    Name(
        field="contact_name",
        label=_("Contact person"),
        headers=words("联系人 联系人姓名 负责人 负责人姓名 法人 法人代表 法定代表人 经营者 店主 业主姓名 contact"),
        max_length=60,
    ),
    PhoneColumn(
        field="contact_phone",
        label=_("Contact phone"),
        headers=words("联系电话 电话 联系方式 手机 手机号 手机号码 负责人电话 联系人电话 法人电话 经营者电话 phone"),
    ),
    Number(
        field="employees",
        label=_("People working there"),
        headers=words("从业人数 员工人数 员工数 职工人数 职工数 从业人员 从业人员数 用工人数 人数 employees"),
        least=0,
        most=_MOST,
        whole=True,
    ),
    Number(
        field="floor_area",
        label=_("Floor area in m²"),
        headers=words("面积 经营面积 建筑面积 营业面积 使用面积 area"),
        contains=("面积",),
        least=0,
        most=_MOST,
    ),
    DateColumn(
        field="opened_on",
        label=_("Opened or founded on"),
        headers=words("成立日期 成立时间 开业日期 开业时间 注册日期 founded"),
    ),
    DateColumn(
        field="licence_until",
        label=_("Licence valid until"),
        headers=words("有效期 有效期至 执照有效期 营业期限 许可证有效期"),
        future_allowed=True,
    ),
    Ignored(field="note", label=_BY_FIELD["note"].label, headers=_BY_FIELD["note"].headers),
)


def finish_unit(row: RowDraft, facts: SheetFacts) -> None:
    """Keep the address as it is written too; a unit without a name is held, an empty line passed over."""
    values = row.values
    written = str(values.get("address") or "")
    place_home(row, facts)
    parts = [str(values.get(name) or "") for name in ADDRESS_PARTS]
    values["place"] = written or "".join(row.written.get(name, "") for name in ADDRESS_PARTS if row.written.get(name))
    if not values.get("name"):
        if any(values.get(name) for name in ("credit_code", "contact_name", "contact_phone")) or written:
            row.mark("name", Fault(ProblemKind.MISSING_NAME, _NO_NAME, held=True))
        else:
            row.skipped = True
        return
    if "contact_phone" in {name for name, _fault in row.faults}:
        values["contact_phone"] = ""
    if not values["place"] and not any(parts):
        row.mark("address" if "address" in facts.fields else "name", Fault(ProblemKind.NO_DWELLING, _NO_PLACE))


def unit_keys(row: RowDraft) -> RowKeys:
    """The same code twice is a repeat, and so is the same name at the same place."""
    code = without_spaces(str(row.values.get("credit_code") or "")).upper()
    at = ("at", str(row.values.get("name") or ""), str(row.values.get("place") or ""))
    keys = (("code", code), at) if code else (at,)
    return RowKeys(keys, keys)


UNITS_SHEET = SheetDefinition(
    kind="units",
    columns=UNIT_COLUMNS,
    recognised_by=(
        frozenset({"name"}),
        frozenset(words("credit_code kind address building contact_name employees floor_area")),
    ),
    address_fields=ADDRESS_PARTS[:2],
    merged_fields=frozenset({*ADDRESS_PARTS, "address", "kind"}),
    foreign_words=words("主管 上级 网格 采集 填表 填报 登记人 录入 审核 包联 安全员 党员"),
    finish=finish_unit,
    identity=unit_keys,
)
"""As the engine reads it; the units app registers it."""
