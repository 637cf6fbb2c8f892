import pytest

from linli.core.masking import mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("149999196108257324", "1499**********7324"),
        ("14999919610825732X", "1499**********732X"),
        ("149999610825732", "1499*******5732"),
        ("14999961082573", "**************"),
        ("1499", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_id_number(value, shown):
    assert mask_id_number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("19012340131", "190****0131"),
        ("03552023456", "035****3456"),
        ("051288886666", "051*****6666"),
        ("190123401", "*********"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_phone(value, shown):
    assert mask_phone(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("张三", "张*"), ("欧阳娜娜", "欧*"), ("李", "李*"), ("", ""), (None, "")]
)
def test_mask_name(value, shown):
    assert mask_name(value) == shown
