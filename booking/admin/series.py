"""Series in the admin: read, never written. Their members change them; their bookings are changed
like any other."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RelatedDropdownFilter

from booking.models import Series, Status
from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin


@admin.register(Series)
class SeriesAdmin(ShowsAudit, HouseAdmin):
    """Who comes every week, when, and until when."""

    list_display = (
        *("member", "space", "on_days", "hours", "first_day", "last_day"),
        *("booked", "ended_at"),
    )
    list_filter = (("space", RelatedDropdownFilter), ("last_day", DaysFilter))
    list_select_related = ("member__user", "space")
    ordering = ("-made_at", "-id")
    search_fields = ("member__user__name", "member__user__email")
    search_help_text = gettext_lazy("Nom ou adresse e-mail du membre")
    fields = (
        *("member", "space", "resource", "on_days", "hours", "first_day", "last_day"),
        *("booked", "made_by", "made_at", "ended_at"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Series]:
        found: QuerySet[Series] = super().get_queryset(request)
        confirmed = Count("bookings", filter=Q(bookings__status=Status.CONFIRMED))
        return found.annotate(confirmed_count=confirmed)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Series | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("jours"))
    def on_days(self, series: Series) -> str:
        return series.days_in_words

    @admin.display(description=gettext_lazy("heures"))
    def hours(self, series: Series) -> str:
        return series.hours

    @admin.display(description=gettext_lazy("réservations"))
    def booked(self, series: Series) -> int:
        return int(getattr(series, "confirmed_count", 0))
