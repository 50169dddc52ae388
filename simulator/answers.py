"""The answer in words and figures: what the page shows of a result of `savings`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _

from savings import (
    METHODS,
    Commute,
    Currency,
    Line,
    Method,
    Result,
    SavingsError,
    compare,
    compute,
    explain,
)
from simulator import words
from simulator.forms import QuestionForm
from simulator.picture import Bar, draw
from simulator.presets import CARS, USUAL_ANNUAL_KM
from simulator.prices import is_old

# The flows that make the net of the saving on the car.
BALANCE = ("gross", "allowance", "fee", "home")


@dataclass(frozen=True, slots=True)
class Step:
    """One figure that opens on its formula and its sources. ``code`` is that of `savings`."""

    code: str
    name: str
    value: str
    formula: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One method in the range: what it counts, its amount, its bar and its sources."""

    name: str
    amount: str
    bar: Bar
    current: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One way to spend the remote days, compared with going to the office every day."""

    name: str
    money: str
    hours: str
    km: str
    co2: str


@dataclass(frozen=True, slots=True)
class Answer:
    """All that the answer says. A text is "" when it does not apply.

    ``figures`` are the quantities of the headline, ``balance`` what the amount is made of when it
    is more than the car, ``assumptions`` what the simulator supposed, ``old`` the prices that may
    have changed since.
    """

    headline: str
    amount: str
    currency: str
    method: str
    dated: str
    loss: str
    fee: str
    break_even: str
    ceiling: str
    ceiling_exceeded: bool
    balance: tuple[Step, ...]
    figures: tuple[Step, ...]
    steps: tuple[Step, ...]
    range: str
    zero: int
    rows: tuple[Row, ...]
    ways: tuple[Way, ...]
    assumptions: tuple[str, ...]
    old: tuple[str, ...]

    @property
    def short(self) -> str:
        """What the amount is, in few words after it."""
        return _("de plus par an") if self.loss else _("d’économies par an")

    @property
    def spoken(self) -> str:
        """The headline in one sentence, for a screen reader."""
        return f"{self.headline} {self.amount}"


def answer(form: QuestionForm) -> Answer:
    """Word the answer of a valid question, with the other methods and the other ways beside it."""
    result, commute = form.result, form.commute
    steps = tuple(_step(line) for line in explain(result))
    balance = tuple(step for step in steps if step.code in BALANCE)
    rows, zero = _rows(commute)
    return Answer(
        headline=words.headline(result.net),
        amount=words.money(abs(result.net), commute.currency),
        currency=words.currency(commute.currency),
        method=str(words.METHODS[commute.method]),
        dated=words.dated(result),
        loss=words.loss(result),
        fee=_fee(form),
        break_even=words.break_even(result),
        ceiling=words.ceiling(result),
        ceiling_exceeded=result.ceiling is not None and result.ceiling.exceeded,
        balance=balance if len(balance) > 1 else (),
        figures=_figures(result, steps),
        steps=steps,
        range=_range(rows),
        zero=zero,
        rows=rows,
        ways=tuple(_ways(commute)),
        assumptions=tuple(_assumptions(form)),
        old=tuple(_old(form)),
    )


def _fee(form: QuestionForm) -> str:
    """Where the price of a day comes from, or why it is not counted."""
    if form.offer is None:
        return ""
    said = {
        "plan": form.offer.plan,
        "fee": words.money(form.offer.value, form.offer.currency, words.CENT),
        "days": form.offer.days,
        "since": words.day(form.offer.since),
    }
    if form.offer_counts:
        return words.offer_counted(said)
    return words.offer_not_counted(said)


def _figures(result: Result, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The quantities of the headline: the same steps, in round numbers and shorter words."""
    by_code = {step.code: step for step in steps}
    return tuple(
        replace(by_code[code], value=f"{words.whole(value)} {unit}", name=name)
        for code, value, unit, name in (
            ("hours", result.hours, _("h"), _("de route en moins")),
            ("km", result.km, _("km"), _("évités")),
            ("co2", result.co2_kg, _("kg"), _("de CO₂e évités")),
        )
    )


def _assumptions(form: QuestionForm) -> Iterator[str]:
    """What was supposed in place of what was not said, with its source."""
    commute, assumed = form.commute, form.assumed
    if "consumption" in assumed:
        figure = CARS[form.cleaned_data["car"]].consumption
        yield _("Consommation : %(value)s %(unit)s. %(source)s.") % {
            "value": words.number(figure.value),
            "unit": figure.unit,
            "source": words.source(figure),
        }
    if (quote := form.assumed_price) is not None:
        yield _("%(name)s : %(price)s par %(unit)s. %(source)s.") % {
            "name": words.energy_name(commute.energy),
            "price": words.money(quote.value, commute.currency, words.price_step(quote.value)),
            "unit": quote.unit.partition("/")[2],
            "source": words.source(quote),
        }
    if (rate := form.assumed_rate) is not None:
        yield _("Taux de change : %(rate)s franc pour un euro. %(source)s.") % {
            "rate": words.number(rate.value),
            "source": words.source(rate),
        }
    by_the_bareme = commute.currency is Currency.EUR or commute.fx is not None
    if "annual_km" in assumed and commute.annual_km is not None and by_the_bareme:
        yield _(
            "%(km)s km par an sans télétravail : %(usual)s, ou vos trajets s’ils font plus."
        ) % {
            "km": words.whole(commute.annual_km),
            "usual": words.number(USUAL_ANNUAL_KM),
        }


def _old(form: QuestionForm) -> Iterator[str]:
    """The supposed prices that were seen too long ago."""
    for quote, text in ((form.assumed_price, words.OLD_PRICE), (form.assumed_rate, words.OLD_RATE)):
        if quote is not None and quote.valid_from is not None and is_old(quote, form.today):
            yield str(text) % {"day": words.day(quote.valid_from)}


def _step(line: Line) -> Step:
    sources = tuple(words.source(figure) for figure in line.figures)
    if line.on is not None:
        sources += (words.seen_on(line.on),)
    return Step(
        line.code,
        str(words.STEPS[line.code]),
        words.step_value(line),
        words.formula(line),
        sources,
    )


def _rows(commute: Commute) -> tuple[tuple[Row, ...], int]:
    """The methods that answer, from the least net to the greatest, and where zero stands."""
    methods = [method for method in Method if _concerns(method, commute)]
    results = sorted(compare(commute, methods).results, key=lambda result: result.net)
    picture = draw([result.net for result in results])
    rows = tuple(
        Row(
            name=str(words.METHODS[result.commute.method]),
            amount=words.money(result.net, commute.currency),
            bar=bar,
            current=result.commute.method is commute.method,
            sources=_vehicle_sources(result),
        )
        for result, bar in zip(results, picture.bars, strict=True)
    )
    return rows, picture.zero


def _concerns(method: Method, commute: Commute) -> bool:
    """Swiss costs are of no use to who works in France, unless asked for; those of France are to
    a cross-border worker, whose car is French."""
    if method is commute.method:
        return True
    if method is Method.OWN_RATE:
        return False
    return METHODS[method].currency is not Currency.CHF or commute.currency is Currency.CHF


def _vehicle_sources(result: Result) -> tuple[str, ...]:
    sources = tuple(words.source(figure) for figure in result.cost.figures)
    commute = result.commute
    if commute.method is Method.FUEL_PRICE and commute.price is not None:
        sources += (words.seen_on(commute.price.on),)
    return sources


def _range(rows: tuple[Row, ...]) -> str:
    if len(rows) < 2:
        return ""
    return _("De %(least)s à %(most)s selon ce que l’on compte.") % {
        "least": rows[0].amount,
        "most": rows[-1].amount,
    }


def _ways(commute: Commute) -> Iterator[Way]:
    """All remote days at home, all at the space, none: each as far as it can be counted."""
    remote, none = commute.remote_days_per_week, Decimal(0)
    for name, remote_days, coworking_days in (
        (_("À la maison"), remote, none),
        (_("À l’espace"), remote, remote),
        (_("Au bureau"), none, none),
    ):
        try:
            result = compute(
                replace(
                    commute,
                    remote_days_per_week=remote_days,
                    coworking_days_per_week=coworking_days,
                )
            )
        except SavingsError:  # the kilometres of the year leave no room for that way
            continue
        yield Way(
            name=name,
            money=words.whole(result.net),
            hours=words.whole(result.hours),
            km=words.whole(result.km),
            co2=words.whole(result.co2_kg),
        )
