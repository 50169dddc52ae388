"""Spaces in the admin, with their hours, closures and resources."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import CharField, Exists, Field, OuterRef, QuerySet, TimeField
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.widgets import UnfoldAdminSingleTimeWidget, UnfoldAdminTextInputWidget

from booking.admin.forms import ResourceForm, SpaceForm
from booking.models import Booking, Closure, OpeningHours, Resource, Space, Status
from booking.notices import Stay
from booking.services import spaces as services
from members.admin.house import DaysFilter, HouseAdmin, HouseInline
from members.admin.refusals import RefusalForm, ShowsRefusals

SHOWN = 20  # bookings that a warning lists; the others are behind its link
HOURS = {"widget": UnfoldAdminSingleTimeWidget(format="%H:%M")}  # nobody opens by the second
# A row of a table fits on the page.
NARROW: "Final[dict[type[Field[Any, Any]], dict[str, Any]]]" = {
    CharField: {"widget": UnfoldAdminTextInputWidget(attrs={"size": 18})},
    TimeField: HOURS,
}


class OpeningHoursInline(HouseInline):
    model = OpeningHours
    hide_title = True
    formfield_overrides = NARROW


class ClosureInline(HouseInline):
    model = Closure
    hide_title = True
    formfield_overrides = NARROW


class ResourceInline(HouseInline):
    """The essentials; the place on the plan is on the page of the resource."""

    model = Resource
    form = ResourceForm
    fields = ("kind", "name", "code", "capacity", "is_bookable", "position")
    formfield_overrides = NARROW
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:
        return _with_bookings(super().get_queryset(request))


@admin.register(Space)
class SpaceAdmin(ShowsRefusals, HouseAdmin):
    form = SpaceForm
    formfield_overrides: ClassVar[dict[Any, Any]] = {TimeField: HOURS}
    list_display = ("name", "commune", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "commune")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    inlines = (OpeningHoursInline, ClosureInline, ResourceInline)
    fieldsets = (
        (None, {"fields": ("name", "slug", "is_active")}),
        (
            _("Présentation"),
            {"fields": ("tagline", "tagline_en", "description", "description_en")},
        ),
        (
            _("Adresse"),
            {
                "fields": (
                    "address",
                    ("postcode", "commune"),
                    ("commune_code", "country"),
                    ("latitude", "longitude"),
                    ("email", "phone"),
                    ("time_zone", "currency"),
                )
            },
        ),
        (
            _("Règles de réservation"),
            {
                "fields": (
                    "closed_on_holidays",
                    "midday",
                    "grid_minutes",
                    ("shortest_minutes", "longest_minutes"),
                    "horizon_days",
                    "open_bookings_limit",
                    "series_days",
                    "cancel_delay_minutes",
                    "arrival_minutes",
                    "no_show_minutes",
                )
            },
        ),
        (_("Plan"), {"fields": ("floor_plan",), "classes": ("collapse",)}),
    )

    def save_formset(
        self,
        request: HttpRequest,
        form: "ModelForm[Space]",
        formset: "BaseInlineFormSet[Any, Space, Any]",
        change: bool,
    ) -> None:
        if formset.model is OpeningHours:
            formset.save()
            return
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            row.delete()
        if formset.model is Resource:
            for row in rows:
                services.save_resource(resource=row)
        else:
            _save_closures(self, request, rows)


@admin.register(Closure)
class ClosureAdmin(ShowsRefusals, HouseAdmin):
    form = RefusalForm
    list_display = ("reason", "space", "starts_on", "ends_on")
    list_filter = (("space", RelatedDropdownFilter), ("starts_on", DaysFilter))
    list_select_related = ("space",)
    date_hierarchy = "starts_on"
    search_fields = ("reason",)
    ordering = ("-starts_on", "id")

    def save_model(
        self, request: HttpRequest, obj: Closure, form: "ModelForm[Closure]", change: bool
    ) -> None:
        _save_closures(self, request, [obj])


@admin.register(Resource)
class ResourceAdmin(ShowsRefusals, HouseAdmin):
    form = ResourceForm
    list_display = ("name", "code", "kind", "space", "capacity", "is_bookable")
    list_filter = (
        ("space", RelatedDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        "is_bookable",
    )
    list_select_related = ("space",)
    search_fields = ("name", "code")
    fieldsets = (
        (None, {"fields": ("space", "kind", ("name", "name_en"), "code", "is_bookable")}),
        (_("Description"), {"fields": ("capacity", "note", "note_en", "position")}),
        (
            _("Sur le plan"),
            {
                "description": _("En centimètres, depuis le coin en haut à gauche."),
                "fields": (("x", "y"), ("width", "height"), "rotation"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:
        return _with_bookings(super().get_queryset(request))

    def save_model(
        self, request: HttpRequest, obj: Resource, form: "ModelForm[Resource]", change: bool
    ) -> None:
        services.save_resource(resource=obj)


def _with_bookings(resources: QuerySet[Resource]) -> QuerySet[Resource]:
    booked = Booking.objects.filter(resource=OuterRef("pk"))
    return resources.annotate(has_bookings=Exists(booked))


def _save_closures(
    model_admin: "admin.ModelAdmin[Any]", request: HttpRequest, closures: Sequence[Closure]
) -> None:
    """Save closures, and warn of the bookings that fall on closed days: they stand."""
    now = timezone.now()
    for closure in closures:
        bookings = services.save_closure(closure=closure, now=now)
        if bookings:
            text = _bookings_on_closed_days(closure, bookings)
            model_admin.message_user(request, text, messages.WARNING)


def _bookings_on_closed_days(closure: Closure, bookings: Sequence[Booking]) -> str:
    closed = services.closed_slot(closure)
    query = urlencode(
        {
            "resource__space__id__exact": closure.space_id,
            "status__exact": Status.CONFIRMED,
            "start__lt": closed.end.isoformat(),
            "end__gt": closed.start.isoformat(),
        }
    )
    intro = ngettext(
        "%(closure)s : %(count)s réservation tombe un jour fermé. Elle reste valable tant que "
        "vous ne la déplacez ou ne l’annulez pas.",
        "%(closure)s : %(count)s réservations tombent un jour fermé. Elles restent valables tant "
        "que vous ne les déplacez ou ne les annulez pas.",
        len(bookings),
    ) % {"closure": closure, "count": len(bookings)}
    return format_html(
        '{} <a href="{}?{}">{}</a>{}',
        intro,
        reverse("admin:booking_booking_changelist"),
        query,
        _("Les voir dans la liste"),
        format_html_join(
            "",
            '<br><a href="{}">{}</a>',
            ((_admin_url(booking), _in_a_line(booking)) for booking in bookings[:SHOWN]),
        ),
    )


def _admin_url(booking: Booking) -> str:
    return reverse("admin:booking_booking_change", args=[booking.pk])


def _in_a_line(booking: Booking) -> str:
    stay = Stay.of(booking)
    return f"{stay.day}, {stay.hours}, {stay.place}, {booking.member}"
