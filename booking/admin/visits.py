"""Visits in the admin: the list, and a correction with its reason through the service."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)

from booking import rules
from booking.admin.forms import VisitForm
from booking.models import Visit
from booking.services import visits
from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin
from members.admin.refusals import ShowsRefusals
from members.models import User

ABOUT = ("who", "space", "place", "arrived_by", "left_by", "confirmed_at", "corrected_at")


@admin.register(Visit)
class VisitAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """Arrivals are noted on the day sheet; here a visit is read, and put right. None is deleted."""

    form = VisitForm
    list_display = ("day", "hours", "length", "who", "space", "waits_for_word")
    list_filter = (
        ("space", RelatedDropdownFilter),
        ("waits_for_word", BooleanRadioFilter),
        ("arrived_by", ChoicesDropdownFilter),
        ("arrived_at", DaysFilter),
    )
    ordering = ("-arrived_at", "id")
    search_fields = ("member__user__name", "member__user__email", "guest_name")
    search_help_text = gettext_lazy("Nom ou adresse e-mail du membre, nom du visiteur")
    readonly_fields = ABOUT
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("arrived_at", "left_at", "reason")}),
        (gettext_lazy("Visite"), {"fields": ABOUT}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visit]:
        """With people and places in queries of their own: joined, SQLite sorts the whole table."""
        found: QuerySet[Visit] = super().get_queryset(request)
        return found.prefetch_related("member__user", "space", "booking__resource")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Visit | None = None) -> bool:
        may_change = bool(super().has_change_permission(request, obj))
        return may_change and request.user.has_perm(visits.RECORDS)

    def has_delete_permission(self, request: HttpRequest, obj: Visit | None = None) -> bool:
        return False

    def get_fieldsets(self, request: HttpRequest, obj: Visit | None = None) -> Any:
        if self.has_change_permission(request, obj):
            return self.fieldsets
        return ((None, {"fields": ("day", "hours", "length", *ABOUT)}),)

    def save_model(self, request: HttpRequest, obj: Visit, form: VisitForm, change: bool) -> None:
        asked = form.cleaned_data
        visits.correct(
            visit=self.get_queryset(request).get(pk=obj.pk),  # as it is before the form
            arrived_at=asked["arrived_at"],
            left_at=asked["left_at"],
            reason=asked["reason"],
            by=cast(User, request.user),
            now=timezone.now(),
        )

    @admin.display(description=gettext_lazy("jour"), ordering="arrived_at")
    def day(self, visit: Visit) -> str:
        return date_format(visit.arrived_at.astimezone(visit.space.zone), "l j F Y")

    @admin.display(description=gettext_lazy("heures"))
    def hours(self, visit: Visit) -> str:
        zone = visit.space.zone
        left = f"{visit.left_at.astimezone(zone):%H:%M}" if visit.left_at else "…"
        return f"{visit.arrived_at.astimezone(zone):%H:%M}–{left}"

    @admin.display(description=gettext_lazy("durée"))
    def length(self, visit: Visit) -> str:
        return rules.duration(visit.end_at(timezone.now()) - visit.arrived_at)

    @admin.display(description=gettext_lazy("qui"), ordering="member__user__name")
    def who(self, visit: Visit) -> str:
        return f"{visit.guest_name} ({visit.member})" if visit.guest_name else str(visit.member)

    @admin.display(description=gettext_lazy("place"))
    def place(self, visit: Visit) -> str:
        return str(visit.booking.resource) if visit.booking else ""
