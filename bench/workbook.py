"""A large people workbook for the benches: sixteen columns as a community keeps them, one row in a hundred dirty.

python -m bench.workbook OUT.xlsx [--rows 400000] [--seed 7] [--clean]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from linli.core import idnumber

HEADERS = (
    "序号",
    "小区名称",
    "楼栋号",
    "单元",
    "房号",
    "与户主关系",
    "姓名",
    "性别",
    "公民身份号码",
    "出生日期",
    "联系电话",
    "户籍地址",
    "居住状态",
    "是否出租",
    "工作单位",
    "备注",
)
TITLE = "居民信息台账"
FAMILY = (
    "王",
    "李",
    "张",
    "刘",
    "陈",
    "杨",
    "赵",
    "黄",
    "周",
    "吴",
    "徐",
    "孙",
    "郭",
    "马",
    "申",
    "原",
    "秦",
    "牛",
    "崔",
    "程",
)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华兰玉红梅建国志文海波鹏宇婷慧颖辉鑫浩然雪琴"
PLACES = (
    "金泰",
    "兴泰",
    "长兴",
    "府后",
    "城东",
    "城南",
    "太行",
    "漳泽",
    "英雄",
    "延安",
    "捉马",
    "紫金",
    "东华",
    "西营",
)
ENDINGS = ("家园", "花园", "小区", "苑")
EMPLOYERS = ("", "", "", "第一中学", "市人民医院", "供热公司", "长治钢铁", "个体", "退休")
RELATIONS = ("户主", "配偶", "之子", "之女")
STATUSES = ("户籍常住", "户籍常住", "户籍常住", "流入", "人户分离")
ENTRANCES, FLOORS, DOORS = 4, 6, 3
FIRST_DAY = date(1930, 1, 1)
DAYS = 33_000
DIRTY_EVERY = 100
REGIONS = tuple(f"1499{number:02d}" for number in range(1, 100))


def rows(count: int, seed: int = 7, *, clean: bool = False) -> Iterator[list[str]]:
    """Yield so many rows about people who never were: their region is one that was never given out."""
    chance = random.Random(seed)
    made = home = 0
    while made < count:
        compound, building, entrance, room = _home(home)
        home += 1
        rented = "是" if chance.random() < 0.15 else "否"
        surname = chance.choice(FAMILY)
        for place in range(min(1 + chance.randrange(5), count - made)):
            made += 1
            born = FIRST_DAY + timedelta(days=(made * 7919) % DAYS)
            female = RELATIONS[place % 4] in ("配偶", "之女") if place else bool(chance.randrange(2))
            # Everybody of one birthday has a number of their own.
            sequence = made // DAYS * 2 + (0 if female else 1)
            number = idnumber.make(REGIONS[home % len(REGIONS)], born, sequence)
            row = [
                str(made), compound, building, entrance, room, RELATIONS[place % 4],
                surname + "".join(chance.choices(GIVEN, k=1 + chance.randrange(2))), "女" if female else "男",
                number, str(born), f"190{chance.randrange(100_000_000):08d}", f"虚构省虚构市{compound}{building}",
                chance.choice(STATUSES), rented, chance.choice(EMPLOYERS), "",
            ]  # fmt: skip
            yield row if clean else _dirty(made, chance, row)


def _home(number: int) -> tuple[str, str, str, str]:
    per_building = ENTRANCES * FLOORS * DOORS
    building, inside = divmod(number, per_building)
    compound, house = divmod(building, 30)
    entrance, door = divmod(inside, FLOORS * DOORS)
    floor, place = divmod(door, DOORS)
    name = PLACES[compound % len(PLACES)] + ENDINGS[compound // len(PLACES) % len(ENDINGS)]
    far = compound // (len(PLACES) * len(ENDINGS))
    name += "甲乙丙丁戊己庚辛"[far % 8] if far else ""
    return name, f"{house + 1}号楼", f"{entrance + 1}单元", f"{floor + 1}0{place + 1}"


def _dirty(number: int, chance: random.Random, row: list[str]) -> list[str]:
    if number % DIRTY_EVERY:
        return row
    kind = number // DIRTY_EVERY % 5
    if kind == 0:
        row[8] = row[8][:-1]
    elif kind == 1:
        row[9] = "1961-02-30"
    elif kind == 2:
        row[10] = row[10][:-1]
    elif kind == 3:
        row[9] = row[9].replace("-", ".")
    else:
        row[6] = " ".join(row[6])
    return row


def write(out: Path, count: int, seed: int = 7, *, clean: bool = False) -> None:
    """Write the workbook: a title over the table, then headers and rows."""
    with xlsxwriter.Workbook(str(out), {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("居民台账")
        sheet.write_string(0, 0, TITLE)
        sheet.write_row(1, 0, HEADERS)
        for place, row in enumerate(rows(count, seed, clean=clean), 2):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(place, column, text)


def main() -> None:
    """Write the workbook that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--clean", action="store_true", help="without the dirt")
    asked = parser.parse_args()
    write(asked.out, asked.rows, asked.seed, clean=asked.clean)


if __name__ == "__main__":
    main()
