from __future__ import annotations

from pathlib import Path

import pytest

from linli.core import pdf

TEMPLATE = "= #data.title\n#table(columns: 1, ..data.rows.map(row => text(row)))\n"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "page.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def test_data_becomes_a_pdf_of_as_many_pages_as_it_needs(template: Path) -> None:
    short = pdf.render_pdf(template, {"title": "一户一档", "rows": ["单田芳"]}, watermark=["李文静", "2026-11-24"])
    long = pdf.render_pdf(template, {"title": "一户一档", "rows": ["单田芳"] * 200}, watermark=["李文静"])
    assert short.startswith(b"%PDF")
    assert len(long) > len(short)


def test_what_somebody_wrote_is_never_read_as_markup(template: Path) -> None:
    wild = ['#panic("no")', "*fat* $x$ \\", '"quoted"', "#import", "</script>"]
    assert pdf.render_pdf(template, {"title": wild[0], "rows": wild}, watermark=wild).startswith(b"%PDF")


def test_without_a_chinese_font_it_says_what_to_do(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "CHINESE_FAMILIES", ("No Such Font",))
    with pytest.raises(pdf.NotPrintable) as refusal:
        pdf.render_pdf(template, {"title": "", "rows": []}, watermark=[])
    assert "Noto Sans CJK" in refusal.value.message
