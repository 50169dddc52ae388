"""The database itself refuses two bookings of one place, whichever way they are written."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from booking.models import Booking, Kind, Status
from booking.models.booking import LONGEST_STAY
from members.constraints import refusal_of, violated_by
from members.models import User
from tests.factories import NOW, a_member, a_resource, a_space, at, slot

NO_OVERLAP = next(c for c in Booking._meta.constraints if c.name == "booking_no_overlap")
ONE_DESK = next(c for c in Booking._meta.constraints if c.name == "booking_one_desk")


def a_row(resource, member, start=9, end=12, **fields) -> Booking:
    """A booking that nobody checked; `start` and `end` are hours of Monday, or instants."""
    values = {
        "resource": resource,
        "member": member,
        "kind": resource.kind,
        "start": at(start) if isinstance(start, int) else start,
        "end": at(end) if isinstance(end, int) else end,
        "made_by": member.user,
        "made_at": NOW,
    }
    return Booking(**(values | fields))


@pytest.fixture
def desks(db):
    return list(a_space().resources.of_kind(Kind.DESK))


@pytest.fixture
def first(desks):
    row = a_row(desks[0], a_member())
    row.save()
    return row


def refused(constraint, write) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert violated_by(error.value, constraint)


def test_save_is_refused(first, desks):
    refused(NO_OVERLAP, a_row(desks[0], a_member(), 11, 13).save)


def test_bulk_create_is_refused(first, desks):
    rows = [a_row(desks[1], a_member()), a_row(desks[0], a_member(), 10, 11)]
    refused(NO_OVERLAP, lambda: Booking.objects.bulk_create(rows))
    assert Booking.objects.count() == 1


def test_update_of_a_queryset_is_refused(first, desks):
    other = a_row(desks[1], a_member())
    other.save()
    others = Booking.objects.filter(pk=other.pk)
    refused(NO_OVERLAP, lambda: others.update(resource=desks[0]))


def test_two_rows_of_one_statement_are_refused(desks):
    rows = [a_row(desks[0], a_member(), 9, 12), a_row(desks[0], a_member(), 11, 13)]
    refused(NO_OVERLAP, lambda: Booking.objects.bulk_create(rows))


def test_raw_sql_is_refused(first, desks):
    other = a_row(desks[1], a_member())
    other.save()
    key = other.pk.hex if connection.vendor == "sqlite" else str(other.pk)

    def write():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE booking_booking SET resource_id = %s WHERE id = %s", [desks[0].pk, key]
            )

    refused(NO_OVERLAP, write)


def test_bringing_a_cancelled_booking_back_onto_a_taken_place_is_refused(first, desks):
    user = first.member.user
    cancelled = a_row(
        desks[0], a_member(), status=Status.CANCELLED, cancelled_at=NOW, cancelled_by=user
    )
    cancelled.save()
    back = {"status": Status.CONFIRMED, "cancelled_at": None, "cancelled_by": None}
    refused(NO_OVERLAP, lambda: Booking.objects.filter(pk=cancelled.pk).update(**back))


def test_touching_cancelled_and_other_places_are_allowed(first, desks):
    user = first.member.user
    a_row(desks[0], a_member(), 12, 13).save()
    a_row(desks[0], a_member(), 8, 9).save()
    a_row(desks[1], a_member()).save()
    a_row(desks[0], a_member(), status=Status.CANCELLED, cancelled_at=NOW, cancelled_by=user).save()
    assert Booking.objects.count() == 5


def test_a_booking_is_not_in_its_own_way(first):
    later = {"start": at(10), "end": at(13), "free_from": at(13)}
    assert Booking.objects.filter(pk=first.pk).update(**later) == 1


def test_a_member_has_one_desk_at_a_time(first, desks):
    refused(ONE_DESK, a_row(desks[1], first.member, 11, 13).save)


def test_a_room_or_an_override_does_not_count_as_a_second_desk(first, desks):
    room = a_resource(desks[0].space, kind=Kind.ROOM)
    a_row(room, first.member).save()
    a_row(desks[1], first.member, override_reason="Pour son invité").save()
    assert first.member.bookings.count() == 3


def test_full_clean_says_it_in_words(first, desks):
    with pytest.raises(ValidationError) as error:
        a_row(desks[0], a_member(), 11, 13).full_clean()
    assert error.value.error_dict["__all__"][0].code == "taken"
    first.full_clean()


def test_the_queries_of_full_clean_are_not_spent_on_what_cannot_clash(
    first, desks, django_assert_num_queries
):
    row = a_row(desks[0], first.member, status=Status.CANCELLED)
    with django_assert_num_queries(0):
        NO_OVERLAP.validate(Booking, row)
        NO_OVERLAP.validate(Booking, first, exclude={"resource"})


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"end": at(9)}, "booking_order"),
        ({"start": at(12), "end": at(9)}, "booking_order"),
        ({"end": at(9) + LONGEST_STAY + timedelta(seconds=1)}, "booking_length"),
        ({"status": Status.CANCELLED}, "booking_cancelled"),
        ({"cancelled_at": NOW}, "booking_cancelled"),
        ({"kind": "sofa"}, "booking_kind"),
    ],
)
def test_the_other_checks_hold_in_the_database(desks, fields, name):
    row = a_row(desks[0], a_member(), **fields)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save()


def test_the_longest_stay_is_allowed(desks):
    a_row(desks[0], a_member(), start=at(9), end=at(9) + LONGEST_STAY).save()
    assert Booking.objects.get().slot.length == LONGEST_STAY


def test_a_form_books_a_start_once(desks):
    key = uuid.uuid4()
    a_row(desks[0], a_member(), request_key=key).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        a_row(desks[1], a_member(), request_key=key).save()


def test_an_overlap_in_the_hour_that_occurs_twice_is_seen(desks):
    """2:30 summer time and 2:30 winter time are an hour apart, whatever the clock shows."""
    start = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30, the first time
    hour, quarter = timedelta(hours=1), timedelta(minutes=15)
    a_row(desks[0], a_member(), start, start + hour).save()
    a_row(desks[0], a_member(), start + hour, start + 2 * hour).save()
    refused(NO_OVERLAP, a_row(desks[0], a_member(), start + quarter, start + hour).save)


@pytest.mark.django_db(transaction=True)
def test_the_constraint_survives_a_migration_that_rebuilds_the_table():
    """On SQLite, most schema changes copy the table, and its triggers would be lost with it."""
    strict = Booking._meta.get_field("override_reason")
    loose = models.CharField(max_length=200, blank=True, null=True)
    loose.set_attributes_from_name("override_reason")
    with connection.schema_editor() as editor:
        editor.alter_field(Booking, strict, loose)
    with connection.schema_editor() as editor:
        editor.alter_field(Booking, loose, strict)
    desk = a_space().resources.get(code="P1")
    a_row(desk, a_member()).save()
    refused(NO_OVERLAP, a_row(desk, a_member(), 11, 13).save)


def test_a_refusal_has_the_words_of_its_constraint(first, desks):
    """Of a rule, a check or a unique constraint; None when another table refused."""
    key = uuid.uuid4()
    a_row(desks[0], a_member(), 14, 15, request_key=key).save()

    def refusal_to(row, model=Booking):
        with pytest.raises(IntegrityError) as error, transaction.atomic():
            row.save()
        return refusal_of(error.value, model)

    taken = refusal_to(a_row(desks[0], a_member(), 11, 13))
    assert (taken.code, taken.message) == ("taken", "Cette place vient d’être prise.")
    assert refusal_to(a_row(desks[1], a_member(), end=at(9))).code == "end_before_start"
    repeated = a_row(desks[1], a_member(), 14, 15, request_key=key)
    assert refusal_to(repeated).code == "repeated"
    assert refusal_to(a_row(desks[0], a_member(), 11, 13), model=User) is None
    assert refusal_to(User(email=first.member.user.email)) is None


def test_its_slot_is_the_one_asked(first):
    assert first.slot == slot(9, 12)
