"""The form that books: a stay, other days like it, and the key that makes a double click one."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import availability
from booking.forms.fields import DaysField, RequestKeyField, date_or_none
from booking.forms.moment import FARTHEST
from booking.forms.stay import StayForm, refusals_of
from booking.models import Booking, Resource
from booking.moments import Moment, custom_moment, period_moment
from booking.slots import Period, Slot

DAMAGED_PAGE = gettext_lazy("Cette page a été abîmée en chemin. Vérifiez, puis réservez.")
OFFERED_DAYS = 10  # two working weeks of check boxes
LONGEST_SERIES = 12  # weeks


class BookForm(StayForm):
    """All or nothing: a day that cannot be had refuses them all, by name."""

    days = DaysField(
        label=gettext_lazy("Aussi ces jours-là"),
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy("Un de ces jours n’existe pas au calendrier."),
            "invalid_list": gettext_lazy("Choisissez des jours de la liste."),
        },
    )
    weeks = forms.TypedChoiceField(
        label=gettext_lazy("Répéter chaque semaine"),
        required=False,
        empty_value="1",
        error_messages={
            "invalid_choice": gettext_lazy("Choisissez un nombre de semaines de la liste.")
        },
    )
    request_key = RequestKeyField(
        initial=uuid.uuid4,
        error_messages={"invalid": DAMAGED_PAGE, "required": DAMAGED_PAGE},
    )

    def __init__(self, *args: Any, resources: Sequence[Resource], **kwargs: Any) -> None:
        bookable = [resource for resource in resources if resource.is_bookable]
        super().__init__(*args, resources=bookable, **kwargs)
        self._place.required = False
        self._place.offer(bookable)
        self._days.offer(self._next_open_days(), self._days_sent())
        cast(forms.TypedChoiceField, self.fields["weeks"]).choices = [
            ("", _("Une seule fois")),
            *((n, _("Pendant %(n)s semaines") % {"n": n}) for n in range(2, LONGEST_SERIES + 1)),
        ]

    @property
    def _days(self) -> DaysField:
        return cast(DaysField, self.fields["days"])

    @property
    def has_more_days(self) -> bool:
        """Whether other days are asked for, or something is wrong with them."""
        weeks = self["weeks"].value() or ""
        return bool(self["days"].value() or weeks or self["days"].errors or self["weeks"].errors)

    def _more_asked(self) -> str:
        asked = {name: self[name].value() or [] for name in ("days", "weeks")}
        return "".join(f"&{pair}" for pair in urlencode(asked, doseq=True).split("&") if pair)

    def _days_sent(self) -> list[str]:
        return self.data.getlist("days") if isinstance(self.data, QueryDict) else []

    def _next_open_days(self) -> list[date]:
        """The days on which most people come back: some two weeks after the day asked."""
        first = self.now.astimezone(self.space.zone).date()
        asked = self.moment.day if self.moment else date_or_none(self.data.get("date"))
        if asked is not None and abs(asked - first) <= FARTHEST:
            first = max(first, asked)
        days = (first + timedelta(days=offset) for offset in range(1, 3 * OFFERED_DAYS))
        opened = (day for day in days if availability.opening(self.space, day).is_open)
        return list(islice(opened, OFFERED_DAYS))

    def prefill(self, query: Mapping[str, Any]) -> list[str]:
        if isinstance(query, QueryDict):
            days = [day for text in query.getlist("days") if (day := date_or_none(text))]
            self.initial["days"] = [day.isoformat() for day in days]
            self._days.offer(self._next_open_days(), self.initial["days"])
        if query.get("weeks") in {str(n) for n in range(2, LONGEST_SERIES + 1)}:
            self.initial["weeks"] = query["weeks"]
        return super().prefill(query)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.moment and not self.errors:
            for day in self._asked_days(self.moment, data):
                self.slots += self._slots_on(day, self.moment)
        return data

    def _asked_days(self, moment: Moment, data: dict[str, Any]) -> list[date]:
        weekly = (moment.day + timedelta(weeks=week) for week in range(int(data["weeks"])))
        return sorted({*weekly, *data["days"]})

    def _slots_on(self, day: date, asked: Moment) -> Sequence[Slot]:
        """The slots of one of the days; a day with nothing to book is a named error."""
        try:
            moment = asked if day == asked.day else self._same_time_on(day, asked)
        except ValidationError as error:
            self._refuse_day(day, refusals_of(error))
            return ()
        if not moment.slots:
            self._refuse_day(day, moment.problems)
        return moment.slots

    def _same_time_on(self, day: date, asked: Moment) -> Moment:
        self.check_near(day)
        if asked.is_custom:
            return custom_moment(self.space, day, asked.start, asked.end, self.now)
        return period_moment(self.space, day, Period(asked.period), self.now)

    def _refuse_day(self, day: date, errors: Iterable[ValidationError]) -> None:
        is_main = self.moment is not None and day == self.moment.day
        for error in errors:
            named = _("%(day)s : %(problem)s") % {
                "day": date_format(day, "l j F"),
                "problem": error.messages[0],
            }
            if is_main:
                self.add_error("day", error)
            else:
                self.add_error("days", ValidationError(named, code=error.code))

    def is_answered_by(self, bookings: Sequence[Booking]) -> bool:
        """Whether these are what is asked: a key that was used before brings older bookings."""
        place = self.cleaned_data["resource"]
        return {booking.slot for booking in bookings} == set(self.slots) and all(
            not booking.is_cancelled and (place is None or booking.resource_id == place.pk)
            for booking in bookings
        )

    def refuse_used_key(self) -> None:
        """Say that this page has booked already, and give the next answer a key of its own."""
        data = cast(QueryDict, self.data).copy()
        data["request_key"] = str(uuid.uuid4())
        self.data = data
        used = _("Cette page a déjà servi à réserver autre chose. Vérifiez, puis réservez.")
        self.add_error(None, ValidationError(used, code="repeated"))
