"""The communes of the territory and around it: the merged ones, and the former ones inside."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from directory.geography import Point
from members.validators import validate_one_line

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class CommuneKind(models.TextChoices):
    COM = "COM", _("commune")
    COMD = "COMD", _("commune déléguée")
    ABROAD = "ABROAD", _("commune d’un autre pays")


def degrees_field(label: "StrOrPromise") -> "models.DecimalField[Any, Any]":
    """Decimal degrees, WGS 84; both or none."""
    return models.DecimalField(label, max_digits=8, decimal_places=5, null=True, blank=True)


def both_degrees(table: str) -> models.CheckConstraint:
    """A point has a latitude and a longitude, or is not known."""
    return models.CheckConstraint(
        condition=models.Q(latitude=None, longitude=None)
        | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
        name=f"{table}_point",
        violation_error_message=_("Un point a une latitude et une longitude."),
        violation_error_code="bad_point",
    )


class CommuneQuerySet(models.QuerySet["Commune"]):
    def of_the_territory(self) -> Self:
        """The communes of the communauté de communes, the former ones included."""
        return self.filter(in_territory=True)

    def with_point(self) -> Self:
        return self.filter(latitude__isnull=False)


class Commune(models.Model):
    """A commune is its INSEE code and its kind: all six of the territory share one post code, and
    Morez has the code of Hauts de Bienne, which it is a part of."""

    code = models.CharField(_("code INSEE"), max_length=10)
    kind = models.CharField(_("genre"), max_length=6, choices=CommuneKind)
    name = models.CharField(_("nom"), max_length=80, validators=[validate_one_line])
    slug = models.SlugField(_("nom dans l’adresse web"), unique=True)
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="parts",
        null=True,
        blank=True,
        verbose_name=_("commune de rattachement"),
    )
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    latitude = degrees_field(_("latitude"))
    longitude = degrees_field(_("longitude"))
    in_territory = models.BooleanField(_("dans la communauté de communes"), default=False)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = _("commune")
        verbose_name_plural = _("communes")
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("code", "kind"),
                name="commune_code_kind",
                violation_error_message=_("Cette commune existe déjà."),
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=CommuneKind.COMD, part_of__isnull=False)
                | (~models.Q(kind=CommuneKind.COMD) & models.Q(part_of=None)),
                name="commune_part_of",
                violation_error_message=_(
                    "Une commune déléguée, et elle seule, fait partie d’une autre."
                ),
                violation_error_code="bad_part",
            ),
            both_degrees("commune"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("directory:commune", args=[self.slug])

    @property
    def point(self) -> Point | None:
        return Point.of(self.latitude, self.longitude)
