"""The right of a member to a resource for a half-open interval `[start, end)`."""

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from booking.models.copied import FreeFrom, IsWhole, SpaceOfPlace
from booking.models.opening import Closure
from booking.models.resource import Kind, Resource
from booking.models.series import Series
from booking.models.space import Space
from booking.slots import Slot
from members.constraints import NoOverlap
from members.models import Member, User
from members.models.people import LINE_LENGTH
from members.validators import validate_one_line

# No booking is longer, so that a read of one day reads one day and a bit of the index, whatever
# the age of the table. A check constraint holds it.
LONGEST_STAY = timedelta(hours=24)


class Seconds(models.Func):
    """Seconds between two instants, in SQL that a check constraint accepts on both databases."""

    output_field = models.IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "EXTRACT(EPOCH FROM %(expressions)s)"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" - ", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        late, early = self.get_source_expressions()
        late_sql, late_params = compiler.compile(late)
        early_sql, early_params = compiler.compile(early)
        sql = f"(STRFTIME('%%s', {late_sql}) - STRFTIME('%%s', {early_sql}))"
        return sql, (*late_params, *early_params)


class Status(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmée")
    CANCELLED = "cancelled", _("annulée")
    NO_SHOW = "no_show", _("place rendue, personne n’est venu")
    LAPSED = "lapsed", _("place proposée, sans réponse")


class BookingQuerySet(models.QuerySet["Booking"]):
    def confirmed(self) -> Self:
        return self.filter(status=Status.CONFIRMED)

    def overlapping(self, slot: Slot) -> Self:
        """Those that share an instant with the slot. Reads a bounded range of the `end` index."""
        return self.filter(start__lt=slot.end, end__gt=slot.start, end__lt=slot.end + LONGEST_STAY)

    def overlapping_any(self, slots: Collection[Slot]) -> Self:
        condition = models.Q(pk__in=())
        for slot in slots:
            condition |= models.Q(start__lt=slot.end, end__gt=slot.start)
        if not slots:
            return self.none()
        span = Slot(min(slot.start for slot in slots), max(slot.end for slot in slots))
        return self.overlapping(span).filter(condition)

    def coming(self, now: datetime) -> Self:
        """Confirmed and not over yet, the next one first."""
        return self.confirmed().filter(end__gt=now).order_by("start", "id")

    def past(self, now: datetime) -> Self:
        """Over or cancelled, the latest first."""
        over = models.Q(end__lte=now) | ~models.Q(status=Status.CONFIRMED)
        return self.filter(over).order_by("-start", "id")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own; all of them for who may view bookings in the admin."""
        if user.has_perm("booking.view_booking"):
            return self
        return self.filter(member__user_id=user.pk)

    def whole(self, space: Space) -> Self:
        """Those of the whole space, at once."""
        return self.filter(space=space, is_whole=1)

    def of_desks(self, space: Space) -> Self:
        """Those that keep somebody from a desk of the space."""
        return self.filter(space=space, kind__in=(Kind.DESK, Kind.SPACE))

    def with_place(self) -> Self:
        return self.select_related("resource__space")

    def with_people(self) -> Self:
        return self.select_related("member__user")


class Booking(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of their own: the two of Meta begin with these columns.
    resource = models.ForeignKey(
        Resource,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="bookings",
        verbose_name=_("place"),
    )
    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="bookings",
        verbose_name=_("membre"),
    )
    # No index of its own: `booking_space_end` begins with it.
    space = SpaceOfPlace(
        Space,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        editable=False,
        verbose_name=_("espace"),
    )
    # Of whoever sits there, when the member answers for a guest.
    guest_name = models.CharField(
        _("visiteur"),
        max_length=LINE_LENGTH,
        blank=True,
        editable=False,
        validators=[validate_one_line],
    )
    kind = models.CharField(_("genre"), max_length=10, choices=Kind, editable=False)
    is_whole = IsWhole(_("espace entier"), default=0, editable=False)
    start = models.DateTimeField(_("début"))
    end = models.DateTimeField(_("fin"))
    # The buffer of the place when it was booked, and until when that holds the place.
    buffer_minutes = models.PositiveSmallIntegerField(_("battement"), default=0, editable=False)
    free_from = FreeFrom(_("libre à partir de"), blank=True, editable=False)
    status = models.CharField(
        _("état"), max_length=10, choices=Status, default=Status.CONFIRMED, editable=False
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("réservé par"),
    )
    made_at = models.DateTimeField(_("réservé le"), editable=False)
    changed_at = models.DateTimeField(
        _("dernier changement"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Date du dernier déplacement ou de l’annulation."),
    )
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("annulée par"),
    )
    # What cancelled it: whoever opens the days again tells its member. Gone with the closure; the
    # audit keeps both.
    closure = models.ForeignKey(
        Closure,
        on_delete=models.SET_NULL,
        related_name="bookings",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("annulée par la fermeture"),
    )
    override_reason = models.CharField(
        _("raison de la dérogation"),
        max_length=200,
        blank=True,
        help_text=_("Pourquoi l’équipe a passé outre une règle de l’espace."),
    )
    series = models.ForeignKey(
        Series,
        on_delete=models.PROTECT,
        related_name="bookings",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("série"),
    )
    request_key = models.UUIDField(null=True, blank=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("réservation")
        verbose_name_plural = _("réservations")
        ordering = ("start", "id")
        permissions = (("override_rules", _("Peut passer outre les règles de réservation")),)
        indexes = (
            # On `end`: what is not over yet is a short range at the end of the index.
            models.Index(fields=("resource", "end"), name="booking_resource_end"),
            models.Index(fields=("member", "end"), name="booking_member_end"),
            # The list of the admin, the latest first, however many there are.
            models.Index(fields=("start",), name="booking_start"),
            models.Index(fields=("space", "end"), name="booking_space_end"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")),
                name="booking_order",
                violation_error_message=_("La fin doit suivre le début."),
                violation_error_code="end_before_start",
            ),
            models.CheckConstraint(
                condition=models.lookups.LessThanOrEqual(
                    Seconds(models.F("end"), models.F("start")),
                    int(LONGEST_STAY.total_seconds()),
                ),
                name="booking_length",
                violation_error_message=_("Une réservation dure au plus 24 heures."),
                violation_error_code="too_long",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.CONFIRMED, cancelled_at=None, cancelled_by=None)
                | models.Q(
                    status=Status.CANCELLED,
                    cancelled_at__isnull=False,
                    cancelled_by__isnull=False,
                )
                # Freed by rule: nobody cancelled it.
                | models.Q(
                    status__in=(Status.NO_SHOW, Status.LAPSED),
                    cancelled_at__isnull=False,
                    cancelled_by=None,
                ),
                name="booking_cancelled",
                violation_error_message=_("Une annulation a une date et un auteur."),
                violation_error_code="bad_cancellation",
            ),
            models.CheckConstraint(
                condition=models.Q(closure=None) | models.Q(status=Status.CANCELLED),
                name="booking_closure",
                violation_error_message=_("Une fermeture n’est notée que si elle annule."),
                violation_error_code="bad_closure",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values),
                name="booking_kind",
                violation_error_message=_("Genre de ressource inconnu."),
                violation_error_code="unknown_kind",
            ),
            models.CheckConstraint(
                condition=models.lookups.Exact(
                    Seconds(models.F("free_from"), models.F("end")),
                    models.F("buffer_minutes") * 60,
                ),
                name="booking_free_from",
                violation_error_message=_("La place est libre après la fin et le battement."),
                violation_error_code="bad_buffer",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=Kind.SPACE, is_whole=1)
                | (~models.Q(kind=Kind.SPACE) & models.Q(is_whole=0)),
                name="booking_is_whole",
                violation_error_message=_("Seul l’espace entier est l’espace entier."),
                violation_error_code="bad_whole",
            ),
            models.UniqueConstraint(
                fields=("request_key", "start"),
                name="booking_request_key",
                violation_error_message=_("Cette demande a déjà été enregistrée."),
                violation_error_code="repeated",
            ),
            NoOverlap(
                name="booking_no_overlap",
                same=("resource",),
                end="free_from",
                where=(("status", "confirmed"),),
                violation_error_message=_("Cette place vient d’être prise."),
                violation_error_code="taken",
            ),
            NoOverlap(
                name="booking_whole_space",
                same=("space",),
                differs=("is_whole",),
                where=(("status", "confirmed"),),
                violation_error_message=_(
                    "L’espace entier et ses places ne se réservent pas en même temps."
                ),
                violation_error_code="whole_space",
            ),
            NoOverlap(
                name="booking_one_desk",
                same=("member",),
                where=(
                    ("guest_name", ""),
                    ("kind", "desk"),
                    ("override_reason", ""),
                    ("status", "confirmed"),
                ),
                violation_error_message=_("Vous avez déjà un poste à ce moment-là."),
                violation_error_code="own_overlap",
            ),
        )

    def __str__(self) -> str:
        local = self.start.astimezone(self.resource.space.zone)
        return f"{self.resource}, {local:%d/%m/%Y %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("booking:detail", args=[self.pk])

    def clean(self) -> None:
        end: datetime | None = self.end  # a form may have left it empty
        if end is not None:
            self.free_from = end + timedelta(minutes=self.buffer_minutes)
        self.is_whole = int(self.kind == Kind.SPACE)

    @property
    def revised_at(self) -> datetime:
        return self.changed_at or self.made_at

    @property
    def slot(self) -> Slot:
        return Slot(self.start, self.end)

    @property
    def held(self) -> Slot:
        """With the buffer after it."""
        return Slot(self.start, self.free_from)

    @property
    def is_cancelled(self) -> bool:
        """By somebody, or by rule because nobody came: the place is free again."""
        return self.status != Status.CONFIRMED

    @property
    def is_no_show(self) -> bool:
        return self.status == Status.NO_SHOW
