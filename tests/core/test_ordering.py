"""Text in the order in which people count."""

from __future__ import annotations

import pytest

from linli.core.ordering import LONGEST, natural_key


@pytest.mark.parametrize(
    "in_order",
    [
        ["2号楼", "10号楼", "100号楼"],
        ["1001", "1002", "1011"],
        ["201", "1001"],
        ["A2座", "A10座", "B1座"],
        ["花园2区9号楼", "花园10区1号楼"],
        ["花园1号楼", "花园门面房"],
        ["3-2号", "3-11号", "3号"],
    ],
)
def test_numbers_count_whatever_stands_around_them(in_order: list[str]) -> None:
    keys = [natural_key(text) for text in in_order]
    assert keys == sorted(keys)


def test_zeros_in_front_change_nothing() -> None:
    assert natural_key("03号楼") == natural_key("3号楼") != natural_key("30号楼")
    assert natural_key("0") == natural_key("00")


def test_a_key_is_never_longer_than_its_column() -> None:
    assert len(natural_key("1a" * LONGEST)) == LONGEST
