import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core.bigrams import MOST_QUERY_TERMS, document_terms, query_terms

ADDRESS = "黎花园3号楼2单元501"
CHINESE = st.text(alphabet="单田芳黎花园号楼元长治〇", min_size=1, max_size=12)


def finds(query: str, document: str) -> bool:
    terms = query_terms(query)
    return bool(terms) and set(terms) <= set(document_terms(document).split())


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("单田芳", "单 田 芳 单田 田芳"),
        ("3号楼2单元501", "3 号 楼 2 单 元 501 3号 号楼 楼2 2单 单元 元501"),
        ("３号楼", "3 号 楼 3号 号楼"),
        ("shantianfang STF", "shantianfang stf"),
        ("A座 101", "a 座 101 座101"),
        ("哈哈哈", "哈 哈哈"),
        ("㐂〇𠮷", "㐂 〇 𠮷 㐂〇 〇𠮷"),
        ("?!' -", ""),
        ("", ""),
    ],
)
def test_document_terms(text, terms):
    assert document_terms(text) == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("单田芳", ["单田", "田芳"]),
        ("单", ["单"]),
        ("田芳 长治", ["田芳", "长治"]),
        ("3号楼2单元501", ["3号", "号楼", "楼2", "2单", "单元", "元501"]),
        ("stf", ["stf"]),
        ("7113", ["7113"]),
        ("ＳＴＦ　７１１３", ["stf", "7113"]),
        ("A座", ["a", "座"]),
        ("zhang三丰", ["zhang", "三丰"]),
        ("哈哈哈", ["哈哈"]),
        ("张\x00三", ["张", "三"]),
        ('") OR 1=1 --', ["or", "1"]),
        ("  ", []),
        ("", []),
    ],
)
def test_query_terms(text, terms):
    assert query_terms(text) == terms


@pytest.mark.parametrize(
    "query",
    ["黎花园", "花园", "园", "3号楼", "3号楼2单元", "2单元501", "单元501", "501", "黎花园 501", "3号楼-501", "３号楼"],
)
def test_parts_of_an_address_find_it(query):
    assert finds(query, ADDRESS)


@pytest.mark.parametrize("query", ["园花", "13号楼", "2号楼", "3单元", "50", "黎花园 502", "刘小区", "", "-"])
def test_other_addresses_do_not_find_it(query):
    assert not finds(query, ADDRESS)


def test_separators_in_the_document_do_not_matter():
    assert finds("3号楼2单元501", "黎花园 3号楼-2单元-501室")
    assert finds("黎花园3号", "黎花园·3号楼")


def test_a_very_long_query_is_cut():
    long = "".join(chr(0x4E00 + number) for number in range(1000))
    assert query_terms(long) == [long[start : start + 2] for start in range(MOST_QUERY_TERMS)]
    assert len(query_terms(" ".join(long))) == MOST_QUERY_TERMS


@given(before=CHINESE, part=CHINESE, after=CHINESE)
def test_every_part_of_a_chinese_text_finds_it(before, part, after):
    assert finds(part, before + part + after)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_terms_are_safe_and_a_document_answers_to_itself(text):
    safe = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af]{1,2}|[a-z0-9]+|.?[0-9]+.?")
    document = document_terms(text).split()
    assert all(safe.fullmatch(term) for term in document)
    assert set(query_terms(text)) <= set(document)


def test_full_text_search_of_sqlite_takes_the_terms_as_they_are():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE addresses USING fts5(terms)")
    for address in (ADDRESS, "黎花园13号楼2单元501", "黎花园2号楼3单元501"):
        database.execute("INSERT INTO addresses VALUES (?)", [document_terms(address)])
    find = "SELECT rowid FROM addresses WHERE addresses MATCH ?"
    assert database.execute(find, [" ".join(query_terms("3号楼2单元501"))]).fetchall() == [(1,)]
    assert database.execute(find, [" ".join(query_terms("黎花园"))]).fetchall() == [(1,), (2,), (3,)]
    unfinished = " ".join(f"{term}*" for term in query_terms("3号楼2单元5"))
    assert database.execute(find, [unfinished]).fetchall() == [(1,)]
