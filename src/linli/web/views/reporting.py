"""A department's own table: send it in → say what its columns are → fill it from the ledgers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.accounts.access import allowed
from linli.accounts.queries import names_of
from linli.areas.models import Area
from linli.core.paging import page_of
from linli.exports.kinds import kind_for
from linli.exports.models import Export
from linli.exports.queries import hidden_columns, rows_at_once, taken_today
from linli.exports.rules import NotPossible
from linli.reporting import actions
from linli.reporting.layout import Layout
from linli.reporting.models import Template
from linli.reporting.queries import (
    KIND,
    columns_for,
    columns_told,
    layout_of,
    template_for,
    templates_for,
)
from linli.web.form_pages import taken_in, upload_form
from linli.web.forms.reporting import FillForm, FormColumnsForm, TemplateForm

ABILITY = "exports.forms"
# How a column was recognised, and why one stays empty.
HOW: dict[str, str | Promise] = {
    "exact": gettext_lazy("the same name"),
    "synonym": gettext_lazy("another name for it"),
    "contains": gettext_lazy("a similar name: please check"),
    "unknown": gettext_lazy("stays empty: the ledgers do not hold this"),
    "never": gettext_lazy("stays empty: Linli never keeps this"),
    "learnt": gettext_lazy("learnt: somebody here chose it before"),
    "chosen": gettext_lazy("chosen by you"),
    "hidden": gettext_lazy("stays empty: this column is hidden in the form"),
}


@allowed(ABILITY)
def export_form_list(request: HttpRequest) -> HttpResponse:
    """List the forms of one's area, and those of the places above it."""
    page = page_of(request, templates_for(request.user))
    names = names_of(row.created_by for row in page)
    rows = [(row, names.get(row.created_by, row.created_by)) for row in page]
    return render(request, "web/reporting/list.html", {"page": page, "rows": rows})


@allowed(ABILITY)
def export_form_new(request: HttpRequest) -> HttpResponse:
    """Take an empty form, or say next to the field why it can't be taken."""
    form = upload_form(request, TemplateForm)

    def keep(content: bytes, name: str) -> Template:
        given = form.cleaned_data
        return actions.keep_template(content, name=name, title=given["title"], area=given["area"], by=request.user)

    template = taken_in(form, keep)
    if template is not None:
        return redirect("export-form", number=template.number)
    return render(request, "web/reporting/new.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@allowed(ABILITY)
def export_form(request: HttpRequest, number: str) -> HttpResponse:
    """Show what fills each column of a form, and what stays empty; take what a person knows better."""
    template = _template(request, number)
    layout = _layout(template)
    may_change = bool(request.user.has_perm(ABILITY, template))
    form = FormColumnsForm(request.POST or None, columns=layout.columns, choices=columns_told())
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied(_("Only those who keep this form can change its columns."))
        if form.is_valid():
            actions.set_columns(template, form.mapping(), by=request.user)
            messages.success(request, _("Kept. The columns are so whenever this form is filled."))
            return redirect("export-form", number=number)
    names = dict(columns_told())
    context = {
        "template": template,
        "layout": layout,
        "form": form,
        "rows": [
            (column, bound, names.get(column.field or "", ""), HOW["hidden" if column.hidden else column.how])
            for column, bound in form.rows()
        ],
        "filled": sum(column.is_filled for column in layout.columns),
        "may_change": may_change,
    }
    return render(request, "web/reporting/form.html", context, status=422 if form.is_bound else 200)


@never_cache
@allowed(ABILITY)
def export_form_fill(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for which place a form is filled and what for; then it goes out like every list."""
    template = _template(request, number)
    layout = _layout(template)
    masked = hidden_columns(kind_for(KIND), columns_for(layout))
    form = FillForm(request.POST or None, user=request.user, masked=bool(masked))
    if request.method == "POST" and form.is_valid():
        export = _filled(template, form, by=request.user)
        if export is not None:
            return redirect("export", number=export.number)
    context = {
        "template": template,
        "layout": layout,
        "form": form,
        "left": max(0, rows_at_once() - taken_today(request.user)),
        "limit": rows_at_once(),
        "empty": [column.header or column.letter for column in layout.columns if not column.is_filled],
    }
    return render(request, "web/reporting/fill.html", context, status=422 if form.is_bound else 200)


def _filled(template: Template, form: FillForm, *, by: Any) -> Export | None:
    given = form.cleaned_data
    try:
        return actions.fill_template(
            template,
            area=Area.objects.get(code=given["area"]),
            clear=given.get("clear", False),
            purpose=given["purpose"],
            narrowed={"standing": given["standing"]},
            by=by,
        )
    except NotPossible as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as wrong:
        form.add_action_errors(wrong.message_dict)
    return None


@require_POST
@allowed(ABILITY)
def export_form_remove(request: HttpRequest, number: str) -> HttpResponse:
    """Remove a form from the list."""
    template = _template(request, number)
    actions.remove_template(template, by=request.user)
    messages.success(request, _("Removed: %(title)s.") % {"title": template.title})
    return redirect("export-form-list")


def _template(request: HttpRequest, number: str) -> Template:
    try:
        return template_for(request.user, number)
    except Template.DoesNotExist:
        raise Http404 from None


def _layout(template: Template) -> Layout:
    try:
        return layout_of(template)
    except FileNotFoundError as gone:
        raise Http404(_("The file of this form is gone. Send it once more.")) from gone
