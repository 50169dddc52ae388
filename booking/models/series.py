"""A series: the same hours on some weekdays until a date, in the time on the wall."""

from datetime import date, time, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from booking import recurrence
from booking.models.opening import Weekday
from booking.models.resource import Resource
from booking.models.space import Space
from booking.recurrence import Recurrence, from_mask
from members.models import Member


class Days(models.Func):
    """Days between two dates, in SQL that a check constraint accepts on both databases."""

    output_field = models.IntegerField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **context
        )

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        late, early = self.get_source_expressions()
        late_sql, late_params = compiler.compile(late)
        early_sql, early_params = compiler.compile(early)
        sql = f"(JULIANDAY({late_sql}) - JULIANDAY({early_sql}))"
        return sql, (*late_params, *early_params)


class SeriesQuerySet(models.QuerySet["Series"]):
    def running(self, today: date) -> Self:
        """Those that still stand for a day to come, the oldest first."""
        return self.filter(ended_at=None, last_day__gte=today).order_by("made_at", "id")

    def with_place(self) -> Self:
        return self.select_related("space", "resource__space", "member__user")


class Series(models.Model):
    """Every Tuesday and Thursday until June. Its bookings refer to it and are bookings like others.

    Without a resource any desk will do. A changed single booking leaves the series.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="series", verbose_name=_("membre")
    )
    space = models.ForeignKey(
        Space, on_delete=models.PROTECT, related_name="series", verbose_name=_("espace")
    )
    resource = models.ForeignKey(
        Resource,
        on_delete=models.PROTECT,
        related_name="series",
        null=True,
        blank=True,
        verbose_name=_("place"),
        help_text=_("Vide : n’importe quel poste libre."),
    )
    weekdays = models.PositiveSmallIntegerField(
        _("jours"), help_text=_("Un bit par jour de la semaine, lundi le plus bas.")
    )
    start_time = models.TimeField(_("de"))
    end_time = models.TimeField(_("à"), help_text=_("00:00 est le minuit qui finit le jour."))
    first_day = models.DateField(_("du"))
    last_day = models.DateField(_("au"), help_text=_("Ce jour compris."))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("faite par"),
    )
    made_at = models.DateTimeField(_("faite le"), editable=False)
    ended_at = models.DateTimeField(_("arrêtée le"), null=True, blank=True, editable=False)
    request_key = models.UUIDField(null=True, blank=True, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("série de réservations")
        verbose_name_plural = _("séries de réservations")
        ordering = ("-made_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(weekdays__gte=1, weekdays__lte=127),
                name="series_weekdays",
                violation_error_message=_("Choisissez au moins un jour de la semaine."),
                violation_error_code="no_weekday",
            ),
            models.CheckConstraint(
                condition=models.Q(end_time__gt=models.F("start_time"))
                | models.Q(end_time=time.min),
                name="series_hours",
                violation_error_message=_("La fin doit suivre le début."),
                violation_error_code="end_before_start",
            ),
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="series_order",
                violation_error_message=_("Le dernier jour ne peut pas précéder le premier."),
                violation_error_code="ends_before_starts",
            ),
            models.CheckConstraint(
                condition=models.lookups.LessThanOrEqual(
                    Days(models.F("last_day"), models.F("first_day")), recurrence.LONGEST.days
                ),
                name="series_length",
                violation_error_message=_("Une série dure au plus deux ans."),
                violation_error_code="too_long",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("made_at")),
                name="series_ended",
                violation_error_message=_("Une série ne s’arrête pas avant d’être faite."),
                violation_error_code="ends_before_starts",
            ),
            models.UniqueConstraint(
                fields=("request_key",),
                name="series_request_key",
                violation_error_message=_("Cette demande a déjà été enregistrée."),
                violation_error_code="repeated",
            ),
        )

    def __str__(self) -> str:
        return (
            f"{self.days_in_words} {self.hours}, {self.first_day:%d/%m/%Y}–{self.last_day:%d/%m/%Y}"
        )

    def get_absolute_url(self) -> str:
        return reverse("booking:series", args=[self.pk])

    @property
    def rule(self) -> Recurrence:
        return Recurrence(
            from_mask(self.weekdays),
            self.start_time,
            self.end_time,
            self.first_day,
            self.last_day,
        )

    @property
    def days_in_words(self) -> str:
        """« mardi, jeudi »."""
        return ", ".join(str(Weekday(day).label) for day in sorted(from_mask(self.weekdays)))

    @property
    def hours(self) -> str:
        return f"{self.start_time:%H:%M}–{self.end_time:%H:%M}"

    def is_running(self, today: date) -> bool:
        return self.ended_at is None and self.last_day >= today

    def stop_before(self, day: date) -> None:
        """Let the series stand for no day from this one on; a series of no day at all is ended by
        its caller."""
        self.last_day = max(self.first_day, min(self.last_day, day - timedelta(days=1)))
