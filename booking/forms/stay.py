"""A stay that somebody asks for: a moment and a place, and where its refusals are shown.

A service refuses with codes; `add_refusal` shows each beside the field it is about.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy

from booking.forms.fields import PlaceField
from booking.forms.moment import MomentForm
from booking.models import Kind, Resource
from booking.moments import CUSTOM
from booking.slots import Slot

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

# Refusals that the person's own membership explains, and can change.
MEMBERSHIP = {"applicant", "trial_only", "trial_used", "former", "refused", "paused", "leaving"}


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
        # With the query that asks for each; filled when the wanted place is taken.
        self.still_free: list[tuple[Resource, str]] = []
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

    def show_free(self, free: Collection[Resource]) -> None:
        """Say in the choices what is taken, and keep what else could be asked for."""
        if free:
            self._place.offer(self.resources, free)
        if self.moment is None or not self._is_taken():
            return
        chosen = str(self["resource"].value())
        kind = next((r.kind for r in self.resources if str(r.pk) == chosen), Kind.DESK.value)
        self.still_free = [
            (place, self.moment.for_place(place.pk) + self._more_asked())
            for place in free
            if place.kind == kind
        ]

    def _more_asked(self) -> str:
        """What else an address must carry to ask for the same."""
        return ""

    def _is_taken(self) -> bool:
        return self.has_error("resource", "taken") or self.has_error("resource", "not_bookable")

    @property
    def is_about_membership(self) -> bool:
        """Who reads the refusal finds the way on in the pages of membership."""
        return any(self.has_error(NON_FIELD_ERRORS, code) for code in MEMBERSHIP)

    def add_refusal(self, error: ValidationError) -> None:
        for refusal in refusals_of(error):
            field = FIELD_OF_REFUSAL.get(str(refusal.code))
            if field in ("start", "end") and self.data.get("period") != CUSTOM:
                field = "day"  # the times are not asked for then
            self.add_error(field if field in self.fields else None, refusal)
