"""Posts: who serves where. The auditor reads; the administrator creates, appoints, vacates and ends."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from linli.accounts.access import allowed
from linli.areas.actions import appoint, create_post, end_post
from linli.areas.models import Post
from linli.areas.queries import PostFilters, posts_for
from linli.core import clock
from linli.core.paging import page_of
from linli.web.forms.staff import AppointForm, EndPostForm, PostFilterForm, PostForm


@allowed("posts.view")
def post_list(request: HttpRequest) -> HttpResponse:
    """List the posts in force today, filtered by the address."""
    form = PostFilterForm(request.GET)
    page = page_of(request, posts_for(request.user, PostFilters.from_query(request.GET)))
    may_edit = request.user.has_perm("posts.edit")
    return render(request, "web/posts/list.html", {"form": form, "page": page, "may_edit": may_edit})


@allowed("posts.edit")
def post_new(request: HttpRequest) -> HttpResponse:
    """Create a post, held by somebody or vacant."""
    form = PostForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        post = create_post(**form.cleaned_data, by=request.user)
        messages.success(
            request, _("%(post)s in %(area)s is there now.") % {"post": post.title, "area": post.area.name}
        )
        return redirect("post-list")
    return render(request, "web/posts/new.html", {"form": form})


@allowed("posts.edit")
def post_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a post to somebody, or leave it vacant."""
    post = _post(request, pk)
    form = AppointForm(request.POST or None, initial={"holder": post.holder_id})
    if request.method == "POST" and form.is_valid():
        holder = form.cleaned_data["holder"]
        appoint(post, holder, by=request.user)
        messages.success(request, _appointed(post, holder.name if holder else ""))
        return redirect("post-list")
    context = {"form": form, "end_form": EndPostForm(initial={"until": clock.today()}), "post": post}
    return render(request, "web/posts/appoint.html", context)


@allowed("posts.edit")
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a post end with a day; it stays as history."""
    post = _post(request, pk)
    form = EndPostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_post(post, form.cleaned_data["until"], by=request.user)
        except ValidationError as problem:
            form.add_error("until", problem.messages)
        else:
            messages.success(request, _("%(post)s ends on that day.") % {"post": post.title})
            return redirect("post-list")
    context = {"form": AppointForm(initial={"holder": post.holder_id}), "end_form": form, "post": post}
    return render(request, "web/posts/appoint.html", context)


def _post(request: HttpRequest, pk: int) -> Post:
    rows = Post.objects.visible_to(request.user).select_related("area", "holder", "department")
    return get_object_or_404(rows, pk=pk)


def _appointed(post: Post, name: str) -> str:
    values = {"post": post.title, "area": post.area.name, "name": name}
    if name:
        return _("%(name)s is now %(post)s in %(area)s.") % values
    return _("%(post)s in %(area)s is vacant. Its work falls to the next level.") % values
