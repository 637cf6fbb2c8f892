"""Offices are read as people write them, kept in one spelling, and shown masked."""

from __future__ import annotations

import pytest

from linli.core.offices import MOST, Office, OfficesFault, kept_offices, mask_offices, read_offices, spell_offices

ZHANG, LI, WANG = Office("主任", "张三"), Office("副主任", "李四"), Office("副主任", "王五")


@pytest.mark.parametrize(
    "written",
    [
        "主任：张三；副主任：李四、王五",
        "主任:张三\n副主任:李四\n副主任:王五",
        "主任 张三\n副主任 李四 王五",
        "主任张三、副主任李四、王五",
        "主任张三，副主任李四，王 五",
        "主任：张三；；副主任：李四，王五；主任：张三",
    ],
)
def test_it_is_read_as_people_write_it(written: str) -> None:
    assert read_offices(written) == [ZHANG, LI, WANG]


def test_other_offices_and_names_of_other_peoples_are_read() -> None:
    assert read_offices("工会主席 买买提·艾力；Chair: Jane Smith") == [
        Office("工会主席", "买买提·艾力"),
        Office("Chair", "Jane Smith"),
    ]


@pytest.mark.parametrize("word", ["不方便", "保密", "—", "不愿公开"])
def test_who_prefers_not_to_be_named_has_an_office_without_a_name(word: str) -> None:
    found = read_offices(f"主任：{word}；副主任：李四")
    assert found == [Office("主任"), LI]
    assert read_offices(spell_offices(found)) == kept_offices(spell_offices(found)) == found


def test_names_are_masked_and_offices_are_not() -> None:
    kept = spell_offices([ZHANG, Office("秘书长"), LI])
    assert mask_offices(kept) == "主任：张*；秘书长：—；副主任：李*"
    assert mask_offices("") == mask_offices(None) == ""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("张三", "前面少了职务"),
        ("：张三", "前面少了职务"),
        ("主任", "后面少了姓名"),
        ("主任：", "后面少了姓名"),
        ("主任：张*", "星号"),
        ("党支部书记：张三", "党内职务"),
        ("主任：" + "张" * 31, "太长了"),
        ("；".join(f"委员：委员{number}" for number in range(MOST + 1)), "超过"),
    ],
)
def test_what_can_not_be_read_is_refused_in_words(written: str, told: str) -> None:
    with pytest.raises(OfficesFault) as refused:
        read_offices(written)
    assert told in refused.value.message
