"""Workbooks of homes that are let: owner, tenant, since when; and what makes a row right or a repeat."""

from django.utils.translation import gettext_lazy as _

from linli.core.sheets.addresses import ADDRESS_PARTS
from linli.core.sheets.columns import Choice, DateColumn, Ignored, Name, Number, PhoneColumn
from linli.core.sheets.definition import RowDraft, SheetDefinition, SheetFacts
from linli.core.sheets.housing_rows import finish_dwelling, home_keys
from linli.core.sheets.presets import PEOPLE_COLUMNS
from linli.core.sheets.problems import Fault, ProblemKind
from linli.core.sheets.text import words

_MOST_TENANTS = 200
_NO_BEGINNING = _(
    "The day is missing from which it is let. The home is kept as let, the tenancy is not: write the day."
)
_END_FIRST = _("The end lies before the beginning, so it is left out. Correct it.")
_PHONES = ("owner_phone", "tenant_phone")

_BY_FIELD = {column.field: column for column in PEOPLE_COLUMNS}

RENTAL_COLUMNS = (
    *(_BY_FIELD[name] for name in words("serial compound building entrance room address")),
    Name(
        field="owner",
        label=_("Owner"),
        headers=words(
            "房东姓名 房东 房主 房主姓名 业主 业主姓名 户主姓名 产权人 产权人姓名 房屋所有人 出租人 出租人姓名 出租方 "
            "房东>姓名 房主>姓名 业主>姓名 产权人>姓名 出租人>姓名 出租方>姓名 owner landlord"
        ),
        max_length=100,
    ),
    PhoneColumn(
        field="owner_phone",
        label=_("Phone of the owner"),
        headers=words(
            "房东电话 房东联系电话 房东手机 房东联系方式 房主电话 房主联系电话 业主电话 业主联系电话 产权人电话 "
            "出租人电话 出租人联系电话 房东>电话 房东>联系电话 房主>联系电话 业主>电话 业主>联系电话 "
            "出租人>电话 出租人>联系电话 出租方>联系电话"
        ),
    ),
    Name(
        field="tenant",
        label=_("Tenant"),
        headers=words(
            "承租人 承租人姓名 租户 租户姓名 租客 租客姓名 租住人 租住人姓名 租房人 租房人姓名 承租方 姓名 "
            "承租人>姓名 租户>姓名 租客>姓名 承租方>姓名 租住人>姓名 tenant"
        ),
        max_length=60,
    ),
    PhoneColumn(
        field="tenant_phone",
        label=_("Phone of the tenant"),
        headers=words(
            "承租人电话 承租人联系电话 租户电话 租户联系电话 租客电话 租客联系电话 租住人电话 租住人联系电话 "
            "租房人电话 联系电话 电话 手机号 承租人>电话 承租人>联系电话 租户>电话 租户>联系电话 "
            "租客>电话 租客>联系电话 承租方>联系电话"
        ),
    ),
    Number(
        field="headcount",
        label=_("How many live there"),
        headers=words("租住人数 居住人数 承租人数 租户人数 入住人数 实住人数 人数 同住人数 headcount"),
        least=1,
        most=_MOST_TENANTS,
        whole=True,
    ),
    DateColumn(
        field="since",
        label=_("Let since"),
        headers=words(
            "起租日期 起租时间 租赁开始日期 租赁起始日期 租住时间 租住日期 入住日期 入住时间 开始日期 起始日期 租期>起 "
            "租期>开始 租赁期限>起 租赁期限>开始 租赁时间>起 since"
        ),
    ),
    DateColumn(
        field="agreed_until",
        label=_("Agreed until"),
        headers=words(
            "到期日期 到期时间 租赁到期日期 租赁结束日期 合同到期日期 合同到期时间 结束日期 终止日期 截止日期 租期>止 "
            "租期>结束 租赁期限>止 租赁期限>结束 租赁时间>止 until"
        ),
        future_allowed=True,
    ),
    Choice(
        field="contract",
        label=_("Contract seen"),
        headers=words("是否签订合同 是否有合同 有无合同 租赁合同 合同 是否签合同 是否签订租赁合同 contract"),
        words={
            **dict.fromkeys(words("是 有 已签 已签订 1 y yes √"), "yes"),
            **dict.fromkeys(words("否 没有 未签 未签订 0 n no ×"), "no"),
        },
    ),
    Ignored(field="note", label=_BY_FIELD["note"].label, headers=_BY_FIELD["note"].headers),
)


def finish_rental(row: RowDraft, facts: SheetFacts) -> None:
    """Put the address together; keep no phone that is wrong, and no tenancy that has no beginning."""
    finish_dwelling(row, facts)
    if row.skipped or row.held:
        return
    values, wrong = row.values, {name for name, _fault in row.faults}
    for name in _PHONES:
        if name in wrong:
            values[name] = ""
    since, until = values.get("since"), values.get("agreed_until")
    if values.get("tenant") and not since and "since" not in wrong:
        row.mark("since" if "since" in facts.fields else "tenant", Fault(ProblemKind.BAD_DATE, _NO_BEGINNING))
    if since and until and str(until) < str(since):
        values["agreed_until"] = None
        row.mark("agreed_until", Fault(ProblemKind.BAD_DATE, _END_FIRST))


RENTALS_SHEET = SheetDefinition(
    kind="rentals",
    columns=RENTAL_COLUMNS,
    recognised_by=(frozenset(words("room address")), frozenset(words("owner tenant since"))),
    address_fields=ADDRESS_PARTS[:-1],
    merged_fields=frozenset({*ADDRESS_PARTS, "address", "owner", "owner_phone"}),
    foreign_words=words(
        "监护 紧急 网格 楼长 栋长 采集 填表 填报 登记人 录入 审核 包联 责任人 物业 车牌 车辆 配偶 中介"
    ),
    finish=finish_rental,
    identity=home_keys,
)
"""As the engine reads it; the housing app registers it."""
