"""The tablet at the door: which devices may be one, and the codes that people type there."""

from datetime import datetime
from hashlib import sha256
from typing import Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from booking.models.space import Space
from members.models import Member
from members.validators import validate_one_line


def hash_of(token: str) -> str:
    """What is kept of the secret of a device: who reads the database cannot be one."""
    return sha256(token.encode()).hexdigest()


class DeviceQuerySet(models.QuerySet["Device"]):
    def holding(self, token: str) -> Self:
        """The device of this secret, unless it was revoked."""
        return self.filter(token_hash=hash_of(token), revoked_at=None)


class Device(models.Model):
    """A tablet that the team turned into the kiosk of a space, until it is revoked."""

    space = models.ForeignKey(
        Space, on_delete=models.PROTECT, related_name="devices", verbose_name=_("espace")
    )
    name = models.CharField(_("nom"), max_length=60, validators=[validate_one_line])
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("ajoutée par"),
    )
    made_at = models.DateTimeField(_("ajoutée le"), editable=False)
    revoked_at = models.DateTimeField(_("révoquée le"), null=True, blank=True, editable=False)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("borne")
        verbose_name_plural = _("bornes")
        ordering = ("space", "name", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(revoked_at=None) | models.Q(revoked_at__gte=models.F("made_at")),
                name="device_revoked",
                violation_error_message=_("Une borne est ajoutée avant d’être révoquée."),
                violation_error_code="bad_revocation",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ArrivalCodeQuerySet(models.QuerySet["ArrivalCode"]):
    def usable(self, code: str, now: datetime) -> Self:
        return self.filter(code=code, expires_at__gt=now)


class ArrivalCode(models.Model):
    """Six digits that a member types at the kiosk, good for a few minutes and once."""

    member = models.OneToOneField(
        Member, on_delete=models.CASCADE, related_name="arrival_code", verbose_name=_("membre")
    )
    code = models.CharField(
        _("code"),
        max_length=6,
        unique=True,
        editable=False,
        validators=[RegexValidator(r"^\d{6}$", _("Six chiffres."))],
    )
    expires_at = models.DateTimeField(_("expire le"), editable=False)

    objects = ArrivalCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code d’arrivée")
        verbose_name_plural = _("codes d’arrivée")
        ordering = ("expires_at", "id")

    def __str__(self) -> str:
        return str(self.member_id)
