import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.core.pinyin import MOST_COMBINATIONS, readings


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("单田芳", "shantianfang stf dantianfang dtf"),
        ("长治", "changzhi cz"),
        ("尉迟恭", "yuchigong ycg"),
        ("万俟卨", "moqixie mqx"),
        ("长孙无忌", "zhangsunwuji zswj"),
        ("仇英", "qiuying qy"),
        ("解晓东", "xiexiaodong xxd"),
        ("曾国藩", "zengguofan zgf"),
        ("查良镛", "zhaliangyong zly"),
        ("区小明", "ouxiaoming oxm"),
        ("盖叫天", "gejiaotian gjt"),
        ("乐毅", "yueyi yy"),
        ("朴树", "piaoshu ps"),
        ("吕布", "lvbu lb"),
        ("太行西街", "taihangxijie thxj"),
        ("长子县", "zhangzixian zzx"),
        ("A座3号楼", "azuo3haolou az3hl"),
    ],
)
def test_the_likeliest_reading_comes_first(text, beginning):
    assert readings(text).startswith(beginning)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("单田芳", {"chantianfang", "ctf"}),
        ("长治", {"zhangzhi", "zz"}),
        ("曾乐", {"zengle", "zengyue", "cengle", "zl", "zy"}),
        ("张单", {"zhangdan", "zhangshan"}),
    ],
)
def test_the_other_readings_are_there_too(text, words):
    assert words <= set(readings(text).split())


def test_a_surname_reading_is_preferred_only_at_the_beginning():
    assert readings("张曾").split()[0] == "zhangceng"
    assert readings("曾张").split()[0] == "zengzhang"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("  ·—", ""),
        ("Ａｂ１２", "ab12"),
        ("王 芳", "wangfang wf yufang yf"),
        ("𠮷", ""),
    ],
)
def test_what_is_not_chinese(text, expected):
    assert readings(text) == expected


def test_the_number_of_combinations_is_capped():
    assert len(readings("单曾乐长行重朝和" * 20).split()) <= 2 * MOST_COMBINATIONS
    assert readings("长治").split() == list(dict.fromkeys(readings("长治").split()))


@given(st.text(alphabet="单田芳曾乐长治王李A3 ·", max_size=8))
def test_only_letters_and_digits_come_out(text):
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in readings(text).split())
