"""Announcements in the admin: a draft, its preview, one publication; what became of the letters.

The page that shows the preview is also the one that publishes and withdraws: nobody sends a letter
to everybody without having seen it.
"""

from datetime import datetime
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import override as in_language

from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin
from members.forms.announcements import AnnouncementForm
from members.models import MOST_TRIES, Announcement, Delivery, Language, User
from members.services.announcements import (
    discard_draft,
    publish,
    readers_by_email,
    save_announcement,
    withdraw_announcement,
)


@admin.register(Announcement)
class AnnouncementAdmin(ShowsAudit, HouseAdmin):
    form = AnnouncementForm
    change_form_template = "admin/members/announcement/change_form.html"
    list_display = ("title", "state", "by_email", "published_at", "expires_at")
    list_filter = ("by_email", ("published_at", DaysFilter))
    search_fields = ("title", "body", "title_en")
    ordering = (F("published_at").desc(nulls_first=True), "-id")
    fieldsets = (
        (None, {"fields": ("title", "body")}),
        (gettext_lazy("En anglais"), {"fields": ("title_en", "body_en")}),
        (gettext_lazy("Diffusion"), {"fields": ("by_email", "expires_at")}),
        (gettext_lazy("Publication"), {"fields": ("author", "published_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Announcement]:
        """Without the letters to chosen members: those are seen where they wait to be sent."""
        rows: QuerySet[Announcement] = super().get_queryset(request)
        return rows.filter(is_letter=False)

    def get_fieldsets(self, request: HttpRequest, obj: Announcement | None = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:-1]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Announcement | None = None
    ) -> tuple[str, ...]:
        # Corrected or not, a letter that left is not sent again: it is too late to decide.
        decided = ("by_email",) if obj and obj.published_at else ()
        return (*decided, "author", "published_at")

    def has_change_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        if obj is not None and obj.is_letter:  # written to chosen members, and on its way
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        if obj is not None and obj.published_at is not None:
            return False
        return bool(super().has_delete_permission(request, obj))

    def save_model(
        self, request: HttpRequest, obj: Announcement, form: AnnouncementForm, change: bool
    ) -> None:
        save_announcement(announcement=obj, by=cast(User, request.user), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Announcement) -> None:
        discard_draft(announcement=obj, by=cast(User, request.user), now=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Announcement]) -> None:
        for announcement in queryset:
            self.delete_model(request, announcement)

    @admin.display(description=gettext_lazy("état"))
    def state(self, announcement: Announcement) -> str:
        return state_of(announcement, timezone.now())

    # Preview, publication, withdrawal

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview)
        name = "members_announcement_preview"
        return [path("<int:object_id>/preview/", view, name=name), *super().get_urls()]

    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        announcement = self.get_object(request, str(object_id))
        if announcement is None:
            raise Http404
        if not self.has_change_permission(request, announcement):
            raise PermissionDenied
        if request.method == "POST":
            self._act(request, announcement)
            return redirect("admin:members_announcement_changelist")
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Aperçu"),
            "opts": self.opts,
            "original": announcement,
            "state": state_of(announcement, now),
            "is_draft": announcement.published_at is None,
            "is_current": announcement.is_current(now),
            "readers": readers_by_email().count() if announcement.by_email else 0,
            "versions": _versions(announcement),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/members/announcement/preview.html", context)

    def _act(self, request: HttpRequest, announcement: Announcement) -> None:
        by, now = cast(User, request.user), timezone.now()
        try:
            if "publish" in request.POST:
                publish(announcement=announcement, by=by, now=now)
                text = _("L’annonce est publiée.")
            elif "withdraw" in request.POST:
                withdraw_announcement(announcement=announcement, by=by, now=now)
                text = _("L’annonce est retirée.")
            else:
                return
        except ValidationError as refusal:
            self.message_user(request, refusal.messages[0], messages.ERROR)
        else:
            self.log_change(request, announcement, text)
            self.message_user(request, text, messages.SUCCESS)


class DeliveryStateFilter(admin.SimpleListFilter):
    title = gettext_lazy("état")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("sent", gettext_lazy("Envoyée")),
            ("waiting", gettext_lazy("En attente")),
            ("given_up", gettext_lazy("Abandonnée")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        conditions = {
            "sent": Q(sent_at__isnull=False),
            "waiting": Q(sent_at=None, tries__lt=MOST_TRIES),
            "given_up": Q(sent_at=None, tries__gte=MOST_TRIES),
        }
        condition = conditions.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


@admin.register(Delivery)
class DeliveryAdmin(HouseAdmin):
    """Read only: the queue is written by the service and the command."""

    list_display = ("announcement", "recipient", "state", "tries", "failed_at", "sent_at")
    list_filter = (DeliveryStateFilter, ("sent_at", DaysFilter))
    list_select_related = ("announcement", "member__user")
    search_fields = ("announcement__title", "member__user__name", "member__user__email")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        rows: QuerySet[Delivery] = super().get_queryset(request)
        return rows.select_related("announcement", "member__user")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("membre"), ordering="member__user__name")
    def recipient(self, delivery: Delivery) -> str:
        return str(delivery.member)

    @admin.display(description=gettext_lazy("état"))
    def state(self, delivery: Delivery) -> str:
        if delivery.sent_at is not None:
            return _("envoyée")
        if delivery.is_given_up:
            return _("abandonnée après %(tries)s essais") % {"tries": delivery.tries}
        if delivery.failed_at is not None:
            again = timezone.localtime(delivery.due_at)
            return _("nouvel essai le %(when)s") % {
                "when": date_format(again, "SHORT_DATETIME_FORMAT")
            }
        return _("en attente")


def state_of(announcement: Announcement, now: datetime) -> str:
    """Where an announcement stands, in a word."""
    if announcement.published_at is None:
        return _("brouillon")
    return _("en cours") if announcement.is_current(now) else _("passée")


def _versions(announcement: Announcement) -> list[dict[str, str]]:
    """What the readers of each language read."""
    found = []
    for language in Language:
        with in_language(language.value):
            heading, text = announcement.heading, announcement.text
        found.append({"code": language.value, "label": language.label, "heading": heading})
        found[-1]["text"] = text
    return found
