"""What the host tells everybody: announcements, and to whom each went by e-mail."""

from datetime import datetime, timedelta
from typing import Final, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.people import LINE_LENGTH, Member
from members.models.plans import in_reader_language
from members.validators import validate_one_line, validate_text

BODY_LENGTH = 5000
# The wait after each failed try; after the last one somebody has to look.
RETRY_AFTER: Final = (
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
MOST_TRIES: Final = len(RETRY_AFTER) + 1


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def current(self, now: datetime) -> Self:
        """Published and not over, the latest first."""
        return self.filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=now),
            published_at__lte=now,
            is_letter=False,
        ).order_by("-published_at", "-id")

    def published(self, now: datetime) -> Self:
        """Current and past, the latest first."""
        return self.filter(published_at__lte=now, is_letter=False).order_by("-published_at", "-id")


class Announcement(models.Model):
    """A draft until it is published; then on the home of members, and by e-mail where agreed."""

    title = models.CharField(_("titre"), max_length=LINE_LENGTH, validators=[validate_one_line])
    title_en = models.CharField(
        _("titre en anglais"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    body = models.TextField(_("texte"), max_length=BODY_LENGTH, validators=[validate_text])
    body_en = models.TextField(
        _("texte en anglais"), max_length=BODY_LENGTH, blank=True, validators=[validate_text]
    )
    by_email = models.BooleanField(
        _("aussi par e-mail"),
        default=False,
        help_text=_("Aux membres qui l’ont accepté. On n’écrit qu’une fois à chacun."),
    )
    # To chosen members, and to be read nowhere else: `members.services.letters`.
    is_letter = models.BooleanField(
        _("lettre à des membres choisis"), default=False, editable=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("auteur"),
    )
    published_at = models.DateTimeField(_("publiée le"), null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(
        _("retirée le"),
        null=True,
        blank=True,
        help_text=_("Elle quitte alors l’accueil et reste parmi les annonces passées."),
    )

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("annonce")
        verbose_name_plural = _("annonces")
        ordering = ("-published_at", "-id")

    def __str__(self) -> str:
        return self.title

    def is_current(self, now: datetime) -> bool:
        """Published and not over: what `current` says of a row."""
        return (
            self.published_at is not None
            and self.published_at <= now
            and (self.expires_at is None or self.expires_at > now)
        )

    @property
    def heading(self) -> str:
        """The title, in the language of the reader."""
        return in_reader_language(self.title, self.title_en)

    @property
    def text(self) -> str:
        """The text, in the language of the reader."""
        return in_reader_language(self.body, self.body_en)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> Self:
        """Neither sent nor given up."""
        return self.filter(sent_at=None, tries__lt=MOST_TRIES)

    def due(self, now: datetime) -> Self:
        """Waiting, and held by no worker: what may be tried now, the longest due first."""
        return self.waiting().filter(due_at__lte=now).order_by("due_at", "id")


class Delivery(models.Model):
    """An announcement for one member. The row is the queue: `sent_at` empties it.

    `due_at` moves forward when a worker takes the row, so that no other takes it meanwhile, and
    when a try failed: until then the row rests (`services.deliveries`).
    """

    announcement = models.ForeignKey(
        Announcement,
        on_delete=models.CASCADE,
        related_name="deliveries",
        verbose_name=_("annonce"),
    )
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="+", verbose_name=_("membre")
    )
    due_at = models.DateTimeField(_("à envoyer à partir du"), default=timezone.now)
    sent_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    failed_at = models.DateTimeField(_("dernier échec le"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("envoi d’annonce")
        verbose_name_plural = _("envois d’annonces")
        ordering = ("announcement", "id")
        indexes = (
            models.Index(
                fields=("due_at", "id"), condition=models.Q(sent_at=None), name="delivery_due"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("announcement", "member"),
                name="delivery_once",
                violation_error_message=_("Cette annonce est déjà prévue pour ce membre."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return f"{self.announcement} → {self.member_id}"

    @property
    def is_given_up(self) -> bool:
        return self.sent_at is None and self.tries >= MOST_TRIES
