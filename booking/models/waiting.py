"""The line for a full day: who waits for a place, since when, and what became of it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.booking import Booking
from booking.models.space import Space
from booking.slots import Slot
from members.models import Member


class Ending(models.TextChoices):
    """How a wait ended."""

    TAKEN = "taken", _("place prise")
    LEFT = "left", _("attente abandonnée")
    LAPSED = "lapsed", _("place proposée, sans réponse")
    PASSED = "passed", _("le moment est passé")


class WaitQuerySet(models.QuerySet["Wait"]):
    def standing(self) -> Self:
        """Those that have not ended, the longest first."""
        return self.filter(ended_at=None).order_by("made_at", "id")

    def without_offer(self) -> Self:
        return self.filter(ended_at=None, offer=None)

    def overdue(self, now: datetime) -> Self:
        """An offer that nobody answered in time, or a moment that has come."""
        return self.filter(ended_at=None).filter(
            models.Q(offer_until__lte=now) | models.Q(start__lte=now)
        )

    def with_place(self) -> Self:
        return self.select_related("space", "member__user", "offer__resource__space")


class Wait(models.Model):
    """A member waits for any desk of a space during `[start, end)`.

    An offer is a booking like any other, so nobody else gets its place; it is the member's to keep
    until `offer_until`, and goes to the next in line then.
    """

    space = models.ForeignKey(
        Space, on_delete=models.PROTECT, related_name="waits", verbose_name=_("espace")
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="waits", verbose_name=_("membre")
    )
    start = models.DateTimeField(_("début"))
    end = models.DateTimeField(_("fin"))
    made_at = models.DateTimeField(_("demandée le"), editable=False)
    offer = models.OneToOneField(
        Booking,
        on_delete=models.PROTECT,
        related_name="wait",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("place proposée"),
    )
    offer_until = models.DateTimeField(_("proposée jusqu’à"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True, editable=False)
    ending = models.CharField(_("fin"), max_length=6, choices=Ending, blank=True, editable=False)

    objects = WaitQuerySet.as_manager()

    class Meta:
        verbose_name = _("attente d’une place")
        verbose_name_plural = _("attentes d’une place")
        ordering = ("made_at", "id")
        indexes = (
            models.Index(
                fields=("space", "made_at"),
                condition=models.Q(ended_at=None),
                name="wait_line",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("member", "space", "start"),
                condition=models.Q(ended_at=None),
                name="wait_once",
                violation_error_message=_("Vous attendez déjà une place à ce moment-là."),
                violation_error_code="waiting",
            ),
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")),
                name="wait_order",
                violation_error_message=_("La fin doit suivre le début."),
                violation_error_code="end_before_start",
            ),
            models.CheckConstraint(
                condition=models.Q(offer=None, offer_until=None)
                | models.Q(offer__isnull=False, offer_until__isnull=False),
                name="wait_offer",
                violation_error_message=_("Une place est proposée jusqu’à une heure dite."),
                violation_error_code="bad_offer",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ending="")
                | models.Q(ended_at__isnull=False, ending__in=Ending.values),
                name="wait_ended",
                violation_error_message=_("Une attente terminée dit comment."),
                violation_error_code="bad_ending",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member}, {self.start.astimezone(self.space.zone):%d/%m/%Y %H:%M}"

    @property
    def slot(self) -> Slot:
        return Slot(self.start, self.end)

    @property
    def has_offer(self) -> bool:
        return self.offer_id is not None and self.ended_at is None
