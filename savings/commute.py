"""The question asked: one person's commute, remote days, car and costs."""

from dataclasses import dataclass
from decimal import Decimal, localcontext

from savings.editions import Edition
from savings.errors import Code, SavingsError
from savings.france import WEEKS
from savings.limits import check, check_type, check_whole
from savings.precision import EXACT
from savings.values import (
    NOTHING,
    Amount,
    Co2Scope,
    Currency,
    Energy,
    ExchangeRate,
    Method,
    Price,
)

_ZERO = Decimal(0)
_ONE = Decimal(1)
_DECIMALS = (
    "distance_km",
    "minutes",
    "remote_days_per_week",
    "coworking_days_per_week",
    "weeks",
    "coworking_km",
    "coworking_minutes",
    "occupancy",
    "rebound",
    "mission_days",
)
_OPTIONAL_DECIMALS = ("annual_km", "rate_per_km")
_AMOUNTS = ("parking", "toll", "coworking_fee", "home_cost", "allowance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commute:
    """One person's year of commuting by car. Numbers are ``Decimal``; nothing else is accepted.

    The commute: ``distance_km`` and ``minutes`` one way; ``remote_days_per_week`` away from the
    office, of which ``coworking_days_per_week`` at the space, ``coworking_km`` and
    ``coworking_minutes`` away one way, by car unless ``coworking_by_car`` is false; ``weeks``
    worked a year.

    The car: ``energy``; ``occupancy``, people who share its cost; and, for the methods that need
    them, ``consumption`` in L or kWh per 100 km, ``price`` per L or kWh, ``fiscal_power`` in CV,
    ``annual_km`` without telework, ``rate_per_km`` in ``currency``.

    Money per remote day: ``parking`` and ``toll`` of a day at the office, ``allowance`` from the
    employer. Per coworking day: ``coworking_fee``. Per day at home: ``home_cost``. Each in its own
    currency; ``fx`` is needed as soon as one differs from ``currency``, that of the answer.

    Emissions: ``co2_scope``, and ``rebound``, the share of the saving lost to other trips.

    ``cross_border`` asks for the ceiling of telework, of which ``mission_days`` use a part.

    Raises ``SavingsError`` naming the field, as soon as the object is built.
    """

    distance_km: Decimal
    minutes: Decimal
    remote_days_per_week: Decimal
    currency: Currency
    method: Method
    energy: Energy
    edition: Edition
    weeks: Decimal = WEEKS.value
    coworking_days_per_week: Decimal = _ZERO
    coworking_km: Decimal = _ZERO
    coworking_minutes: Decimal = _ZERO
    coworking_by_car: bool = True
    occupancy: Decimal = _ONE
    consumption: Decimal | None = None
    price: Price | None = None
    fiscal_power: int | None = None
    annual_km: Decimal | None = None
    rate_per_km: Decimal | None = None
    parking: Amount = NOTHING
    toll: Amount = NOTHING
    coworking_fee: Amount = NOTHING
    home_cost: Amount = NOTHING
    allowance: Amount = NOTHING
    fx: ExchangeRate | None = None
    co2_scope: Co2Scope = Co2Scope.USAGE
    rebound: Decimal = _ZERO
    cross_border: bool = False
    mission_days: Decimal = _ZERO

    def __post_init__(self) -> None:
        for field in _DECIMALS:
            check(field, getattr(self, field))
        for field in _OPTIONAL_DECIMALS:
            if getattr(self, field) is not None:
                check(field, getattr(self, field))
        for field in _AMOUNTS:
            check_type(field, getattr(self, field), Amount)
        self._check_choices()
        self._check_car()
        if self.coworking_days_per_week > self.remote_days_per_week:
            raise SavingsError(
                "coworking_days_per_week", Code.ABOVE_REMOTE_DAYS, self.remote_days_per_week
            )
        if self.annual_km is not None and self.annual_km < self.avoided_km:
            raise SavingsError("annual_km", Code.BELOW_AVOIDED_KM, self.avoided_km)

    def _check_choices(self) -> None:
        check_type("currency", self.currency, Currency)
        check_type("method", self.method, Method)
        check_type("energy", self.energy, Energy)
        check_type("edition", self.edition, Edition)
        check_type("co2_scope", self.co2_scope, Co2Scope)
        check_type("coworking_by_car", self.coworking_by_car, bool)
        check_type("cross_border", self.cross_border, bool)

    def _check_car(self) -> None:
        if self.consumption is not None:
            electric = self.energy is Energy.ELECTRIC
            check("consumption", self.consumption, "consumption_kwh" if electric else None)
        if self.price is not None:
            check_type("price", self.price, Price)
        if self.fiscal_power is not None:
            check_whole("fiscal_power", self.fiscal_power)
        if self.fx is not None:
            check_type("fx", self.fx, ExchangeRate)

    @property
    def remote_days(self) -> Decimal:
        """Days a year away from the office."""
        return EXACT.multiply(self.remote_days_per_week, self.weeks)

    @property
    def coworking_days(self) -> Decimal:
        """Days a year at the space."""
        return EXACT.multiply(self.coworking_days_per_week, self.weeks)

    @property
    def avoided_km(self) -> Decimal:
        """Kilometres a year not driven; negative when the space is farther than the office."""
        with localcontext(EXACT):
            avoided = 2 * self.distance_km * self.remote_days
            if self.coworking_by_car:
                avoided -= 2 * self.coworking_km * self.coworking_days
            return avoided
