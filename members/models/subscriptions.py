"""A member on a plan between two days, and the days on which membership rests."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.constraints import NoOverlap
from members.models.people import Member
from members.models.plans import Plan


class DatedQuerySet(models.QuerySet["Subscription"]):
    def on(self, day: date) -> Self:
        """Those that hold on a day."""
        return self.filter(
            models.Q(end=None) | models.Q(end__gt=day), start__lte=day, is_void=False
        )

    def not_over(self, day: date) -> Self:
        """Those that hold on a day or will."""
        return self.filter(models.Q(end=None) | models.Q(end__gt=day), is_void=False)


class Subscription(models.Model):
    """A member on a plan for the days `[start, end)`; without `end` it goes on.

    It follows the dated prices of its plan. One that is called off before it begins is void: it
    stays on record and counts for nothing.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="subscriptions", verbose_name=_("membre")
    )
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="subscriptions", verbose_name=_("formule")
    )
    start = models.DateField(_("à partir du"))
    end = models.DateField(_("jusqu’avant le"), null=True, blank=True)
    category = models.SlugField(
        _("catégorie"), max_length=40, blank=True, help_text=_("Ouvre droit à une réduction.")
    )
    is_void = models.BooleanField(_("sans effet"), default=False, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("fait par"),
    )
    made_at = models.DateTimeField(_("fait le"), editable=False)
    notice_at = models.DateTimeField(_("préavis reçu le"), null=True, blank=True, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("abonnement")
        verbose_name_plural = _("abonnements")
        ordering = ("member", "-start", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gt=models.F("start")),
                name="subscription_order",
                violation_error_message=_("La fin doit suivre le début."),
                violation_error_code="end_before_start",
            ),
            NoOverlap(
                name="subscription_no_overlap",
                same=("member",),
                range_type="daterange",
                where=(("is_void", False),),
                violation_error_message=_("Ce membre a déjà une formule à ces dates."),
                violation_error_code="overlap",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.start:%d/%m/%Y}"


class PauseQuerySet(models.QuerySet["Pause"]):
    def on(self, day: date) -> Self:
        return self.filter(models.Q(end=None) | models.Q(end__gt=day), start__lte=day)

    def not_over(self, day: date) -> Self:
        return self.filter(models.Q(end=None) | models.Q(end__gt=day))


class Pause(models.Model):
    """The days `[start, end)` on which a member neither comes nor pays a fee."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="pauses", verbose_name=_("membre")
    )
    start = models.DateField(_("à partir du"))
    end = models.DateField(_("jusqu’avant le"), null=True, blank=True)
    reason = models.CharField(_("raison"), max_length=200, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ("member", "-start", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gt=models.F("start")),
                name="pause_order",
                violation_error_message=_("La fin doit suivre le début."),
                violation_error_code="end_before_start",
            ),
            NoOverlap(
                name="pause_no_overlap",
                same=("member",),
                range_type="daterange",
                violation_error_message=_("Ce membre a déjà une pause à ces dates."),
                violation_error_code="overlap",
            ),
        )

    def __str__(self) -> str:
        return f"{self.start:%d/%m/%Y} –"
