"""What a litre, a kilowatt-hour and a euro cost, day after day: the one table of the simulator.

A price is written once, with its day and its source, and never edited: another day is another row
(docs/decisions/0010-simulator-prices.md). `simulator.prices` says which one holds.
"""

from decimal import Decimal
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from savings import LIMITS, Currency, Energy

MOST = LIMITS["price"].high
LEAST = Decimal("0.0001")


class Kind(models.TextChoices):
    """What is priced, and in which currency: `rate` is francs for one euro."""

    PETROL_EUR = "petrol_eur", _("essence SP95-E10 en France")
    DIESEL_EUR = "diesel_eur", _("gazole en France")
    E85_EUR = "e85_eur", _("E85 en France")
    LPG_EUR = "lpg_eur", _("GPL en France")
    ELECTRIC_EUR = "electric_eur", _("électricité en France")
    PETROL_CHF = "petrol_chf", _("sans-plomb 95 en Suisse")
    DIESEL_CHF = "diesel_chf", _("diesel en Suisse")
    ELECTRIC_CHF = "electric_chf", _("électricité en Suisse")
    RATE = "rate", _("taux de change, francs pour un euro")

    @classmethod
    def of(cls, energy: Energy, currency: Currency) -> "Kind | None":
        """The price of an energy in the country of a currency; None when the table has none."""
        code = f"{energy}_{currency}".lower()
        return cls(code) if code in cls.values else None

    @property
    def unit(self) -> str:
        """The unit of the value, which the kind decides: `EUR/L`, `CHF/kWh`, `CHF/EUR`."""
        if self is Kind.RATE:
            return "CHF/EUR"
        energy, currency = self.value.split("_")
        return f"{currency.upper()}/{'kWh' if energy == Energy.ELECTRIC else 'L'}"


class QuoteQuerySet(models.QuerySet["Quote"]):
    def latest_of_each(self) -> Self:
        """The last row of each kind. One query, on the index of the constraint."""
        newer = Quote.objects.filter(kind=models.OuterRef("kind"), day__gt=models.OuterRef("day"))
        return self.filter(~models.Exists(newer))


class Quote(models.Model):
    """The price of one thing, seen on one day."""

    kind = models.CharField(_("prix"), max_length=12, choices=Kind)
    day = models.DateField(_("relevé le"))
    value = models.DecimalField(
        _("valeur"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(LEAST)],
        help_text=_("Par litre, par kWh, ou en francs pour un euro."),
    )
    source = models.CharField(
        _("source"),
        max_length=120,
        help_text=_("Ce que lisent les visiteurs, par exemple : prix-carburants.gouv.fr, Morez."),
    )
    recorded_at = models.DateTimeField(_("saisi le"), editable=False)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("prix du simulateur")
        verbose_name_plural = _("prix du simulateur")
        ordering = ("kind", "-day")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "day"),
                name="quote_day",
                violation_error_message=_("Ce prix est déjà relevé pour ce jour."),
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=Kind.values),
                name="quote_kind",
                violation_error_message=_("Prix inconnu."),
                violation_error_code="unknown_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(value__gt=0, value__lte=MOST),
                name="quote_value",
                violation_error_message=_("Un prix est supérieur à 0 et d’au plus 10."),
                violation_error_code="bad_value",
            ),
            models.CheckConstraint(
                condition=~models.Q(source=""),
                name="quote_source",
                violation_error_message=_("Un prix a une source."),
                violation_error_code="no_source",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {date_format(self.day, 'SHORT_DATE_FORMAT')}"

    @property
    def unit(self) -> str:
        return Kind(self.kind).unit
