"""When a space is open: its weekly hours, and the days on which it, or one place, stays closed."""

from datetime import date, time

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.resource import Resource
from booking.models.space import Space, in_english, off_grid
from booking.slots import Hours, Slot, day_slot, time_on_grid


class Weekday(models.IntegerChoices):
    MONDAY = 0, _("lundi")
    TUESDAY = 1, _("mardi")
    WEDNESDAY = 2, _("mercredi")
    THURSDAY = 3, _("jeudi")
    FRIDAY = 4, _("vendredi")
    SATURDAY = 5, _("samedi")
    SUNDAY = 6, _("dimanche")


class OpeningHours(models.Model):
    """One interval of a weekday; several a day make a lunch break. Touching ones are one."""

    space = models.ForeignKey(
        Space, on_delete=models.CASCADE, related_name="opening_hours", verbose_name=_("espace")
    )
    weekday = models.PositiveSmallIntegerField(_("jour"), choices=Weekday)
    opens = models.TimeField(_("ouvre à"))
    closes = models.TimeField(_("ferme à"), help_text=_("00:00 est le minuit qui finit le jour."))

    class Meta:
        verbose_name = _("plage d’ouverture")
        verbose_name_plural = _("horaires d’ouverture")
        ordering = ("space", "weekday", "opens")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(weekday__lte=6),
                name="opening_hours_weekday",
                violation_error_message=_("Un jour de la semaine est attendu."),
                violation_error_code="bad_weekday",
            ),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")) | models.Q(closes=time.min),
                name="opening_hours_order",
                violation_error_message=_("L’heure de fermeture doit suivre l’ouverture."),
                violation_error_code="closes_before_opens",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"

    def clean(self) -> None:
        times: dict[str, time | None] = {"opens": self.opens, "closes": self.closes}
        minutes = self.space.grid_minutes or 15
        errors = {
            name: off_grid(minutes)
            for name, at in times.items()
            if at is not None and not time_on_grid(at, minutes)
        }
        if errors:
            raise ValidationError(errors)

    def as_hours(self) -> Hours:
        return Hours(self.weekday, self.opens, self.closes)


class Closure(models.Model):
    """Days on which the space, or one place of it, stays closed, beside public holidays."""

    space = models.ForeignKey(
        Space, on_delete=models.CASCADE, related_name="closures", verbose_name=_("espace")
    )
    resource = models.ForeignKey(
        Resource,
        on_delete=models.CASCADE,
        related_name="closures",
        null=True,
        blank=True,
        verbose_name=_("place"),
        help_text=_("Vide : tout l’espace est fermé."),
    )
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"), help_text=_("Ce jour compris."))
    reason = models.CharField(_("raison"), max_length=120)
    reason_en = models.CharField(_("raison en anglais"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("fermeture")
        verbose_name_plural = _("fermetures")
        ordering = ("space", "starts_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="closure_order",
                violation_error_message=_("Le dernier jour ne peut pas précéder le premier."),
                violation_error_code="ends_before_starts",
            ),
            # Two hosts who close the same days at once close them once.
            models.UniqueConstraint(
                fields=("space", "starts_on", "ends_on"),
                condition=models.Q(resource=None),
                name="closure_once",
                violation_error_message=_("Ces jours sont déjà fermés."),
                violation_error_code="closed_already",
            ),
            models.UniqueConstraint(
                fields=("resource", "starts_on", "ends_on"),
                name="closure_once_of_place",
                violation_error_message=_("Cette place est déjà fermée ces jours-là."),
                violation_error_code="closed_already",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reason} ({self.starts_on:%d/%m/%Y})"

    def clean(self) -> None:
        if self.resource is not None and self.resource.space_id != self.space_id:
            raise ValidationError(
                {
                    "resource": ValidationError(
                        _("Cette place est d’un autre espace."), "other_space"
                    )
                }
            )

    @property
    def reason_shown(self) -> str:
        return (in_english() and self.reason_en) or self.reason

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def slot(self) -> Slot:
        """From midnight to midnight, by the clock of the space."""
        zone = self.space.zone
        return Slot(day_slot(self.starts_on, zone).start, day_slot(self.ends_on, zone).end)

    def closes(self, resource_id: int, slot: Slot) -> bool:
        """Whether this place cannot be used during some of the slot."""
        return self.resource_id in {None, resource_id} and self.slot.overlaps(slot)
