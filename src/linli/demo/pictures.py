"""Small drawn pictures that stand for photos."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

SIZE = (640, 480)
WALL, FLOOR, PIPE, WATER, LAMP = "#c9cfcb", "#9aa39f", "#7d5a3c", "#7fa6b8", "#f2d16b"


def draw_picture(number: int) -> bytes:
    """Return a JPEG of 640 × 480: a stairwell with a puddle, or a street with a dark lamp, in turn."""
    image = Image.new("RGB", SIZE, WALL)
    pen = ImageDraw.Draw(image)
    if number % 2:
        _draw_street(pen, number)
    else:
        _draw_stairs(pen, number)
    content = io.BytesIO()
    image.save(content, "JPEG", quality=80)
    return content.getvalue()


def draw_hall() -> bytes:
    """Return a JPEG of 640 × 480: a hall with windows, tables and chairs."""
    image = Image.new("RGB", SIZE, "#e4dfd2")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 340, 640, 480), fill="#b9a27f")
    for window in range(3):
        left = 50 + window * 200
        pen.rectangle((left, 70, left + 130, 230), fill="#bcd4e2", outline="#8d9aa3", width=6)
        pen.line((left + 65, 70, left + 65, 230), fill="#8d9aa3", width=6)
    for table in range(3):
        left = 40 + table * 205
        pen.rectangle((left, 330, left + 150, 346), fill=PIPE)
        pen.line((left + 14, 346, left + 14, 430), fill=PIPE, width=8)
        pen.line((left + 136, 346, left + 136, 430), fill=PIPE, width=8)
        pen.rectangle((left + 55, 372, left + 95, 442), fill="#c0504d")
    content = io.BytesIO()
    image.save(content, "JPEG", quality=80)
    return content.getvalue()


def _draw_stairs(pen: ImageDraw.ImageDraw, number: int) -> None:
    pen.rectangle((0, 330, 640, 480), fill=FLOOR)
    for step in range(6):
        left, top = 260 + step * 60, 330 - (step + 1) * 40
        pen.rectangle((left, top, 640, top + 40), fill="#b4bbb7", outline="#8b9490")
    pen.line((250, 270, 600, 40), fill=PIPE, width=10)
    pen.ellipse((60, 360, 330 + number * 5, 450), fill=WATER)


def _draw_street(pen: ImageDraw.ImageDraw, number: int) -> None:
    pen.rectangle((0, 0, 640, 300), fill="#2f3e52")
    pen.rectangle((0, 300, 640, 480), fill="#454b50")
    for lamp in range(3):
        left = 110 + lamp * 200
        pen.rectangle((left, 120, left + 8, 320), fill="#8a9096")
        pen.ellipse((left - 22, 96, left + 30, 128), fill=LAMP if lamp != number % 3 else "#5a6068")
    pen.rectangle((0, 385, 640, 393), fill="#d9d9d0")
