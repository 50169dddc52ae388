"""A need: what somebody looks for, from the first line typed to what became of the order."""

from datetime import date
from typing import Final, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models.bands import AmountBand, Mode
from directory.models.need_states import (
    AWARDED,
    CLOSED,
    NEED_MOVES,
    NeedKind,
    NeedState,
    Otherwise,
    OutsideReason,
)
from directory.models.organisations import Organisation
from directory.models.places import Commune
from directory.models.providers import FARTHEST_KM, Provider
from directory.models.trades import Skill, Trade
from members.constraints import AllowedMoves
from members.models import User
from members.models.people import LINE_LENGTH, TEXT_LENGTH
from members.validators import validate_one_line, validate_text

MOST_ANSWERS: Final = 10


class NeedQuerySet(models.QuerySet["Need"]):
    def open(self, today: date) -> Self:
        """Published, and answers may still come."""
        return self.filter(state=NeedState.OPEN, deadline__gte=today)

    def authored_by(self, user: User) -> Self:
        """Those that this person posted, or that were posted for an organisation it acts for."""
        return self.filter(
            models.Q(author=user) | models.Q(organisation__agents__user=user)
        ).distinct()

    def for_cards(self) -> Self:
        return self.select_related("commune", "organisation", "trade")


class Need(models.Model):
    """A need of an organisation. Whoever holds `key` is its author: the link of the letters.

    `deadline` is the last day on which answers come; the work starts on that day or later.
    """

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="needs",
        verbose_name=_("donneur d’ordre"),
    )
    # None: posted without an account.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="needs",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("auteur"),
    )
    contact_name = models.CharField(
        _("votre nom"), max_length=LINE_LENGTH, validators=[validate_one_line]
    )
    contact_email = models.EmailField(_("votre adresse e-mail"))
    contact_phone = models.CharField(
        _("votre téléphone"), max_length=30, blank=True, validators=[validate_one_line]
    )
    language = models.CharField(max_length=2, default="fr", editable=False)
    key = models.CharField(
        max_length=64, unique=True, editable=False, validators=[MinLengthValidator(32)]
    )

    kind = models.CharField(_("genre"), max_length=6, choices=NeedKind, default=NeedKind.NEED)
    title = models.CharField(
        _("ce qu’il vous faut, en une phrase"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
    )
    description = models.TextField(_("les détails"), blank=True, validators=[validate_text])
    trade = models.ForeignKey(
        Trade,
        on_delete=models.PROTECT,
        related_name="needs",
        null=True,
        blank=True,
        verbose_name=_("métier"),
    )
    skills_must = models.ManyToManyField(
        Skill, related_name="+", blank=True, verbose_name=_("compétences indispensables")
    )
    skills_nice = models.ManyToManyField(
        Skill, related_name="+", blank=True, verbose_name=_("compétences souhaitées")
    )
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="needs", verbose_name=_("commune")
    )
    radius_km = models.PositiveSmallIntegerField(
        _("dans un rayon de, en km"), default=30, validators=[MaxValueValidator(FARTHEST_KM)]
    )
    mode = models.CharField(_("travail"), max_length=8, choices=Mode, default=Mode.ON_SITE)
    budget = models.CharField(
        _("budget, hors taxes"), max_length=10, choices=AmountBand, blank=True
    )
    deadline = models.DateField(_("réponses jusqu’au"))
    starts_on = models.DateField(_("début souhaité"), null=True, blank=True)
    is_anonymous = models.BooleanField(
        _("rester anonyme"),
        default=False,
        help_text=_("Votre nom n’est montré qu’à qui vous répond et que vous acceptez."),
    )
    answers_wanted = models.PositiveSmallIntegerField(
        _("réponses souhaitées"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_ANSWERS)],
    )

    state = models.CharField(
        _("état"), max_length=15, choices=NeedState, default=NeedState.DRAFT, editable=False
    )
    state_since = models.DateTimeField(_("depuis"), default=timezone.now, editable=False)
    state_reason = models.CharField(_("motif"), max_length=500, blank=True, editable=False)
    made_at = models.DateTimeField(_("écrit le"), default=timezone.now, editable=False)
    opened_at = models.DateTimeField(_("ouvert le"), null=True, blank=True, editable=False)
    # A hash of the folded words: the same need twice within a week is one.
    fingerprint = models.CharField(max_length=64, editable=False)

    # The next small batch of providers is asked from then on, while answers are missing.
    next_batch_at = models.DateTimeField(
        _("prochain envoi à partir du"), null=True, blank=True, editable=False
    )
    # How many answers the author was told of, and when last.
    answers_told = models.PositiveSmallIntegerField(default=0, editable=False)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    outcome_asked_at = models.DateTimeField(null=True, blank=True, editable=False)
    outcome_reminded_at = models.DateTimeField(null=True, blank=True, editable=False)

    # The outcome.
    awarded_to = models.ForeignKey(
        Provider,
        on_delete=models.PROTECT,
        related_name="awards",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("attribué à"),
    )
    outside_reason = models.CharField(
        _("pourquoi ailleurs"), max_length=9, choices=OutsideReason, blank=True, editable=False
    )
    amount = models.CharField(
        _("montant, hors taxes"), max_length=10, choices=AmountBand, blank=True, editable=False
    )
    otherwise = models.CharField(
        _("sans l’annuaire"), max_length=8, choices=Otherwise, blank=True, editable=False
    )
    outcome_words = models.TextField(
        _("votre avis"),
        max_length=TEXT_LENGTH,
        blank=True,
        editable=False,
        validators=[validate_text],
    )
    outcome_at = models.DateTimeField(_("suite donnée le"), null=True, blank=True, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("besoin")
        verbose_name_plural = _("besoins")
        ordering = ("-made_at", "-id")
        permissions = (
            ("moderate_need", _("Peut relire, publier et refuser les besoins")),
            ("read_figures", _("Peut lire les chiffres de l’annuaire")),
        )
        indexes = (
            models.Index(fields=("state", "deadline"), name="need_state"),
            models.Index(fields=("state", "next_batch_at"), name="need_batch"),
            models.Index(fields=("fingerprint", "made_at"), name="need_fingerprint"),
            models.Index(fields=("contact_email", "made_at"), name="need_contact"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    answers_wanted__gte=1,
                    answers_wanted__lte=MOST_ANSWERS,
                    radius_km__lte=FARTHEST_KM,
                ),
                name="need_bounds",
                violation_error_message=_("On attend une à dix réponses, dans 500 km au plus."),
                violation_error_code="bad_bounds",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None) | models.Q(starts_on__gte=models.F("deadline")),
                name="need_starts_after",
                violation_error_message=_("Le travail commence après la date des réponses."),
                violation_error_code="bad_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=NeedState.OPEN) | models.Q(opened_at__isnull=False),
                name="need_opened",
                violation_error_message=_("Un besoin ouvert a une date d’ouverture."),
                violation_error_code="no_opening",
            ),
            models.CheckConstraint(
                condition=models.Q(opened_at=None) | models.Q(opened_at__gte=models.F("made_at")),
                name="need_opened_after",
                violation_error_message=_("Un besoin est écrit avant d’être ouvert."),
                violation_error_code="bad_opening",
            ),
            models.CheckConstraint(
                condition=models.Q(state=NeedState.AWARDED_OUTSIDE, awarded_to=None)
                & ~models.Q(outside_reason="")
                | ~models.Q(state=NeedState.AWARDED_OUTSIDE) & models.Q(outside_reason=""),
                name="need_outside",
                violation_error_message=_("Un besoin attribué ailleurs dit pourquoi."),
                violation_error_code="no_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(awarded_to=None) | models.Q(state=NeedState.AWARDED_LOCAL),
                name="need_awarded_to",
                violation_error_message=_("Seul un besoin attribué ici l’est à un prestataire."),
                violation_error_code="bad_award",
            ),
            models.CheckConstraint(
                condition=models.Q(amount="", otherwise="")
                | models.Q(state__in=(*AWARDED, NeedState.UNFILLED)),
                name="need_outcome",
                violation_error_message=_("Un montant se dit d’un besoin attribué."),
                violation_error_code="bad_outcome",
            ),
            AllowedMoves(
                name="need_moves",
                field="state",
                moves=NEED_MOVES,
                initial=(NeedState.DRAFT, NeedState.SUBMITTED),
                violation_error_message=_("Ce changement d’état n’est pas prévu."),
                violation_error_code="move_not_allowed",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The public page of an open need; its author's is `author_path`."""
        return reverse("directory:need", args=[self.pk])

    @property
    def author_path(self) -> str:
        return reverse("directory:follow", args=[self.key])

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED


class Attachment(models.Model):
    """A file of a need: a PDF, a JPEG or a PNG by what is in it. Served by a checked view only."""

    need = models.ForeignKey(
        Need, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("besoin")
    )
    file_name = models.CharField(_("fichier"), max_length=LINE_LENGTH, editable=False)
    media_type = models.CharField(_("type"), max_length=60, editable=False)
    content = models.BinaryField(editable=False)
    added_at = models.DateTimeField(_("ajouté le"), editable=False)

    class Meta:
        verbose_name = _("pièce jointe")
        verbose_name_plural = _("pièces jointes")
        ordering = ("need", "id")

    def __str__(self) -> str:
        return self.file_name
