"""Moments read from an address or a form: what they stand for, and the way back."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from booking.forms import BookForm, MomentForm, asked_moment
from booking.forms.stay import FIELD_OF_REFUSAL, refusals_of
from booking.models import OpeningHours, Space
from booking.moments import Moment
from booking.slots import Period
from tests.booking.pages import asked
from tests.factories import MONDAY, NOW, TUESDAY, a_space, at, slot

pytestmark = pytest.mark.django_db


def read(query: str, space: Space, now: datetime = NOW) -> tuple[Moment, list[str]]:
    return asked_moment(QueryDict(query).dict(), space, now)


def test_without_a_wish_it_is_the_next_half_day() -> None:
    space = a_space()
    moment, problems = read("", space)
    assert (moment.day, moment.period, problems) == (MONDAY, Period.MORNING, [])
    assert read("", space, at(14))[0].period == Period.AFTERNOON
    assert read("", space, at(19))[0].day == TUESDAY


def test_a_date_alone_is_its_first_half_day() -> None:
    moment, _problems = read("date=2026-03-04", a_space(), at(14))
    assert (moment.day, moment.period) == (date(2026, 3, 4), Period.MORNING)


def test_the_french_way_of_writing_a_date_is_understood() -> None:
    assert read("date=04/03/2026", a_space())[0].day == date(2026, 3, 4)


def test_hours_that_are_not_asked_for_are_in_nobodys_way() -> None:
    moment, problems = read("date=2026-03-04&period=day&from=nonsense&to=\0", a_space())
    assert (moment.period, problems) == (Period.DAY, [])


def test_a_wrong_hour_keeps_the_right_date() -> None:
    moment, problems = read("date=2026-03-04&period=custom&from=12:00&to=10:00", a_space())
    assert moment.day == date(2026, 3, 4)
    assert problems == ["La fin doit suivre le début."]


def test_exact_hours_stand_for_one_slot() -> None:
    moment, _problems = read("date=2026-03-02&period=custom&from=09:00&to=12:00", a_space())
    assert moment.slots == (slot(9, 12),)


def test_a_day_with_a_lunch_break_stands_for_two() -> None:
    space = a_space()
    OpeningHours.objects.filter(space=space).update(closes=time(12))
    OpeningHours.objects.create(space=space, weekday=0, opens=time(14), closes=time(18))
    moment, _problems = read("date=2026-03-02&period=day", space)
    assert [part.length for part in moment.slots] == [timedelta(hours=3.5), timedelta(hours=4)]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    day=st.dates(MONDAY, MONDAY + timedelta(days=80)),
    start=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    end=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    period=st.sampled_from([*Period, "custom"]),
)
def test_the_address_of_a_moment_leads_back_to_it(
    day: date, start: time, end: time, period: str
) -> None:
    space = Space.objects.first() or a_space()
    typed = {
        "date": str(day),
        "period": str(period),
        "from": f"{start:%H:%M}",
        "to": f"{end:%H:%M}",
    }
    form = MomentForm(typed, space=space, now=NOW)
    if form.is_valid():
        assert form.moment is not None
        again, problems = read(form.moment.query, space)
        assert problems == []
        assert (again.day, again.period, again.slots) == (day, period, form.moment.slots)
        assert again.problem == form.moment.problem


def test_every_refusal_of_a_service_has_a_field_that_exists() -> None:
    space = a_space()
    form = BookForm(QueryDict(), space=space, now=NOW, resources=[])
    fields = {field for field in FIELD_OF_REFUSAL.values() if field != "reason"}
    assert fields <= set(form.fields)


@pytest.mark.parametrize(("period", "field"), [("custom", "start"), ("morning", "day")])
def test_a_refusal_of_hours_is_shown_where_the_hours_come_from(period: str, field: str) -> None:
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in asked(period=period).items()})
    data.update({"from": "09:00", "to": "12:00"})
    form = BookForm(data, space=a_space(), now=NOW, resources=[])
    assert form.is_valid()
    form.add_refusal(ValidationError("Tous les quarts d’heure.", code="off_grid"))
    assert form.errors == {field: ["Tous les quarts d’heure."]}


def test_a_refusal_comes_in_any_shape() -> None:
    one, two = ValidationError("a", code="past"), ValidationError("b", code="taken")
    for error in (ValidationError([one, two]), ValidationError({"start": one, "end": [two]})):
        assert [single.code for single in refusals_of(error)] == ["past", "taken"]
    assert [single.code for single in refusals_of(one)] == ["past"]


def test_more_days_than_a_month_are_refused_at_once() -> None:
    data = QueryDict(mutable=True)
    data.update({name: str(value) for name, value in asked().items()})
    data.setlist("days", [str(MONDAY + timedelta(days=number)) for number in range(1, 33)])
    form = BookForm(data, space=a_space(), now=NOW, resources=[])
    assert not form.is_valid()
    assert form.errors["days"] == ["Choisissez au plus 31 jours."]


def test_open_days_are_offered_beside_the_one_asked() -> None:
    space = a_space()
    moment, _problems = read("date=2026-03-05&period=day", space)
    form = BookForm(space=space, now=NOW, resources=[], moment=moment)
    offered = [value for value, _label in form.fields["days"].choices]  # type: ignore[attr-defined]
    assert len(offered) == 10
    assert offered[:2] == ["2026-03-06", "2026-03-09"]


def test_a_midnight_that_ends_the_day() -> None:
    moment, problems = read("date=2026-03-02&period=custom&from=20:00&to=00:00", a_space())
    assert problems == []
    assert moment.slots[0].end == datetime(2026, 3, 2, 23, tzinfo=UTC)
