"""What a profile is made of: trades, languages, references, and what of it is published."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.bands import Mode, SpokenLanguage
from directory.models.providers import FARTHEST_KM, Provider
from directory.models.trades import Trade
from members.models.people import LINE_LENGTH
from members.validators import validate_one_line


class Activity(models.Model):
    """What × how × where: a trade, its details, and where it differs from the profile."""

    provider = models.ForeignKey(
        Provider, on_delete=models.CASCADE, related_name="activities", verbose_name=_("prestataire")
    )
    trade = models.ForeignKey(
        Trade, on_delete=models.PROTECT, related_name="activities", verbose_name=_("métier")
    )
    details = models.CharField(
        _("plus précisément"), max_length=200, blank=True, validators=[validate_one_line]
    )
    mode = models.CharField(
        _("travaille"),
        max_length=8,
        choices=Mode,
        blank=True,
        help_text=_("Vide : comme pour la fiche."),
    )
    range_km = models.PositiveSmallIntegerField(
        _("se déplace jusqu’à, en km"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(FARTHEST_KM)],
        help_text=_("Vide : comme pour la fiche."),
    )

    class Meta:
        verbose_name = _("activité")
        verbose_name_plural = _("activités")
        ordering = ("provider", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "trade"),
                name="activity_once",
                violation_error_message=_("Ce métier est déjà sur la fiche."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return str(self.trade)


class Speaks(models.Model):
    """A language that a provider works in."""

    provider = models.ForeignKey(
        Provider, on_delete=models.CASCADE, related_name="spoken", verbose_name=_("prestataire")
    )
    language = models.CharField(_("langue"), max_length=3, choices=SpokenLanguage)

    class Meta:
        verbose_name = _("langue parlée")
        verbose_name_plural = _("langues parlées")
        ordering = ("provider", "language")
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "language"),
                name="speaks_once",
                violation_error_message=_("Cette langue est déjà sur la fiche."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return self.get_language_display()


class Reference(models.Model):
    """A job that was done: for whom, what, when."""

    provider = models.ForeignKey(
        Provider, on_delete=models.CASCADE, related_name="references", verbose_name=_("prestataire")
    )
    client = models.CharField(_("client"), max_length=LINE_LENGTH, validators=[validate_one_line])
    what = models.CharField(_("réalisation"), max_length=300, validators=[validate_one_line])
    year = models.PositiveSmallIntegerField(
        _("année"), validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )
    url = models.URLField(_("page web"), blank=True)

    class Meta:
        verbose_name = _("référence")
        verbose_name_plural = _("références")
        ordering = ("provider", "-year", "id")

    def __str__(self) -> str:
        return f"{self.client} · {self.year}"


class Shown(models.TextChoices):
    """A field that is published only with consent."""

    EMAIL = "email", _("adresse e-mail professionnelle")
    PHONE = "phone", _("téléphone")
    WEBSITE = "website", _("site web")
    ADDRESS = "address", _("adresse")
    PRICE = "price", _("prix")
    LEGAL_NUMBER = "legal_number", _("numéro SIREN, SIRET ou IDE")
    REFERENCES = "references", _("références")
    OWNER = "owner", _("votre nom")


class ShownField(models.Model):
    """The consent that one field is published. It ends with the row; the audit keeps both dates."""

    provider = models.ForeignKey(
        Provider,
        on_delete=models.CASCADE,
        related_name="shown_fields",
        verbose_name=_("prestataire"),
    )
    field = models.CharField(_("champ"), max_length=14, choices=Shown)
    since = models.DateTimeField(_("depuis"), editable=False)

    class Meta:
        verbose_name = _("champ publié")
        verbose_name_plural = _("champs publiés")
        ordering = ("provider", "field")
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "field"),
                name="shown_field_once",
                violation_error_message=_("Ce champ est déjà publié."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return self.get_field_display()
