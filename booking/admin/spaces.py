"""Spaces in the admin, with their hours and resources. Their closures have a page of their own."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.db.models import CharField, Exists, Field, OuterRef, QuerySet, TimeField
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.widgets import UnfoldAdminSingleTimeWidget, UnfoldAdminTextInputWidget

from booking.admin.forms import ResourceForm, SpaceForm
from booking.models import Booking, Closure, OpeningHours, Resource, Space
from booking.services import spaces as services
from members.admin.house import HouseAdmin, HouseInline
from members.admin.refusals import ShowsRefusals

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
    """To read: closing shows first which bookings it meets, on a page of its own."""

    model = Closure
    fields = ("starts_on", "ends_on", "resource", "reason")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Closure]:
        closures: QuerySet[Closure] = super().get_queryset(request)
        return closures.select_related("resource")

    def has_add_permission(self, request: HttpRequest, obj: Space | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Space | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Space | None = None) -> bool:
        return False


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
        for row in rows:
            services.save_resource(resource=row)


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
        (
            _("Description"),
            {"fields": ("capacity", "buffer_minutes", "note", "note_en", "position")},
        ),
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
