"""What a space refuses to be: hours off its grid, an unknown country, zone or plan."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from booking.models import OpeningHours
from tests.factories import a_space

pytestmark = pytest.mark.django_db


def refused(model, field: str) -> str:
    with pytest.raises(ValidationError) as error:
        model.full_clean()
    return str(error.value.error_dict[field][0].code)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("midday", time(12, 50), "off_grid"),
        ("time_zone", "Europe/Morez", "unknown_time_zone"),
        ("country", "XX", "unknown_country"),
        ("commune_code", "3936", "invalid"),
        ("floor_plan", {"width": "wide"}, "bad_floor_plan"),
        ("grid_minutes", 1, "min_value"),
        ("open_bookings_limit", 0, "min_value"),
    ],
)
def test_a_space_refuses(field, value, code):
    space = a_space()
    setattr(space, field, value)
    assert refused(space, field) == code


def test_the_longest_stay_is_not_shorter_than_the_shortest():
    space = a_space()
    space.shortest_minutes, space.longest_minutes = 120, 60
    assert refused(space, "__all__") == "bad_lengths"


@pytest.mark.parametrize(("field", "value"), [("opens", time(8, 40)), ("closes", time(18, 31))])
def test_opening_hours_fall_on_the_grid(field, value):
    hours = OpeningHours(space=a_space(), weekday=6, opens=time(8, 30), closes=time(18, 30))
    setattr(hours, field, value)
    assert refused(hours, field) == "off_grid"


def test_a_space_may_close_at_the_midnight_that_ends_the_day():
    OpeningHours(space=a_space(), weekday=6, opens=time(8, 30), closes=time(0)).full_clean()


def test_closing_does_not_come_before_opening():
    hours = OpeningHours(space=a_space(), weekday=6, opens=time(18), closes=time(8))
    assert refused(hours, "__all__") == "closes_before_opens"


def test_in_english_what_was_written_in_english():
    space = a_space(tagline="Au pied des sapins", tagline_en="Under the firs")
    with translation.override("en"):
        assert space.tagline_shown == "Under the firs"
    with translation.override("fr"):
        assert space.tagline_shown == "Au pied des sapins"
