import pytest

from linli.core.registry import AlreadyRegisteredError, NotRegisteredError, Registry


@pytest.fixture
def sheets() -> Registry[int]:
    registry: Registry[int] = Registry("sheet")
    registry.register("people", 1)
    registry.register("areas", 2)
    return registry


def test_items_come_in_the_order_of_registration(sheets):
    assert sheets.names() == ("people", "areas")
    assert list(sheets) == [1, 2]
    assert len(sheets) == 2


def test_get_and_contains(sheets):
    assert sheets.get("areas") == 2
    assert "areas" in sheets
    assert "units" not in sheets


def test_a_name_is_given_only_once(sheets):
    with pytest.raises(AlreadyRegisteredError, match="sheet 'people'"):
        sheets.register("people", 3)
    assert sheets.get("people") == 1


def test_an_unknown_name_is_answered_with_the_known_ones(sheets):
    with pytest.raises(NotRegisteredError, match="no sheet 'units'; there is: people, areas"):
        sheets.get("units")
    with pytest.raises(NotRegisteredError, match="there is: none"):
        Registry("search").get("people")


def test_registering_while_walking_does_not_disturb_the_walk(sheets):
    for item in sheets:
        sheets.register(f"copy {item}", item)
    assert len(sheets) == 4
