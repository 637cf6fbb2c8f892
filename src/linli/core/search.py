"""Full-text search on both databases, over a column ``search_terms`` that the ledgers fill with space-separated terms.

SQLite keeps an FTS5 index beside the table, PostgreSQL a generated ``tsvector`` column with a GIN index. Both follow
every write by themselves: SQLite by triggers, PostgreSQL because the column is generated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, connections, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython
from django.db.models.expressions import RawSQL

Row = TypeVar("Row", bound=models.Model)

SQLITE_FOLLOW = (
    "CREATE TRIGGER {table}_fts_insert AFTER INSERT ON {table} BEGIN "
    "INSERT INTO {table}_fts(rowid, search_terms) VALUES (new.id, new.search_terms); END",
    "CREATE TRIGGER {table}_fts_delete AFTER DELETE ON {table} BEGIN "
    "INSERT INTO {table}_fts({table}_fts, rowid, search_terms) VALUES ('delete', old.id, old.search_terms); END",
    "CREATE TRIGGER {table}_fts_update AFTER UPDATE OF search_terms ON {table} BEGIN "
    "INSERT INTO {table}_fts({table}_fts, rowid, search_terms) VALUES ('delete', old.id, old.search_terms); "
    "INSERT INTO {table}_fts(rowid, search_terms) VALUES (new.id, new.search_terms); END",
)
SQLITE_INSTALL = (
    "CREATE VIRTUAL TABLE {table}_fts USING fts5(search_terms, content='{table}', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0')",
    *SQLITE_FOLLOW,
)
SQLITE_LEAVE = (
    "DROP TRIGGER {table}_fts_update",
    "DROP TRIGGER {table}_fts_delete",
    "DROP TRIGGER {table}_fts_insert",
)
SQLITE_REMOVE = (*SQLITE_LEAVE, "DROP TABLE {table}_fts")
SQLITE_RETURN = (*SQLITE_FOLLOW, "INSERT INTO {table}_fts({table}_fts) VALUES ('rebuild')")

POSTGRESQL_INDEX = "CREATE INDEX {table}_search ON {table} USING gin (search_vector) WITH (fastupdate = off)"
POSTGRESQL_INSTALL = (
    "ALTER TABLE {table} ADD COLUMN search_vector tsvector "
    "GENERATED ALWAYS AS (to_tsvector('simple', search_terms)) STORED",
    POSTGRESQL_INDEX,
)
POSTGRESQL_LEAVE = ("DROP INDEX {table}_search",)
POSTGRESQL_REMOVE = (*POSTGRESQL_LEAVE, "ALTER TABLE {table} DROP COLUMN search_vector")
# PostgreSQL indexes no table whose new rows have foreign keys that it has still to look at.
POSTGRESQL_RETURN = ("SET CONSTRAINTS ALL IMMEDIATE", POSTGRESQL_INDEX, "SET CONSTRAINTS ALL DEFERRED")


def install_search(table: str) -> RunPython:
    """Return the migration step that makes the index of a table, and removes it on the way back."""
    return RunPython(_run(table, SQLITE_INSTALL, POSTGRESQL_INSTALL), _run(table, SQLITE_REMOVE, POSTGRESQL_REMOVE))


def keep_search(table: str) -> RunPython:
    """Return the step that ends a migration which changes the table: SQLite makes such a table anew, without triggers.

    The step stands first as well, for the way back.
    """
    again = (*(drop.replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS") for drop in SQLITE_LEAVE), *SQLITE_RETURN)
    return RunPython(_run(table, again, ()), _run(table, again, ()))


def _run(table: str, sqlite: Sequence[str], postgresql: Sequence[str]) -> Callable[..., None]:
    def run(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        statements = postgresql if schema_editor.connection.vendor == "postgresql" else sqlite
        for statement in statements:
            schema_editor.execute(statement.format(table=table))

    return run


@contextmanager
def indexed_at_the_end(model: type[models.Model]) -> Iterator[None]:
    """Make the index of a table anew after the block, where very many rows are written: seven times as fast on both.

    The block is one transaction, so that the index can't be lost; nothing is found by its terms inside. PostgreSQL
    lets nobody else read the table meanwhile.
    """
    postgresql = connection.vendor == "postgresql"
    with transaction.atomic():
        _execute(model, POSTGRESQL_LEAVE if postgresql else SQLITE_LEAVE)
        yield
        _execute(model, POSTGRESQL_RETURN if postgresql else SQLITE_RETURN)


def _execute(model: type[models.Model], statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement.format(table=model._meta.db_table))


def matching(queryset: models.QuerySet[Row], alternatives: Iterable[Sequence[str]]) -> models.QuerySet[Row]:
    """Return the rows that hold all terms of at least one alternative; its last term may be the beginning of a word.

    Terms come from ``core.bigrams.query_terms``. Whatever is not a letter or digit is dropped from them here, so that
    nothing a person types is read as search syntax.
    """
    groups = [group for group in (_clean(terms) for terms in alternatives) if group]
    if not groups:
        return queryset.none()
    table = queryset.model._meta.db_table
    if connections[queryset.db].vendor == "postgresql":
        query = " | ".join(_join(group, "'{}'", "'{}':*", " & ") for group in groups)
        sql = f"SELECT id FROM {table} WHERE search_vector @@ to_tsquery('simple', %s)"  # noqa: S608
    else:
        query = " OR ".join(_join(group, '"{}"', '"{}"*', " AND ") for group in groups)
        sql = f"SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH %s"  # noqa: S608
    # The table is a model's own, and what a person typed goes in as a parameter.
    return queryset.filter(pk__in=RawSQL(sql, [query]))  # noqa: S611


def _join(terms: Sequence[str], whole: str, beginning: str, both: str) -> str:
    *before, last = terms
    return "(" + both.join([*(whole.format(term) for term in before), beginning.format(last)]) + ")"


def _clean(terms: Sequence[str]) -> list[str]:
    letters = ("".join(character for character in term if character.isalnum()) for term in terms)
    return [term for term in letters if term]
