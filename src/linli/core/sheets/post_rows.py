"""Workbooks of posts, rosters of who serves where: their columns, and what makes a row right or a repeat."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from linli.core.sheets.columns import Choice, Column, DateColumn, Ignored, Name, Parsed, PhoneColumn, Text, YesNo
from linli.core.sheets.definition import RowDraft, RowKeys, SheetDefinition, SheetFacts
from linli.core.sheets.presets import PEOPLE_COLUMNS
from linli.core.sheets.problems import Fault, ProblemKind
from linli.core.sheets.text import Cell, without_spaces, words

PLACES = ("street", "community", "grid")
OTHER = "other"
_LONGEST_PHONE = 30

_NO_ROLE = _("It is not written which post this is. Write for example grid worker, grid leader or volunteer.")
_OTHER_ROLE = _("Nobody knows this post here. Write for example grid worker, grid leader, police liaison or volunteer.")
_NEVER_GIVEN = _(
    "A workbook makes nobody an administrator, an auditor or a district leader. An administrator does that one by one, "
    "on the page “Posts”."
)
_NO_DEPARTMENT = _("A department officer needs a department. An administrator creates this post on the page “Posts”.")

WORKER, ASSISTANT = "worker", "assistant"
_NEVER = frozenset(words("administrator auditor district"))
# Whoever has one of these serves in the grid of the rows above too, where nothing else is written.
_IN_GRIDS = frozenset(words("worker assistant building_head volunteer"))
# They serve in a whole community or street: a grid that only a row above names is not theirs.
_WIDE = frozenset(words("community street"))

ROLE_PIECES: dict[str, str] = {
    # The order matters: whoever is called 网格员 or 网格长 and something more is told by the more.
    **dict.fromkeys(words("审计 auditor"), "auditor"),
    **dict.fromkeys(words("管理员 administrator"), "administrator"),
    **dict.fromkeys(words("区领导 县领导 市领导 区长 县长"), "district"),
    **dict.fromkeys(words("督导 监督员 supervisor"), "supervisor"),
    **dict.fromkeys(words("民警 片警 辅警 警员 警长 警务 police"), "police"),
    **dict.fromkeys(words("志愿 volunteer"), "volunteer"),
    **dict.fromkeys(words("微网格 楼栋长 楼长 栋长 院长 楼(院)长 单元长 楼门长 building"), "building_head"),
    **dict.fromkeys(words("兼职 助理 协管 协理 协助 辅助 b岗 b角 assistant"), ASSISTANT),
    **dict.fromkeys(words("网格长 leader"), "leader"),
    **dict.fromkeys(words("网格员 专职 a岗 a角 worker"), WORKER),
    **dict.fromkeys(words("街道 乡镇 street"), "street"),
    **dict.fromkeys(words("社区 居委 村委 两委 社工 community"), "community"),
    **dict.fromkeys(words("部门 科室 department"), "department"),
}
# What is written in place of a name where nobody holds the post; “无” and the like say nothing.
VACANT_WORDS = frozenset(words("空缺 空岗 缺岗 缺 暂缺 缺编 缺员 待定 待补 待聘 待招 空 vacant"))

_BY_FIELD = {column.field: column for column in PEOPLE_COLUMNS}


@dataclass(frozen=True, kw_only=True)
class BoardPhoneColumn(PhoneColumn):
    """A phone that everybody may read; it stays as it is written, hyphens and all."""

    def parse_text(self, text: str, cell: Cell) -> Parsed:
        found = super().parse_text(text, cell)
        same = "".join(filter(str.isdigit, text)) == found.value
        return Parsed(text) if found.fault is None and same and len(text) <= _LONGEST_PHONE else found


POST_COLUMNS: tuple[Column, ...] = (
    _BY_FIELD["serial"],
    Text(
        field="street",
        label=_("Street"),
        headers=words("街道 所属街道 所在街道 街道名称 街镇 镇街 乡镇 街道乡镇 街道编码 street"),
        max_length=100,
    ),
    Text(
        field="community",
        label=_("Community"),
        headers=words("社区 所属社区 所在社区 社区名称 村社区 村 村居 社区村 社区编码 community"),
        max_length=100,
    ),
    Text(
        field="grid",
        label=_("Grid"),
        headers=words("网格 网格名称 所属网格 所在网格 责任网格 负责网格 管辖网格 服务网格 所属网格名称 grid"),
        max_length=100,
    ),
    Text(
        field="grid_code",
        label=_("Code of the grid"),
        headers=words("网格编码 网格编号 网格代码 网格号 所属网格编码"),
        max_length=100,
    ),
    Choice(
        field="role",
        label=_("Post"),
        headers=words(
            "岗位 岗位名称 岗位类别 岗位类型 职务 职位 身份 角色 人员类别 人员类型 人员身份 类别 网格职务 网格岗位 "
            "网格员类型 网格员类别 担任职务 role"
        ),
        words={},
        pieces=ROLE_PIECES,
        otherwise=OTHER,
    ),
    Name(
        field="name",
        label=_("Held by"),
        headers=words("姓名 人员姓名 任职人 任职人员 任职人姓名 任职人员姓名 担任人 人员 name"),
    ),
    Name(
        field="worker",
        label=_("Grid worker (A)"),
        headers=words(
            "网格员姓名 网格员 专职网格员 专职网格员姓名 a岗 a岗姓名 a岗人员 a岗网格员 a角 a角姓名 a岗>姓名 a角>姓名 "
            "a岗网格员>姓名 网格员>姓名 专职网格员>姓名"
        ),
    ),
    Text(
        field="username",
        label=_("User name"),
        headers=words(
            "账号 用户名 登录名 登录账号 登录用户名 系统账号 平台账号 a岗账号 a岗用户名 a角账号 a岗>账号 a岗>用户名 "
            "a角>账号 网格员>账号 网格员账号 username"
        ),
        max_length=60,
    ),
    Name(
        field="assistant",
        label=_("Grid assistant (B)"),
        headers=words(
            "b岗 b岗姓名 b岗人员 b岗网格员 b角 b角姓名 b岗>姓名 b角>姓名 b岗网格员>姓名 网格助理 网格助理姓名 "
            "兼职网格员 兼职网格员姓名 网格协理员 协理员 协理员姓名 兼职网格员>姓名 网格助理>姓名"
        ),
    ),
    Text(
        field="assistant_username",
        label=_("User name of the assistant (B)"),
        headers=words("b岗账号 b岗用户名 b角账号 b岗>账号 b岗>用户名 b角>账号 网格助理账号 兼职网格员账号"),
        max_length=60,
    ),
    Text(
        field="label",
        label=_("Name of the post here"),
        headers=words("本地称呼 本地叫法 当地称呼 岗位别名 岗位称呼 别称 称呼 公示名称"),
        max_length=40,
    ),
    Text(
        field="duties",
        label=_("Duties"),
        headers=words("职责 岗位职责 工作职责 网格职责 主要职责 职责分工 工作内容 工作任务 duties"),
        max_length=200,
    ),
    BoardPhoneColumn(
        field="board_phone",
        label=_("Phone on the public board"),
        headers=words(
            "公示电话 公示牌电话 值班电话 网格电话 岗位电话 服务电话 对外电话 办公电话 公开电话 a岗>公示电话 "
            "a岗公示电话"
        ),
    ),
    YesNo(
        field="on_board",
        label=_("Shown on the public board"),
        headers=words("是否公示 公示 上公示牌 是否上公示牌 是否上牌 是否对外公示 是否公开"),
        yes=frozenset(words("公示 公开 上牌")),
        no=frozenset(words("不公示 不公开 不上牌")),
    ),
    DateColumn(
        field="since",
        label=_("Since"),
        headers=words("任职时间 任职日期 上岗时间 上岗日期 到岗时间 到岗日期 聘任时间 聘任日期 聘用时间 since"),
    ),
    Ignored(
        field="own_phone",
        label=_("The person's own phone (left out: posts never keep it)"),
        headers=words(
            "联系电话 电话 联系方式 手机 手机号 手机号码 移动电话 本人电话 本人手机 个人电话 个人手机 电话号码 "
            "a岗电话 a岗联系电话 a岗手机 a岗>电话 a岗>联系电话 a岗>手机号 网格员电话 网格员联系电话 phone"
        ),
    ),
    Ignored(
        field="assistant_phone",
        label=_("The assistant's own phone (left out: posts never keep it)"),
        headers=words("b岗电话 b岗联系电话 b岗手机 b角电话 b岗>电话 b岗>联系电话 b岗>手机号 网格助理电话"),
    ),
    Ignored(
        field="id_number",
        label=_("ID number (left out: posts never keep it)"),
        headers=words("身份证号 身份证号码 身份证 公民身份号码 证件号码 公民身份证号码"),
    ),
    Ignored(
        field="birth_date",
        label=_("Date of birth or age (left out: posts never keep it)"),
        headers=words("出生日期 出生年月 出生年月日 年龄"),
    ),
    Ignored(field="sex", label=_("Sex (left out: posts never keep it)"), headers=words("性别")),
    Ignored(
        field="education",
        label=_("Education (left out: each writes that into the register)"),
        headers=words("学历 文化程度 毕业院校 毕业学校 专业 学位 社工证 职称 资格证书"),
    ),
    Ignored(
        field="home",
        label=_("Where the person lives (left out: posts never keep it)"),
        headers=words("家庭住址 住址 居住地址 现住址 现居住地 籍贯 户籍地址"),
    ),
    Ignored(field="note", label=_BY_FIELD["note"].label, headers=_BY_FIELD["note"].headers),
)


def finish_post(row: RowDraft, _facts: SheetFacts) -> None:
    """Work out which post a row speaks of; a line of the form that nobody filled in is passed over."""
    values = row.values
    if "board_phone" in {name for name, _fault in row.faults}:
        values["board_phone"] = ""
    by_header = bool(values.get("worker")) and not values.get("name")
    name, values["vacant"] = _holder(values.get("name") or values.get("worker"))
    values["name"] = name
    assistant, values["assistant_vacant"] = _holder(values.get("assistant"))
    values["assistant"] = assistant
    has_assistant = bool(assistant or values["assistant_vacant"] or values.get("assistant_username"))
    has_first = bool(name or values["vacant"] or values.get("username"))
    role = str(values.get("role") or "")
    if not role and by_header:
        role = WORKER
    values["role"] = role
    if not role and not has_first:
        row.skipped = not has_assistant
    elif fault := _role_fault(role, row.written.get("role", "")):
        row.mark("role", fault)
    if role in _WIDE and not row.has_own_address:
        values["grid"] = ""
        values["community"] = "" if role == "street" else values.get("community", "")


def _holder(written: object) -> tuple[str, bool]:
    """Return the name that is written, and whether it is written that nobody holds the post."""
    name = str(written or "")
    return ("", True) if name.lower() in VACANT_WORDS else (name, False)


def _role_fault(role: str, written: str) -> Fault | None:
    if not role:
        return Fault(ProblemKind.MISSING, _NO_ROLE, held=True)
    if role in _NEVER:
        return Fault(ProblemKind.BAD_CHOICE, _NEVER_GIVEN, written, held=True)
    if role == "department":
        return Fault(ProblemKind.BAD_CHOICE, _NO_DEPARTMENT, written, held=True)
    return Fault(ProblemKind.BAD_CHOICE, _OTHER_ROLE, written, held=True) if role == OTHER else None


def serves_elsewhere(written: Mapping[str, str]) -> bool:
    """Tell from the written cells that a row with a community and no grid does not speak of the grid above it."""
    word = without_spaces(written.get("role", "")).lower()
    role = next((value for piece, value in ROLE_PIECES.items() if piece in word), "")
    return bool(role) and role not in _IN_GRIDS


def post_keys(row: RowDraft) -> RowKeys:
    """The same person in the same post of the same place twice is a repeat; vacant posts may be several."""
    values = row.values
    place: Hashable = values.get("area_id") or tuple(str(values.get(name) or "") for name in (*PLACES, "grid_code"))
    who = (
        (values.get("role"), ("holder_id", "holder_account", "username", "name")),
        (ASSISTANT, ("assistant_id", "assistant_account", "assistant_username", "assistant")),
    )
    people = [(role, next((values[name] for name in names if values.get(name)), None)) for role, names in who]
    keys = tuple((place, role, person) for role, person in people if person)
    return RowKeys(keys, keys)


POSTS_SHEET = SheetDefinition(
    kind="posts",
    columns=POST_COLUMNS,
    recognised_by=(
        frozenset(words("name worker assistant username")),
        frozenset(words("role grid grid_code community street")),
    ),
    address_fields=PLACES,
    merged_fields=frozenset({*PLACES, "grid_code", "role", "worker", "assistant", "board_phone", "duties"}),
    household_start=serves_elsewhere,
    foreign_words=words("填表 填报 登记人 录入 审核 包联 紧急 配偶 家属"),
    data_words=frozenset(words("网格员 负责人 社区")),
    finish=finish_post,
    identity=post_keys,
)
"""As the engine reads it; the staff app registers it."""
