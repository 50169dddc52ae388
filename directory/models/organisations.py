"""Those who order: a business, an association, a public buyer; and who acts for them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.models.legal import LegalPerson, legal_number_rules
from directory.models.places import Commune
from members.models import User
from members.models.people import LINE_LENGTH
from members.validators import validate_one_line


class OrganisationKind(models.TextChoices):
    BUSINESS = "business", _("entreprise")
    ASSOCIATION = "association", _("association")
    PUBLIC = "public", _("collectivité ou établissement public")
    PERSON = "person", _("particulier")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def acted_for_by(self, user: User) -> Self:
        return self.filter(agents__user=user)


class Organisation(LegalPerson):
    """An order giver. Made with its first need, whoever posts it; never found by its name alone."""

    name = models.CharField(_("nom"), max_length=LINE_LENGTH, validators=[validate_one_line])
    kind = models.CharField(_("genre"), max_length=11, choices=OrganisationKind)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="organisations", verbose_name=_("commune")
    )
    made_at = models.DateTimeField(_("créée le"), default=timezone.now, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("donneur d’ordre")
        verbose_name_plural = _("donneurs d’ordre")
        ordering = ("name", "id")
        constraints = (
            *legal_number_rules("organisation"),
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganisationKind.values),
                name="organisation_kind",
                violation_error_message=_("Genre inconnu."),
                violation_error_code="unknown_kind",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Agent(models.Model):
    """A person who acts for an organisation."""

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="agents",
        verbose_name=_("donneur d’ordre"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="agencies",
        verbose_name=_("personne"),
    )
    since = models.DateTimeField(_("depuis"), editable=False)

    class Meta:
        verbose_name = _("personne qui agit pour un donneur d’ordre")
        verbose_name_plural = _("personnes qui agissent pour un donneur d’ordre")
        ordering = ("organisation", "since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "user"),
                name="agent_once",
                violation_error_message=_("Cette personne agit déjà pour ce donneur d’ordre."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"
