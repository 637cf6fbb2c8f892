"""What is kept of those who hold posts: what they learnt, what they promised, and the photo that they gave."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Post
from linli.areas.scope import scope_paths
from linli.core.paths import within
from linli.files.models import Upload
from linli.staff.choices import Grade, RecordKind


class OwnQuerySet(models.QuerySet[Any, Any]):
    """Everybody sees their own rows; who arranges covers also those of the people who hold posts in reach."""

    def visible_to(self, user: Any) -> Any:
        reached = Post.objects.filter(within(scope_paths(user, "posts.cover"), "area__path"), holder=OuterRef("person"))
        return self.filter(Q(person=getattr(user, "pk", None)) | Exists(reached))


class Record(models.Model):
    """One line of the register: a certificate, a grade, a training, a language or skill."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="records", verbose_name=_("who")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=RecordKind.choices)
    title = models.CharField(_("name"), max_length=80, blank=True)
    level = models.CharField(_("level"), max_length=40, blank=True)
    grade = models.CharField(_("grade"), max_length=16, choices=Grade.choices, blank=True)
    day = models.DateField(_("date"), null=True, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, null=True, blank=True)
    written_at = models.DateTimeField(_("written at"))

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the register")
        verbose_name_plural = _("lines of the register")
        ordering = ["kind", "-day", "id"]

    def __str__(self) -> str:
        return self.title or str(self.get_grade_display())


class Pledge(models.Model):
    """Somebody accepted a version of the pledge of confidentiality."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("who")
    )
    version = models.PositiveSmallIntegerField(_("version"))
    accepted_at = models.DateTimeField(_("accepted at"))

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="each_version_is_pledged_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.version}"


class Portrait(models.Model):
    """The photo that somebody agreed to show on the public board; without consent there is none."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="portrait", verbose_name=_("who")
    )
    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="+", verbose_name=_("photo"))
    consented_on = models.DateField(_("agreed on"))

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo for the board")
        verbose_name_plural = _("photos for the board")

    def __str__(self) -> str:
        return f"{self.person_id}"
