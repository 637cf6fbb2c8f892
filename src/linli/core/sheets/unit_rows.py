"""Workbooks of units: companies, shops, organisations; their columns, and what makes a row right or a repeat."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from linli.core.masking import MASK
from linli.core.offices import OfficesFault, read_offices, spell_offices
from linli.core.sheets.addresses import ADDRESS_PARTS
from linli.core.sheets.columns import Choice, DateColumn, Ignored, Name, Number, Parsed, PhoneColumn, Text, YesNo
from linli.core.sheets.definition import RowDraft, RowKeys, SheetDefinition, SheetFacts
from linli.core.sheets.people_rows import place_home
from linli.core.sheets.presets import PEOPLE_COLUMNS
from linli.core.sheets.problems import Fault, ProblemKind
from linli.core.sheets.text import Cell, without_spaces, words

_MOST = 1_000_000
_NO_NAME = _("The name of the unit is missing. Write it as on the licence or over the door.")
_NO_PLACE = _("It is not written where the unit is. It is kept without a grid until somebody says so.")

_STARS = _("A star stands here instead of a name. What is written down stays; write the name to change it.")
_OFFICES = _("Write each office with its name, as 主任：王建国；副主任：李四. Nothing is taken over from here.")
_TERM = _("The term ends before it begins. Correct the day.")

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


@dataclass(frozen=True, kw_only=True)
class Offices(Text):
    """Who holds which office: ``主任张三、副主任李四`` -> ``主任：张三；副主任：李四``."""

    max_length: int = 2000

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        # Line breaks of the cell part offices as semicolons do.
        written = cell.replace("\n", "；") if isinstance(cell, str) else text
        try:
            return Parsed(spell_offices(read_offices(written)))
        except OfficesFault:
            # The names stand in the workbook; a report does not repeat them.
            return Parsed("", Fault(ProblemKind.BAD_CHOICE, _OFFICES))


@dataclass(frozen=True, kw_only=True)
class Percent(Number):
    """Whole percent: ``95%``, 95, and 0.95 or 1 in a number cell, as spreadsheets keep 95% and 100%."""

    least: float | None = 0
    most: float | None = 100
    whole: bool = True

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        if isinstance(cell, int | float) and 0 <= cell <= 1:
            text = str(round(cell * 100))
        return super().parse_text(text, cell)


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
    Name(
        field="second_name",
        label=_("Second contact person"),
        headers=words("第二联系人 联系人2 联系人二 备用联系人 其他联系人 另一联系人 第二联系人姓名 contact2"),
        contains=words("第二联系人 备用联系人"),
        not_with=words("电话 手机"),
        max_length=60,
    ),
    PhoneColumn(
        field="second_phone",
        label=_("Second contact phone"),
        headers=words(
            "第二联系电话 第二联系人电话 联系电话2 联系电话二 联系人2电话 电话2 备用电话 备用联系电话 备用联系人电话 "
            "其他联系电话 其他联系人电话 phone2"
        ),
        contains=words("第二联系人电话 备用联系人电话"),
    ),
    YesNo(
        field="contact_declined",
        label=_("Prefers not to give a contact"),
        headers=words("不愿留联系方式 不留联系方式 不便留联系方式"),
    ),
    Offices(
        field="officers",
        label=_("Office-holders (organisations, committees)"),
        headers=words(
            "任职人员 任职人员(社会组织、业委会) 组成人员 委员会成员 委员会组成人员 业委会成员 班子成员 理事会成员 "
            "理事会组成 主要任职人员 任职名单 officers"
        ),
        contains=words("任职人员 组成人员"),
    ),
    Text(
        field="liaison",
        label=_("Keeps contact for the community"),
        headers=words("社区联络人 联络人 社区联系人 社区对接人 对接人 联系社区干部 liaison"),
        contains=words("社区联络人 社区联系人"),
        max_length=60,
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
    Text(
        field="register_number",
        label=_("Licence or register number"),
        headers=words("登记证号 登记号 登记证书号 许可证号 许可证编号 证照号 证照编号 注册号 执照或登记证号 执照号码"),
        contains=words("登记证号 许可证号"),
        max_length=40,
    ),
    Text(
        field="opening_hours",
        label=_("Opening hours"),
        headers=words("营业时间 开放时间 服务时间 经营时间 hours"),
        max_length=60,
    ),
    Number(
        field="members",
        label=_("Members (organisations, committees)"),
        headers=words("会员数 会员人数 会员数量 成员人数 成员数 委员人数 members"),
        contains=words("会员人数 会员数"),
        least=0,
        most=_MOST,
        whole=True,
    ),
    Percent(
        field="contract_rate",
        label=_("Labour contracts signed, in percent"),
        headers=words("劳动合同签订率 劳动合同签订率% 合同签订率 劳动合同签订率(%)"),
        contains=words("劳动合同签订率 合同签订率"),
    ),
    DateColumn(
        field="term_from",
        label=_("Term from"),
        headers=words("任期开始 任期起 任期自 任期从 本届任期开始 当选日期 换届完成日期"),
        future_allowed=True,
    ),
    DateColumn(
        field="term_until",
        label=_("Term until"),
        headers=words("任期结束 任期至 任期到 任期止 任期届满 届满日期 下次换届日期 换届日期"),
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
    _clean_contacts(row)
    begins, ends = values.get("term_from"), values.get("term_until")
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        values["term_until"] = None
        row.mark("term_until", Fault(ProblemKind.BAD_DATE, _TERM))
    if not values["place"] and not any(parts):
        row.mark("address" if "address" in facts.fields else "name", Fault(ProblemKind.NO_DWELLING, _NO_PLACE))


def _clean_contacts(row: RowDraft) -> None:
    """Take neither a wrong phone over nor a name that an earlier table hid."""
    wrong = {name for name, _fault in row.faults}
    for name in ("contact_phone", "second_phone"):
        if name in wrong:
            row.values[name] = ""
    for name in ("contact_name", "second_name"):
        if MASK in str(row.values.get(name) or ""):
            row.values[name] = ""
            row.mark(name, Fault(ProblemKind.BAD_CHOICE, _STARS))


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
