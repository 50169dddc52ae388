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
    Amount,
    Co2Scope,
    Commute,
    Currency,
    ExchangeRate,
    Method,
    Price,
    Result,
    SavingsError,
    compute,
    edition,
)
from simulator import presets
from simulator.forms.asked import AskedForm
from simulator.forms.fields import refused

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


# A value that means nothing without its day, and that day.
DATED = (("fx", "fx_date"), ("price", "price_date"))
# What the simulator supposes when it is left empty.
ASSUMABLE = ("consumption", "price", "annual_km")


class QuestionForm(AskedForm):
    """Valid when `savings` answers: ``commute`` is then the question and ``result`` the answer."""

    commute: Commute
    result: Result

    def __init__(self, given: Mapping[str, Any], *, today: date) -> None:
        self.today = today
        self.start = {
            name: str(field.initial or "") for name, field in self.base_fields.items()
        } | {"fx_date": today.isoformat(), "price_date": today.isoformat()}
        super().__init__({name: given.get(name, value) for name, value in self.start.items()})
        self.use_required_attribute = False  # the browser would hold back what we explain
        for name, field in self.fields.items():
            if not field.widget.use_fieldset:
                # Both stand on the page from the start, so that an update needs no new input.
                described = f"id_{name}_helptext id_{name}_errors"
                field.widget.attrs["aria-describedby"] = described

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

        def amount(name: str, its_currency: str = "") -> Amount:
            return Amount(data[name] or Decimal(0), Currency(its_currency or currency))

        commute = Commute(
            distance_km=data["distance"],
            minutes=data["minutes"],
            remote_days_per_week=data["days"],
            coworking_days_per_week=_or(data["coworking_days"], data["days"]),
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
            coworking_fee=amount("fee", data["fee_currency"]),
            home_cost=amount("home"),
            allowance=amount("allowance"),
            fx=None if data["fx"] is None else ExchangeRate(data["fx"], data["fx_date"]),
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
            return presets.pump_price(car.energy, currency)
        return Price(data["price"], currency, data["price_date"])

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

    def says(self, **answers: str) -> bool:
        """Whether each of ``answers`` is what was typed."""
        return all(str(self.data[name]).strip() == answer for name, answer in answers.items())


def _or(value: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if value is None else value
