"""The public calculator: the best plan for so many hours a month, priced like everything else."""

from datetime import date
from decimal import Decimal

import pytest

from members.money import VatRate
from members.tariff import Every, Fee, PackOffer, Rate, Tariff, Unit, best_plan

VAT = (VatRate(percent=Decimal("20"), source="CGI, article 278", valid_from=date(2014, 1, 1)),)


def euros(text: str) -> Decimal:
    return Decimal(text)


PARIS_2018 = Tariff(
    code="paris-2018",
    vat=VAT,
    fee=Fee(euros("29.00"), Every.YEAR),
    rates=(Rate(hour=euros("3.00"), monthly_cap=euros("270.00")),),
)


@pytest.mark.parametrize(
    ("hours", "best", "monthly"),
    [("5", "paris-2018", "17.42"), ("60", "days-pack", "108.00"), ("140", "unlimited", "190.00")],
)
def test_the_calculator_names_the_best_plan_for_so_many_hours(hours, best, monthly):
    ten_days = PackOffer(
        code="ten", quantity=10, unit=Unit.DAY, price=euros("120.00"), valid_months=6
    )
    plans = [
        Tariff(
            code="unlimited",
            vat=VAT,
            fee=Fee(euros("190.00"), Every.MONTH),
            rates=(Rate(unlimited=True),),
        ),
        PARIS_2018,
        Tariff(code="days-pack", vat=VAT, packs=(ten_days,)),
    ]
    first = best_plan(plans, Decimal(hours), on=date(2026, 6, 1))[0]
    assert (first.tariff.code, first.monthly) == (best, euros(monthly))


def test_a_pack_that_would_expire_half_full_is_reckoned_whole():
    offer = PackOffer(code="ten", quantity=10, unit=Unit.DAY, price=euros("120.00"), valid_months=3)
    (choice,) = best_plan(
        [Tariff(code="pack", vat=VAT, packs=(offer,))], Decimal("7"), on=date(2026, 6, 1)
    )
    assert choice.monthly == euros("40.00")


@pytest.mark.parametrize("hours", ["-1", "720.5", "NaN", "Infinity"])
def test_the_calculator_refuses_what_no_month_holds(hours):
    with pytest.raises(ValueError, match="do not fit"):
        best_plan([PARIS_2018], Decimal(hours), on=date(2026, 6, 1))


def test_the_calculator_agrees_with_the_statement_up_to_a_full_month():
    for hours in range(721):
        (choice,) = best_plan([PARIS_2018], Decimal(hours), on=date(2026, 6, 1))
        assert choice.statement.total == min(3 * hours, 270)
