"""Booking: what the space allows, and what each refusal is called."""

import uuid
from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from booking.models import Booking, Closure, Kind, OpeningHours
from booking.services import book
from booking.slots import Slot
from members.models import Role
from tests.factories import (
    MONDAY,
    NOW,
    TUESDAY,
    a_member,
    a_resource,
    a_space,
    a_user,
    at,
    slot,
)

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    return [error.code for error in refused.value.error_list]


def test_a_member_books_any_desk():
    space, member = a_space(), a_member()
    [booking] = book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    assert booking.resource.code == "P1"
    assert (booking.member, booking.made_by, booking.made_at) == (member, member.user, NOW)


def test_the_next_member_gets_the_next_desk():
    space = a_space()
    for code in ("P1", "P2", "P3"):
        member = a_member()
        [booking] = book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
        assert booking.resource.code == code


def test_when_every_desk_is_taken_the_space_is_full():
    space = a_space(desks=1)
    first, second = a_member(), a_member()
    book(space=space, member=first, by=first.user, slots=[slot(9, 12)], now=NOW)
    with pytest.raises(ValidationError) as refused:
        book(space=space, member=second, by=second.user, slots=[slot(11, 14)], now=NOW)
    assert codes(refused) == ["taken"]


def test_the_usual_desk_comes_first():
    space, member = a_space(), a_member()
    usual = space.resources.get(code="P3")
    args = {"space": space, "member": member, "by": member.user, "now": NOW}
    book(**args, slots=[slot(9, 12)], resource=usual)
    [booking] = book(**args, slots=[slot(9, 12, TUESDAY)])
    assert booking.resource == usual


def test_one_day_keeps_one_desk_over_the_lunch_break():
    space, member, other = a_space(desks=2), a_member(), a_member()
    book(space=space, member=other, by=other.user, slots=[slot(14, 18)], now=NOW)
    halves = [slot(9, 12), slot(13, 18)]
    bookings = book(space=space, member=member, by=member.user, slots=halves, now=NOW)
    assert [booking.resource.code for booking in bookings] == ["P2", "P2"]


def test_this_very_desk():
    space, member = a_space(), a_member()
    desk = space.resources.get(code="P2")
    [booking] = book(
        space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW, resource=desk
    )
    assert booking.resource == desk


def test_a_taken_desk_is_refused_with_the_desks_that_are_free():
    space = a_space()
    first, second = a_member(), a_member()
    desk = space.resources.get(code="P2")
    args = {"space": space, "slots": [slot(9, 12)], "now": NOW, "resource": desk}
    book(member=first, by=first.user, **args)
    with pytest.raises(ValidationError) as refused:
        book(member=second, by=second.user, **args)
    assert codes(refused) == ["taken"]
    assert refused.value.error_list[0].params == {"free": "P1, P3"}


def test_touching_bookings_share_a_desk():
    space = a_space(desks=1)
    for hours in (slot(9, 11), slot(11, 13)):
        member = a_member()
        book(space=space, member=member, by=member.user, slots=[hours], now=NOW)
    assert Booking.objects.count() == 2


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Slot(at(9, day=date(2026, 2, 27)), at(10, day=date(2026, 2, 27))), "past"),
        (Slot(at(9, 5), at(10)), "off_grid"),
        (Slot(at(9), at(10, 1)), "off_grid"),
        (Slot(at(9), at(9, 15)), "too_short"),
        (slot(9, 10, date(2026, 6, 8)), "too_far"),
        (slot(7, 10, TUESDAY), "closed"),
        (slot(17, 19), "closed"),
        (slot(9, 10, date(2026, 3, 7)), "closed"),  # a Saturday
        (slot(9, 10, date(2026, 4, 6)), "closed"),  # Easter Monday
    ],
)
def test_the_rules_of_the_space(asked, code):
    space, member = a_space(), a_member()
    with pytest.raises(ValidationError) as refused:
        book(space=space, member=member, by=member.user, slots=[asked], now=NOW)
    assert codes(refused) == [code]
    assert not Booking.objects.exists()


def test_a_stay_may_be_too_long():
    space, member = a_space(longest_minutes=240), a_member()
    with pytest.raises(ValidationError) as refused:
        book(space=space, member=member, by=member.user, slots=[slot(9, 14)], now=NOW)
    assert codes(refused) == ["too_long"]


def test_the_step_that_has_begun_can_still_be_booked():
    space, member = a_space(), a_member()
    book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=at(9, 14))
    with pytest.raises(ValidationError) as refused:
        book(
            space=space,
            member=a_member(),
            by=a_user(role=Role.HOST),
            slots=[slot(9, 12)],
            now=at(9, 15),
        )
    assert codes(refused) == ["past"]


def test_a_booking_does_not_run_through_the_lunch_break():
    space, member = a_space(), a_member()
    OpeningHours.objects.filter(space=space, weekday=0).delete()
    for opens, closes in ((time(9), time(12)), (time(13), time(18))):
        OpeningHours.objects.create(space=space, weekday=0, opens=opens, closes=closes)
    with pytest.raises(ValidationError) as refused:
        book(space=space, member=member, by=member.user, slots=[slot(11, 14)], now=NOW)
    assert codes(refused) == ["closed"]


def test_a_closure_says_its_reason():
    space, member = a_space(), a_member()
    Closure.objects.create(
        space=space, starts_on=MONDAY, ends_on=TUESDAY, reason="Travaux", reason_en="Works"
    )
    for day in (MONDAY, TUESDAY):
        with pytest.raises(ValidationError, match="Travaux") as refused:
            book(space=space, member=member, by=member.user, slots=[slot(9, 12, day)], now=NOW)
        assert codes(refused) == ["closed"]


def test_a_space_that_works_on_holidays():
    space, member = a_space(closed_on_holidays=False), a_member()
    easter_monday = slot(9, 12, date(2026, 4, 6))
    assert book(space=space, member=member, by=member.user, slots=[easter_monday], now=NOW)


def test_a_member_holds_one_desk_at_a_time_even_in_two_spaces():
    member = a_member()
    book(space=a_space(), member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    with pytest.raises(ValidationError) as refused:
        book(space=a_space(), member=member, by=member.user, slots=[slot(11, 14)], now=NOW)
    assert codes(refused) == ["own_overlap"]


def test_a_room_may_be_held_beside_a_desk():
    space, member = a_space(), a_member()
    args = {"space": space, "member": member, "by": member.user, "now": NOW}
    book(**args, slots=[slot(9, 12)])
    [room] = book(**args, slots=[slot(10, 11)], kind=Kind.ROOM)
    assert room.resource.code == "R1"


def test_a_place_that_is_not_bookable():
    space, member = a_space(), a_member()
    broken = a_resource(space, code="P9", is_bookable=False)
    with pytest.raises(ValidationError) as refused:
        book(
            space=space,
            member=member,
            by=member.user,
            slots=[slot(9, 12)],
            now=NOW,
            resource=broken,
        )
    assert codes(refused) == ["not_bookable"]


def test_only_so_many_open_bookings():
    space, member = a_space(open_bookings_limit=2), a_member()
    days = [slot(9, 12, MONDAY + timedelta(days=offset)) for offset in range(3)]
    with pytest.raises(ValidationError) as refused:
        book(space=space, member=member, by=member.user, slots=days, now=NOW)
    assert codes(refused) == ["too_many_open"]
    assert len(book(space=space, member=member, by=member.user, slots=days[:2], now=NOW)) == 2


def test_several_days_are_all_or_nothing_and_name_the_days_that_failed():
    space, member, other = a_space(desks=1), a_member(), a_member()
    wednesday, saturday = date(2026, 3, 4), date(2026, 3, 7)
    book(space=space, member=other, by=other.user, slots=[slot(9, 12, wednesday)], now=NOW)
    asked = [slot(9, 12, day) for day in (MONDAY, wednesday, saturday)]
    with pytest.raises(ValidationError) as refused:
        book(space=space, member=member, by=member.user, slots=asked, now=NOW)
    assert codes(refused) == ["taken", "closed"]
    assert "mercredi 4 mars" in refused.value.messages[0]
    assert "samedi 7 mars" in refused.value.messages[1]
    assert not member.bookings.exists()


def test_a_double_click_books_once():
    space, member, key = a_space(), a_member(), uuid.uuid4()
    args = {"space": space, "member": member, "by": member.user, "now": NOW, "request_key": key}
    first = book(**args, slots=[slot(9, 12)])
    assert book(**args, slots=[slot(9, 12)]) == first
    assert Booking.objects.count() == 1


def test_nothing_asked_is_refused():
    space, member = a_space(), a_member()
    with pytest.raises(ValidationError) as refused:
        book(space=space, member=member, by=member.user, slots=[], now=NOW)
    assert codes(refused) == ["closed"]


def test_nobody_books_in_the_name_of_another():
    space, member = a_space(), a_member()
    with pytest.raises(ValidationError) as refused:
        book(space=space, member=member, by=a_member().user, slots=[slot(9, 12)], now=NOW)
    assert codes(refused) == ["not_yours"]


def test_a_host_books_for_a_member():
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
    [booking] = book(space=space, member=member, by=host, slots=[slot(9, 12)], now=NOW)
    assert (booking.member, booking.made_by) == (member, host)


def test_a_host_passes_over_a_rule_with_a_reason_that_is_kept():
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
    [booking] = book(
        space=space,
        member=member,
        by=host,
        slots=[slot(19, 21)],
        now=NOW,
        override_reason="Soirée de l’association",
    )
    assert booking.override_reason == "Soirée de l’association"


def test_a_host_passes_over_one_desk_at_a_time():
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
    book(space=space, member=member, by=member.user, slots=[slot(9, 12)], now=NOW)
    args = {"space": space, "member": member, "by": host, "slots": [slot(9, 12)], "now": NOW}
    assert book(**args, override_reason="Pour son invité")[0].resource.code == "P2"


def test_nobody_passes_over_a_taken_place():
    space, host = a_space(), a_user(role=Role.HOST)
    first, second = a_member(), a_member()
    desk = space.resources.get(code="P1")
    args = {"space": space, "slots": [slot(9, 12)], "now": NOW, "resource": desk}
    book(member=first, by=first.user, **args)
    with pytest.raises(ValidationError) as refused:
        book(member=second, by=host, override_reason="Je le veux", **args)
    assert codes(refused) == ["taken"]


def test_a_host_gives_a_place_that_members_may_not_book():
    space, member, host = a_space(), a_member(), a_user(role=Role.HOST)
    broken = a_resource(space, code="P9", is_bookable=False)
    args = {"space": space, "by": host, "slots": [slot(9, 12)], "now": NOW, "resource": broken}
    [booking] = book(member=member, override_reason="Essai du bureau réparé", **args)
    assert booking.resource == broken
    with pytest.raises(ValidationError) as refused:
        book(member=a_member(), override_reason="Encore un", **args)
    assert codes(refused) == ["taken"]


def test_a_member_cannot_override():
    space, member = a_space(), a_member()
    with pytest.raises(ValidationError) as refused:
        book(
            space=space,
            member=member,
            by=member.user,
            slots=[slot(19, 21)],
            now=NOW,
            override_reason="Moi aussi",
        )
    assert codes(refused) == ["override_forbidden"]


def test_the_key_of_somebody_else_s_form_is_refused():
    space, key = a_space(), uuid.uuid4()
    first, second = a_member(), a_member()
    args = {"space": space, "slots": [slot(9, 12)], "now": NOW, "request_key": key}
    book(member=first, by=first.user, **args)
    with pytest.raises(ValidationError) as refused:
        book(member=second, by=second.user, **args)
    assert codes(refused) == ["repeated"]
