"""Members in the admin, with what bookings tell of them: registered by coworking/admin.py."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from import_export.fields import Field
from unfold.views import ChangeList

from booking.models import TrialDay
from coworking.desk.member_file import member_file
from coworking.desk.visits import (
    absent,
    by_last_visit,
    by_next_booking,
    comings,
    last_visit,
    never_came,
)
from members.admin.house import DaysFilter
from members.admin.members import (
    MemberAdmin,
    MemberResource,
    MembersChangeList,
    PlanFilter,
    StateFilter,
    VisibleFilter,
)
from members.models import Member, State


class MemberDeskResource(MemberResource):
    last_visit = Field(
        column_name=_("Dernière venue"),
        dehydrate_method=lambda member: _day_of(member.last_visit),
    )

    class Meta(MemberResource.Meta):
        fields: ClassVar[Any] = (*MemberResource.Meta.fields, "last_visit")

    def filter_export(self, queryset: QuerySet[Member], **kwargs: Any) -> QuerySet[Member]:
        members = super().filter_export(queryset, **kwargs)
        return members.annotate(last_visit=last_visit(timezone.now()))


class LastVisitFilter(admin.SimpleListFilter):
    title = _("dernière venue")
    parameter_name = "visit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("30", _("Absent depuis 30 jours")),
            ("90", _("Absent depuis 90 jours")),
            ("never", _("Jamais venu")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        now, chosen = timezone.now(), self.value()
        if chosen in ("30", "90"):
            return queryset.filter(absent(now, timedelta(days=int(chosen))))
        return queryset.filter(never_came(now)) if chosen == "never" else queryset


class TrialFilter(admin.SimpleListFilter):
    """Applicants with a free day: to come, or behind them."""

    title = _("journée d’essai")
    parameter_name = "trial"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("coming", _("À venir")), ("past", _("Faite, pas encore membre"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        today = timezone.localdate()
        days = {"coming": {"day__gte": today}, "past": {"day__lt": today}}.get(self.value() or "")
        if days is None:
            return queryset
        trials = TrialDay.objects.filter(**days).order_by().values("member")
        return queryset.filter(state=State.APPLICANT, pk__in=trials)


class VisitsChangeList(MembersChangeList):
    """Visits are read for the rows of the page alone, and for all only to order by them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        found = comings(self.result_list, timezone.now())
        for member in self.result_list:
            member.last_visit, member.next_booking = found.get(member.pk, (None, None))

    @cached_property
    def _orders(self) -> dict[str, Any]:
        """Made once: the list asks for them again with every row."""
        now = timezone.now()
        return {"last_visit": by_last_visit(now), "next_booking": by_next_booking(now)}

    def get_ordering_field(self, field_name: str) -> Any:
        return self._orders.get(field_name) or super().get_ordering_field(field_name)


class MemberDesk(MemberAdmin):
    list_display = (
        "name",
        "state_badge",
        "plan",
        "trade",
        "last_visit",
        "next_booking",
        "member_since",
    )
    list_filter = (
        StateFilter,
        PlanFilter,
        LastVisitFilter,
        TrialFilter,
        VisibleFilter,
        ("joined_at", DaysFilter),
    )
    resource_classes: ClassVar[Any] = (MemberDeskResource,)
    change_form_template: ClassVar[Any] = "admin/members/member.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return VisitsChangeList

    @admin.display(description=_("dernière venue"), ordering="last_visit", empty_value="–")
    def last_visit(self, member: Member) -> str | None:
        return _in_words(member.last_visit)  # type: ignore[attr-defined]

    @admin.display(description=_("prochaine réservation"), ordering="next_booking", empty_value="–")
    def next_booking(self, member: Member) -> str | None:
        return _in_words(member.next_booking)  # type: ignore[attr-defined]

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Member | None = None,
    ) -> HttpResponse:
        if obj is not None:
            context["file"] = member_file(obj, request.user, timezone.now())
        answer: HttpResponse = super().render_change_form(
            request, context, add=add, change=change, form_url=form_url, obj=obj
        )
        return answer


def _day_of(instant: datetime | None) -> Any:
    return timezone.localdate(instant) if instant is not None else None


def _in_words(instant: datetime | None) -> str | None:
    return (
        date_format(timezone.localtime(instant), "SHORT_DATE_FORMAT")
        if instant is not None
        else None
    )
