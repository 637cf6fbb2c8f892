"""Pages of lists: the sizes that are offered below them, and how they are counted."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from linli.core.paging import PAGE_SIZE, page_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "size"), [("50", 50), ("200", 200), ("7", PAGE_SIZE), ("many", PAGE_SIZE), ("", PAGE_SIZE)]
)
def test_a_size_that_is_offered_is_kept(asked: str, size: int) -> None:
    rows = get_user_model().objects.order_by("pk")
    page = page_of(RequestFactory().get("/", {"page_size": asked}), rows)
    assert page.paginator.per_page == size


def test_rows_can_be_counted_by_another_question() -> None:
    people = get_user_model().objects
    for name in ("a", "b"):
        people.create(username=name, name=name)
    page = page_of(RequestFactory().get("/"), people.filter(username="a"), counted=people.all())
    assert page.paginator.count == 2
    assert [person.name for person in page.object_list] == ["a"]
