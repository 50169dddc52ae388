"""The operator's prices: dated rows, the last one holds, an old one says so."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from members.models import Role
from savings import Currency, Energy
from simulator import prices
from simulator.answers import answer
from simulator.forms import QuestionForm
from simulator.models import Kind, Quote
from tests.factories import NOW, a_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)


def a_quote(kind: Kind, value: str, day: date = TODAY, source: str = "Station de Morez") -> Quote:
    quote = Quote(kind=kind, value=Decimal(value), day=day, source=source, recorded_at=NOW)
    quote.full_clean()
    quote.save()
    return quote


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_without_a_row_the_shipped_quotes_hold_with_their_day() -> None:
    price = prices.current().price(Energy.DIESEL, Currency.EUR)
    assert price is not None
    assert (price.value, price.on) == (Decimal("1.98"), date(2026, 3, 6))
    assert prices.current().exchange_rate is None


def test_the_last_day_holds_whatever_the_order_in_which_it_was_written() -> None:
    a_quote(Kind.PETROL_EUR, "1.90", date(2026, 3, 15))
    a_quote(Kind.PETROL_EUR, "1.70", date(2026, 1, 2))
    a_quote(Kind.RATE, "0.93")
    known = prices.current()
    petrol = known.of(Energy.HYBRID, Currency.EUR)
    assert petrol is not None
    assert (petrol.value, petrol.unit, petrol.source) == (
        Decimal("1.90"),
        "EUR/L",
        "Station de Morez",
    )
    assert known.exchange_rate is not None
    assert known.exchange_rate.chf_per_eur == Decimal("0.93")


def test_prices_are_read_once_a_minute(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        prices.current()
        prices.current()
    prices.forget()
    with django_assert_num_queries(1):
        prices.current()


def test_electricity_has_a_price_once_the_operator_wrote_one() -> None:
    assert prices.current().of(Energy.ELECTRIC, Currency.EUR) is None
    a_quote(Kind.ELECTRIC_EUR, "0.2516")
    prices.forget()
    electric = prices.current().of(Energy.ELECTRIC, Currency.EUR)
    assert electric is not None
    assert electric.unit == "EUR/kWh"
    form = QuestionForm(
        {"currency": "EUR", "car": "electric_small"}, today=TODAY, prices=prices.current()
    )
    assert form.is_valid(), form.errors
    assert "Électricité : 0,2516 € par kWh. Station de Morez : 20 mars 2026." in [
        plain(line) for line in answer(form).assumptions
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": Decimal(0)}, "bad_value"),
        ({"value": Decimal("-1")}, "bad_value"),
        ({"value": Decimal(11)}, "bad_value"),
        ({"source": ""}, "no_source"),
        ({"kind": "water"}, "unknown_kind"),
    ],
)
def test_nonsense_is_refused_by_the_row_and_by_the_database(change, code) -> None:
    values = {
        "kind": Kind.PETROL_EUR,
        "value": Decimal("1.9"),
        "day": TODAY,
        "source": "Station",
        "recorded_at": NOW,
    } | change
    with pytest.raises(ValidationError) as refusal:
        Quote(**values).validate_constraints()
    assert [error.code for error in refusal.value.error_dict["__all__"]] == [code]
    with pytest.raises(IntegrityError), transaction.atomic():
        Quote.objects.create(**values)


def test_one_price_a_day() -> None:
    a_quote(Kind.RATE, "0.93")
    with pytest.raises(ValidationError) as refusal:
        a_quote(Kind.RATE, "0.94")
    assert refusal.value.error_dict["__all__"][0].code == "unique"


def test_an_old_price_says_so_and_a_fresh_one_does_not() -> None:
    def old(today: date) -> list[str]:
        form = QuestionForm({"currency": "EUR"}, today=today, prices=prices.current())
        assert form.is_valid()
        return [plain(line) for line in answer(form).old]

    assert old(date(2026, 5, 5)) == []
    assert old(date(2026, 5, 6)) == [
        "Le prix de l’énergie date du 6 mars 2026 : il a pu changer. Indiquez le vôtre dans "
        "« Affiner »."
    ]


def test_an_old_rate_says_so_to_who_needs_one() -> None:
    a_quote(Kind.RATE, "0.93", date(2025, 12, 1))
    form = QuestionForm({}, today=TODAY, prices=prices.current())
    assert form.is_valid()
    told = answer(form)
    assert any("taux de change date du 1 décembre 2025" in plain(line) for line in told.old)
    assert any("0,93 franc pour un euro" in plain(line) for line in told.assumptions)
    assert {row.name for row in told.rows} > {"Coût variable, barème kilométrique"}


def test_a_rate_that_is_typed_replaces_that_of_the_operator() -> None:
    a_quote(Kind.RATE, "0.93", date(2025, 12, 1))
    form = QuestionForm(
        {"fx": "0,95", "fx_date": "2026-03-20"}, today=TODAY, prices=prices.current()
    )
    assert form.is_valid()
    assert form.commute.fx is not None
    assert form.commute.fx.chf_per_eur == Decimal("0.95")
    assert form.assumed_rate is None


# ---- the admin


@pytest.fixture
def operator(client: Client) -> Client:
    client.force_login(a_user(role=Role.OPERATOR))
    return client


def test_the_operator_writes_a_price_and_the_page_uses_it(operator: Client, time_machine) -> None:
    time_machine.move_to(NOW)
    operator.get(reverse("simulator:home"))
    written = {"kind": "rate", "day": "2026-03-02", "value": "0.9412", "source": "BCE"}
    answered = operator.post(reverse("admin:simulator_quote_add"), written)
    assert answered.status_code == 302, answered.context["errors"]
    page = Client().get(reverse("simulator:home")).content.decode()
    assert "0,9412 franc pour un euro. BCE" in plain(page)


def test_a_price_of_tomorrow_is_refused(operator: Client, time_machine) -> None:
    time_machine.move_to(NOW)
    written = {"kind": "rate", "day": "2026-03-03", "value": "0.94", "source": "BCE"}
    answered = operator.post(reverse("admin:simulator_quote_add"), written)
    assert answered.status_code == 200
    assert answered.context["adminform"].form.errors.as_data()["day"][0].code == "too_late"


def test_a_price_is_never_edited_and_a_slip_is_taken_back_the_same_day(
    operator: Client, time_machine
) -> None:
    time_machine.move_to(NOW)
    quote = a_quote(Kind.RATE, "9.3")
    change = reverse("admin:simulator_quote_change", args=[quote.pk])
    delete = reverse("admin:simulator_quote_delete", args=[quote.pk])
    assert operator.get(change).status_code == 200
    assert operator.post(change, {"value": "0.93"}).status_code == 403
    time_machine.move_to(date(2026, 3, 3))
    assert operator.post(delete, {"post": "yes"}).status_code == 403
    time_machine.move_to(NOW)
    assert operator.post(delete, {"post": "yes"}).status_code == 302
    assert not Quote.objects.exists()


def test_a_host_has_nothing_to_do_with_prices(client: Client) -> None:
    client.force_login(a_user(role=Role.HOST))
    assert client.get(reverse("admin:simulator_quote_changelist")).status_code == 403
