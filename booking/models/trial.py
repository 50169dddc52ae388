"""The free day that a person may try before joining."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.space import Space
from members.models import Member


class TrialDay(models.Model):
    """One for each person, whatever the space. Who cancels in time has it again."""

    member = models.OneToOneField(
        Member, on_delete=models.PROTECT, related_name="trial_day", verbose_name=_("candidat")
    )
    space = models.ForeignKey(
        Space, on_delete=models.PROTECT, related_name="trial_days", verbose_name=_("espace")
    )
    day = models.DateField(_("jour"))

    class Meta:
        verbose_name = _("journée d’essai")
        verbose_name_plural = _("journées d’essai")
        ordering = ("-day", "id")
        indexes = (models.Index(fields=("space", "day"), name="trial_space_day"),)

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
