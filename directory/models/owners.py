"""Who speaks for a provider, and how one comes to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.providers import Provider
from members.models.people import TEXT_LENGTH
from members.validators import validate_text


class Ownership(models.Model):
    """A person who speaks for a provider."""

    provider = models.ForeignKey(
        Provider, on_delete=models.CASCADE, related_name="ownerships", verbose_name=_("prestataire")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="ownerships",
        verbose_name=_("personne"),
    )
    since = models.DateTimeField(_("depuis"), editable=False)

    class Meta:
        verbose_name = _("responsable de fiche")
        verbose_name_plural = _("responsables de fiche")
        ordering = ("provider", "since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "user"),
                name="ownership_once",
                violation_error_message=_("Cette personne gère déjà cette fiche."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.provider}"


class ClaimDecision(models.TextChoices):
    ACCEPTED = "accepted", _("acceptée")
    REFUSED = "refused", _("refusée")


class Claim(models.Model):
    """« C’est ma fiche » : proved by a letter to the legal contact, or by the host."""

    provider = models.ForeignKey(
        Provider, on_delete=models.CASCADE, related_name="claims", verbose_name=_("prestataire")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="claims",
        verbose_name=_("demandeur"),
    )
    message = models.TextField(
        _("message"), max_length=TEXT_LENGTH, blank=True, validators=[validate_text]
    )
    # The secret of the link in the letter to the legal contact.
    key = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("faite le"), editable=False)
    decision = models.CharField(
        _("décision"), max_length=8, choices=ClaimDecision, blank=True, editable=False
    )
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True, editable=False)
    # None: decided by the legal contact.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("décidée par"),
    )

    class Meta:
        verbose_name = _("revendication de fiche")
        verbose_name_plural = _("revendications de fiche")
        ordering = ("-made_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "user"),
                condition=models.Q(decided_at=None),
                name="claim_one_waiting",
                violation_error_message=_("Cette demande attend déjà une réponse."),
                violation_error_code="waiting",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at=None, decided_by=None)
                | models.Q(decision__in=ClaimDecision.values, decided_at__gte=models.F("made_at")),
                name="claim_decided",
                violation_error_message=_("Une décision a une date."),
                violation_error_code="bad_decision",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.provider}"
