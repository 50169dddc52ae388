"""Bookings in the admin: staff books, moves and cancels through the services, never around them."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter

from booking import services
from booking.admin.forms import BookingForm, CancelForm
from booking.models import Booking
from booking.notices import Stay
from booking.slots import Slot
from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin
from members.admin.refusals import ShowsRefusals
from members.models import Member, User

AT_ONCE = 100  # bookings cancelled together: each one sends an e-mail

ABOUT = ("holder", "status", "made_by", "made_at", "override_reason")
CANCELLATION = ("cancelled_by", "cancelled_at")


@admin.register(Booking)
class BookingAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """A booking is never deleted: a cancelled one frees the place and stays on record."""

    form = BookingForm
    change_form_template = "admin/booking/booking/change_form.html"
    list_display = ("day", "hours", "place", "place_space", "holder", "status")
    list_filter = (
        ("resource__space", RelatedDropdownFilter),
        ("status", ChoicesDropdownFilter),
        ("kind", ChoicesDropdownFilter),
        ("start", DaysFilter),
    )
    ordering = ("-start", "id")
    search_fields = ("member__user__name", "member__user__email")
    search_help_text = gettext_lazy("Nom ou adresse e-mail du membre")
    autocomplete_fields = ("member",)
    show_full_result_count = False
    actions = ("cancel_bookings",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        """With place and people in queries of their own: joined, SQLite sorts the whole table
        where the index on `start` would give it fifty rows."""
        bookings: QuerySet[Booking] = super().get_queryset(request)
        return bookings.prefetch_related("resource__space", "member__user")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Booking], search_term: str
    ) -> tuple[QuerySet[Booking], bool]:
        """By the member: their bookings follow the index, where a join would read every one."""
        found = Member.objects.order_by()
        for word in search_term.split():
            found = found.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
        return (queryset.filter(member__in=found) if search_term.strip() else queryset), False

    def get_fieldsets(self, request: HttpRequest, obj: Booking | None = None) -> Any:
        if obj is None:
            fields = ("member", "resource", "start", "end", "reason", "form_key")
            return ((None, {"fields": fields}),)
        if self.has_change_permission(request, obj):
            return (
                (None, {"fields": ("resource", "start", "end", "reason")}),
                (gettext_lazy("Réservation"), {"fields": ABOUT}),
            )
        about = (*ABOUT, *CANCELLATION) if obj.is_cancelled else ABOUT
        return ((None, {"fields": ("day", "hours", "place", "place_space", *about)}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Booking | None = None) -> Any:
        return (*ABOUT, *CANCELLATION) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        if obj is not None and obj.is_cancelled:
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Booking | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Booking, form: BookingForm, change: bool
    ) -> None:
        asked = form.cleaned_data
        rest: dict[str, Any] = {"by": cast(User, request.user), "now": timezone.now()}
        slot = Slot(asked["start"], asked["end"])
        if change:
            services.move(
                booking=self.get_queryset(request).get(pk=obj.pk),  # as it is before the form
                slot=slot,
                resource=asked["resource"],
                override_reason=asked["reason"],
                **rest,
            )
            return
        [booking] = services.book(
            space=asked["resource"].space,
            member=asked["member"],
            slots=[slot],
            resource=asked["resource"],
            request_key=asked["form_key"],
            override_reason=asked["reason"],
            **rest,
        )
        obj.pk = booking.pk

    # Columns

    @admin.display(description=gettext_lazy("jour"), ordering="start")
    def day(self, booking: Booking) -> str:
        return Stay.of(booking).day

    @admin.display(description=gettext_lazy("heures"))
    def hours(self, booking: Booking) -> str:
        return Stay.of(booking).hours

    @admin.display(description=gettext_lazy("place"), ordering="resource__position")
    def place(self, booking: Booking) -> str:
        return f"{booking.resource.code} · {booking.resource}"

    @admin.display(description=gettext_lazy("espace"), ordering="resource__space__name")
    def place_space(self, booking: Booking) -> str:
        return booking.resource.space.name

    @admin.display(description=gettext_lazy("membre"), ordering="member__user__name")
    def holder(self, booking: Booking) -> str:
        return str(booking.member)

    # Cancelling

    @admin.action(
        description=gettext_lazy("Annuler les réservations choisies"), permissions=["change"]
    )
    def cancel_bookings(
        self, request: HttpRequest, queryset: QuerySet[Booking]
    ) -> HttpResponse | None:
        """Ask why, then cancel each; what is refused is told, and stays."""
        bookings = list(queryset.confirmed().order_by("start", "id")[: AT_ONCE + 1])  # type: ignore[attr-defined]
        if problem := _not_so_many(bookings):
            self.message_user(request, problem, messages.ERROR)
            return None
        form = CancelForm(request.POST if "confirm" in request.POST else None)
        if form.is_valid():
            self._cancel(request, bookings, form.cleaned_data["reason"])
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext("Annuler une réservation", "Annuler des réservations", len(bookings)),
            "opts": self.opts,
            "form": form,
            "bookings": [(booking, Stay.of(booking)) for booking in bookings],
            "action_name": "cancel_bookings",
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/booking/booking/cancel.html", context)

    def _cancel(self, request: HttpRequest, bookings: Sequence[Booking], reason: str) -> None:
        by, now, done = cast(User, request.user), timezone.now(), 0
        for booking in bookings:
            try:
                services.cancel(booking=booking, by=by, now=now, override_reason=reason)
            except ValidationError as refusal:
                stay = Stay.of(booking)
                problem = f"{stay.day}, {stay.hours}, {booking.member} : {refusal.messages[0]}"
                self.message_user(request, capfirst(problem), messages.ERROR)
            else:
                done += 1
                self.log_change(request, booking, _("Annulée."))
        if done:
            text = ngettext(
                "%(count)s réservation annulée.", "%(count)s réservations annulées.", done
            ) % {"count": done}
            self.message_user(request, text, messages.SUCCESS)


def _not_so_many(bookings: Sequence[Booking]) -> str:
    if not bookings:
        return _("Ces réservations sont déjà annulées.")
    if len(bookings) > AT_ONCE:
        return _("Choisissez au plus %(limit)s réservations à la fois.") % {"limit": AT_ONCE}
    return ""
