"""A real stay at a space: what the hourly tariff meters."""

import uuid
from datetime import datetime
from typing import Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.booking import LONGEST_STAY, Booking, Seconds
from booking.models.space import Space
from booking.slots import Slot
from members.constraints import NoOverlap
from members.models import Member
from members.models.people import LINE_LENGTH
from members.validators import validate_one_line


class Way(models.TextChoices):
    """How an arrival or a departure was told."""

    PHONE = "phone", _("par le membre")
    KIOSK = "kiosk", _("à la borne")
    HOST = "host", _("par l’équipe")
    DOOR = "door", _("par la porte ou le Wi-Fi")
    RULE = "rule", _("par la règle de fermeture")


ARRIVALS: Final = (Way.PHONE, Way.KIOSK, Way.HOST, Way.DOOR)


class VisitQuerySet(models.QuerySet["Visit"]):
    def open(self) -> Self:
        """Of whoever is there now."""
        return self.filter(left_at=None)

    def to_confirm(self) -> Self:
        """Closed by rule: the member has not said yet how long it was."""
        return self.filter(waits_for_word=True)

    def counted(self) -> Self:
        """Over and certain: what is billed and reported."""
        return self.filter(left_at__isnull=False, waits_for_word=False)

    def own(self) -> Self:
        """Of members themselves, without the guests they answer for."""
        return self.filter(guest_name="")

    def meeting(self, slot: Slot) -> Self:
        """Those that share an instant with the slot. Reads a bounded range of the index: no visit
        is longer than `LONGEST_STAY`."""
        is_open = models.Q(left_at=None) | models.Q(left_at__gt=slot.start)
        return self.filter(
            is_open, arrived_at__lt=slot.end, arrived_at__gt=slot.start - LONGEST_STAY
        )

    def with_people(self) -> Self:
        return self.select_related("member__user", "space", "booking__resource")


class Visit(models.Model):
    """From the arrival to the departure. A guest's is in the name of the member who answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(
        Space, on_delete=models.PROTECT, related_name="visits", verbose_name=_("espace")
    )
    # No index of its own: `visit_member` begins with it.
    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="visits",
        verbose_name=_("membre"),
    )
    guest_name = models.CharField(
        _("visiteur"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    # The place: a walk-in books the desk it takes, and so does a guest. None: noted afterwards.
    booking = models.ForeignKey(
        Booking,
        on_delete=models.PROTECT,
        related_name="visits",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("réservation"),
    )
    arrived_at = models.DateTimeField(_("arrivée"))
    left_at = models.DateTimeField(_("départ"), null=True, blank=True)
    arrived_by = models.CharField(
        _("arrivée notée"), max_length=5, choices=Way, default=Way.PHONE, editable=False
    )
    left_by = models.CharField(
        _("départ noté"), max_length=5, choices=Way, blank=True, editable=False
    )
    waits_for_word = models.BooleanField(_("à confirmer"), default=False, editable=False)
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True, editable=False)
    corrected_at = models.DateTimeField(_("corrigée le"), null=True, blank=True, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visite")
        verbose_name_plural = _("visites")
        ordering = ("-arrived_at", "id")
        permissions = (("record_visit", _("Peut noter les arrivées et les départs")),)
        indexes = (
            models.Index(fields=("member", "arrived_at"), name="visit_member"),
            models.Index(fields=("space", "arrived_at"), name="visit_space"),
            models.Index(
                fields=("arrived_at",), condition=models.Q(left_at=None), name="visit_open"
            ),
            models.Index(
                fields=("member",), condition=models.Q(waits_for_word=True), name="visit_waits"
            ),
        )
        constraints = (
            NoOverlap(
                name="visit_no_overlap",
                same=("member",),
                start="arrived_at",
                end="left_at",
                where=(("guest_name", ""),),
                violation_error_message=_("Une autre visite couvre ce moment."),
                violation_error_code="visit_overlap",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(left_at__gt=models.F("arrived_at")),
                name="visit_order",
                violation_error_message=_("On part après être arrivé."),
                violation_error_code="left_before_arrival",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at=None)
                | models.Q(
                    models.lookups.LessThanOrEqual(
                        Seconds(models.F("left_at"), models.F("arrived_at")),
                        int(LONGEST_STAY.total_seconds()),
                    )
                ),
                name="visit_length",
                violation_error_message=_("Une visite dure au plus 24 heures."),
                violation_error_code="too_long",
            ),
            models.CheckConstraint(
                condition=models.Q(arrived_by__in=ARRIVALS)
                & (
                    models.Q(left_at=None, left_by="", waits_for_word=False)
                    | models.Q(left_at__isnull=False, left_by__in=Way.values)
                ),
                name="visit_ways",
                violation_error_message=_(
                    "Une arrivée et un départ disent comment ils sont notés."
                ),
                violation_error_code="bad_way",
            ),
            models.CheckConstraint(
                condition=models.Q(waits_for_word=False)
                | models.Q(left_by=Way.RULE, confirmed_at=None),
                name="visit_word",
                violation_error_message=_("Seule une visite close par la règle est à confirmer."),
                violation_error_code="bad_word",
            ),
        )

    def __str__(self) -> str:
        return f"{self.who}, {self.arrived_at.astimezone(self.space.zone):%d/%m/%Y %H:%M}"

    @property
    def who(self) -> str:
        return self.guest_name or str(self.member)

    @property
    def is_open(self) -> bool:
        return self.left_at is None

    def end_at(self, now: datetime) -> datetime:
        """The departure; of an open visit, this moment."""
        return self.left_at or max(now, self.arrived_at)
