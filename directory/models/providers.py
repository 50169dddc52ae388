"""A local provider: what it offers, where, to whom it is shown, and who speaks for it."""

from datetime import date
from typing import Final, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.geography import Point
from directory.models.bands import Currency, Mode
from directory.models.legal import LegalPerson, legal_number_rules
from directory.models.places import Commune, both_degrees, degrees_field
from directory.models.trades import Skill
from members.constraints import AllowedMoves
from members.models import User
from members.models.people import LINE_LENGTH
from members.models.plans import price_field
from members.validators import validate_one_line, validate_text

FARTHEST_KM: Final = 500


class ProviderState(models.TextChoices):
    """Where a profile stands. The moves between them are `PROVIDER_MOVES`."""

    DRAFT = "draft", _("brouillon")
    PENDING = "pending", _("en attente de relecture")
    PUBLISHED = "published", _("publiée")
    SUSPENDED = "suspended", _("suspendue")


PROVIDER_MOVES: Final = (
    (ProviderState.DRAFT, ProviderState.PENDING),
    (ProviderState.DRAFT, ProviderState.PUBLISHED),  # a coworker: the host knows who it is
    (ProviderState.PENDING, ProviderState.DRAFT),  # sent back with a word, or taken back
    (ProviderState.PENDING, ProviderState.PUBLISHED),
    (ProviderState.PUBLISHED, ProviderState.DRAFT),  # the owner takes it offline
    (ProviderState.PUBLISHED, ProviderState.SUSPENDED),
    (ProviderState.SUSPENDED, ProviderState.PUBLISHED),
    (ProviderState.SUSPENDED, ProviderState.DRAFT),
)


class PriceUnit(models.TextChoices):
    HOUR = "hour", _("par heure")
    DAY = "day", _("par jour")
    JOB = "job", _("par prestation")


class ProviderQuerySet(models.QuerySet["Provider"]):
    def published(self) -> Self:
        return self.filter(state=ProviderState.PUBLISHED)

    def owned_by(self, user: User) -> Self:
        """Those that this person speaks for."""
        return self.filter(ownerships__user=user)

    def available_on(self, day: date) -> Self:
        """Those that said so, and whose word has not expired."""
        return self.filter(available_from__lte=day, available_until__gt=day)

    def for_cards(self) -> Self:
        """With what a card of a list shows, in a constant number of queries."""
        return self.select_related("commune").prefetch_related(
            "activities__trade", "skills", "spoken", "shown_fields"
        )


class Provider(LegalPerson):
    """A freelancer or a firm of the territory, a coworker or not.

    Only what `ShownField` names is published besides the name, the trades and the commune.
    """

    name = models.CharField(
        _("nom ou enseigne"), max_length=LINE_LENGTH, validators=[validate_one_line]
    )
    slug = models.SlugField(_("nom dans l’adresse web"), max_length=80, unique=True)
    headline = models.CharField(
        _("en une phrase"), max_length=160, blank=True, validators=[validate_one_line]
    )
    description = models.TextField(_("présentation"), blank=True, validators=[validate_text])
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="providers", verbose_name=_("commune")
    )
    latitude = degrees_field(_("latitude"))
    longitude = degrees_field(_("longitude"))
    mode = models.CharField(_("travaille"), max_length=8, choices=Mode, default=Mode.BOTH)
    range_km = models.PositiveSmallIntegerField(
        _("se déplace jusqu’à, en km"),
        default=30,
        validators=[MaxValueValidator(FARTHEST_KM)],
        help_text=_("À vol d’oiseau, depuis votre commune."),
    )
    skills = models.ManyToManyField(
        Skill, related_name="providers", blank=True, verbose_name=_("compétences")
    )
    price_unit = models.CharField(_("prix"), max_length=4, choices=PriceUnit, blank=True)
    price_low = price_field(_("à partir de"))
    price_high = price_field(_("jusqu’à"))
    currency = models.CharField(_("monnaie"), max_length=3, choices=Currency, default=Currency.EUR)
    available_from = models.DateField(_("disponible à partir du"), null=True, blank=True)
    # The first day on which the word is no longer good: an old promise expires by itself.
    available_until = models.DateField(_("jusqu’au"), null=True, blank=True)
    meets_at_space = models.BooleanField(
        _("rencontrons-nous à l’espace"),
        default=False,
        help_text=_("Vous proposez un premier rendez-vous à l’espace de coworking."),
    )

    # How one is reached: published only where `ShownField` says so.
    email = models.EmailField(_("adresse e-mail professionnelle"), blank=True)
    phone = models.CharField(
        _("téléphone"), max_length=30, blank=True, validators=[validate_one_line]
    )
    website = models.URLField(_("site web"), blank=True)
    address = models.CharField(
        _("adresse"), max_length=200, blank=True, validators=[validate_one_line]
    )
    # Where a claim of this profile is proved; never shown.
    legal_contact = models.EmailField(_("adresse du contact légal"), blank=True)

    state = models.CharField(
        _("état"),
        max_length=10,
        choices=ProviderState,
        default=ProviderState.DRAFT,
        editable=False,
    )
    state_since = models.DateTimeField(_("depuis"), default=timezone.now, editable=False)
    state_reason = models.CharField(_("motif"), max_length=500, blank=True, editable=False)
    made_at = models.DateTimeField(_("créée le"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("modifiée le"), default=timezone.now, editable=False)
    first_published_at = models.DateTimeField(
        _("publiée la première fois le"), null=True, blank=True, editable=False
    )
    # Twice a year the owner says that all of it is still true.
    confirmed_at = models.DateTimeField(_("confirmée le"), null=True, blank=True, editable=False)
    confirmation_asked_at = models.DateTimeField(
        _("confirmation demandée le"), null=True, blank=True, editable=False
    )
    confirmation_reminded_at = models.DateTimeField(
        _("confirmation rappelée le"), null=True, blank=True, editable=False
    )
    # Fair rotation: who was asked last waits for its turn.
    last_solicited_at = models.DateTimeField(
        _("sollicitée le"), null=True, blank=True, editable=False
    )

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("prestataire")
        verbose_name_plural = _("prestataires")
        ordering = ("name", "id")
        permissions = (("moderate_provider", _("Peut relire, publier et suspendre les fiches")),)
        indexes = (
            models.Index(fields=("state", "latitude", "longitude"), name="provider_place"),
            models.Index(fields=("state", "commune"), name="provider_commune"),
            models.Index(fields=("state", "first_published_at"), name="provider_new"),
        )
        constraints = (
            *legal_number_rules("provider"),
            both_degrees("provider"),
            models.UniqueConstraint(
                fields=("legal_number",),
                condition=~models.Q(legal_number=""),
                name="provider_legal_number_once",
                violation_error_message=_("Une fiche existe déjà pour ce numéro."),
                violation_error_code="legal_number_taken",
            ),
            models.CheckConstraint(
                condition=models.Q(range_km__lte=FARTHEST_KM),
                name="provider_range",
                violation_error_message=_("On ne se déplace pas à plus de 500 km."),
                violation_error_code="bad_range",
            ),
            models.CheckConstraint(
                condition=models.Q(available_from=None, available_until=None)
                | models.Q(available_until__gt=models.F("available_from")),
                name="provider_availability",
                violation_error_message=_("Une disponibilité a un début, puis une fin."),
                violation_error_code="bad_availability",
            ),
            models.CheckConstraint(
                condition=models.Q(price_low=None, price_high=None)
                | (
                    ~models.Q(price_unit="")
                    & models.Q(price_low__gte=0)
                    & (models.Q(price_high=None) | models.Q(price_high__gte=models.F("price_low")))
                ),
                name="provider_price",
                violation_error_message=_(
                    "Un prix a une unité, un minimum, et un maximum au moins aussi haut."
                ),
                violation_error_code="bad_price",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=ProviderState.PUBLISHED)
                | models.Q(first_published_at__isnull=False),
                name="provider_published",
                violation_error_message=_("Une fiche publiée a une date de publication."),
                violation_error_code="no_publication_date",
            ),
            AllowedMoves(
                name="provider_moves",
                field="state",
                moves=PROVIDER_MOVES,
                initial=(ProviderState.DRAFT,),
                violation_error_message=_("Ce changement d’état n’est pas prévu."),
                violation_error_code="move_not_allowed",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:provider", args=[self.slug])

    @property
    def point(self) -> Point | None:
        """Its own point, else that of its commune, which must have been selected with it."""
        return Point.of(self.latitude, self.longitude) or self.commune.point

    @property
    def is_published(self) -> bool:
        return self.state == ProviderState.PUBLISHED
