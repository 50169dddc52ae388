"""People: the `User` who logs in, and the `Member` who joined.

A user without a member is staff of the operator or of the public partner.
"""

from decimal import Decimal
from typing import Any, ClassVar, Final, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.constraints import AllowedMoves
from members.models.consent import Consent
from members.validators import validate_one_line, validate_text

LINE_LENGTH = 120
TEXT_LENGTH = 2000
ADDRESS_TAKEN = _("Un compte existe déjà pour cette adresse.")


class Language(models.TextChoices):
    FRENCH = "fr", "Français"
    ENGLISH = "en", "English"


class Role(models.TextChoices):
    """The names of the groups; what each may do is in `members/roles.py`."""

    OPERATOR = "operator", _("Opérateur")
    HOST = "host", _("Hôte")
    ACCOUNTANT = "accountant", _("Comptable")
    PARTNER = "partner", _("Partenaire public")


class State(models.TextChoices):
    """Where a person stands with the space. The moves between them are `MOVES`."""

    APPLICANT = "applicant", _("candidat")
    ACTIVE = "active", _("actif")
    PAUSED = "paused", _("en pause")
    FORMER = "former", _("ancien membre")
    REFUSED = "refused", _("refusé")


# Those of the house: they see the others, and may be seen.
INSIDE: Final = (State.ACTIVE, State.PAUSED)
LEAVING_STATES: Final = (State.ACTIVE, State.PAUSED, State.FORMER)

# The one table of allowed moves: the services, the admin and the database read it here.
MOVES: Final = (
    (State.APPLICANT, State.ACTIVE),  # approved, or at once where the plan says so
    (State.APPLICANT, State.REFUSED),
    (State.APPLICANT, State.FORMER),  # gives up
    (State.ACTIVE, State.PAUSED),
    (State.ACTIVE, State.FORMER),
    (State.PAUSED, State.ACTIVE),
    (State.PAUSED, State.FORMER),
    (State.FORMER, State.APPLICANT),  # comes back
    (State.REFUSED, State.APPLICANT),  # asks again, or the host was mistaken
)


class Means(models.TextChoices):
    """How one goes to work, as far as the savings and the impact report tell them apart."""

    CAR = "car", _("voiture")
    CARPOOL = "carpool", _("covoiturage")
    TRAIN = "train", _("train")
    BUS = "bus", _("bus ou car")
    TWO_WHEELS = "two_wheels", _("deux-roues motorisé")
    BICYCLE = "bicycle", _("vélo")
    WALK = "walk", _("marche")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        """The user of this address, whatever the case in which it is typed."""
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(
        _("adresse e-mail"),
        unique=True,
        error_messages={"unique": ADDRESS_TAKEN},
    )
    name = models.CharField(
        _("nom"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    language = models.CharField(
        _("langue"), max_length=2, choices=Language, default=Language.FRENCH
    )
    is_staff = models.BooleanField(
        _("accès à l’administration"),
        default=False,
        help_text=_("Peut ouvrir l’administration ; ses rôles disent ce qu’il peut y faire."),
    )
    is_active = models.BooleanField(
        _("actif"), default=True, help_text=_("À décocher plutôt que de supprimer le compte.")
    )
    date_joined = models.DateTimeField(_("inscrit le"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("effacé le"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("utilisateur")
        verbose_name_plural = _("utilisateurs")
        ordering = ("email",)
        permissions = (("assign_roles", "Peut attribuer les rôles"),)
        constraints = (
            # With the unique column: one account per address, whatever its case, and a lookup
            # that uses the column's own index on both databases.
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_lower",
                violation_error_message=_("L’adresse s’écrit en minuscules."),
                violation_error_code="email_case",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None) | models.Q(is_active=False, is_staff=False),
                name="user_erased",
                violation_error_message=_("Un compte effacé ne sert plus."),
                violation_error_code="erased_in_use",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.lower()
        self.name = self.name.strip()

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split(" ", maxsplit=1)[0]


class MemberQuerySet(models.QuerySet["Member"]):
    def with_user(self) -> Self:
        return self.select_related("user")

    def visible(self) -> Self:
        """Those of the house who agreed that other members see them."""
        return self.inside().filter(visible_since__isnull=False)

    def inside(self) -> Self:
        return self.filter(state__in=INSIDE)

    def agreed(self, use: str) -> Self:
        """Those whose consent to this use holds. See `members.models.consent`."""
        return self.filter(
            models.Exists(
                Consent.objects.standing().filter(user_id=models.OuterRef("user_id"), use=use)
            )
        )

    def active(self) -> Self:
        return self.filter(state=State.ACTIVE)


class Member(models.Model):
    """A person who joined, or asks to. Made at sign-up by `services.accounts.register`.

    Never deleted: who leaves is a former member, and `services.erasure` makes a person nobody.
    `leaves_on` is the first day on which the person is no longer a member, once it is known.
    """

    user = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="member", verbose_name=_("utilisateur")
    )
    state = models.CharField(
        _("état"), max_length=10, choices=State, default=State.APPLICANT, editable=False
    )
    state_since = models.DateTimeField(_("depuis"), default=timezone.now, editable=False)
    leaves_on = models.DateField(_("part le"), null=True, blank=True, editable=False)
    joined_at = models.DateTimeField(_("inscrit le"), default=timezone.now, editable=False)

    # Who one is to the others; shown only with `visible_since`.
    trade = models.CharField(
        _("métier"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    company = models.CharField(
        _("entreprise ou employeur"),
        max_length=LINE_LENGTH,
        blank=True,
        validators=[validate_one_line],
    )
    skills = models.TextField(
        _("compétences"), max_length=TEXT_LENGTH, blank=True, validators=[validate_text]
    )
    can_help_with = models.TextField(
        _("ce que je peux apporter"), max_length=TEXT_LENGTH, blank=True, validators=[validate_text]
    )
    looks_for = models.TextField(
        _("ce que je cherche"), max_length=TEXT_LENGTH, blank=True, validators=[validate_text]
    )
    # The consent itself is a row of `Consent`; this copy spares the boards a query for each row.
    visible_since = models.DateTimeField(
        _("visible depuis"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Date de l’accord pour être vu des autres membres ; vide : non visible."),
    )

    # The drive that a day at the space spares; optional, with the consent `Use.COMMUTE`.
    commute_km = models.DecimalField(
        _("distance jusqu’au travail, en km"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.1")), MaxValueValidator(Decimal(500))],
    )
    commute_minutes = models.PositiveSmallIntegerField(
        _("durée du trajet, en minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(600)],
    )
    commute_means = models.CharField(
        _("moyen de transport"), max_length=12, choices=Means, blank=True
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("membre")
        verbose_name_plural = _("membres")
        ordering = ("user__name", "id")
        permissions = (
            ("act_as_member", _("Peut voir le site comme un membre")),
            ("decide_application", _("Peut accepter ou refuser une candidature")),
            ("export_member", _("Peut exporter les membres")),
            ("import_member", _("Peut importer des membres")),
            ("erase_member", _("Peut effacer une personne")),
        )
        indexes = (
            models.Index(fields=("state", "state_since"), name="member_state"),
            models.Index(fields=("visible_since",), name="member_visible_since"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=State.values),
                name="member_state_known",
                violation_error_message=_("État inconnu."),
                violation_error_code="unknown_state",
            ),
            models.CheckConstraint(
                condition=models.Q(leaves_on=None) | models.Q(state__in=LEAVING_STATES),
                name="member_leaving",
                violation_error_message=_("Seul un membre a une date de départ."),
                violation_error_code="bad_leaving",
            ),
            AllowedMoves(
                name="member_moves",
                field="state",
                moves=MOVES,
                initial=(State.APPLICANT, State.ACTIVE),
                violation_error_message=_("Ce changement d’état n’est pas prévu."),
                violation_error_code="move_not_allowed",
            ),
        )

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_visible(self) -> bool:
        return self.visible_since is not None and self.is_inside

    @property
    def is_inside(self) -> bool:
        """Of the house: not an applicant, not somebody who left."""
        return self.state in INSIDE

    @property
    def is_erased(self) -> bool:
        return self.user.erased_at is not None
