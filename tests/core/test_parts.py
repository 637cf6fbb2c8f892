"""The shared parts: what they say about time, how they tie fields to their errors, and that they escape."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from linli.core import clock, context, widgets
from linli.core.templatetags import parts

# Tuesday 24 November 2026, 10:18 in Shanghai.
NOW = datetime(2026, 11, 24, 2, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english() -> Any:
    with clock.frozen(NOW), translation.override("en"):
        yield


def render(source: str, **values: Any) -> str:
    return engines["django"].from_string(source).render(values)


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("due_at", "tone", "text"),
    [
        (shanghai(23, 7, 18), "late", "late by 1 d 3 h"),
        (shanghai(24, 10, 17), "late", "late by 1 min"),
        (shanghai(24, 12, 18), "soon", "2 h left"),
        (shanghai(24, 23, 59), "soon", "13 h 41 min left"),
        (shanghai(25, 0, 0), "", "11-25 00:00"),
        (shanghai(27, 17), "", "11-27 17:00"),
        (None, "", "—"),
    ],
)
def test_a_deadline_has_the_colour_of_its_time(due_at: datetime | None, tone: str, text: str) -> None:
    state = widgets.deadline_of(due_at)

    assert (state.tone, state.text) == (tone, text)


def test_a_deadline_within_four_hours_is_soon_although_it_is_tomorrow() -> None:
    with clock.frozen(shanghai(24, 22)):
        assert widgets.deadline_of(shanghai(25, 1, 59)).tone == "soon"
        assert widgets.deadline_of(shanghai(25, 2, 1)).tone == ""


def test_a_deadline_at_length_names_the_hour_beside_the_time_left() -> None:
    state = widgets.deadline_of(shanghai(24, 17), full=True)

    assert (state.text, state.rest) == ("17:00", "6 h 42 min left")


def test_a_met_deadline_is_green_only_when_it_was_met_in_time() -> None:
    due_at = shanghai(23, 17)

    in_time = widgets.deadline_of(due_at, met_at=shanghai(23, 17))
    too_late = widgets.deadline_of(due_at, met_at=shanghai(23, 18, 30))

    assert (in_time.tone, in_time.text) == ("done", "done in time")
    assert (too_late.tone, too_late.text) == ("paused", "done, late by 1 h 30 min")


def test_a_paused_deadline_is_never_late_and_tells_its_reason() -> None:
    past = shanghai(20, 9)

    assert widgets.deadline_of(past, paused="waiting for a part").text == "Paused: waiting for a part"
    assert widgets.deadline_of(past, paused=True).text == "Paused"
    assert widgets.deadline_of(past, paused=True).tone == "paused"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=59), "0分"),
        (36, "36分"),
        (60, "1小时"),
        (160, "2小时40分"),
        (24 * 60, "1天"),
        (27 * 60 + 5, "1天3小时"),
        (timedelta(minutes=-5), "0分"),
    ],
)
def test_a_length_of_time_is_spoken_in_its_two_largest_units(length: timedelta | int, words: str) -> None:
    with translation.override("zh-hans"):
        assert widgets.spell_duration(length) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (shanghai(24, 9, 40), "今天 09:40"),
        (shanghai(23, 19, 26), "昨天 19:26"),
        (shanghai(22, 19, 26), "11-22 19:26"),
        (datetime(2025, 11, 22, 19, 26, tzinfo=clock.SHANGHAI), "2025-11-22"),
        (datetime(2026, 11, 23, 16, 1, tzinfo=UTC), "今天 00:01"),
        (date(2026, 11, 23), "昨天"),
        (date(2026, 11, 25), "11-25"),
    ],
)
def test_a_moment_is_said_as_near_as_needed(moment: datetime | date, words: str) -> None:
    with translation.override("zh-hans"):
        assert widgets.spell_moment(moment) == words


def test_a_day_in_full_is_chinese_on_chinese_pages() -> None:
    with translation.override("zh-hans"):
        assert widgets.spell_day(date(2026, 11, 24)) == "11月24日 星期二"


def test_when_keeps_the_full_moment_as_title() -> None:
    shown = render("{{ moment|when }}", moment=shanghai(22, 19, 26))

    assert 'title="2026-11-22 19:26"' in shown
    assert ">11-22 19:26</time>" in shown
    assert render("{{ moment|when }}", moment=None) == "—"


def test_an_icon_is_silent_unless_it_stands_alone() -> None:
    assert 'aria-hidden="true"' in render('{% icon "home" %}')
    alone = render('{% icon "x" label=name %}', name='Close "<b>')

    assert 'role="img"' in alone
    assert "aria-hidden" not in alone
    assert "Close &quot;&lt;b&gt;" in alone


@pytest.mark.parametrize("name", ["no-such-icon", "../importmap", ""])
def test_an_unknown_icon_is_refused(name: str) -> None:
    with pytest.raises(LookupError):
        parts.icon(name)


@pytest.mark.parametrize("value", ["on_spot", "coordination", "emergency", "approval"])
def test_a_mechanism_has_a_tile_and_a_word(value: str) -> None:
    shown = render("{% mechanism value %}", value=value)

    assert f"l-mechanism-{value}" in shown
    assert str(widgets.MECHANISMS[value].label) in shown


class Sample(forms.Form):
    phone = forms.CharField(help_text="11 digits")
    reason = forms.ChoiceField(widget=forms.RadioSelect, choices=[("visit", "Visit"), ("case", "Case")])
    text = forms.CharField(widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(required=False)
    photos = forms.FileField(widget=forms.FileInput(attrs={"accept": "image/*"}), required=False)


def test_a_wrong_field_is_tied_to_its_error_and_its_help() -> None:
    form = Sample({"phone": "", "reason": "visit"})
    shown = render("{% field form.phone %}", form=form)

    assert 'aria-describedby="id_phone-error id_phone-help"' in shown
    assert 'aria-invalid="true"' in shown
    assert 'id="id_phone-error"' in shown
    assert 'id="id_phone-help"' in shown
    assert '<label class="form-label" for="id_phone">' in shown


def test_a_right_field_keeps_what_was_typed_and_names_no_error() -> None:
    shown = render("{% field form.phone %}", form=Sample({"phone": "0355-1", "reason": "visit"}))

    assert 'value="0355-1"' in shown
    assert "aria-invalid" not in shown
    assert "-error" not in shown


def test_radio_choices_are_chips_in_a_named_group() -> None:
    shown = render("{% field form.reason %}", form=Sample({"phone": "1", "reason": "case"}))

    assert "<legend" in shown
    assert shown.count('class="l-chip"') == 2
    assert shown.count("checked") == 1


def test_each_kind_of_field_gets_its_own_drawing() -> None:
    form = Sample()

    assert "<textarea" in render("{% field form.text rows=5 %}", form=form)
    assert 'rows="5"' in render("{% field form.text rows=5 %}", form=form)
    assert 'class="form-check-input"' in render("{% field form.agreed %}", form=form)
    assert "data-photo-list" in render("{% field form.photos %}", form=form)
    assert "may be left out" in render("{% field form.text %}", form=form)
    assert "may be left out" not in render("{% field form.phone %}", form=form)


def test_photos_that_were_sent_have_to_be_chosen_again() -> None:
    files = {"photos": SimpleUploadedFile("lamp.jpg", b"x")}

    assert "choose the photos again" in render("{% field form.photos %}", form=Sample({}, files))
    assert "choose the photos again" not in render("{% field form.photos %}", form=Sample({}, {}))
    assert "choose the photos again" not in render("{% field form.photos %}", form=Sample())
    assert "choose the photos again" not in render("{% field form.text %}", form=Sample({}, files))


def test_the_paginator_keeps_the_filters_of_the_address() -> None:
    request = RequestFactory().get("/cases/", {"q": "灯", "page": "2"})
    page = Paginator(range(100), 20).page(2)
    shown = engines["django"].from_string("{% paginator page %}").render({"page": page}, request)

    assert "q=%E7%81%AF&amp;page=3" in shown
    assert "q=%E7%81%AF&amp;page=1" in shown
    assert "21–40 of 100" in shown
    assert "q=%E7%81%AF&amp;page_size=50" in shown


def test_one_short_page_needs_no_paginator() -> None:
    request = RequestFactory().get("/cases/")
    shown = engines["django"].from_string("{% paginator page %}").render({"page": Paginator([1], 20).page(1)}, request)

    assert "<nav" not in shown


def test_a_rate_shows_what_it_was_made_of() -> None:
    shown = render("{% rate 1203 1262 url='/rows/' %}")

    assert "95.3%" in shown
    assert "1,203 ÷ 1,262" in shown
    assert 'href="/rows/"' in shown
    assert "—" in render("{% rate 0 0 %}")


@pytest.mark.parametrize(
    ("value", "maximum", "width"), [(1, 4, "25.0"), (9, 4, "100.0"), (1, 0, "0.0"), (-1, 4, "0.0")]
)
def test_a_bar_stays_within_its_frame(value: int, maximum: int, width: str) -> None:
    assert parts.bar(value, maximum) == {"width": width}


def test_a_masked_value_has_an_eye_only_where_it_may_be_revealed() -> None:
    assert 'hx-get="/reveal/"' in render("{% masked value reveal_url='/reveal/' %}", value="190****0131")
    assert "<a" not in render("{% masked value %}", value="190****0131")
    assert "<a" not in render("{% masked value reveal_url='/reveal/' %}", value="")


def test_a_dialog_wraps_its_content_and_escapes_its_title() -> None:
    shown = render("{% dialog id='give' title=title %}<form></form>{% enddialog %}", title="<b>4</b>")

    assert '<dialog class="l-dialog" id="give" aria-labelledby="give-title">' in shown
    assert "&lt;b&gt;4&lt;/b&gt;" in shown
    assert "<form></form>" in shown


def test_breadcrumbs_lead_back_to_the_last_address() -> None:
    shown = render("{% breadcrumbs 'Cases' '/cases/' 'Late' '/cases/?late=1' '1122' %}")

    assert 'class="l-back" href="/cases/?late=1"' in shown
    assert '<span aria-current="page">1122</span>' in shown


def test_history_is_escaped() -> None:
    entry = widgets.Entry("<script>", NOW, "a & b", links=[("2 photos", "/photos/")])
    shown = render("{% timeline entries %}", entries=[entry])

    assert "&lt;script&gt;" in shown
    assert "a &amp; b" in shown
    assert '<a href="/photos/">2 photos</a>' in shown


def test_photos_of_a_history_open_when_pressed() -> None:
    entry = widgets.Entry("Done", NOW, photos=["/photos/1/", "/photos/2/"], note="1 <more>")
    shown = render("{% timeline entries %}", entries=[entry])

    assert shown.count('class="l-thumb"') == 2
    assert '<a href="/photos/2/"><img class="l-thumb" src="/photos/2/" alt="Photo 2"' in shown
    assert "1 &lt;more&gt;" in shown
    assert "l-thumb" not in render("{% timeline entries %}", entries=[widgets.Entry("Done", NOW)])


def test_the_emergency_clock_starts_from_the_discovery_and_says_when_it_is_late() -> None:
    running = parts.emergency_clock(NOW - timedelta(minutes=23, seconds=41), NOW + timedelta(minutes=36))
    overdue = parts.emergency_clock(NOW - timedelta(minutes=70), NOW - timedelta(minutes=10))

    assert (running["elapsed"], running["left"], running["late"]) == ("00:23:41", "36 min", False)
    assert (overdue["elapsed"], overdue["left"], overdue["late"]) == ("01:10:00", "10 min", True)


@pytest.mark.parametrize(
    ("cookies", "theme", "size"),
    [
        ({}, "auto", "normal"),
        ({"linli_theme": "dark", "linli_size": "large"}, "dark", "large"),
        ({"linli_theme": '"><script>', "linli_size": "huge"}, "auto", "normal"),
    ],
)
def test_the_display_is_read_from_cookies_and_unknown_values_count_for_nothing(
    cookies: dict[str, str], theme: str, size: str
) -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookies)

    display = context.display_of(request)

    assert (display.theme, display.size) == (theme, size)


def test_the_language_of_a_page_is_spelt_for_browsers() -> None:
    with translation.override("zh-hans"):
        assert context.display_of(RequestFactory().get("/")).html_language == "zh-Hans"
    assert context.display_of(RequestFactory().get("/")).html_language == "en"


def test_a_map_names_its_sources_and_keeps_another_way() -> None:
    shown = render("{% area_map label='Grids' areas='/a.geojson' pick='lon lat' height='tall' %}", map_style="")

    assert 'data-areas="/a.geojson"' in shown
    assert 'data-pick="lon lat"' in shown
    assert "data-style" not in shown
    assert 'href="/find/"' in shown
