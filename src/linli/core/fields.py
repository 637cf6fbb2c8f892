"""Model fields: encrypted text with the blind index that finds it, and text that is compared byte by byte."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.db.models.lookups import Exact, Lookup

from linli.core import crypto


class BytewiseField(models.CharField[str, str]):
    """Text that PostgreSQL compares byte by byte (collation C), as SQLite always does."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else None
        return parameters


def index_value(value: str, context: str) -> str:
    """Return the blind index of a normalised value under the project's data key; "" has the index ""."""
    return crypto.blind_index(value, context, key=settings.LINLI_DATA_KEY)


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that lies in the database encrypted and is a plain str in Python; "" stays "".

    The ciphertext is bound to its column by a context, ``app.Model.field`` unless one is given. Give the old context
    when a model or field is renamed, or what is stored no longer opens. Values are opened when the row is read, about
    two microseconds each, because `values()` and `values_list()` must give the text as well; lists that do not show a
    value `defer()` it.

    It takes text only; an expression that would write clear text or another column's ciphertext raises FieldError.

    The only lookups are ``isnull`` and ``exact`` with ""; all others raise FieldError. To find a value, keep a
    `BlindIndexField` beside it.
    """

    description = "Encrypted text"

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self._given_context = context
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        """The name that the ciphertext is bound to."""
        return self._given_context or f"{self.model._meta.label}.{self.name}"

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self._given_context:
            kwargs["context"] = self._given_context
        return name, path, list(args), dict(kwargs)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(value, Expression):
            return self._require_own(value)
        return self.encrypted(self.get_prep_value(value))

    def encrypted(self, text: str | None) -> str | None:
        """Return what lies in the database for a text."""
        if not text:
            return text
        return crypto.encrypt_text(text, key=settings.LINLI_DATA_KEY, context=self.context)

    def _require_own(self, value: Expression) -> Expression:
        """Let through what `bulk_update` builds, whose values come back to this field one by one, and nothing else."""
        if value.output_field != self:
            raise FieldError(f"{self.context} is encrypted: give it text, not an expression.")
        return value

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> str | None:
        if not value:
            return value
        return crypto.decrypt_text(value, key=settings.LINLI_DATA_KEY, context=self.context)

    def get_lookup(self, lookup_name: str) -> type[Lookup[Any]] | None:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        if lookup_name == "exact":
            return _IsEmpty
        raise FieldError(
            f"{self.context} is encrypted: the lookup {lookup_name!r} cannot work. Look in its blind index instead."
        )


class _IsEmpty(Exact):
    """Equality with the empty text, the only value that is stored as it is."""

    def get_prep_lookup(self) -> str:
        if self.rhs != "":
            raise FieldError("An encrypted field can only be compared with the empty text. Look in its blind index.")
        return ""


class BlindIndexField(models.CharField):  # type: ignore[type-arg]
    """The blind index of an encrypted value, written by the action that writes the value: see `index_value`.

    Always 32 characters or "", never edited by a person. Only ``db_index`` may differ, where a constraint or a
    composite index already serves the look-up.
    """

    description = "Blind index of an encrypted value"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        fixed = {"max_length": crypto.BLIND_INDEX_LENGTH, "blank": True, "default": "", "editable": False}
        super().__init__(*args, **{"db_index": True, **kwargs, **fixed})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "blank", "default", "editable"):
            del kwargs[fixed]
        # Django leaves out what it takes for the default, and here the default is the other one.
        kwargs.setdefault("db_index", False)
        return name, path, list(args), dict(kwargs)
