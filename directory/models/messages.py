"""Words to a provider, relayed so that no address is published; and reports of abuse."""

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.needs import Need
from directory.models.providers import Provider
from members.models.people import LINE_LENGTH, TEXT_LENGTH
from members.validators import validate_one_line, validate_text


class Message(models.Model):
    """A word to a provider. Without an account it waits until its sender proves the address."""

    provider = models.ForeignKey(
        Provider, on_delete=models.CASCADE, related_name="messages", verbose_name=_("prestataire")
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("compte de l’expéditeur"),
    )
    sender_name = models.CharField(
        _("votre nom"), max_length=LINE_LENGTH, validators=[validate_one_line]
    )
    sender_email = models.EmailField(_("votre adresse e-mail"))
    text = models.TextField(_("message"), max_length=TEXT_LENGTH, validators=[validate_text])
    key = models.CharField(
        max_length=64, unique=True, editable=False, validators=[MinLengthValidator(32)]
    )
    fingerprint = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("écrit le"), editable=False)
    relayed_at = models.DateTimeField(_("transmis le"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("message à un prestataire")
        verbose_name_plural = _("messages aux prestataires")
        ordering = ("-made_at", "-id")
        indexes = (models.Index(fields=("fingerprint", "made_at"), name="message_fingerprint"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(relayed_at=None) | models.Q(relayed_at__gte=models.F("made_at")),
                name="message_relayed",
                violation_error_message=_("Un message est écrit avant d’être transmis."),
                violation_error_code="bad_relay",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sender_name} → {self.provider}"


class ReportReason(models.TextChoices):
    SPAM = "spam", _("publicité ou arnaque")
    WRONG = "wrong", _("informations fausses")
    OFFENSIVE = "offensive", _("propos déplacés ou illégaux")
    PRIVACY = "privacy", _("données personnelles publiées sans accord")
    OTHER = "other", _("autre chose")


class Report(models.Model):
    """« Signaler » : one click on a profile or a need, for the host to look at."""

    provider = models.ForeignKey(
        Provider,
        on_delete=models.CASCADE,
        related_name="reports",
        null=True,
        blank=True,
        verbose_name=_("prestataire"),
    )
    need = models.ForeignKey(
        Need,
        on_delete=models.CASCADE,
        related_name="reports",
        null=True,
        blank=True,
        verbose_name=_("besoin"),
    )
    reason = models.CharField(_("raison"), max_length=9, choices=ReportReason)
    text = models.TextField(
        _("précisions"), max_length=TEXT_LENGTH, blank=True, validators=[validate_text]
    )
    made_at = models.DateTimeField(_("signalé le"), editable=False)
    handled_at = models.DateTimeField(_("traité le"), null=True, blank=True, editable=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("traité par"),
    )
    outcome = models.CharField(
        _("suite donnée"),
        max_length=300,
        blank=True,
        editable=False,
        validators=[validate_one_line],
    )

    class Meta:
        verbose_name = _("signalement")
        verbose_name_plural = _("signalements")
        ordering = ("-made_at", "-id")
        indexes = (models.Index(fields=("handled_at", "made_at"), name="report_waiting"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(provider=None, need__isnull=False)
                | models.Q(provider__isnull=False, need=None),
                name="report_of_one",
                violation_error_message=_("On signale une fiche ou un besoin."),
                violation_error_code="bad_report",
            ),
            models.CheckConstraint(
                condition=models.Q(handled_at=None, handled_by=None)
                | models.Q(handled_at__gte=models.F("made_at"), handled_by__isnull=False),
                name="report_handled",
                violation_error_message=_("Un signalement traité l’est par quelqu’un."),
                violation_error_code="bad_handling",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.provider or self.need}"
