"""Workbooks as communities keep them, each written another way, with the truth about what is in them.

One small community is written again and again; only the writing differs. So the truth is the same for every variant,
except where a way of writing itself loses something.
"""

import csv
import datetime
import functools
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import xlsxwriter
import xlwt

from linli.core import idnumber
from linli.core.sheets.text import Cell

Row = dict[str, Cell]
Merge = tuple[int, int, int, int]

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"
GIVEN = ("红", "凤英", "云", "颖", "建国", "秀兰", "磊", "丽丽", "志强", "桂香")
STANDARD = (
    ("serial", ("序号",)),
    ("compound", ("住址", "小区名称")),
    ("building", ("住址", "楼栋号")),
    ("entrance", ("住址", "单元")),
    ("room", ("住址", "房号")),
    ("relation", ("与户主关系",)),
    ("name", ("姓名",)),
    ("sex", ("性别",)),
    ("id_number", ("公民身份号码",)),
    ("birth_date", ("出生日期",)),
    ("phone", ("联系电话",)),
    ("registered_address", ("户籍地址",)),
    ("residence_status", ("居住状态",)),
    ("renting", ("是否出租",)),
    ("note", ("备注",)),
)
ADDRESS = ("compound", "building", "entrance", "room")
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@dataclass(frozen=True)
class Truth:
    """What a report about a variant must say; ``problems`` counts by kind."""

    rows: int
    people: int
    dwellings: int
    households: int
    empty_homes: int
    renting: int
    problems: dict[str, int]


@dataclass(frozen=True, eq=False)
class Variant:
    """A file, the name it has, and the truth about it."""

    name: str
    file_name: str
    content: bytes
    truth: Truth


@dataclass
class Tab:
    """One sheet to write: cells, merged cells (first row, first column, last row, last column), and hidden rows."""

    name: str
    rows: list[list[Cell]]
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: Sequence[int] = ()
    hidden: bool = False


def community() -> tuple[list[Row], Truth]:
    """The people of the small community in the order of a ledger, and the truth about them."""
    chance = random.Random(20261122)
    places = [
        (compound, building, entrance, room)
        for compound in ("古公寓", "黎花园")
        for building in (1, 3)
        for entrance in (1, 2)
        for room in (101, 202, 301)
    ][:22]
    rows: list[Row] = []
    for position, place in enumerate(places):
        if position in (4, 11, 17):
            rows.append(_home(place) | {"note": ("空置", "无人居住", "未入住")[position % 3], "renting": "否"})
            continue
        renting = "是" if position % 5 == 0 else "否"
        for member, relation in enumerate(("户主", "配偶", "之子", "之女")[: 1 + position % 4]):
            rows.append(_person(chance, place, relation, member, len(rows)) | {"renting": renting})
    people = [row for row in rows if row["name"]]
    for row in (people[6], people[20]):
        row["name"] = ""
    for row in (people[3], people[14]):
        row["id_number"] = str(row["id_number"])[:17] + ("1" if str(row["id_number"])[17] != "1" else "2")
    people[9]["id_number"] = str(people[9]["id_number"])[:15]
    for row in (people[5], people[25]):
        row["birth_date"] = "1987-13-45"
    people[12]["id_number"] = ""
    people[16]["phone"] = "1390000123"
    rows += [dict(people[2]), dict(people[18])]
    named = [row for row in people if row["name"]]
    lived_in = {_place(row) for row in named}
    truth = Truth(
        rows=len(rows),
        people=len(named),
        dwellings=len(lived_in) + 3,
        households=len(lived_in),
        empty_homes=3,
        renting=len({_place(row) for row in named if row["renting"] == "是"}),
        problems={"bad_id": 3, "bad_date": 2, "bad_phone": 1, "missing_name": 2, "duplicate": 2},
    )
    return rows, truth


def _home(place: tuple[str, int, int, int]) -> Row:
    compound, building, entrance, room = place
    blank: Row = dict.fromkeys([name for name, _header in STANDARD], "")
    return blank | {
        "compound": compound,
        "building": f"{building}号楼",
        "entrance": f"{entrance}单元",
        "room": str(room),
    }


def _person(chance: random.Random, place: tuple[str, int, int, int], relation: str, member: int, number: int) -> Row:
    birth = datetime.date(1950 + 25 * (member > 1) + number % 20, 1 + number % 12, 1 + number % 28)
    sex = "男" if number % 2 else "女"
    return _home(place) | {
        "relation": relation,
        "name": SURNAMES[number % len(SURNAMES)] + chance.choice(GIVEN),
        "sex": sex,
        "id_number": idnumber.make("149999", birth, number * 2 + (sex == "男")),
        "birth_date": birth,
        "phone": f"1390000{number:04d}",
        "registered_address": "山西省长治市潞州区",
        "residence_status": ("户籍常住", "流入", "流出", "人户分离")[number % 4],
    }


def _place(row: Row) -> tuple[Cell, ...]:
    return tuple(row[name] for name in ADDRESS)


def as_cells(rows: Sequence[Row], columns: Sequence[tuple[str, tuple[str, ...]]]) -> list[list[Cell]]:
    """The rows under these columns; a column whose name no row knows is filled with an x."""
    return [[row.get(name, "x") for name, _header in columns] for row in rows]


def header_rows(columns: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[list[list[Cell]], list[Merge]]:
    """The header with one row for each level of the deepest column, and its merged cells, from row 0."""
    depth = max(len(header) for _name, header in columns)
    grid: list[list[Cell]] = [["" for _column in columns] for _level in range(depth)]
    merges: list[Merge] = []
    for index, (_name, header) in enumerate(columns):
        for level, text in enumerate(header):
            before = columns[index - 1][1] if index else ()
            if level < len(header) - 1 and before[: level + 1] == header[: level + 1]:
                continue
            grid[level][index] = text
            width = 1
            while level < len(header) - 1 and index + width < len(columns):
                if columns[index + width][1][: level + 1] != header[: level + 1]:
                    break
                width += 1
            bottom = depth - 1 if level == len(header) - 1 else level
            if width > 1 or bottom > level:
                merges.append((level, index, bottom, index + width - 1))
    return grid, merges


def table(
    rows: Sequence[Row],
    columns: Sequence[tuple[str, tuple[str, ...]]] = STANDARD,
    titles: Sequence[str] = (),
    merged_header: bool = True,
) -> Tab:
    """A sheet with titles, header and rows."""
    header, merges = header_rows(columns)
    top = len(titles)
    title_rows: list[list[Cell]] = [[title] + [""] * (len(columns) - 1) for title in titles]
    shifted = [(first + top, left, last + top, right) for first, left, last, right in merges] if merged_header else []
    shifted += [(number, 0, number, len(columns) - 1) for number in range(top)]
    return Tab("居民台账", title_rows + header + as_cells(rows, columns), shifted)


def workbook(*tabs: Tab) -> bytes:
    """The sheets as an .xlsx file."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as book:
        for tab in tabs:
            sheet = book.add_worksheet(tab.name)
            for first, left, last, right in tab.merges:
                sheet.merge_range(first, left, last, right, "")
            for number, row in enumerate(tab.rows):
                for column, cell in enumerate(row):
                    if cell not in ("", None):
                        sheet.write(number, column, cell)
            for number in tab.hidden_rows:
                sheet.set_row(number, None, None, {"hidden": True})
            if tab.hidden:
                sheet.hide()
    return out.getvalue()


def old_workbook(*tabs: Tab) -> bytes:
    """The sheets as an .xls file, as programs wrote them until 2007."""
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for tab in tabs:
        sheet = book.add_sheet(tab.name)
        inside = {(row, column) for merge in tab.merges for row, column in _cells_of(merge)}
        for first, left, last, right in tab.merges:
            sheet.write_merge(first, last, left, right, tab.rows[first][left])
        for number, row in enumerate(tab.rows):
            for column, cell in enumerate(row):
                if cell not in ("", None) and (number, column) not in inside:
                    style = [day] if isinstance(cell, datetime.date) else []
                    sheet.write(number, column, cell, *style)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells_of(merge: Merge) -> list[tuple[int, int]]:
    first, left, last, right = merge
    return [(row, column) for row in range(first, last + 1) for column in range(left, right + 1)]


def csv_file(tab: Tab, encoding: str, delimiter: str = ",") -> bytes:
    """The sheet as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(tab.rows)
    return out.getvalue().encode(encoding)


def fill_up(rows: Sequence[Row], fields: Sequence[str] = ADDRESS) -> list[Row]:
    """The rows with the address written only in the first row of each home."""
    thinned: list[Row] = []
    above: tuple[Cell, ...] | None = None
    for row in rows:
        place = _place(row)
        thinned.append(row | dict.fromkeys(fields, "") if place == above else row)
        above = place
    return thinned


def renamed(**headers: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The standard columns in one header row, some under another name."""
    return tuple((name, (headers.get(name, header[-1]),)) for name, header in STANDARD)


def _mapped(rows: Sequence[Row], change: Callable[[Row], Row]) -> list[Row]:
    return [row | change(row) for row in rows]


def _only(columns: Sequence[tuple[str, tuple[str, ...]]], *dropped: str) -> list[tuple[str, tuple[str, ...]]]:
    return [column for column in columns if column[0] not in dropped]


def _whole_address(row: Row) -> str:
    return "".join(str(row[name]) for name in ADDRESS)


def _merged_addresses(rows: Sequence[Row], top: int) -> list[Merge]:
    merges: list[Merge] = []
    start = 0
    for position in range(1, len(rows) + 1):
        if position == len(rows) or _place(rows[position]) != _place(rows[start]):
            if position - start > 1:
                merges += [(top + start, column, top + position - 1, column) for column in range(1, 5)]
            start = position
    return merges


def _titles_and_depths(rows: list[Row], truth: Truth) -> list[Variant]:
    three_deep = tuple((name, ("居民基本信息", *header) if name in ADDRESS else header) for name, header in STANDARD)
    several = ["潞州区", "广场西社区网格居民信息台账（一户一档）", "填报单位:居委会   填报时间:2026年10月", "(单位:人)"]
    merged = table(fill_up(rows), titles=["居民台账"])
    merged.merges += _merged_addresses(rows, 3)
    return [
        Variant("plain, no title", "a.xlsx", workbook(table(rows, renamed())), truth),
        Variant("one title, two rows of header", "b.xlsx", workbook(table(rows, titles=["居民台账"])), truth),
        Variant("four titles, blank addresses", "c.xlsx", workbook(table(fill_up(rows), titles=several)), truth),
        Variant("three rows of header", "d.xlsx", workbook(table(rows, three_deep, ["台账", "2026年"])), truth),
        Variant("merged addresses", "e.xlsx", workbook(merged), truth),
        Variant("the old form, merged addresses", "jj.xls", old_workbook(merged), truth),
        Variant(
            "groups without merged cells", "f.xlsx", workbook(table(rows, titles=["台账"], merged_header=False)), truth
        ),
    ]


def _columns(rows: list[Row], truth: Truth) -> list[Variant]:
    shuffled = list(renamed())
    random.Random(7).shuffle(shuffled)
    synonyms = renamed(
        serial="编号", compound="所属小区", building="幢号", entrance="门洞", room="门牌号", relation="家庭关系",
        name="居民姓名", id_number="身份证号码", birth_date="出生年月日", phone="手机号码",
        registered_address="户口所在地",
        residence_status="人口类型", renting="是否租住", note="备注说明",
    )  # fmt: skip
    dirty = renamed(
        name="姓\n名", id_number="身份证号\n(18位)", phone="联系电话：", relation="与户主\r\n关系",
        birth_date="出　生　日　期", sex="性　别", room="*房号", building="（2）楼栋号", note="备  注",
    )  # fmt: skip
    extra = [
        *renamed(),
        ("car", ("车牌号",)),
        ("dog", ("是否养犬",)),
        ("owner", ("房东姓名",)),
        ("tel", ("紧急联系人电话",)),
    ]
    never = [
        *renamed()[:7], ("ethnic", ("民族",)), ("party", ("政治面貌",)), *renamed()[7:], ("ill", ("疾病史",)),
        ("birth", ("婚育情况",)), ("petition", ("是否信访人员",)), ("belief", ("宗教信仰",)), ("drug", ("吸毒史",)),
    ]  # fmt: skip
    english = renamed(
        serial="No.", compound="Compound", building="Building", entrance="Entrance", room="Room", relation="Relation",
        name="Name", sex="Sex", id_number="ID number", birth_date="Birth date", phone="Phone", note="Note",
    )  # fmt: skip
    return [
        Variant("columns shuffled", "g.xlsx", workbook(table(rows, shuffled, ["台账"])), truth),
        Variant("synonyms", "h.xlsx", workbook(table(rows, synonyms, ["台账"])), truth),
        Variant("line breaks and wide spaces", "i.xlsx", workbook(table(rows, dirty)), truth),
        Variant("columns nobody knows", "j.xlsx", workbook(table(rows, extra)), truth),
        Variant("columns that are never stored", "k.xlsx", workbook(table(rows, never)), truth),
        Variant("English headers", "l.xlsx", workbook(table(rows, english)), truth),
    ]


def _sheets(rows: list[Row], truth: Truth) -> list[Variant]:
    instructions = Tab("填表说明", [["请如实填写，身份证号为18位。"], ["一户一档，空置房屋请在备注注明。"]])
    statistics = Tab("汇总", [["楼栋号", "户数", "人数"], ["1号楼", 20, 51], ["3号楼", 20, 40]])
    staff = Tab("网格员", [["姓名", "联系电话", "职务"], ["王网格", "13911112222", "网格员"]])
    old_copy = table(rows, titles=["旧台账"])
    old_copy.name, old_copy.hidden = "旧", True
    by_building: dict[str, list[Row]] = {}
    for row in rows:
        by_building.setdefault(f"{row['compound']}{row['building']}", []).append(row)
    without_building = _only(renamed(), "compound", "building")
    one_each = [replace(table(found, without_building), name=name) for name, found in by_building.items()]
    return [
        Variant(
            "instruction, statistics, staff, empty and hidden sheets",
            "m.xlsx",
            workbook(instructions, Tab("空", []), table(rows, titles=["台账"]), statistics, staff, old_copy),
            truth,
        ),
        Variant("a sheet for each building", "n.xlsx", workbook(instructions, *one_each), truth),
    ]


def _values(rows: list[Row], truth: Truth) -> list[Variant]:
    whole = [("serial", ("序号",)), ("address", ("居住地址",)), *_only(renamed(), "serial", *ADDRESS)]
    addressed = _mapped(rows, lambda row: {"address": _whole_address(row)})
    dashed = _mapped(
        rows,
        lambda row: {"address": f"{row['compound']}{str(row['building'])[0]}-{str(row['entrance'])[0]}-{row['room']}"},
    )
    numbers = _mapped(
        rows,
        lambda row: {
            "id_number": float(str(row["id_number"])) if str(row["id_number"]).isdigit() else row["id_number"],
            "phone": int(str(row["phone"])) if row["phone"] else "",
        },
    )
    lost = sum(1 for row in rows if str(row["id_number"]).isdigit())
    styles = ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y%m%d")
    dates = [
        row | {"birth_date": _dated(row["birth_date"], styles[position % 6] if position % 6 < 5 else "")}
        for position, row in enumerate(rows)
    ]
    serials = _mapped(rows, lambda row: {"birth_date": _serial(row["birth_date"])})
    wide = _mapped(rows, lambda row: {name: _wide(row[name]) for name in ("id_number", "phone", "room", "building")})
    spaced = _mapped(rows, lambda row: {"name": " ".join(str(row["name"])), "id_number": f"'{row['id_number']} "})
    coded = _mapped(rows, lambda row: {"sex": {"男": 1, "女": 2}.get(str(row["sex"]), "")})
    latin = _mapped(
        rows,
        lambda row: {
            "sex": {"男": "M", "女": "f"}.get(str(row["sex"]), ""),
            "renting": {"是": "√"}.get(str(row["renting"]), ""),
        },
    )
    forms = ("{}号楼", "{}#", "{}栋", "{}", "{}幢")
    mixed = [
        row | {"building": forms[position % 5].format(str(row["building"])[0]), "room": int(str(row["room"]))}
        for position, row in enumerate(rows)
    ]
    placeholders = _mapped(
        rows, lambda row: {name: row[name] or "无" for name in ("phone", "id_number")} if row["relation"] else {}
    )
    headed = _with_heads(rows)
    head_columns = [("head", ("户主姓名",)), *_only(renamed(), "relation")]
    return [
        Variant("one address column", "o.xlsx", workbook(table(addressed, whole, ["台账"])), truth),
        Variant("addresses with dashes", "p.xlsx", workbook(table(dashed, whole)), truth),
        Variant(
            "ID numbers as numbers",
            "q.xlsx",
            workbook(table(numbers, renamed())),
            replace(truth, problems=truth.problems | {"bad_id": lost}),
        ),
        Variant("dates of all kinds", "r.xlsx", workbook(table(dates)), truth),
        Variant("the old form, dates of all kinds", "kk.xls", old_workbook(table(dates)), truth),
        Variant("dates as serial numbers", "s.xlsx", workbook(table(serials)), truth),
        Variant("full-width digits", "t.xlsx", workbook(table(wide)), truth),
        Variant("names with spaces, apostrophes", "u.xlsx", workbook(table(spaced)), truth),
        Variant("sex as 1 and 2", "v.xlsx", workbook(table(coded)), truth),
        Variant("sex as M and f, ticks", "w.xlsx", workbook(table(latin)), truth),
        Variant("buildings written in five ways", "x.xlsx", workbook(table(mixed)), truth),
        Variant("nothing written as a word", "y.xlsx", workbook(table(placeholders)), truth),
        Variant("the head in a column of its own", "z.xlsx", workbook(table(headed, head_columns)), truth),
    ]


def _with_heads(rows: Sequence[Row]) -> list[Row]:
    heads = {_place(row): row["name"] for row in rows if row["relation"] == "户主" and row["name"]}
    return [row | {"head": heads.get(_place(row), "") if row["relation"] else ""} for row in rows]


def _dated(written: Cell, style: str) -> Cell:
    return written.strftime(style) if isinstance(written, datetime.date) and style else written


def _serial(written: Cell) -> Cell:
    return (written - datetime.date(1899, 12, 30)).days if isinstance(written, datetime.date) else written


def _wide(written: Cell) -> Cell:
    return written.translate(FULL_WIDTH) if isinstance(written, str) else written


def _layouts(rows: list[Row], truth: Truth) -> list[Variant]:
    header = [name[-1] for _field, name in STANDARD]
    busy = table(rows, renamed(), ["台账"])
    body: list[list[Cell]] = []
    for position, cells in enumerate(busy.rows[2:], 1):
        body.append(cells)
        if position == 9:
            body += [["1号楼小计", "", "", "9人"], [], ["台账"], list(header)]
        if position == 17:
            body += [["", "小计", "", "", "", "", "17人"], [""]]
        if position == 25:
            body.append([len(body) + 1])
    busy.rows[2:] = body
    busy.rows += [
        [],
        ["合计", "", "", "44人"],
        ["注：1.本表由网格员入户采集；"],
        ["填表人：张三", "", "", "审核人：李四"],
        ["备注：空置房屋请注明"],
    ]
    busy.hidden_rows = (5, 8)
    numbered = table(rows, titles=["台账"])
    numbered.rows.insert(3, list(range(1, len(STANDARD) + 1)))
    shifted = table(rows, renamed())
    shifted.rows = [[], [], [], *[["", "", *cells] for cells in shifted.rows]]
    sections = _by_section(rows)
    return [
        Variant("totals, repeated headers, notes, hidden rows", "aa.xlsx", workbook(busy), truth),
        Variant("a line that numbers the columns", "bb.xlsx", workbook(numbered), truth),
        Variant("blank rows and columns before the table", "cc.xlsx", workbook(shifted), truth),
        Variant("headings for each building", "dd.xlsx", workbook(sections), truth),
        Variant("the old form of workbooks", "ii.xls", old_workbook(table(rows, titles=["台账"])), truth),
        Variant("CSV in GB18030", "ee.csv", csv_file(table(rows, titles=["台账"]), "gb18030"), truth),
        Variant("CSV in UTF-8 with its mark", "ff.csv", csv_file(table(rows, renamed()), "utf-8-sig"), truth),
        Variant("CSV with semicolons", "gg.csv", csv_file(table(fill_up(rows), renamed()), "utf-8", ";"), truth),
        Variant("CSV with tabs, UTF-16", "hh.csv", csv_file(table(rows, renamed()), "utf-16", "\t"), truth),
    ]


def _by_section(rows: Sequence[Row]) -> Tab:
    columns = _only(renamed(), "compound", "building")
    tab = table([], columns, ["广场西社区居民台账"])
    above = ""
    for row in rows:
        heading = f"{row['compound']}{row['building']}"
        if heading != above:
            tab.merges.append((len(tab.rows), 0, len(tab.rows), len(columns) - 1))
            tab.rows.append([heading])
            above = heading
        tab.rows += as_cells([row], columns)
    return tab


@functools.cache
def all_variants() -> list[Variant]:
    """Every variant; made once, for nobody changes one."""
    rows, truth = community()
    return [
        *_titles_and_depths(rows, truth),
        *_columns(rows, truth),
        *_sheets(rows, truth),
        *_values(rows, truth),
        *_layouts(rows, truth),
    ]
