"""The trial day of an applicant, inside the transaction of a booking: taken, moved, given back."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError

from booking import rules
from booking.models import Booking, Kind, Space, TrialDay
from members.models import Member, State


def refusals(
    member: Member, space: Space, days: Collection[date], kind: str, but: Booking | None = None
) -> list[ValidationError]:
    """Why an applicant may not book these days as the trial day; empty when he may.

    `but` is the booking that moves: alone on the trial day, it takes that day along.
    """
    if not space.offers_trial_day:
        return [rules.no_trial()]
    if kind != Kind.DESK or len(set(days)) > 1:
        return [rules.one_trial_day()]
    trial = TrialDay.objects.filter(member=member).first()
    if trial is None or (trial.space_id == space.pk and trial.day in days):
        return []
    others = member.bookings.confirmed()
    if but is not None and not others.exclude(pk=but.pk).exists():
        return []
    return [rules.trial_used(trial.day)]


def keep_account(member: Member, space: Space, day: date | None) -> None:
    """Write which day is the trial day of an applicant now; nothing for anybody else.

    `day` is that of a booking just made or moved; None after a cancellation, which gives the day
    back when nothing else is booked on it.
    """
    if member.state != State.APPLICANT:
        return
    if day is not None:
        TrialDay.objects.update_or_create(member=member, defaults={"space": space, "day": day})
    elif not member.bookings.confirmed().exists():
        TrialDay.objects.filter(member=member).delete()
