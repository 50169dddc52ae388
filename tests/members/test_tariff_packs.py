"""Packs: the first to expire is used first, and the ledger never goes below zero."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from members.money import VatRate
from members.tariff import (
    GUEST,
    Days,
    Draw,
    Overdrawn,
    Pack,
    PackOffer,
    Rate,
    Stay,
    Tariff,
    Unit,
    after,
    bought,
    price,
    usable,
)
from members.tariff.packs import take

PARIS = ZoneInfo("Europe/Paris")
VAT = (VatRate(percent=Decimal("20"), source="CGI, article 278", valid_from=date(2014, 1, 1)),)
JUNE = Days.inclusive(date(2026, 6, 1), date(2026, 6, 30))
BY_HOUR = Tariff(code="plan", vat=VAT, rates=(Rate(hour=Decimal("3.00")),))


def local(day: int, hour: int) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=PARIS)


def pack(code: str, left: int, end: date, unit: Unit = Unit.DAY) -> Pack:
    return Pack(code=code, unit=unit, left=left, days=Days(date(2026, 5, 1), end))


def test_the_pack_that_expires_first_is_used_first():
    autumn, june = pack("autumn", 5, date(2026, 9, 1)), pack("june", 1, date(2026, 6, 3))
    found = [Stay(local(day, 9), local(day, 17)) for day in (2, 1)]
    statement = price(BY_HOUR, found, JUNE, zone=PARIS, packs=[autumn, june])
    assert statement.draws == (
        Draw("june", date(2026, 6, 1), 1),
        Draw("autumn", date(2026, 6, 2), 1),
    )
    assert [held.left for held in after([autumn, june], statement.draws)] == [4, 0]


def test_a_pack_does_not_serve_on_the_day_it_expires():
    expired = pack("old", 5, date(2026, 6, 3))
    assert usable([expired], "desk", date(2026, 6, 2)) == [expired]
    assert usable([expired], "desk", date(2026, 6, 3)) == []
    assert usable([expired], GUEST, date(2026, 6, 2)) == []


def test_hours_that_a_pack_no_longer_holds_are_paid():
    hours = pack("hours", 90, date(2026, 9, 1), Unit.HOUR)
    found = [Stay(local(1, 9), local(1, 12))]
    assert price(BY_HOUR, found, JUNE, zone=PARIS, packs=[hours]).total == Decimal("4.50")


def test_a_half_day_pack_takes_one_for_the_morning_and_one_for_the_afternoon():
    halves = [120, 180]
    assert take(Unit.HALF_DAY, 1, halves) == 1
    assert halves == [0, 180]


@pytest.mark.parametrize(
    "draw",
    [
        Draw("p", date(2026, 6, 1), 6),
        Draw("p", date(2026, 6, 1), 0),
        Draw("p", date(2026, 6, 3), 1),
        Draw("p", date(2026, 4, 30), 1),
    ],
)
def test_the_ledger_refuses_to_go_below_zero_or_out_of_date(draw):
    with pytest.raises(Overdrawn):
        after([pack("p", 5, date(2026, 6, 3))], [draw])


def test_a_bought_pack_counts_hours_in_minutes_and_lasts_its_months():
    offer = PackOffer(
        code="h10", quantity=10, unit=Unit.HOUR, price=Decimal("25.00"), valid_months=3
    )
    held = bought(offer, code="h10-1", on=date(2026, 11, 30))
    assert (held.left, held.days.last) == (600, date(2027, 2, 27))
