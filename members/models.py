"""People: the `User` who logs in, and the `Member` who joined.

A user without a member is staff of the operator or of the public partner.
"""

from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.validators import validate_one_line

LINE_LENGTH = 120
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
        """Those who agreed that other members see them."""
        return self.filter(visible_since__isnull=False)


class Member(models.Model):
    """A person who joined. Made at sign-up by `services.register`.

    It goes with its user, unless something it did (a booking, an invoice) protects it.
    """

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, related_name="member", verbose_name=_("utilisateur")
    )
    trade = models.CharField(
        _("métier"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    visible_since = models.DateTimeField(
        _("visible depuis"),
        null=True,
        blank=True,
        help_text=_("Date de l’accord pour être vu des autres membres ; vide : non visible."),
    )
    joined_at = models.DateTimeField(_("membre depuis"), default=timezone.now, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("membre")
        verbose_name_plural = _("membres")
        ordering = ("user__name", "id")

    def __str__(self) -> str:
        return str(self.user)

    @property
    def is_visible(self) -> bool:
        return self.visible_since is not None
