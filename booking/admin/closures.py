"""Closed days in the admin: what they meet is shown before they are written."""

import hashlib
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter

from booking import offers
from booking.admin.forms import ClosureForm
from booking.models import Closure, Space, Status
from booking.notices.closures import OfferedStay
from booking.offers import Hit
from booking.services import closures as services
from members.admin.house import DaysFilter, HouseAdmin
from members.admin.refusals import ShowsRefusals
from members.models import User

CANCEL, KEEP = "cancel", "keep"


@admin.register(Closure)
class ClosureAdmin(ShowsRefusals, HouseAdmin):
    form = ClosureForm
    list_display = ("reason", "space", "resource", "starts_on", "ends_on")
    list_filter = (("space", RelatedDropdownFilter), ("starts_on", DaysFilter))
    list_select_related = ("space", "resource")
    date_hierarchy = "starts_on"
    search_fields = ("reason",)
    ordering = ("-starts_on", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Closure]:
        closures: QuerySet[Closure] = super().get_queryset(request)
        return closures.select_related("space", "resource")

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if request.method == "POST" and (page := self._ask_first(request, object_id)):
            return page
        return super().changeform_view(request, object_id, *args, **kwargs)

    def _ask_first(self, request: HttpRequest, object_id: str | None) -> HttpResponse | None:
        """The page that lists what the closure meets; None when it meets nothing, when that page
        has been answered and still tells the truth, or when the form itself is refused."""
        closure = self.get_object(request, unquote(object_id)) if object_id else None
        may = (
            self.has_change_permission(request, closure)
            if closure
            else self.has_add_permission(request) and not object_id
        )
        if not may:
            return None
        form = self.get_form(request, closure, change=closure is not None)(
            request.POST, instance=closure
        )
        if not form.is_valid():
            return None
        asked = cast(Closure, form.save(commit=False))
        space = Space.objects.with_calendar().get(pk=asked.space_id)
        met = offers.hits(space, asked, timezone.now())
        seen = _fingerprint(met)
        if not met or (request.POST.get("decision") and request.POST.get("seen") == seen):
            return None
        sent = [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in {"csrfmiddlewaretoken", "decision", "seen"}
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Fermer ces jours"),
            "opts": self.opts,
            "closure": asked,
            "hits": [(hit, OfferedStay.of(hit)) for hit in met],
            "has_changed": "decision" in request.POST,
            "may_cancel": request.user.has_perm("booking.override_rules"),
            "sent": sent,
            "seen": seen,
            "back": reverse("admin:booking_closure_changelist"),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/booking/closure/meets.html", context)

    def save_model(
        self, request: HttpRequest, obj: Closure, form: "ModelForm[Closure]", change: bool
    ) -> None:
        done = services.close(
            closure=obj,
            by=cast(User, request.user),
            now=timezone.now(),
            cancels=request.POST.get("decision") == CANCEL,
        )
        if obj._state.adding:  # somebody was faster: theirs is the one
            obj.pk = done.closure.pk
            self.message_user(request, _("Ces jours étaient déjà fermés."), messages.INFO)
        if done.cancelled:
            text = ngettext(
                "%(count)s réservation annulée, et son membre prévenu.",
                "%(count)s réservations annulées, et leurs membres prévenus.",
                len(done.cancelled),
            ) % {"count": len(done.cancelled)}
            self.message_user(request, text, messages.SUCCESS)
        if done.standing:
            self.message_user(request, _they_stand(done), messages.WARNING)

    def delete_model(self, request: HttpRequest, obj: Closure) -> None:
        self._reopen(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Closure]) -> None:
        self._reopen(request, list(queryset.order_by("pk")))

    def _reopen(self, request: HttpRequest, closures: Sequence[Closure]) -> None:
        by, now = cast(User, request.user), timezone.now()
        told = [
            booking
            for closure in closures
            for booking in services.reopen(closure=closure, by=by, now=now)
        ]
        if people := len({booking.member_id for booking in told}):
            text = ngettext(
                "%(count)s personne est prévenue que c’est de nouveau ouvert. Rien n’est réservé "
                "sans elle.",
                "%(count)s personnes sont prévenues que c’est de nouveau ouvert. Rien n’est "
                "réservé sans elles.",
                people,
            ) % {"count": people}
            self.message_user(request, text, messages.SUCCESS)


def _fingerprint(met: Sequence[Hit]) -> str:
    """Changes when somebody books or cancels while the page waits for its answer."""
    keys = ",".join(sorted(str(hit.booking.pk) for hit in met))
    return hashlib.sha256(keys.encode()).hexdigest()[:16]


def _they_stand(done: services.Closed) -> str:
    """That bookings stand on closed days, with the way to their list."""
    closed = done.closure.slot
    query = {
        "resource__space__id__exact": done.closure.space_id,
        "status__exact": Status.CONFIRMED,
        "start__lt": closed.end.isoformat(),
        "end__gt": closed.start.isoformat(),
    }
    if done.closure.resource_id:
        query["resource__id__exact"] = done.closure.resource_id
    count = len(done.standing)
    intro = ngettext(
        "%(closure)s : %(count)s réservation tombe un jour fermé. Elle reste valable tant que "
        "vous ne la déplacez ou ne l’annulez pas.",
        "%(closure)s : %(count)s réservations tombent un jour fermé. Elles restent valables tant "
        "que vous ne les déplacez ou ne les annulez pas.",
        count,
    ) % {"closure": done.closure, "count": count}
    address = f"{reverse('admin:booking_booking_changelist')}?{urlencode(query)}"
    return format_html('{} <a href="{}">{}</a>', intro, address, _("Les voir dans la liste"))
