"""The form of a moment, and the reading of one from an address.

`MomentForm` explains what is wrong with what was typed; `asked_moment` answers nonsense in an
address with a sane moment and the reason.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import availability
from booking.models import Space
from booking.moments import CUSTOM, Moment, custom_moment, first_period, period_moment
from booking.slots import Period

PERIODS = (
    (Period.MORNING.value, gettext_lazy("Matinée")),
    (Period.AFTERNOON.value, gettext_lazy("Après-midi")),
    (Period.DAY.value, gettext_lazy("Journée")),
    (CUSTOM, gettext_lazy("Horaire")),
)
# Dates beyond are typing errors, and the calendar of Python ends at the year 9999.
FARTHEST = timedelta(days=3660)
TIME_ERRORS = {
    "required": gettext_lazy("Indiquez une heure."),
    "invalid": gettext_lazy("Écrivez une heure comme 08:30."),
}
# Names in addresses and in HTML, where they differ: `from` is a word of Python.
HTML_NAMES = {"day": "date", "start": "from", "end": "to"}


class MomentForm(forms.Form):
    """Date and period; `from` and `to` count when the period is `custom`.

    Given a moment, it shows it. After `is_valid()`, `moment` is the one asked. The rules of the
    space may refuse it (`Moment.problems`): a page shows why, a service says so again.
    """

    day = forms.DateField(
        label=gettext_lazy("Date"),
        error_messages={
            "required": gettext_lazy("Indiquez un jour."),
            "invalid": gettext_lazy(
                "Ce jour n’existe pas au calendrier. Écrivez-le comme 31/12/2026."
            ),
        },
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    period = forms.ChoiceField(
        label=gettext_lazy("Moment"),
        choices=PERIODS,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Choisissez un moment de la liste.")},
    )
    start = forms.TimeField(
        label=gettext_lazy("De"),
        error_messages=TIME_ERRORS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    end = forms.TimeField(
        label=gettext_lazy("À"),
        error_messages=TIME_ERRORS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        space: Space,
        now: datetime,
        moment: Moment | None = None,
    ) -> None:
        super().__init__(data, initial=moment.as_initial() if moment else None)
        self.space = space
        self.now = now
        self.moment = moment
        today = now.astimezone(space.zone).date()
        self.fields["day"].widget.attrs["min"] = today.isoformat()
        for name in ("start", "end"):
            self.fields[name].widget.attrs["step"] = 60 * space.grid_minutes

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix(HTML_NAMES.get(field_name, field_name))

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        self.check_near(day)
        return day

    def check_near(self, day: date) -> None:
        """Raise ValidationError for a date that only a slip of the finger makes."""
        if abs(day - self.now.astimezone(self.space.zone).date()) > FARTHEST:
            raise ValidationError(_("Choisissez une date plus proche."), code="too_far")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("period") != CUSTOM:
            # Not asked for: whatever they hold is in nobody's way.
            for name in ("start", "end"):
                self.errors.pop(name, None)
        if "day" in data and "period" in data:
            data["period"] = data["period"] or first_period(self.space, data["day"], self.now)
            self._read_moment(data["day"], data["period"], data.get("start"), data.get("end"))
        return data

    def _read_moment(self, day: date, period: str, start: time | None, end: time | None) -> None:
        if period != CUSTOM:
            self.moment = period_moment(self.space, day, Period(period), self.now)
            return
        if start is not None and end is not None:
            self._read_times(day, start, end)

    def _read_times(self, day: date, start: time, end: time) -> None:
        if end <= start and end != time.min:
            self.add_error(
                "end",
                ValidationError(_("La fin doit suivre le début."), code="end_before_start"),
            )
            return
        try:
            self.moment = custom_moment(self.space, day, start, end, self.now)
        except ValidationError as error:
            self.add_error(None, error)


def asked_moment(query: Mapping[str, str], space: Space, now: datetime) -> tuple[Moment, list[str]]:
    """The moment of an address, and what was wrong with it.

    What is missing is the next moment that can be booked; what is wrong becomes that too, with
    the reason in the second value.
    """
    asked = {name: query[name] for name in ("date", "period", "from", "to") if query.get(name)}
    opening = availability.next_open_day(space, now)
    usual = opening.day if opening else now.astimezone(space.zone).date()
    form = MomentForm({"date": usual.isoformat(), **asked}, space=space, now=now)
    if form.is_valid() and form.moment:
        return form.moment, []
    problems = [str(message) for messages in form.errors.values() for message in messages]
    day = form.cleaned_data.get("day", usual)
    return period_moment(space, day, first_period(space, day, now), now), problems
