"""A member's personal calendar address: a secret that its owner asked for and can change."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Member


def new_token() -> str:
    return secrets.token_urlsafe(32)


class CalendarFeed(models.Model):
    """Who holds the token reads the member's bookings, and nothing else."""

    member = models.OneToOneField(
        Member,
        on_delete=models.CASCADE,
        related_name="calendar_feed",
        verbose_name=_("membre"),
    )
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("créé le"), editable=False)

    class Meta:
        verbose_name = _("calendrier personnel")
        verbose_name_plural = _("calendriers personnels")
        ordering = ("member",)

    def __str__(self) -> str:
        return str(self.member_id)
