"""A provider is asked about a need: a funnel of dates, and what was answered."""

from datetime import datetime
from typing import Final, Self

from django.core.validators import MinLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.models.bands import Currency
from directory.models.needs import Need
from directory.models.providers import Provider
from members.models import User
from members.models.people import TEXT_LENGTH
from members.models.plans import price_field
from members.validators import validate_text


class Origin(models.TextChoices):
    """How a provider came to a need."""

    MATCHED = "matched", _("trouvé par l’annuaire")
    HOST = "host", _("présenté par l’hôte")
    VOLUNTEER = "volunteer", _("s’est proposé")


class DeclineReason(models.TextChoices):
    NO_TIME = "no_time", _("pas le temps")
    NOT_MY_TRADE = "not_my_trade", _("pas mon métier")
    TOO_FAR = "too_far", _("trop loin")
    BUDGET = "budget", _("budget trop bas")
    TOO_SMALL = "too_small", _("trop petit ou trop grand pour moi")
    UNCLEAR = "unclear", _("demande pas assez claire")
    OTHER = "other", _("une autre raison")


class Step(models.TextChoices):
    """How far a solicitation went; told by `Solicitation.step`, never stored."""

    SENT = "sent", _("demandé")
    OPENED = "opened", _("lu")
    ANSWERED = "answered", _("a répondu")
    DECLINED = "declined", _("a décliné")
    AWARDED = "awarded", _("retenu")


class SolicitationQuerySet(models.QuerySet["Solicitation"]):
    def of_provider_of(self, user: User) -> Self:
        """Those of the providers that this person speaks for."""
        return self.filter(provider__ownerships__user=user)

    def answered(self) -> Self:
        return self.filter(answered_at__isnull=False)

    def engaged(self) -> Self:
        """Answered or declined: a refusal with a reason counts as engagement."""
        return self.exclude(answered_at=None, declined_at=None)

    def waiting(self) -> Self:
        """Neither answered nor declined."""
        return self.filter(answered_at=None, declined_at=None)

    def since(self, moment: datetime) -> Self:
        return self.filter(sent_at__gte=moment)

    def with_both(self) -> Self:
        return self.select_related("provider__commune", "need__organisation", "need__commune")


FUNNEL: Final = (
    models.Q(opened_at=None) | models.Q(opened_at__gte=models.F("sent_at")),
    models.Q(answered_at=None) | models.Q(answered_at__gte=models.F("opened_at")),
    models.Q(declined_at=None) | models.Q(declined_at__gte=models.F("opened_at")),
    models.Q(awarded_at=None) | models.Q(awarded_at__gte=models.F("answered_at")),
    # Of an empty date nothing is later: a comparison alone would let it pass.
    models.Q(opened_at__isnull=False) | models.Q(answered_at=None, declined_at=None),
    models.Q(answered_at__isnull=False) | models.Q(awarded_at=None),
)


class Solicitation(models.Model):
    """One provider, one need. `score` and `breakdown` say why it was asked, in integers.

    `breakdown` is a list of `[criterion, weight]`, as `directory.scoring` makes it.
    """

    need = models.ForeignKey(
        Need, on_delete=models.PROTECT, related_name="solicitations", verbose_name=_("besoin")
    )
    provider = models.ForeignKey(
        Provider,
        on_delete=models.PROTECT,
        related_name="solicitations",
        verbose_name=_("prestataire"),
    )
    origin = models.CharField(
        _("origine"), max_length=9, choices=Origin, default=Origin.MATCHED, editable=False
    )
    batch = models.PositiveSmallIntegerField(_("envoi"), default=1, editable=False)
    score = models.PositiveIntegerField(_("score"), default=0, editable=False)
    breakdown = models.JSONField(_("détail du score"), default=list, blank=True, editable=False)
    key = models.CharField(
        max_length=64, unique=True, editable=False, validators=[MinLengthValidator(32)]
    )

    sent_at = models.DateTimeField(_("demandé le"), editable=False)
    opened_at = models.DateTimeField(_("lu le"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(_("rappelé le"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True, editable=False)
    declined_at = models.DateTimeField(_("décliné le"), null=True, blank=True, editable=False)
    awarded_at = models.DateTimeField(_("retenu le"), null=True, blank=True, editable=False)

    decline_reason = models.CharField(
        _("raison"), max_length=12, choices=DeclineReason, blank=True, editable=False
    )
    answer = models.TextField(
        _("réponse"),
        max_length=TEXT_LENGTH,
        blank=True,
        editable=False,
        validators=[validate_text],
    )
    price = price_field(_("prix proposé, hors taxes"), editable=False)
    currency = models.CharField(
        _("monnaie"), max_length=3, choices=Currency, default=Currency.EUR, editable=False
    )
    starts_on = models.DateField(_("peut commencer le"), null=True, blank=True, editable=False)

    objects = SolicitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("sollicitation")
        verbose_name_plural = _("sollicitations")
        ordering = ("need", "-score", "id")
        indexes = (models.Index(fields=("provider", "sent_at"), name="solicitation_provider"),)
        constraints = (
            models.UniqueConstraint(
                fields=("need", "provider"),
                name="solicitation_once",
                violation_error_message=_("Ce prestataire a déjà été sollicité."),
                violation_error_code="unique",
            ),
            models.UniqueConstraint(
                fields=("need",),
                condition=models.Q(awarded_at__isnull=False),
                name="solicitation_one_award",
                violation_error_message=_("Ce besoin est déjà attribué."),
                violation_error_code="already_awarded",
            ),
            models.CheckConstraint(
                condition=FUNNEL[0] & FUNNEL[1] & FUNNEL[2] & FUNNEL[3] & FUNNEL[4] & FUNNEL[5],
                name="solicitation_funnel",
                violation_error_message=_("Ces dates ne se suivent pas."),
                violation_error_code="bad_funnel",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | models.Q(declined_at=None),
                name="solicitation_one_word",
                violation_error_message=_("On répond ou on décline."),
                violation_error_code="both_words",
            ),
            models.CheckConstraint(
                condition=models.Q(declined_at=None, decline_reason="")
                | models.Q(declined_at__isnull=False) & ~models.Q(decline_reason=""),
                name="solicitation_declined",
                violation_error_message=_("Qui décline dit pourquoi."),
                violation_error_code="no_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.provider} · {self.need}"

    def get_absolute_url(self) -> str:
        """The page of the provider who was asked: the link of the letter."""
        return reverse("directory:asked", args=[self.key])

    @property
    def step(self) -> Step:
        """The last date of the funnel says how far it went."""
        if self.awarded_at:
            return Step.AWARDED
        if self.declined_at:
            return Step.DECLINED
        if self.answered_at:
            return Step.ANSWERED
        return Step.OPENED if self.opened_at else Step.SENT
