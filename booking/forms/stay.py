"""Booking, moving and cancelling: the moment, the place, the reason of the team.

A service refuses with codes; `add_refusal` shows each beside the field it is about.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import availability
from booking.forms.fields import DaysField, PlaceField, RequestKeyField, date_or_none
from booking.forms.moment import FARTHEST, MomentForm
from booking.models import Booking, Resource
from booking.moments import CUSTOM, Moment, custom_moment, period_moment
from booking.slots import Period, Slot

FIELD_OF_REFUSAL = {
    "taken": "resource",
    "own_overlap": "resource",
    "not_bookable": "resource",
    "past": "day",
    "closed": "day",
    "too_far": "day",
    "off_grid": "start",
    "too_short": "end",
    "too_long": "end",
    "end_before_start": "end",
    "override_reason_required": "reason",
}
DAMAGED_PAGE = gettext_lazy("Cette page a été abîmée en chemin. Vérifiez, puis réservez.")
OFFERED_DAYS = 10  # two working weeks of check boxes
LONGEST_SERIES = 12  # weeks


def refusals_of(error: ValidationError) -> list[ValidationError]:
    """The single errors in one that a service raised, whatever its shape."""
    if hasattr(error, "error_dict"):
        return [single for errors in error.error_dict.values() for single in errors]
    return list(error.error_list)


class StayForm(MomentForm):
    """A moment and a place, with the refusals of a service shown where they belong.

    After `is_valid()`, `slots` are what the service is asked for.
    """

    resource = PlaceField(
        label=gettext_lazy("Place"),
        error_messages={
            "required": gettext_lazy("Choisissez une place."),
            "invalid_choice": gettext_lazy("Cette place n’existe pas dans cet espace."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        resources: Sequence[Resource],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.resources = resources
        self.slots: list[Slot] = []
        self._place.offer(resources)

    @property
    def _place(self) -> PlaceField:
        return cast(PlaceField, self.fields["resource"])

    def prefill(self, query: Mapping[str, Any]) -> list[str]:
        """Start from the place of an address; the reason why not, if it is not one of ours."""
        try:
            chosen = self._place.clean(query.get("resource") or "")
        except ValidationError as error:
            return list(error.messages)
        self.initial["resource"] = chosen.pk if chosen else ""
        return []

    def show_free(self, free: Collection[Resource]) -> list[tuple[Resource, str]]:
        """Say in the choices what is taken; each free place with the query that asks for it."""
        if free:
            self._place.offer(self.resources, free)
        moment = self.moment
        return [(resource, moment.for_place(resource.pk)) for resource in free] if moment else []

    def add_refusal(self, error: ValidationError) -> None:
        for refusal in refusals_of(error):
            field = FIELD_OF_REFUSAL.get(str(refusal.code))
            if field in ("start", "end") and self.data.get("period") != CUSTOM:
                field = "day"  # the times are not asked for then
            self.add_error(field if field in self.fields else None, refusal)


class BookForm(StayForm):
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
            named = _("%(day)s : %(problem)s") % {
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


def _reason_field(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Raison de la dérogation"),
        required=required,
        max_length=Booking._meta.get_field("override_reason").max_length,
        help_text=gettext_lazy(
            "L’équipe peut passer outre une règle de l’espace ; la raison reste écrite sur la "
            "réservation."
        ),
        error_messages={"required": gettext_lazy("Dites pourquoi l’équipe passe outre la règle.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MoveForm(StayForm):
    """Another moment, another place, or both, for one booking."""

    reason = _reason_field(required=False)

    def __init__(self, *args: Any, may_override: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_override:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.moment and not self.errors:
            self._read_slot(self.moment)
        return data

    def _read_slot(self, moment: Moment) -> None:
        """A booking is one stretch of time; a lunch break makes two."""
        self.slots = list(moment.slots)
        if len(moment.slots) > 1:
            self.add_error(
                "period",
                ValidationError(
                    _("La pause coupe la journée en deux : choisissez une demi-journée."),
                    code="several_parts",
                ),
            )
        for error in () if moment.slots else moment.problems:
            self.add_error("day", error)


class CancelForm(forms.Form):
    """The reason of the team, when a rule is in the way. Members cancel with an empty form."""

    reason = _reason_field(required=True)

    def __init__(self, *args: Any, may_override: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_override:
            del self.fields["reason"]

    def add_refusal(self, error: ValidationError) -> None:
        for refusal in refusals_of(error):
            self.add_error(None, refusal)
