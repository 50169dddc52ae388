"""The question of a query string: parsed, checked by `savings`, explained beside the field.

The whole state of the page is the query string, read here and written back by ``query``. What a
query leaves out has its starting value, so that any link, however short, is a complete question.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from savings import (
    METHODS,
    Amount,
    Co2Scope,
    Commute,
    Currency,
    Dated,
    ExchangeRate,
    Method,
    Price,
    Result,
    SavingsError,
    compute,
    edition,
)
from simulator import presets, words
from simulator.forms.asked import AskedForm
from simulator.forms.fields import refused
from simulator.house import DayFee, DayFees, days_a_month, nobody_sells
from simulator.picture import Ends
from simulator.prices import Prices

# Where a refusal of `savings` is shown, when its field has another name here.
FIELD_OF = {
    "distance_km": "distance",
    "remote_days_per_week": "days",
    "coworking_days_per_week": "coworking_days",
    "energy": "car",
    "bareme_year": "year",
    "fuel_scale_year": "year",
    "swiss_rate_year": "year",
    "swiss_cost_year": "year",
}


WORKING_DAYS = 5
DAYS_OF_A_WEEK = 7

# A value that means nothing without its day, and that day.
DATED = (("fx", "fx_date"), ("price", "price_date"))
# What the simulator supposes when it is left empty.
ASSUMABLE = ("consumption", "price", "annual_km")


class QuestionForm(AskedForm):
    """Valid when `savings` answers: ``commute`` is then the question and ``result`` the answer.

    ``offer`` is the price of a day that the house asks, when the person typed none; it counts in
    ``result`` unless it is in the other currency and nobody knows the rate (``offer_counts``).
    """

    commute: Commute
    result: Result
    offer: DayFee | None = None
    offer_counts = False

    def __init__(
        self,
        given: Mapping[str, Any],
        *,
        today: date,
        prices: Prices | None = None,
        day_fees: DayFees = nobody_sells,
    ) -> None:
        self.today = today
        self.prices = prices or Prices()
        self.day_fees = day_fees
        self.start = {
            name: str(field.initial or "") for name, field in self.base_fields.items()
        } | {"fx_date": today.isoformat(), "price_date": today.isoformat()}
        super().__init__({name: given.get(name, value) for name, value in self.start.items()})
        self.use_required_attribute = False  # the browser would hold back what we explain

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        for value, its_day in DATED:
            self._check_day(data, value, its_day)
        if self.errors:
            return data
        try:
            self.commute = self._commute(data)
            self.result = compute(self.commute)
        except SavingsError as error:
            self.add_error(FIELD_OF.get(error.field, error.field), refused(error))
        return data

    def _check_day(self, data: dict[str, Any], value: str, day: str) -> None:
        if data.get(value) is None or day in self.errors:
            return
        if data[day] is None:
            self.add_error(day, forms.ValidationError(_("Indiquez un jour."), code="required"))
        elif data[day] > self.today:
            message = _("Ce jour n’est pas encore venu.")
            self.add_error(day, forms.ValidationError(message, code="too_late"))

    def _commute(self, data: dict[str, Any]) -> Commute:
        car = presets.CARS[data["car"]]
        currency = Currency(data["currency"])
        usual = Method.CH_VARIABLE if currency is Currency.CHF else Method.FR_MARGINAL

        def amount(name: str) -> Amount:
            return Amount(data[name] or Decimal(0), currency)

        coworking_days = _or(data["coworking_days"], data["days"])
        fx = self._rate(data)
        commute = Commute(
            distance_km=data["distance"],
            minutes=data["minutes"],
            remote_days_per_week=data["days"],
            coworking_days_per_week=coworking_days,
            weeks=data["weeks"],
            coworking_km=data["coworking_km"],
            coworking_minutes=data["coworking_minutes"],
            coworking_by_car=data["coworking_by"] == "car",
            occupancy=data["occupancy"],
            currency=currency,
            method=Method(data["method"]) if data["method"] else usual,
            energy=car.energy,
            edition=edition(int(data["year"])),
            consumption=_or(data["consumption"], car.consumption.value),
            price=self._price(data, car, currency),
            fiscal_power=int(data["fiscal_power"]),
            annual_km=data["annual_km"],
            parking=amount("parking"),
            toll=amount("toll"),
            coworking_fee=self._fee(data, currency, coworking_days, fx),
            home_cost=amount("home"),
            allowance=amount("allowance"),
            fx=fx,
            co2_scope=Co2Scope(data["scope"]),
            rebound=Decimal(data["rebound"]),
            cross_border=currency is Currency.CHF,
            mission_days=data["mission_days"],
        )
        if commute.annual_km is not None:
            return commute
        assumed = presets.assumed_annual_km(
            commute.distance_km, commute.weeks, commute.remote_days_per_week
        )
        return replace(commute, annual_km=assumed)

    def _price(self, data: dict[str, Any], car: presets.Car, currency: Currency) -> Price | None:
        if data["price"] is None:
            return self.prices.price(car.energy, currency)
        return Price(data["price"], currency, data["price_date"])

    def _rate(self, data: dict[str, Any]) -> ExchangeRate | None:
        if data["fx"] is None:
            return self.prices.exchange_rate
        return ExchangeRate(data["fx"], data["fx_date"])

    def _fee(
        self, data: dict[str, Any], currency: Currency, per_week: Decimal, fx: ExchangeRate | None
    ) -> Amount:
        """What was typed, else what the house asks for as many days a month."""
        if data["fee"] is not None:
            return Amount(data["fee"], Currency(data["fee_currency"] or currency))
        days = days_a_month(per_week, data["weeks"])
        offers = {fee.currency: fee for fee in self.day_fees(days)} if days else {}
        self.offer = offers.get(currency) or next(iter(offers.values()), None)
        if self.offer is None or (self.offer.currency is not currency and fx is None):
            return Amount(Decimal(0), currency)
        self.offer_counts = True
        return Amount(self.offer.value, self.offer.currency)

    @property
    def query(self) -> str:
        """The state as a query string, without what has its starting value."""
        return self.query_with()

    def query_with(self, **changes: str) -> str:
        """Return ``query`` with some answers changed."""
        told = {name: str(self.data[name]).strip() for name in self.fields} | changes
        kept = {name: value for name, value in told.items() if value != self.start[name]}
        for value, its_day in DATED:
            kept.pop(its_day, None)
            if told[value]:  # a value without its day would pass for one of the day it is read
                kept[its_day] = told[its_day]
        return urlencode(kept)

    @property
    def assumed(self) -> frozenset[str]:
        """The inputs left to the simulator, which then supposes usual ones."""
        return frozenset(name for name in ASSUMABLE if self.cleaned_data.get(name) is None)

    @property
    def assumed_price(self) -> Dated[Decimal] | None:
        """The price of the litre or of the kWh that the simulator supposed, if it did."""
        if "price" not in self.assumed:
            return None
        return self.prices.of(self.commute.energy, self.commute.currency)

    @property
    def assumed_rate(self) -> Dated[Decimal] | None:
        """The exchange rate that the simulator supposed, if it did and this answer needs one."""
        commute = self.commute
        currencies = {
            commute.currency,
            commute.coworking_fee.currency if commute.coworking_fee.value else commute.currency,
            METHODS[commute.method].currency,
        }
        if self.cleaned_data["fx"] is not None or Currency.CHF not in currencies:
            return None
        return self.prices.rate

    @property
    def scale_ends(self) -> Ends:
        """How far the slider of days goes, and where the ceiling of a cross-border worker is."""
        if not self.is_valid():
            return Ends(WORKING_DAYS)
        commute, ceiling = self.commute, self.result.ceiling
        most = WORKING_DAYS if commute.remote_days_per_week <= WORKING_DAYS else DAYS_OF_A_WEEK
        if ceiling is None or not commute.weeks:
            return Ends(most)
        return Ends(most, ceiling.days / commute.weeks)

    @property
    def days_shown(self) -> str:
        """The days of the slider in words, "" when they are refused."""
        days = self.cleaned_data.get("days")
        return "" if days is None else words.days(days)

    @property
    def described(self) -> list[dict[str, Any]]:
        """Each parameter of an address, for who writes one: name, label, unit, start, choices."""
        return [
            {
                "name": name,
                "label": field.label,
                "unit": field.help_text,
                "start": field.initial or "",
                "choices": [key for key, _label in getattr(field, "choices", ())],
            }
            for name, field in self.fields.items()
        ]

    def says(self, **answers: str) -> bool:
        """Whether each of ``answers`` is what was typed."""
        return all(str(self.data[name]).strip() == answer for name, answer in answers.items())


def _or(value: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if value is None else value
