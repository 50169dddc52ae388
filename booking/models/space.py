"""One coworking place: where it is, when it is open, how one may book there."""

import zoneinfo
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from booking import floorplan, public_holidays
from booking.slots import time_on_grid

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Currency(models.TextChoices):
    EUR = "EUR", "€"
    CHF = "CHF", "CHF"


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Fuseau horaire inconnu."), code="unknown_time_zone")


def validate_country(value: str) -> None:
    if value not in public_holidays.supported_countries():
        raise ValidationError(_("Pays inconnu."), code="unknown_country")


def validate_floor_plan(value: object) -> None:
    try:
        floorplan.parse(value)
    except floorplan.PlanError as error:
        raise ValidationError(
            _("Plan illisible à cet endroit : %(path)s"),
            code="bad_floor_plan",
            params={"path": error.path},
        ) from error


def off_grid(minutes: int) -> ValidationError:
    return ValidationError(
        _("L’heure doit tomber sur le pas de réservation, toutes les %(minutes)s minutes."),
        code="off_grid",
        params={"minutes": minutes},
    )


def empty_floor_plan() -> dict[str, object]:
    return {"width": 1000, "height": 800, "features": []}


def _minutes(
    label: "StrOrPromise",
    default: int,
    help_text: "StrOrPromise",
    *,
    low: int = 0,
    high: int = 1440,
) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        help_text=help_text,
        validators=[MinValueValidator(low), MaxValueValidator(high)],
    )


class SpaceQuerySet(models.QuerySet["Space"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_calendar(self) -> Self:
        """With opening hours and closures, so that reading them costs no further query."""
        return self.prefetch_related("opening_hours", "closures")


class Space(models.Model):
    name = models.CharField(_("nom"), max_length=80)
    slug = models.SlugField(_("nom dans l’adresse web"), unique=True)
    tagline = models.CharField(_("accroche"), max_length=160, blank=True)
    tagline_en = models.CharField(_("accroche en anglais"), max_length=160, blank=True)
    description = models.TextField(_("présentation"), blank=True)
    description_en = models.TextField(_("présentation en anglais"), blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    commune = models.CharField(_("commune"), max_length=80)
    commune_code = models.CharField(
        _("code INSEE"),
        max_length=5,
        blank=True,
        help_text=_("Vide hors de France."),
        validators=[RegexValidator(r"^\d[0-9AB]\d{3}$", _("Cinq caractères, comme 39368."))],
    )
    country = models.CharField(_("pays"), max_length=2, default="FR", validators=[validate_country])
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    time_zone = models.CharField(
        _("fuseau horaire"),
        max_length=40,
        default="Europe/Paris",
        validators=[validate_time_zone],
    )
    currency = models.CharField(_("monnaie"), max_length=3, choices=Currency, default=Currency.EUR)
    floor_plan = models.JSONField(
        _("plan"), default=empty_floor_plan, validators=[validate_floor_plan]
    )

    midday = models.TimeField(
        _("milieu de journée"),
        default=time(13),
        help_text=_("Heure locale où finit la matinée et commence l’après-midi."),
    )
    grid_minutes = _minutes(
        _("pas de réservation"), 15, _("En minutes, à partir de minuit."), low=5, high=60
    )
    shortest_minutes = _minutes(_("réservation la plus courte"), 30, _("En minutes."), low=5)
    longest_minutes = _minutes(_("réservation la plus longue"), 720, _("En minutes."), low=5)
    horizon_days = models.PositiveSmallIntegerField(
        _("réserver à l’avance"), default=90, help_text=_("En jours.")
    )
    series_days = models.PositiveSmallIntegerField(
        _("réserver une série à l’avance"),
        default=190,
        validators=[MaxValueValidator(731)],
        help_text=_("En jours ; 0 : pas de série."),
    )
    open_bookings_limit = models.PositiveSmallIntegerField(
        _("réservations à venir par membre"), default=30, validators=[MinValueValidator(1)]
    )
    cancel_delay_minutes = _minutes(
        _("délai d’annulation"),
        60,
        _("En minutes avant le début ; ensuite, seule l’équipe peut annuler ou déplacer."),
        high=20160,
    )
    arrival_minutes = _minutes(
        _("arriver en avance"),
        30,
        _("En minutes avant l’ouverture, ou avant le début d’une réservation."),
        high=240,
    )
    no_show_minutes = _minutes(
        _("poste rendu si personne ne vient"),
        0,
        _("En minutes après le début de la réservation ; 0 : jamais."),
        high=720,
    )
    closed_on_holidays = models.BooleanField(_("fermé les jours fériés"), default=True)
    offers_trial_day = models.BooleanField(
        _("journée d’essai"),
        default=True,
        help_text=_("Avant d’être membre, on peut réserver un poste une journée, gratuitement."),
    )
    is_active = models.BooleanField(_("ouvert au public"), default=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("espace")
        verbose_name_plural = _("espaces")
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(grid_minutes__gte=5, grid_minutes__lte=60),
                name="space_grid",
                violation_error_message=_("Le pas de réservation va de 5 à 60 minutes."),
                violation_error_code="bad_grid",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    longest_minutes__gte=models.F("shortest_minutes"), longest_minutes__lte=1440
                ),
                name="space_stay_lengths",
                violation_error_message=_(
                    "La réservation la plus longue dure au moins autant que la plus courte, "
                    "et au plus 24 heures."
                ),
                violation_error_code="bad_lengths",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("booking:space", args=[self.slug])

    def clean(self) -> None:
        midday: time | None = self.midday  # a form may have left either empty
        if midday and self.grid_minutes and not time_on_grid(midday, self.grid_minutes):
            raise ValidationError({"midday": off_grid(self.grid_minutes)})

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)

    @property
    def plan(self) -> floorplan.FloorPlan:
        return floorplan.parse(self.floor_plan)

    @property
    def tagline_shown(self) -> str:
        """The catch phrase in the reader's language."""
        return (in_english() and self.tagline_en) or self.tagline

    @property
    def description_shown(self) -> str:
        return (in_english() and self.description_en) or self.description

    def holiday_on(self, day: date) -> str:
        """The name, in the reader's language, of the holiday that closes the space; or nothing."""
        if not self.closed_on_holidays:
            return ""
        return public_holidays.holiday_name(self.country, day, get_language() or "fr")

    @property
    def shortest_stay(self) -> timedelta:
        return timedelta(minutes=self.shortest_minutes)

    @property
    def longest_stay(self) -> timedelta:
        return timedelta(minutes=self.longest_minutes)

    @property
    def arrival_window(self) -> timedelta:
        return timedelta(minutes=self.arrival_minutes)

    @property
    def no_show_delay(self) -> timedelta:
        """Nothing: a desk is kept for whoever booked it."""
        return timedelta(minutes=self.no_show_minutes)

    @property
    def cancel_delay(self) -> timedelta:
        return timedelta(minutes=self.cancel_delay_minutes)


def in_english() -> bool:
    return (get_language() or "").startswith("en")
