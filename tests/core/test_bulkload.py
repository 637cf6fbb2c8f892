"""Rows written by the bulk loader are the rows that `bulk_create` would have written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps

from linli.core.bulkload import count_tables, insert_rows
from linli.core.clock import SHANGHAI
from linli.core.fields import EncryptedTextField

MOMENT = datetime(2026, 11, 24, 10, 18, 5, 123456, tzinfo=SHANGHAI)


class Colour(models.TextChoices):
    RED = "red", "红"
    BLUE = "blue", "蓝"


@pytest.fixture
def leaf(transactional_db: None) -> Iterator[Any]:
    """A model with a field of every kind that the ledgers have, whose table lives as long as the test."""
    with isolate_apps("linli.core"):

        class Leaf(models.Model):
            name = models.CharField(max_length=20, unique=True)
            colour = models.CharField(max_length=8, choices=Colour.choices, default=Colour.RED)
            phone = EncryptedTextField(blank=True, default="")
            grown_on = models.DateField(null=True)
            fell_at = models.DateTimeField(null=True)
            length = models.FloatField(null=True)
            veins = models.PositiveSmallIntegerField(default=3)
            is_whole = models.BooleanField(default=True)
            detail = models.JSONField(default=dict)
            rest = models.TextField(default="-")
            tree = models.ForeignKey("self", on_delete=models.PROTECT, null=True)

            class Meta:
                app_label = "core"

            def __str__(self) -> str:
                return self.name

        with connection.schema_editor() as editor:
            editor.create_model(Leaf)
        try:
            yield Leaf
        finally:
            with connection.schema_editor() as editor:
                editor.delete_model(Leaf)


COLUMNS = ("name", "colour", "phone", "grown_on", "fell_at", "length", "veins", "is_whole", "detail")
ROWS: list[tuple[Any, ...]] = [
    ("一\t\\N\n", Colour.BLUE, "19000000131", date(2026, 3, 1), MOMENT, 1.25, 5, False, {"词": [1, None, "\\"]}),
    ("二", "red", "", None, None, None, 0, True, {}),
]


def test_every_kind_of_value_is_read_back(leaf: Any) -> None:
    insert_rows(leaf, COLUMNS, ROWS)
    assert list(leaf.objects.order_by("id").values_list(*COLUMNS)) == ROWS
    assert leaf.objects.get(name="一\t\\N\n").fell_at == MOMENT.astimezone(UTC)


def test_the_database_holds_what_bulk_create_writes(leaf: Any) -> None:
    """Ciphertexts differ each time, all else is the same to the letter."""
    insert_rows(leaf, COLUMNS, ROWS)
    leaf.objects.bulk_create(leaf(**dict(zip(COLUMNS, (f"{row[0]}·", *row[1:]), strict=True))) for row in ROWS)
    compared = ", ".join(column for column in COLUMNS if column not in ("name", "phone"))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {compared}, rest, tree_id FROM core_leaf ORDER BY id")
        stored = cursor.fetchall()
        cursor.execute("SELECT phone FROM core_leaf ORDER BY id")
        phones = [phone for (phone,) in cursor.fetchall()]
    assert stored[:2] == stored[2:]
    assert [phone[:3] for phone in phones] == ["v1:", "", "v1:", ""]


def test_what_is_not_given_gets_its_default(leaf: Any) -> None:
    insert_rows(leaf, ("name",), [("一",)])
    written = leaf.objects.get()
    assert (written.colour, written.veins, written.is_whole, written.detail) == ("red", 3, True, {})
    assert (written.rest, written.tree, written.grown_on) == ("-", None, None)


def test_ids_are_those_of_the_rows_and_the_table_goes_on_after_them(leaf: Any) -> None:
    first = leaf.objects.create(name="零")
    ids = insert_rows(leaf, ("name", "tree_id"), [("一", first.pk), ("二", first.pk)])
    assert list(leaf.objects.filter(tree=first).order_by("id").values_list("id", "name")) == [
        (ids[0], "一"),
        (ids[1], "二"),
    ]
    assert leaf.objects.create(name="三").pk > max(ids)


def test_no_rows_are_no_work(leaf: Any) -> None:
    assert insert_rows(leaf, COLUMNS, []) == []


def test_the_constraints_of_the_table_hold(leaf: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(leaf, ("name",), [("一",), ("一",)])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(leaf, ("name", "tree_id"), [("一", 7)])
    assert not leaf.objects.exists()


def test_rows_of_unequal_length_are_refused(leaf: Any) -> None:
    with pytest.raises(ValueError, match="argument"):
        insert_rows(leaf, ("name", "veins"), [("一", 1), ("二",)])
    with pytest.raises(ValueError, match="argument"):
        insert_rows(leaf, ("name", "veins"), [("一",)])


def test_postgresql_knows_at_once_how_much_was_written(leaf: Any, django_assert_num_queries: Any) -> None:
    insert_rows(leaf, COLUMNS, ROWS)
    asks = connection.vendor == "postgresql"
    with django_assert_num_queries(1 if asks else 0):
        count_tables()
    if asks:
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [leaf._meta.db_table])
            assert cursor.fetchone() == (len(ROWS),)
