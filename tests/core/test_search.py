"""The index of search terms, made anew after very many rows."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from linli.core import clock
from linli.core.search import indexed_at_the_end, matching
from linli.people.models import Person

pytestmark = pytest.mark.django_db


def written(*names: str | None) -> None:
    """Write people of these names; the table takes nobody without one."""
    now = clock.now()
    terms = {name: " ".join(name or "") for name in names}
    Person.objects.bulk_create(
        Person(name=name, path="1.", search_terms=terms[name], created_at=now, changed_at=now) for name in names
    )


def found(*terms: str) -> list[str]:
    return sorted(matching(Person.objects.all(), [terms]).values_list("name", flat=True))


def has_index() -> bool:
    """Tell whether the index is there; PostgreSQL would find the rows without it too."""
    if connection.vendor == "sqlite":
        return True
    with connection.cursor() as cursor:
        return "people_person_search" in connection.introspection.get_constraints(cursor, "people_person")


def test_rows_of_before_and_of_the_block_are_found_after_it() -> None:
    written("单田芳")
    with indexed_at_the_end(Person):
        written("田秀兰", "沙田方")
        Person.objects.filter(name="单田芳").update(search_terms="袁 阔 成")
        Person.objects.filter(name="沙田方").delete()
    assert found("田") == ["田秀兰"]
    assert found("袁") == ["单田芳"]
    assert has_index()


def test_later_writes_are_followed_again() -> None:
    with indexed_at_the_end(Person):
        written("田秀兰", "沙田方")
    written("单田芳")
    Person.objects.filter(name="田秀兰").update(search_terms="兰")
    Person.objects.filter(name="沙田方").delete()
    assert found("田") == ["单田芳"]
    assert found("兰") == ["田秀兰"]


def test_what_fails_leaves_rows_and_index_as_they_were() -> None:
    written("单田芳")
    with pytest.raises(IntegrityError), indexed_at_the_end(Person):
        written("田秀兰", None)
    assert found("田") == ["单田芳"]
    written("沙田方")
    assert found("田") == ["单田芳", "沙田方"]
    assert has_index()
