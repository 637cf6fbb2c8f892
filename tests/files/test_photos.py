from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from linli.files import photos
from tests.files.pictures import CAMERA, bomb, picture, with_position


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photos_of_the_three_kinds_are_taken_and_become_jpeg(kind: str) -> None:
    content = picture(kind)
    photos.check_photo(content)
    with Image.open(BytesIO(photos.redraw(content))) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (640, 480))


REFUSED = {
    "text": (b"this is no photo at all, only words", "not a photo"),
    "empty": (b"", "not a photo"),
    "gif": (picture("GIF"), "not a photo"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a photo"),
    "heic": (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "HEIC"),
    "too many bytes": (picture() + b"\x00" * photos.MAX_BYTES, "larger than 10 MB"),
    "51 megapixels": (bomb(10_200, 5_000), "50 megapixels"),
    "a bomb": (bomb(60_000, 60_000), "50 megapixels"),
    "only a beginning": (b"\x89PNG\r\n\x1a\n", "cannot be opened"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused_in_words(name: str, english: None) -> None:
    content, words = REFUSED[name]
    with pytest.raises(photos.NoPhoto, match=words):
        photos.check_photo(content)


@pytest.mark.parametrize(
    "content", [bomb(10_200, 5_000), bomb(60_000, 60_000), picture()[:900], b"\xff\xd8\xff nothing"]
)
def test_what_passes_as_a_photo_but_cannot_be_drawn_is_refused(content: bytes) -> None:
    with pytest.raises(photos.NoPhoto):
        photos.redraw(content)


def test_the_redrawn_photo_is_upright_smaller_and_says_nothing_of_camera_or_position() -> None:
    content = with_position()
    assert CAMERA.encode() in content

    drawn_bytes = photos.redraw(content)

    assert CAMERA.encode() not in drawn_bytes
    assert b"Exif" not in drawn_bytes
    with Image.open(BytesIO(drawn_bytes)) as drawn:
        assert drawn.size == (800, 1600)
        assert not drawn.getexif()
        # The left half was red; turned clockwise it is on top.
        red, _green, blue = drawn.getpixel((400, 100))
        assert red > 200 > blue


def test_all_eight_orientations_are_turned_as_pillow_turns_them() -> None:
    from PIL import ImageOps

    for orientation in range(1, 9):
        content = with_position((80, 40), orientation)
        with Image.open(BytesIO(content)) as image, Image.open(BytesIO(photos.redraw(content))) as drawn:
            wanted = ImageOps.exif_transpose(image)
            assert drawn.size == wanted.size
            corner = (2, 2)
            assert (drawn.getpixel(corner)[0] > 128) == (wanted.getpixel(corner)[0] > 128)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "1", "I;16"])
def test_unusual_colour_modes_are_drawn(mode: str) -> None:
    image = Image.new(mode, (30, 20))
    output = BytesIO()
    image.save(output, "PNG")
    with Image.open(BytesIO(photos.redraw(output.getvalue()))) as drawn:
        assert (drawn.mode, drawn.size) == ("RGB", (30, 20))


def test_what_was_transparent_becomes_white() -> None:
    output = BytesIO()
    Image.new("RGBA", (30, 20), (0, 0, 0, 0)).save(output, "PNG")
    with Image.open(BytesIO(photos.redraw(output.getvalue()))) as drawn:
        assert min(drawn.getpixel((5, 5))) > 250
