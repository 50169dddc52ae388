"""Every Tuesday and Thursday until the end of May: looked at, made, changed, cancelled."""

import uuid
from datetime import date, time, timedelta

import icalendar
import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from booking.models import Closure, Kind, Resource, Series, Space, Wait
from booking.recurrence import to_mask
from booking.services import book, bookings
from booking.services.series import make, preview
from booking.services.series_changes import Scope, cancel, change, preview_change
from booking.services.series_days import rule_of
from booking.services.waiting import ask
from members.models import AuditEntry, Member, Role, State
from members.services import membership
from tests.factories import (
    MONDAY,
    NOW,
    PARIS,
    TUESDAY,
    a_member,
    a_resource,
    a_space,
    a_user,
    slot,
)
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

LAST = date(2026, 5, 31)
ASCENSION, SECOND, THIRD = date(2026, 5, 14), date(2026, 3, 5), date(2026, 3, 10)
MARCH = date(2026, 3, 31)


@pytest.fixture
def space():
    return a_space(desks=2)


@pytest.fixture
def member():
    return a_member("Aline")


def a_rule(last=LAST, weekdays=(1, 3), start=time(9), end=time(12), first=TUESDAY):
    return rule_of(weekdays=weekdays, start=start, end=end, first_day=first, last_day=last)


def look(space, member, rule=None, **more):
    space = Space.objects.with_calendar().get(pk=space.pk)
    return preview(space=space, member=member, rule=rule or a_rule(), now=NOW, **more)


def made(space, member, rule=None, **more):
    kwargs = {"space": space, "member": member, "by": member.user, "now": NOW}
    return make(**kwargs, rule=rule or a_rule(MARCH), **more)


def on(series, day):
    return next(b for b in series.bookings.with_place() if b.slot.local_day(PARIS) == day)


def codes(days):
    return {day.day: day.refusal.code for day in days if day.refusal}


def walls(series):
    """What the wall shows at the starts of what is confirmed."""
    found = series.bookings.confirmed().order_by("start")
    return {booking.start.astimezone(PARIS).time() for booking in found}


def test_a_holiday_and_a_closure_are_skipped_and_named(space, member):
    Closure.objects.create(space=space, starts_on=SECOND, ends_on=SECOND, reason="Ménage")
    days = look(space, member)
    skipped = {day.day: day.why_not for day in days if day.refusal}
    assert set(skipped) == {SECOND, ASCENSION}
    assert "Ménage" in skipped[SECOND]
    assert "Ascension" in skipped[ASCENSION]
    assert sum(day.place is not None for day in days) == 24


def test_what_is_previewed_is_booked_in_wall_time(space, member):
    days = look(space, member)
    series = made(space, member, a_rule())
    booked = series.bookings.order_by("start")
    assert [b.slot for b in booked] == [day.slot for day in days if day.place]
    assert walls(series) == {time(9)}
    assert len({b.start.time() for b in booked}) == 2  # before and after the night of March
    assert len({b.resource_id for b in booked}) == 1


def test_a_taken_desk_is_named_with_those_that_are_free(space, member):
    other, first = a_member(), space.resources.get(code="P1")
    hours = [slot(8 + 1, 10, TUESDAY)]
    book(space=space, member=other, by=other.user, slots=hours, now=NOW, resource=first)
    days = look(space, member, resource=first)
    assert codes(days)[TUESDAY] == "taken"
    assert [place.code for place in days[0].free] == ["P2"]
    assert "P2" in days[0].why_not
    assert look(space, member, resource=first, elsewhere=True)[0].place.code == "P2"
    # Any desk: the one that is free on the most days, that day included.
    assert {day.place.code for day in look(space, member) if day.place} == {"P2"}


def test_a_closed_place_a_buffer_and_the_whole_space_are_in_the_way(space, member):
    room, host = space.resources.get(code="R1"), a_user(role=Role.HOST)
    Resource.objects.filter(pk=room.pk).update(buffer_minutes=30)
    room.refresh_from_db()
    by = {"space": space, "now": NOW}
    other = a_member()
    after = [slot(12, 13, TUESDAY)]  # begins within the buffer of a stay until noon
    book(**by, member=other, by=other.user, slots=after, resource=room)
    thursday, week = TUESDAY + timedelta(days=2), timedelta(days=7)
    Closure.objects.create(space=space, resource=room, starts_on=thursday, ends_on=thursday)
    whole = a_resource(space, kind=Kind.SPACE, code="T", name="Tout", is_bookable=False)
    event = [slot(10, 11, TUESDAY + week)]
    book(**by, member=a_member(), by=host, slots=event, resource=whole, override_reason="Fête")
    days = {day.day: day.place for day in look(space, member, resource=room)}
    assert [days[day] for day in (TUESDAY, thursday, TUESDAY + week)] == [None] * 3
    assert days[thursday + week] == room
    desks = {day.day: day.place for day in look(space, member)}
    assert (desks[TUESDAY + week], desks[thursday] is None) == (None, False)
    series = made(space, member, resource=room)
    assert {b.free_from - b.end for b in series.bookings.all()} == {timedelta(minutes=30)}


def test_a_full_day_and_a_day_of_my_own_are_named(space, member):
    for who in (a_member(), a_member()):
        book(space=space, member=who, by=who.user, slots=[slot(9, 10, TUESDAY)], now=NOW)
    book(space=space, member=member, by=member.user, slots=[slot(11, 14, SECOND)], now=NOW)
    found = codes(look(space, member))
    assert (found[TUESDAY], found[SECOND]) == ("taken", "own_overlap")


def test_a_pause_is_named_on_its_days(space, member):
    kwargs = {"start": THIRD, "end": THIRD + timedelta(days=7), "by": member.user, "now": NOW}
    membership.pause(member=member, **kwargs)
    member.refresh_from_db()
    found = codes(look(space, member))
    assert [day for day, code in found.items() if code == "paused"] == [THIRD, date(2026, 3, 12)]


def test_hours_outside_the_opening_are_named(space, member):
    assert set(codes(look(space, member, a_rule(start=time(18), end=time(20)))).values()) == {
        "closed"
    }
    with refused("no_day"):
        made(space, member, a_rule(start=time(18), end=time(20)))
    assert not Series.objects.exists()


def test_a_preview_asks_the_same_for_one_day_and_for_a_hundred(space, member):
    def queries(rule):
        with CaptureQueriesContext(connection) as asked:
            days = look(space, Member.objects.get(pk=member.pk), rule)
        return len(asked), len(days)

    few = queries(a_rule(TUESDAY))
    many = queries(a_rule(date(2026, 9, 5), weekdays=range(5)))
    assert few[1] == 1
    assert many[1] > 100
    assert many[0] == few[0]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"last": TUESDAY + timedelta(days=3652)}, "too_long"),
        ({"last": TUESDAY + timedelta(days=500), "weekdays": range(7)}, "too_many_days"),
        ({"weekdays": ()}, "no_weekday"),
        ({"end": time(8)}, "end_before_start"),
        ({"last": MONDAY}, "ends_before_starts"),
        ({"last": TUESDAY, "weekdays": (6,)}, "no_day"),
    ],
)
def test_a_rule_that_makes_no_series_is_refused_with_words(fields, code):
    with refused(code):
        a_rule(**fields)


def test_a_series_goes_beyond_the_horizon_and_has_one_of_its_own(space, member):
    assert len(look(space, member, a_rule(date(2026, 9, 7)))) == 54
    assert space.horizon_days < 100
    with refused("too_far"):
        look(space, member, a_rule(date(2026, 9, 9)))
    with refused("past"):
        look(space, member, a_rule(first=MONDAY - timedelta(days=1)))
    space.series_days = 0
    space.save()
    with refused("no_series"):
        made(space, member)


def test_bookings_of_a_series_leave_the_limit_of_single_ones_alone(member):
    space = a_space(open_bookings_limit=1)
    made(space, member)
    kwargs = {"space": space, "member": member, "by": member.user, "now": NOW}
    book(**kwargs, slots=[slot(14, 16, TUESDAY)])
    with refused("too_many_open"):
        book(**kwargs, slots=[slot(14, 16, SECOND)])


def test_three_series_run_at_one_time(space, member):
    for hour in (9, 12, 14):
        series = made(space, member, a_rule(MARCH, start=time(hour), end=time(hour + 1)))
    with refused("too_many_series"):
        made(space, member, a_rule(MARCH, start=time(16), end=time(17)))
    cancel(series=series, scope=Scope.ALL, by=member.user, now=NOW)
    made(space, member, a_rule(MARCH, start=time(16), end=time(17)))


def test_only_for_oneself_and_only_members(space, member):
    with refused("not_yours"):
        make(space=space, member=member, rule=a_rule(), by=a_member().user, now=NOW)
    applicant = a_member(state=State.APPLICANT)
    with refused("applicant"):
        made(space, applicant)
    series = made(space, member)
    stranger = {"series": series, "by": a_member().user, "now": NOW, "scope": Scope.ALL}
    with refused("not_yours"):
        cancel(**stranger)
    with refused("not_yours"):
        change(**stranger, start=time(10), end=time(12))


def test_a_second_click_finds_the_first_series(space, member):
    key = uuid.uuid4()
    assert made(space, member, request_key=key) == made(space, member, request_key=key)
    assert Series.objects.count() == 1
    with refused("repeated"):
        made(space, a_member(), request_key=key)


def test_one_letter_with_every_event(space, member, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        series = made(space, member)
    [letter] = mail.outbox
    events = icalendar.Calendar.from_ical(letter.attachments[0].get_payload(decode=True))
    uids = {str(event["uid"]).split("@")[0] for event in events.walk("VEVENT")}
    assert uids == {str(pk) for pk in series.bookings.values_list("pk", flat=True)}
    assert len(uids) == 9
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        cancel(series=series, scope=Scope.ALL, by=member.user, now=NOW)
    [letter] = mail.outbox
    assert "METHOD:CANCEL" in letter.attachments[0].get_payload(decode=True).decode()


def test_every_act_is_in_the_audit(space, member):
    series = made(space, member)
    assert AuditEntry.objects.filter(subject_type="booking.series").count() == 1
    assert AuditEntry.objects.filter(subject_type="booking.booking").count() == 9
    cancel(series=series, scope=Scope.ALL, by=member.user, now=NOW)
    assert AuditEntry.objects.filter(subject_type="booking.booking").count() == 18


def new_hours(series, scope, booking=None, now=NOW, **more):
    kwargs = {"start": time(14), "end": time(16)} | more
    return change(
        series=series, scope=scope, booking=booking, by=series.member.user, now=now, **kwargs
    )


def test_a_single_change_leaves_the_series(space, member):
    series = made(space, member)
    booking = on(series, THIRD)
    new_hours(series, Scope.THIS, booking)
    booking.refresh_from_db()
    assert booking.series is None
    assert booking.start.astimezone(PARIS).time() == time(14)
    assert series.bookings.count() == 8
    assert walls(series) == {time(9)}
    with refused("no_booking"):
        new_hours(series, Scope.FOLLOWING, booking)


def test_this_and_following_cut_the_series_in_two(space, member):
    series = made(space, member)
    outcome = new_hours(series, Scope.FOLLOWING, on(series, THIRD))
    series.refresh_from_db()
    assert (series.last_day, outcome.series.first_day) == (THIRD - timedelta(days=1), THIRD)
    assert (walls(series), walls(outcome.series)) == ({time(9)}, {time(14)})
    assert (series.bookings.count(), outcome.series.bookings.count()) == (2, 7)
    assert outcome.series.last_day == MARCH


def test_all_changes_what_is_to_come_and_never_what_is_past(space, member):
    series = made(space, member)
    later = NOW + timedelta(days=4)  # Friday: two are past
    past = {b.pk: (b.start, b.sequence) for b in series.bookings.filter(start__lt=later)}
    outcome = new_hours(series, Scope.ALL, now=later)
    assert len(past) == 2
    assert len(outcome.done) == 7
    assert {b.pk: (b.start, b.sequence) for b in series.bookings.filter(start__lt=later)} == past
    series.refresh_from_db()
    assert series.start_time == time(14)


def test_a_change_by_an_hour_is_not_in_its_own_way(space, member):
    series = made(space, member)
    one_desk = space.resources.get(code="P1")
    outcome = new_hours(series, Scope.ALL, start=time(10), end=time(13), resource=one_desk)
    assert len(outcome.done) == 9
    assert not outcome.kept


def test_days_that_cannot_change_stay_and_are_named(space, member):
    series = made(space, member)
    for who in (a_member(), a_member()):
        book(space=space, member=who, by=who.user, slots=[slot(14, 16, THIRD)], now=NOW)
    asked = {"series": series, "scope": Scope.ALL, "start": time(14), "end": time(16)}
    assert [c.new.day for c in preview_change(**asked, now=NOW) if not c.is_possible] == [THIRD]
    outcome = new_hours(series, Scope.ALL)
    assert [b.slot.local_day(PARIS) for b in outcome.kept] == [THIRD]
    assert on(series, THIRD).slot == slot(9, 12, THIRD)


def test_the_same_again_changes_nothing(space, member, django_capture_on_commit_callbacks):
    series = made(space, member)
    with django_capture_on_commit_callbacks(execute=True):
        outcome = new_hours(series, Scope.ALL, start=time(9), end=time(12))
    assert outcome.done == ()
    assert not mail.outbox
    assert not series.bookings.filter(sequence__gt=0).exists()


def test_cancelling_this_and_following_or_all(space, member):
    series = made(space, member)
    args = {"series": series, "by": member.user, "now": NOW}
    cancel(**args, scope=Scope.THIS, booking=on(series, TUESDAY))
    assert series.bookings.confirmed().count() == 8
    cancel(**args, scope=Scope.FOLLOWING, booking=on(series, THIRD))
    series.refresh_from_db()
    assert series.last_day == THIRD - timedelta(days=1)
    assert series.bookings.confirmed().count() == 1
    for _twice in range(2):
        cancel(**args, scope=Scope.ALL)
    series.refresh_from_db()
    assert series.ended_at == NOW
    assert not series.bookings.confirmed().exists()
    assert set(series.bookings.values_list("sequence", flat=True)) == {1}


def test_what_is_too_late_to_cancel_stays(space, member):
    series = made(space, member)
    late = slot(9, 12, TUESDAY).start - timedelta(minutes=30)
    outcome = cancel(series=series, scope=Scope.ALL, by=member.user, now=late)
    assert [b.slot.local_day(PARIS) for b in outcome.kept] == [TUESDAY]
    assert series.bookings.confirmed().count() == 1


@pytest.mark.parametrize("how", ["cancel", "change"])
def test_what_is_freed_goes_to_the_line_at_once(how, member):
    space = a_space(desks=1)
    series, waiting = made(space, member), a_member()
    hours = slot(9, 12, THIRD)
    wait = ask(space=space, member=waiting, slot=hours, by=waiting.user, now=NOW)
    if how == "cancel":
        cancel(series=series, scope=Scope.ALL, by=member.user, now=NOW)
    else:
        new_hours(series, Scope.ALL)
    assert Wait.objects.get(pk=wait.pk).offer.slot == hours


def test_a_room_can_be_had_every_week(space, member):
    room = space.resources.get(kind=Kind.ROOM)
    series = made(space, member, a_rule(MARCH, weekdays=(1,)), resource=room)
    assert {b.kind for b in series.bookings.all()} == {Kind.ROOM}
    assert series.bookings.count() == 5


@pytest.mark.parametrize(
    "fields",
    [
        {"weekdays": 0},
        {"weekdays": 128},
        {"end_time": time(9)},
        {"last_day": MONDAY},
        {"last_day": TUESDAY + timedelta(days=732)},
        {"ended_at": NOW - timedelta(days=1)},
    ],
)
def test_the_database_holds_what_a_series_is(space, member, fields):
    series = made(space, member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Series.objects.filter(pk=series.pk).update(**fields)
    for name, value in fields.items():
        setattr(series, name, value)
    with pytest.raises(ValidationError):
        series.full_clean()


def test_a_moved_booking_of_a_series_may_stay_as_far_as_it_is(space, member):
    series = made(space, member, a_rule(date(2026, 6, 30)))
    far = series.bookings.with_place().order_by("start").last()
    assert far.start > NOW + timedelta(days=space.horizon_days)
    day = far.slot.local_day(PARIS)
    bookings.move(booking=far, slot=slot(14, 16, day), by=member.user, now=NOW)


def test_days_in_words(space, member):
    series = made(space, member)
    assert series.weekdays == to_mask({1, 3})
    assert str(series) == "mardi, jeudi 09:00–12:00, 03/03/2026–31/03/2026"
