"""How one becomes a member: an application, an invitation."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models.people import LINE_LENGTH, TEXT_LENGTH, Member
from members.models.plans import Plan
from members.validators import validate_one_line, validate_text


class Heard(models.TextChoices):
    """How a person heard of the space: what the operator and the partner learn from."""

    MEMBER = "member", _("par un membre")
    PASSING = "passing", _("en passant devant")
    COUNCIL = "council", _("par la mairie ou la communauté de communes")
    EMPLOYER = "employer", _("par mon employeur")
    PRESS = "press", _("par la presse")
    WEB = "web", _("sur internet")
    SIMULATOR = "simulator", _("par le simulateur de trajets")
    EVENT = "event", _("lors d’un événement")
    OTHER = "other", _("autrement")


class Decision(models.TextChoices):
    APPROVED = "approved", _("acceptée")
    REFUSED = "refused", _("refusée")
    WITHDRAWN = "withdrawn", _("retirée")


class ApplicationQuerySet(models.QuerySet["Application"]):
    def waiting(self) -> Self:
        """Not decided yet, the oldest first."""
        return self.filter(decided_at__isnull=True).order_by("submitted_at", "id")


class Application(models.Model):
    """A person asks to join on a plan. Decided once, by the plan itself or by a host."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="applications", verbose_name=_("candidat")
    )
    plan = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("formule souhaitée"),
    )
    starts_on = models.DateField(_("début souhaité"))
    category = models.SlugField(_("catégorie"), max_length=40, blank=True)
    heard = models.CharField(
        _("comment l’espace est connu"), max_length=10, choices=Heard, blank=True
    )
    message = models.TextField(
        _("message"), max_length=TEXT_LENGTH, blank=True, validators=[validate_text]
    )
    submitted_at = models.DateTimeField(_("reçue le"), editable=False)
    reminded_at = models.DateTimeField(_("rappelée le"), null=True, blank=True, editable=False)
    decision = models.CharField(
        _("décision"), max_length=10, choices=Decision, blank=True, editable=False
    )
    decided_at = models.DateTimeField(_("décidée le"), null=True, blank=True, editable=False)
    # None while it waits, and when the plan admits at once.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("décidée par"),
    )
    reason = models.CharField(_("motif"), max_length=500, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("candidature")
        verbose_name_plural = _("candidatures")
        ordering = ("-submitted_at", "-id")
        indexes = (models.Index(fields=("decided_at", "submitted_at"), name="application_waiting"),)
        constraints = (
            models.UniqueConstraint(
                fields=("member",),
                condition=models.Q(decided_at=None),
                name="application_one_waiting",
                violation_error_message=_("Une candidature attend déjà une réponse."),
                violation_error_code="waiting",
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at=None, decided_by=None)
                | models.Q(decision__in=Decision.values, decided_at__isnull=False),
                name="application_decided",
                violation_error_message=_("Une décision a une date."),
                violation_error_code="bad_decision",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member} · {self.plan}"

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None


class Standing(models.TextChoices):
    """Where an invitation stands at an instant; told by `Invitation.standing`, never stored."""

    OPEN = "open", _("en attente")
    ACCEPTED = "accepted", _("acceptée")
    REVOKED = "revoked", _("retirée")
    EXPIRED = "expired", _("expirée")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)

    def standing(self, standing: str | None, now: datetime) -> Self:
        """Those that stand so; all of them for None. As `Invitation.standing` tells of one."""
        if standing == Standing.ACCEPTED:
            return self.filter(accepted_at__isnull=False)
        if standing == Standing.REVOKED:
            return self.filter(accepted_at=None, revoked_at__isnull=False)
        if standing == Standing.EXPIRED:
            return self.filter(accepted_at=None, revoked_at=None, expires_at__lte=now)
        return self.open(now) if standing == Standing.OPEN else self

    def with_people(self) -> Self:
        return self.select_related("invited_by", "plan", "accepted_by__user")


class Invitation(models.Model):
    """A letter to one address, with a signed link that expires. A member's is a referral."""

    email = models.EmailField(_("adresse e-mail"))
    name = models.CharField(
        _("nom"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    plan = models.ForeignKey(
        Plan,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("formule proposée"),
    )
    message = models.TextField(
        _("message"), max_length=TEXT_LENGTH, blank=True, validators=[validate_text]
    )
    key = models.CharField(
        max_length=64, unique=True, editable=False, validators=[MinLengthValidator(32)]
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("invité par"),
    )
    made_at = models.DateTimeField(_("envoyée le"), editable=False)
    expires_at = models.DateTimeField(_("expire le"), editable=False)
    revoked_at = models.DateTimeField(_("retirée le"), null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True, editable=False)
    accepted_by = models.OneToOneField(
        Member,
        on_delete=models.PROTECT,
        related_name="invitation",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("acceptée par"),
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-made_at", "-id")
        indexes = (models.Index(fields=("email",), name="invitation_email"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(accepted_at=None, accepted_by=None)
                | models.Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted",
                violation_error_message=_("Une invitation est acceptée par quelqu’un."),
                violation_error_code="bad_acceptance",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="invitation_order",
                violation_error_message=_("Une invitation expire après son envoi."),
                violation_error_code="end_before_start",
            ),
        )

    def __str__(self) -> str:
        return self.email

    def standing(self, now: datetime) -> Standing:
        if self.accepted_at is not None:
            return Standing.ACCEPTED
        if self.revoked_at is not None:
            return Standing.REVOKED
        return Standing.OPEN if self.expires_at > now else Standing.EXPIRED
