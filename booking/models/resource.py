"""What one books: a desk, a room, a booth, a piece of equipment, or the whole space."""

from datetime import timedelta
from typing import Final, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.space import Space


class Kind(models.TextChoices):
    DESK = "desk", _("poste")
    ROOM = "room", _("salle de réunion")
    BOOTH = "booth", _("cabine")
    EQUIPMENT = "equipment", _("matériel")
    SPACE = "space", _("espace entier")


MOST_BUFFER: Final = 240  # minutes


class ResourceQuerySet(models.QuerySet["Resource"]):
    def bookable(self) -> Self:
        return self.filter(is_bookable=True)

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)


class Resource(models.Model):
    """Its rectangle on the floor plan is in centimetres, from the top-left corner.

    The kind never changes once there are bookings: they carry a copy of it (`services.spaces`).
    """

    space = models.ForeignKey(
        Space, on_delete=models.PROTECT, related_name="resources", verbose_name=_("espace")
    )
    kind = models.CharField(_("genre"), max_length=10, choices=Kind, default=Kind.DESK)
    name = models.CharField(_("nom"), max_length=60)
    name_en = models.CharField(_("nom en anglais"), max_length=60, blank=True)
    code = models.CharField(_("repère sur le plan"), max_length=6)
    note = models.CharField(
        _("particularité"),
        max_length=120,
        blank=True,
        help_text=_("Par exemple : près de la fenêtre, bureau assis-debout."),
    )
    note_en = models.CharField(_("particularité en anglais"), max_length=120, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("places assises"), default=1, validators=[MinValueValidator(1)]
    )
    x = models.PositiveSmallIntegerField(_("x"), default=0)
    y = models.PositiveSmallIntegerField(_("y"), default=0)
    width = models.PositiveSmallIntegerField(
        _("largeur"), default=120, validators=[MinValueValidator(1)]
    )
    height = models.PositiveSmallIntegerField(
        _("profondeur"), default=70, validators=[MinValueValidator(1)]
    )
    rotation = models.PositiveSmallIntegerField(
        _("rotation"), default=0, validators=[MaxValueValidator(359)], help_text=_("En degrés.")
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("battement après chaque réservation"),
        default=0,
        validators=[MaxValueValidator(MOST_BUFFER)],
        help_text=_(
            "En minutes : aérer, ranger. Les réservations déjà faites gardent le leur. Zéro pour "
            "un poste ou l’espace entier."
        ),
    )
    is_bookable = models.BooleanField(_("réservable"), default=True)
    position = models.PositiveSmallIntegerField(_("ordre"), default=0)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("ressource")
        verbose_name_plural = _("ressources")
        ordering = ("space", "position", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("space", "code"),
                name="resource_code_unique",
                violation_error_message=_("Ce repère est déjà pris dans cet espace."),
                violation_error_code="code_taken",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values),
                name="resource_kind",
                violation_error_message=_("Genre de ressource inconnu."),
                violation_error_code="unknown_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(buffer_minutes=0)
                | models.Q(
                    kind__in=(Kind.ROOM, Kind.BOOTH, Kind.EQUIPMENT),
                    buffer_minutes__lte=MOST_BUFFER,
                ),
                name="resource_buffer",
                violation_error_message=_(
                    "Un battement est de quatre heures au plus, et ni un poste ni l’espace entier "
                    "n’en ont."
                ),
                violation_error_code="bad_buffer",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.SPACE) | models.Q(is_bookable=False),
                name="resource_whole_by_team",
                violation_error_message=_(
                    "L’espace entier se réserve par l’équipe : décochez « réservable »."
                ),
                violation_error_code="whole_space",
            ),
            models.UniqueConstraint(
                fields=("space",),
                condition=models.Q(kind=Kind.SPACE),
                name="resource_one_whole",
                violation_error_message=_("Cet espace a déjà sa ressource « espace entier »."),
                violation_error_code="whole_twice",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def buffer(self) -> timedelta:
        return timedelta(minutes=self.buffer_minutes)
