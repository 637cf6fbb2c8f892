"""The shared parts of every page as template tags and filters; docs/parts.md shows each with an example.

The tags are builtins: templates use them without ``{% load %}``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Select, Textarea
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from linli.core import clock, widgets

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "icons"
_ICON_NAME = re.compile(r"[a-z0-9-]+")
_PATH = re.compile(r"<(?:path|circle|line|rect|polyline|polygon)\b[^>]*/>")
_EMPTY_PATH = 'd="M0 0h24v24H0z"'
_SVG = (
    '<svg class="icon{extra}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
    'stroke-linecap="round" stroke-linejoin="round"{name}>{paths}</svg>'
)


@cache
def _icon_paths(name: str) -> str:
    """Return the drawing inside one icon file.

    Raises:
        LookupError: there is no icon of that name.
    """
    file = ICONS / f"{name}.svg"
    if not _ICON_NAME.fullmatch(name) or not file.is_file():
        raise LookupError(f"no icon is called {name!r}")
    shapes = _PATH.findall(file.read_text(encoding="utf-8"))
    return "".join(shape for shape in shapes if _EMPTY_PATH not in shape)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw a Tabler outline icon; with ``label`` it stands alone and is read aloud. ``size``: "", "small", "large"."""
    spoken = format_html(' role="img" aria-label="{}"', label) if label else ' aria-hidden="true"'
    extra = f" l-icon-{size}" if size else ""
    # The file is ours and the label is escaped above.
    return mark_safe(_SVG.format(extra=extra, name=spoken, paths=_icon_paths(name)))  # noqa: S308


# These two stand in every row of every list; a template of their own for each would be a quarter of the page's time.


@register.simple_tag
def mechanism(value: str, label: str = "") -> SafeString:
    """Show one of the four handling mechanisms: icon tile and word. ``value``: on_spot, coordination, …"""
    return _mechanism(str(value), label or str(widgets.MECHANISMS[str(value)].label))


@cache
def _mechanism(value: str, label: str) -> SafeString:
    return format_html(
        '<span class="l-mechanism l-mechanism-{}"><span class="l-tile">{}</span><span>{}</span></span>',
        value,
        icon(widgets.MECHANISMS[value].icon),
        label,
    )


@register.simple_tag
def deadline(
    due_at: datetime | None, met_at: datetime | None = None, paused: bool | str = False, full: bool = False
) -> SafeString:
    """Show how a deadline stands: icon and words; see ``widgets.deadline_of``."""
    state = widgets.deadline_of(due_at, met_at=met_at, paused=paused, full=full)
    return format_html(
        '<span class="l-deadline{}"{}>{}<span><b>{}</b>{}</span></span>',
        f" l-tone-{state.tone}" if state.tone else "",
        format_html(' title="{}"', widgets.full_moment(due_at)) if due_at else "",
        icon(state.icon) if state.icon else "",
        state.text,
        format_html(' <span class="l-rest">{}</span>', state.rest) if state.rest else "",
    )


@register.simple_tag
def script_words() -> SafeString:
    """Hand the scripts what they say, in the language of the page."""
    return _script_words(get_language() or settings.LANGUAGE_CODE)


@cache
def _script_words(language: str) -> SafeString:
    """Draw the same words once for each language, not on every page."""
    with override(language):
        return SafeString(render_to_string("core/words.html"))


@register.inclusion_tag("core/parts/emergency_clock.html")
def emergency_clock(since: datetime, until: datetime | None = None) -> dict[str, Any]:
    """Show the clock of an emergency: time since discovery, minutes left for the written report. It ticks."""
    now = clock.now()
    seconds = max(int((now - since).total_seconds()), 0)
    left = until - now if until else timedelta()
    return {
        "since": since,
        "until": until,
        "elapsed": f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
        "late": bool(until) and left < timedelta(),
        "left": widgets.spell_duration(abs(left)),
    }


@register.filter
def when(moment: datetime | date | None) -> SafeString:
    """Show a moment as near as needed, with the full one as its title; nothing shows as a dash."""
    if moment is None:
        return SafeString("—")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        widgets.full_moment(moment),
        widgets.spell_moment(moment),
    )


@register.filter
def when_text(moment: datetime | date) -> str:
    """Say a moment as ``when`` does, as plain text for titles and sentences."""
    return widgets.spell_moment(moment)


@register.filter
def day_text(day: date) -> str:
    """Say a day in full: 11月24日 星期二."""
    return widgets.spell_day(day)


@register.filter
def duration(length: timedelta | int) -> str:
    """Say a length of time (minutes, or a timedelta) in its two largest units."""
    return widgets.spell_duration(length)


@register.filter
def number(value: Any) -> Any:
    """Show a number with its thousands apart, 26,400; anything else as it is."""
    return widgets.spell_number(value) if isinstance(value, int | float) else value


_INPUT_CLASSES = ((RadioSelect, ""), (CheckboxSelectMultiple, ""), (CheckboxInput, "form-check-input"))


def _layout(bound: BoundField) -> str:
    """Tell which of the four drawings of ``field.html`` a form field gets."""
    widget = bound.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "chips"
    if isinstance(widget, CheckboxInput):
        return "check"
    return "photo" if isinstance(widget, FileInput) and "image" in widget.attrs.get("accept", "") else "line"


def _input_class(bound: BoundField) -> str:
    widget = bound.field.widget
    for kind, name in _INPUT_CLASSES:
        if isinstance(widget, kind):
            return name
    return "form-select" if isinstance(widget, Select) else "form-control"


@register.inclusion_tag("core/parts/field.html")
def field(
    bound: BoundField,
    label: str = "",
    help: str = "",
    icon: str = "",
    rows: int = 3,
    placeholder: str = "",
    may_be_empty: bool | None = None,
) -> dict[str, Any]:
    """Show a form field: label, input, help, and its error with what to do, all tied together for screen readers.

    Draws text, textarea, select, date, file; radio and many-of choices as chips; a checkbox; photos (a file input whose
    ``accept`` names images). ``icon`` stands inside the input; ``rows`` is the height of a textarea.
    “May be left out” stands beside what is not required, unless ``may_be_empty=False``: in filters, and where another
    field can be given instead.
    """
    widget = bound.field.widget
    help_text = help or bound.help_text
    identity = bound.id_for_label or bound.auto_id or bound.html_name
    attributes: dict[str, Any] = {"class": _input_class(bound)}
    described = [f"{identity}-error"] if bound.errors else []
    described += [f"{identity}-help"] if help_text else []
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if isinstance(widget, Textarea):
        attributes["rows"] = rows
    if placeholder:
        attributes["placeholder"] = placeholder
    layout = _layout(bound)
    return {
        "bound": bound,
        "layout": layout,
        "identity": identity,
        "label": label or bound.label,
        "help": help_text,
        "icon": icon,
        "described": attributes.get("aria-describedby", ""),
        "control": "" if layout == "chips" else bound.as_widget(attrs=attributes),
        "multiple": isinstance(widget, CheckboxSelectMultiple),
        # No browser fills a file input again.
        "choose_again": layout == "photo" and bound.form.is_bound and bool(bound.data),
        "may_be_empty": (not bound.field.required) if may_be_empty is None else may_be_empty,
    }


@register.inclusion_tag("core/parts/form_errors.html")
def form_errors(form: Any) -> dict[str, Any]:
    """Show what is wrong with a form as a whole, above its fields."""
    return {"errors": form.non_field_errors()}


@register.inclusion_tag("core/parts/nothing.html")
def nothing(icon: str, title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """Show that a list is empty: what that means, what comes next, and a link if there is something to do."""
    return {"icon": icon, "title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("core/parts/timeline.html")
def timeline(entries: Sequence[widgets.Entry]) -> dict[str, Any]:
    """Show a history, newest first."""
    return {"entries": entries}


@register.inclusion_tag("core/parts/steps.html")
def steps(stops: Sequence[widgets.Step]) -> dict[str, Any]:
    """Show how far something has come as a line of stops."""
    return {"stops": stops}


@register.inclusion_tag("core/parts/piles.html")
def piles(figures: Sequence[widgets.Pile], label: str) -> dict[str, Any]:
    """Show a row of figures, each of which opens its rows; ``label`` names the row for screen readers."""
    return {"figures": figures, "label": label}


@register.simple_block_tag
def dialog(content: str, id: str, title: str, wide: bool = False) -> SafeString:
    """Wrap a form in a dialog, opened by a link ``<a href="PAGE" data-dialog="ID">``; without scripts by that page."""
    return format_html(
        '<dialog class="l-dialog{}" id="{}" aria-labelledby="{}-title"><h2 id="{}-title">{}</h2>{}</dialog>',
        " l-dialog-wide" if wide else "",
        id,
        id,
        id,
        title,
        content,
    )


@register.inclusion_tag("core/parts/messages.html", takes_context=True)
def messages_bar(context: Context) -> dict[str, Any]:
    """Show what was just done. A message whose ``extra_tags`` is an address offers to take the step back there."""
    return {"messages": context.get("messages"), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("core/parts/progress.html")
def progress(
    label: str, value: int, maximum: int, unit: str = "", poll_url: str = "", text: str = ""
) -> dict[str, Any]:
    """Show how far a background job is; with ``poll_url`` the part asks for itself again about every second.

    Where nothing is counted ``maximum`` is 0 and the bar only moves.
    """
    return {"label": label, "value": value, "maximum": maximum, "unit": unit, "poll_url": poll_url, "text": text}


@register.inclusion_tag("core/parts/notice.html")
def notice(tone: str, title: str, text: str = "", url: str = "", action: str = "", icon: str = "") -> dict[str, Any]:
    """Show a notice. ``tone``: "offline", "late", "soon", "done" or "plain"."""
    icons = {"offline": "cloud-off", "late": "alert-triangle", "soon": "clock", "done": "circle-check"}
    drawn = icon or icons.get(tone, "info-circle")
    return {"tone": tone, "title": title, "text": text, "url": url, "action": action, "icon": drawn}


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """Show a person by the first character of the name. ``size``: "" or "large"."""
    extra = f" l-avatar-{size}" if size else ""
    return format_html('<span class="l-avatar{}" aria-hidden="true">{}</span>', extra, (name or "·")[:1])


@register.inclusion_tag("core/parts/masked.html")
def masked(value: str, reveal_url: str = "", label: str = "") -> dict[str, Any]:
    """Show a masked value. With ``reveal_url`` an eye asks there for the purpose; ``label`` says what would be seen."""
    return {"value": value, "reveal_url": reveal_url, "label": label}


@register.inclusion_tag("core/parts/paginator.html", takes_context=True)
def paginator(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Show where a list stands and the way to its other pages; filters in the address stay."""
    return {"request": context["request"], "page": page, "sizes": widgets.PAGE_SIZES}


@register.inclusion_tag("core/parts/rate.html")
def rate(numerator: float, denominator: float, url: str = "", tone: str = "") -> dict[str, Any]:
    """Show a rate with what it was made of: 95.3% 203 ÷ 213; with ``url`` it opens the rows."""
    return {
        "rate": widgets.percentage(numerator, denominator),
        "numerator": numerator,
        "denominator": denominator,
        "url": url,
        "tone": tone,
    }


@register.inclusion_tag("core/parts/bar.html")
def bar(value: float, maximum: float) -> dict[str, Any]:
    """Draw a bar beside a number that is written next to it; the bar itself is not read aloud."""
    share = 100 * value / maximum if maximum else 0
    return {"width": f"{min(max(share, 0), 100):.1f}"}


@register.inclusion_tag("core/parts/breadcrumbs.html")
def breadcrumbs(*parts: Any) -> dict[str, Any]:
    """Show the way here: ``{% breadcrumbs label1 url1 label2 url2 … label %}``; the last label needs no address."""
    pairs = [(parts[at], parts[at + 1] if at + 1 < len(parts) else "") for at in range(0, len(parts), 2)]
    return {"crumbs": pairs, "back": next((url for _label, url in reversed(pairs) if url), "")}


@register.inclusion_tag("core/parts/tabs.html")
def tabs(choices: Sequence[widgets.Choice], label: str) -> dict[str, Any]:
    """Show links to the parts of one page as tabs; ``label`` names the group."""
    return {"choices": choices, "label": label}


@register.inclusion_tag("core/parts/chips.html")
def chips(choices: Sequence[widgets.Choice], label: str) -> dict[str, Any]:
    """Show links that filter a list as chips; ``label`` names the group."""
    return {"choices": choices, "label": label}


@register.inclusion_tag("core/parts/switch.html")
def switch(choices: Sequence[widgets.Choice], label: str) -> dict[str, Any]:
    """Show links that change one view (this week, this month …) as a joined row."""
    return {"choices": choices, "label": label}


@register.inclusion_tag("core/parts/map.html", takes_context=True)
def area_map(context: Context, label: str, **sources: Any) -> dict[str, Any]:
    """Show a map.

    Keyword arguments become the attributes of ``<linli-map>``: ``areas``, ``buildings``, ``roads``, ``points``
    (addresses of GeoJSON), ``bounds`` ("west,south,east,north"), ``marker`` ("lon,lat"), ``pick`` ("NAME_OF_LON
    NAME_OF_LAT" of inputs in the same form), ``selected`` (code of an area), ``id``, ``height`` ("small", "tall").
    """
    identity, height = sources.pop("id", ""), sources.pop("height", "")
    find_url = reverse(sources.pop("find", "find"))
    attributes = {f"data-{name}": value for name, value in sources.items() if value}
    if context.get("map_style"):
        attributes["data-style"] = context["map_style"]
    return {"label": label, "id": identity, "height": height, "attributes": attributes, "find_url": find_url}


@register.filter
def module(name: str) -> str:
    """Return the address of one of our browser modules; the import map knows them by these plain addresses."""
    return f"/static/core/js/{name}.js"
