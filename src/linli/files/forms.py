"""Form parts for files: photos told by their content, and words for an upload that was larger than we take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.files import photos

PHOTO_TYPES = "image/jpeg,image/png,image/webp"


class PhotosInput(forms.FileInput):
    """A file input that takes several photos."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": PHOTO_TYPES, "multiple": True, **(attrs or {})})

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> list[Any]:
        """Return every file of the input; an empty list without one."""
        return files.getlist(name) if isinstance(files, MultiValueDict) else []


class PhotosField(forms.Field):
    """Up to six photos; the clean value is a list of their contents as ``bytes``, checked by size and header."""

    widget = PhotosInput

    def __init__(self, *, most: int = photos.MAX_PHOTOS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs["data-max"] = most

    def to_python(self, value: Any) -> list[bytes]:
        files: list[UploadedFile[Any]] = [file for file in value or [] if file]
        if len(files) > self.most:
            text = ngettext("Send %(most)d photo.", "Send at most %(most)d photos.", self.most)
            raise forms.ValidationError(text % {"most": self.most})
        return [self._content(file) for file in files]

    def _content(self, file: UploadedFile[Any]) -> bytes:
        # The same request is read again where a form is shown anew.
        file.seek(0)
        content: bytes = file.read()
        try:
            photos.check_photo(content)
        except photos.NoPhoto as refusal:
            # The name tells which of several it is.
            raise forms.ValidationError(f"{file.name}: {refusal}") from refusal
        return content


class UploadTooLargeMixin:
    """A form that says next to its file field that more was sent than we take.

    Give the form ``request`` and name the field in ``upload_field``; what else was typed stays.
    """

    upload_field = "photos"

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._upload_too_large = bool(getattr(request, "upload_too_large", False))

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()  # type: ignore[misc]
        if self._upload_too_large:
            # What was left out for its size was not forgotten by the person: nothing else is said of the field.
            self.errors.pop(self.upload_field, None)  # type: ignore[attr-defined]
            self.add_error(self.upload_field, too_large_words())  # type: ignore[attr-defined]
        return cleaned


def too_large_words() -> str:
    """Say that an upload was larger than we take, and what to do."""
    limit = settings.LINLI_UPLOAD_MAX_MB
    return _("The files are larger than %(limit)d MB together. Send fewer or smaller ones.") % {"limit": limit}
