"""The columns of a people workbook, with the words that communities use for them."""

from django.utils.translation import gettext_lazy as _

from linli.core.sheets.columns import (
    BuildingColumn,
    Choice,
    Column,
    CompoundColumn,
    DateColumn,
    EntranceColumn,
    IdNumberColumn,
    Ignored,
    Name,
    PhoneColumn,
    RoomColumn,
    Text,
    YesNo,
)
from linli.core.sheets.text import words

HEAD = "head"
"""The relation of the head of a household."""

HEAD_WORDS = frozenset(words("户主 本人 户主本人 户主(本人) 本人(户主) 本户户主 房主本人 head 01 1"))

RELATION_WORDS: dict[str, str] = {
    **dict.fromkeys(HEAD_WORDS, HEAD),
    **dict.fromkeys(words("配偶 妻 妻子 夫 丈夫 老婆 老公 爱人 夫妻 之妻 之夫 spouse"), "spouse"),
    **dict.fromkeys(words("子 之子 儿子 长子 次子 三子 四子 独子 养子 继子 大儿子 二儿子 小儿子 son"), "son"),
    **dict.fromkeys(words("女 之女 女儿 长女 次女 三女 四女 独女 养女 继女 大女儿 二女儿 小女儿 daughter"), "daughter"),
    **dict.fromkeys(words("父 父亲 之父 爸爸 养父 继父 father"), "father"),
    **dict.fromkeys(words("母 母亲 之母 妈妈 养母 继母 mother"), "mother"),
    **dict.fromkeys(words("儿媳 儿媳妇 媳妇 长媳 次媳 之媳 子媳"), "daughter_in_law"),
    **dict.fromkeys(words("女婿 之婿 长婿 次婿"), "son_in_law"),
    **dict.fromkeys(words("岳父 岳母 公公 婆婆 公婆"), "parent_in_law"),
    **dict.fromkeys(words("孙 孙子 之孙 长孙 孙女 之孙女 外孙 外孙女 外孙子 孙辈 曾孙 曾孙女"), "grandchild"),
    **dict.fromkeys(words("祖父 祖母 爷爷 奶奶 外祖父 外祖母 姥姥 姥爷 外公 外婆"), "grandparent"),
    **dict.fromkeys(words("兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 之兄 之弟 之姐 之妹 兄弟姐妹"), "sibling"),
    **dict.fromkeys(words("非亲属 租客 租户 承租人 合租 合租人 同住 同事 朋友 保姆 雇工 室友"), "not_related"),
    **{
        "户主之" + word: value
        for word, value in (("子", "son"), ("女", "daughter"), ("父", "father"), ("母", "mother"))
    },
    **{"户主之" + word: "spouse" for word in ("妻", "夫", "配偶")},
}

SEX_WORDS: dict[str, str] = {
    **dict.fromkeys(words("男 男性 男士 先生 m male 1 ♂"), "male"),
    **dict.fromkeys(words("女 女性 女士 f female 2 ♀"), "female"),
    **dict.fromkeys(words("0 9 未说明 未说明的性别 未知的性别"), ""),
}

RESIDENCE_PIECES: dict[str, str] = {
    # The order matters: 户在人不在 before 户在人在, 非户籍 before 户籍.
    **dict.fromkeys(words("人户分离 户在人不在 空挂 挂户 户籍空挂"), "away"),
    **dict.fromkeys(words("人在户不在 非户籍 非本地 外来 流入 流动 暂住 租住 租户 租客 租房 外地 外省 外市"), "inflow"),
    **dict.fromkeys(words("寄住 寄居 寄宿 借住"), "lodging"),
    **dict.fromkeys(words("流出 外出 迁出 外住"), "outflow"),
    **dict.fromkeys(words("常住 户籍 户在人在 本地 在住 自住 居住 本社区 本村 在册 正常"), "registered"),
    # A home where nobody lives says nothing about a person.
    **dict.fromkeys(words("空置 空户 空房 无人 未入住 闲置 待售 未售 空关"), ""),
}

_VACANT_HOME = words("空置 空户 空房 空 无人居住 未入住 闲置 待售 未售 毛坯 空关")

PEOPLE_COLUMNS: tuple[Column, ...] = (
    Ignored(
        field="serial",
        label=_("No."),
        headers=words("序号 编号 序列 序列号 号 行号 原行号 要改的地方 户号 no no."),
    ),
    CompoundColumn(
        field="compound",
        label=_("Compound"),
        headers=words(
            "小区名称 小区 小区名 所属小区 所在小区 居住小区 院落 院落名称 楼院 楼院名称 大院 "
            "家属院 小区(院落) 小区/院落 住宅小区 居民小区 片区 村名 自然村 村庄 街巷 compound"
        ),
        contains=("小区", "院落", "楼院"),
        not_with=words("地址 住址 电话 类型 性质 物业 楼栋 房号"),
    ),
    BuildingColumn(
        field="building",
        label=_("Building"),
        headers=words(
            "楼栋号 楼栋 楼号 栋号 幢号 栋 幢 楼 座 几号楼 楼幢 楼幢号 楼座 楼座号 栋数 所属楼栋 "
            "所在楼栋 楼宇 楼牌号 楼房号 楼栋名称 号楼 building"
        ),
        contains=("楼栋", "楼号", "栋号", "幢号", "楼幢"),
        not_with=words("长 户数 电话 地址 住址 单元 房号 门牌"),
    ),
    EntranceColumn(
        field="entrance",
        label=_("Entrance"),
        headers=words("单元 单元号 所属单元 所在单元 几单元 门洞 门栋 楼门 楼门号 entrance unit"),
        contains=("单元", "门洞"),
        not_with=("长", "户数", "地址", "住址", "房号", "门牌"),
    ),
    RoomColumn(
        field="room",
        label=_("Room"),
        headers=words(
            "房号 房间号 室 室号 房室 门牌号 门牌 门号 房屋号 房屋编号 户室 户室号 房门号 "
            "门牌号码 住房号 房间 房间号码 户门号 房牌号 室(户)号 room"
        ),
        contains=("房号", "室号", "门牌号", "房间号"),
        not_with=("地址", "住址", "电话"),
    ),
    Text(
        field="address",
        label=_("Address"),
        headers=words(
            "住址 现住址 居住地址 家庭住址 家庭地址 现居住地址 现居住地 居住地 现住地址 详细地址 "
            "详细住址 地址 房屋地址 住房地址 房屋坐落 实际居住地址 实际居住地 实际住址 "
            "居住详细地址 常住地址 常住地 住所 住宅地址 楼栋房号 小区楼栋房号 楼栋单元房号 "
            "房屋位置 楼栋门牌 居住地详址 居住地点 本地住址 本地居住地址 暂住地址 暂住地 address"
        ),
        contains=words("居住地址 住址 居住地 房屋地址 楼栋房号 房屋坐落 楼单元房号"),
        not_with=words("户籍 户口 单位 工作 原 老家 身份证 通讯 邮寄"),
    ),
    Text(
        field="head_name",
        label=_("Head of the household"),
        headers=words("户主姓名 户主 户主名 户主名字 户主>姓名 家庭户主 所属户主 户主名称"),
        contains=("户主姓名",),
        not_with=("关系", "电话", "身份"),
    ),
    Choice(
        field="relation",
        label=_("Relation to the head"),
        headers=words(
            "与户主关系 与户主的关系 户主关系 关系 家庭关系 和户主关系 同户主关系 与户主 "
            "与户主之关系 成员关系 家庭成员关系 与房主关系 称谓 人员关系 relation"
        ),
        contains=("户主关系", "户主的关系", "与户主", "家庭关系", "成员关系"),
        words=RELATION_WORDS,
        otherwise="other",
    ),
    Name(
        field="name",
        label=_("Full name"),
        headers=words(
            "姓名 名字 居民姓名 成员姓名 家庭成员姓名 人员姓名 住户姓名 人口姓名 家庭成员 "
            "居住人姓名 居住人 居民 住户 姓名(全名) 本人姓名 人员 住户名称 成员 实际居住人 "
            "实际居住人姓名 现住人员姓名 name"
        ),
        contains=("姓名",),
        not_with=("户主", "曾用", "英文", "单位", "关系"),
    ),
    Choice(
        field="sex",
        label=_("Sex"),
        headers=("性别", "男/女", "男女", "性别(男/女)", "sex", "gender"),
        contains=("性别",),
        words=SEX_WORDS,
    ),
    IdNumberColumn(
        field="id_number",
        label=_("ID number"),
        headers=words(
            "公民身份号码 身份证号 身份证号码 身份证 身份号码 公民身份证号码 公民身份证号 "
            "居民身份证号码 居民身份证号 证件号码 证件号 身份证件号码 身份证件号 有效证件号码 "
            "公民身份证 居民身份证 id idnumber idcard"
        ),
        contains=("身份证", "身份号码", "证件号"),
        not_with=words("地址 住址 有效期 是否 类型 类别 照片 复印件 到期 签发"),
    ),
    DateColumn(
        field="birth_date",
        label=_("Birth date"),
        headers=words(
            "出生日期 出生年月日 出生年月 生日 出生时间 出生 出生日 出生年月(日) 出生日期(年月日) "
            "出生年、月、日 生年月日 birthdate birthday dateofbirth"
        ),
        contains=("出生", "生日"),
        not_with=("地", "证明", "单位", "医院"),
    ),
    PhoneColumn(
        field="phone",
        label=_("Phone"),
        headers=words(
            "联系电话 电话 手机 手机号 手机号码 电话号码 联系方式 移动电话 本人电话 联系手机 "
            "联系号码 固定电话 电话(手机) 本人联系电话 本人手机号 手机/电话 tel phone mobile"
        ),
        contains=("联系电话", "手机", "电话", "联系方式"),
        not_with=("单位", "物业", "紧急", "备用", "家属", "子女"),
    ),
    Text(
        field="registered_address",
        label=_("Registered address"),
        headers=words(
            "户籍地址 户籍地 户籍所在地 户口所在地 户口地址 户籍详细地址 户籍住址 户口住址 "
            "身份证地址 身份证住址 户籍 户口 户籍所在地址 户口所在地址 户籍地详细地址 户籍地详址 "
            "原籍地址 常住户口所在地 户籍>地址 户籍>详细地址 户籍>所在地 户籍>住址 户口>地址 "
            "户口>详细地址 户口>所在地 户籍>详址 户籍>省市县 户籍>省市区"
        ),
        contains=words("户籍地 户籍所在 户口所在 户籍住址 户口地址 身份证地址 身份证住址 户籍详细"),
        not_with=("类型", "类别", "性质", "派出所", "是否"),
    ),
    Choice(
        field="residence_status",
        label=_("Residence"),
        headers=words(
            "居住状态 居住情况 居住类型 居住性质 居住类别 人口类型 人口性质 人口类别 "
            "常住/流动 户籍状态 人户状态 "
            "人户情况 人户一致情况 居住现状 在住状态 人口属性 居住方式 户籍情况 "
            "流动类型 流动情况 入住情况 入住状态"
        ),
        contains=words("居住状态 居住情况 人口类型 人口性质 人户 流入流出 居住类型 居住现状 入住"),
        not_with=("时间", "日期", "原因", "是否"),
        words={},
        pieces=RESIDENCE_PIECES,
    ),
    YesNo(
        field="renting",
        label=_("Rented"),
        headers=words(
            "是否出租 是否租住 是否租房 出租 是否出租房 是否出租屋 是否为出租房 租住 租赁情况 "
            "出租情况 房屋用途 房屋状态 房屋情况 房屋使用情况 是否租赁 "
            "自住/出租 是否租户 是否租客 住房情况 使用情况 房屋现状 住房状态 "
            "自住/租住 自有/租赁 是否出租户 房屋性质 住房性质 住房用途 房屋类别 房屋使用性质 "
            "自住/出租/空置 出租/自住/空置 房屋使用状态 使用性质"
        ),
        contains=words("是否出租 是否租 出租房 租住 租赁 出租情况 房屋状态 房屋使用"),
        not_with=words("日期 时间 合同 到期 人 租金 面积 电话"),
        yes=frozenset(
            words(
                "出租 已出租 租住 租房 租 租赁 承租 出租房 出租屋 租户 租客 整租 合租 对外出租 "
                "已租 出租户 出租中 在租 租用"
            )
        ),
        no=frozenset(
            words(
                "自住 未出租 不出租 自有 自用 自住房 自有住房 自购 自有房 产权房 业主自住 未租 借住 寄住 回迁房 商品房 "
                "公租房 单位房 自建房 住宅 自家 自居 其他"
            )
            + _VACANT_HOME
        ),
    ),
    Text(
        field="employer",
        label=_("Employer"),
        headers=words(
            "工作单位 单位 就业单位 服务处所 工作单位(学校) 工作单位或学校 单位名称 所在单位 "
            "工作单位/学校 就职单位 任职单位 就读学校 工作(学习)单位 从业单位 工作地点 "
            "工作单位及职务 单位或学校 employer"
        ),
        contains=("工作单位", "就业单位", "服务处所", "单位名称", "学习单位"),
        not_with=("电话", "地址", "是否"),
    ),
    Text(
        field="note",
        label=_("Note"),
        headers=words("备注 说明 备注说明 其他 其它 其他情况 备注信息 其他说明 附注 备考 note remark remarks"),
        contains=("备注",),
        max_length=500,
    ),
)
"""Fields: serial (left out), compound, building, entrance, room, address (split into the four), head_name (taken where
the name is blank), relation, name, sex, id_number, birth_date, phone, registered_address, residence_status, renting,
employer, note."""

FOREIGN_WORDS = words(
    "房东 房主 产权 业主 出租人 出租方 监护 紧急 网格 楼长 栋长 采集 填表 填报 登记人 "
    "录入 审核 包联 包户 责任人 帮扶 车牌 车辆 物业 子女姓名 配偶姓名 父亲姓名 母亲姓名 "
    "家属姓名 联系人 曾用名 法人 负责人"
)
"""Pieces of a header that show that it speaks of somebody or something else than the resident."""
