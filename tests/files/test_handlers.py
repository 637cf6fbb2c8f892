from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from io import RawIOBase

from django import forms
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from linli.files.forms import PhotosField, UploadTooLargeMixin
from tests.files.pictures import bomb, picture

BOUNDARY = "linli-boundary"
MEGABYTE = 1024 * 1024


class Stream(RawIOBase):
    """A request body that is made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces, self.rest = pieces, b""

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size:
            piece = next(self.pieces, b"")
            if not piece:
                break
            self.rest += piece
        given, self.rest = self.rest[:size], self.rest[size:]
        return given


def field_part(name: str, value: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def file_head(filename: str) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="{filename}"\r\n'
    return f"{head}Content-Type: image/jpeg\r\n\r\n".encode()


def body(megabytes: int) -> Iterator[bytes]:
    yield field_part("text", "the lamp is broken")
    yield file_head("small.jpg")
    yield picture() + b"\r\n"
    yield file_head("huge.jpg")
    for _number in range(megabytes):
        yield b"\xff" * MEGABYTE
    yield b"\r\n" + field_part("contact", "0355-0000316")
    yield f"--{BOUNDARY}--\r\n".encode()


def request_of(megabytes: int) -> WSGIRequest:
    head = {
        "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        "CONTENT_LENGTH": str((megabytes + 1) * MEGABYTE),
        "wsgi.input": Stream(body(megabytes)),
    }
    return RequestFactory().generic("POST", "/report/", **head)


class LampForm(UploadTooLargeMixin, forms.Form):
    text = forms.CharField()
    contact = forms.CharField()
    photos = PhotosField(required=False)


def test_300_mb_are_read_past_in_little_memory_and_nothing_typed_is_lost(english: None) -> None:
    request = request_of(300)
    tracemalloc.start()
    try:
        form = LampForm(request.POST, request.FILES, request=request)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 110 * MEGABYTE
    assert not form.is_valid()
    assert list(form.errors) == ["photos"]
    assert form.errors["photos"] == ["The files are larger than 50 MB together. Send fewer or smaller ones."]
    assert form.data["text"] == "the lamp is broken"
    assert form.data["contact"] == "0355-0000316"


def test_an_upload_of_ordinary_size_passes(english: None) -> None:
    request = request_of(0)
    form = LampForm(request.POST, request.FILES, request=request)
    assert not form.is_valid(), "huge.jpg holds nothing here"
    assert "not a photo" in form.errors["photos"][0]
    assert "huge.jpg" in form.errors["photos"][0]
    assert not getattr(request, "upload_too_large", False)


def upload(name: str, content: bytes) -> LampForm:
    request = RequestFactory().post("/report/", {"text": "a", "contact": "b", "photos": files(name, content)})
    return LampForm(request.POST, request.FILES, request=request)


def files(name: str, content: bytes, count: int = 1) -> list[object]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return [SimpleUploadedFile(name, content) for _number in range(count)]


def test_photos_are_given_as_bytes() -> None:
    form = upload("lamp.jpg", picture())
    assert form.is_valid()
    assert form.cleaned_data["photos"] == [picture()]


def test_no_photo_is_an_empty_list() -> None:
    request = RequestFactory().post("/report/", {"text": "a", "contact": "b"})
    form = LampForm(request.POST, request.FILES, request=request)
    assert form.is_valid()
    assert form.cleaned_data["photos"] == []


def test_a_file_whose_header_tells_too_many_pixels_is_named(english: None) -> None:
    form = upload("bomb.png", bomb(60_000, 60_000))
    assert "bomb.png: This photo has more than 50 megapixels" in form.errors["photos"][0]


def test_six_photos_pass_and_seven_are_too_many(english: None) -> None:
    for count, valid in ((6, True), (7, False)):
        data = {"text": "a", "contact": "b", "photos": files("lamp.jpg", picture(), count)}
        request = RequestFactory().post("/report/", data)
        form = LampForm(request.POST, request.FILES, request=request)
        assert form.is_valid() is valid
    assert form.errors["photos"] == ["Send at most 6 photos."]
