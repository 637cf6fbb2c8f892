"""Types of the values that programs send."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

NUL = "\x00"


def _storable(text: str) -> str:
    if NUL in text or any("\ud800" <= character <= "\udfff" for character in text):
        said = _("Leave out the character that can't be stored.")
        raise PydanticCustomError("character", "{said}", {"said": said})
    return text


# Text that every database stores: without NUL and without halves of characters.
PlainText = Annotated[str, AfterValidator(_storable)]
