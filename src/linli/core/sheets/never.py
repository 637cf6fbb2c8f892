"""Columns that are dropped at once: what Linli never stores about a person, by the words that ledgers use for it.

The list is the first line of “What Linli never does”: religion, ethnicity, politics, petitioning, criminal past, drug
use, diagnosis, fertility, contraception, pregnancy, whereabouts; and lists of people to watch.
"""

import re

NEVER_WORDS: tuple[str, ...] = (
    # ethnicity and religion
    "民族",
    "族别",
    "族裔",
    "宗教",
    "信教",
    "信仰",
    "教派",
    "邪教",
    "法轮",
    # politics
    "政治",
    "党",
    "团员",
    "统战",
    # petitioning
    "信访",
    "上访",
    "访民",
    "缠访",
    "闹访",
    "维稳",
    # criminal past
    "前科",
    "犯罪",
    "罪犯",
    "违法",
    "案底",
    "刑满",
    "刑释",
    "服刑",
    "刑事",
    "刑罚",
    "矫正",
    "帮教",
    "取保",
    # drug use
    "毒",
    # diagnosis
    "病",
    "诊断",
    "健康状",
    "健康情况",
    "身体状",
    "身体情况",
    "艾滋",
    "精神障碍",
    "精神状",
    "精神类",
    # fertility, contraception, pregnancy
    "生育",
    "婚育",
    "计生",
    "育龄",
    "避孕",
    "节育",
    "绝育",
    "结扎",
    "上环",
    "孕",
    "产检",
    "妇检",
    "环检",
    "流产",
    "独生子女",
    "二孩",
    "三孩",
    "二胎",
    "三胎",
    "子女数",
    "子女个数",
    "孩次",
    "胎次",
    # whereabouts
    "行踪",
    "去向",
    "轨迹",
    "行程",
    "定位",
    # lists of people to watch
    "重点人",
    "重点对象",
    "重点关注",
    "关注人",
    "关注对象",
    "关注类",
    "特殊人群",
    "特殊人员",
    "高危",
    "涉稳",
    "管控",
    "布控",
    "religion",
    "ethnic",
    "politic",
    "petition",
    "criminal",
    "drug",
    "diagnosis",
    "pregnan",
    "contracept",
)

_NEVER = re.compile("|".join(map(re.escape, NEVER_WORDS)), re.IGNORECASE)


def is_never(label: str) -> bool:
    """Whether a column with this label holds what must never be stored."""
    return bool(_NEVER.search(label))
