"""Words that several tables share: amounts in bands, currencies, how work is done."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AmountBand(models.TextChoices):
    """An order of magnitude, excluding VAT. 40 000 is where French public purchases need a call
    for competition (art. R. 2122-8 of the code de la commande publique)."""

    UNDER_500 = "under_500", _("moins de 500")
    TO_2000 = "to_2000", _("500 à 2 000")
    TO_10000 = "to_10000", _("2 000 à 10 000")
    TO_40000 = "to_40000", _("10 000 à 40 000")
    OVER_40000 = "over_40000", _("plus de 40 000")


class Currency(models.TextChoices):
    EUR = "EUR", "€"
    CHF = "CHF", "CHF"


class Mode(models.TextChoices):
    """Where the work is done."""

    ON_SITE = "on_site", _("sur place")
    REMOTE = "remote", _("à distance")
    BOTH = "both", _("sur place et à distance")


class SpokenLanguage(models.TextChoices):
    FRENCH = "fr", _("français")
    ENGLISH = "en", _("anglais")
    GERMAN = "de", _("allemand")
    ITALIAN = "it", _("italien")
    SPANISH = "es", _("espagnol")
    PORTUGUESE = "pt", _("portugais")
    TURKISH = "tr", _("turc")
    ARABIC = "ar", _("arabe")
    SIGNS = "fsl", _("langue des signes française")
