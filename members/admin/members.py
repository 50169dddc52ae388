"""Members in the admin."""

from datetime import date
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from import_export.fields import Field
from import_export.resources import ModelResource

from members import services
from members.admin.exports import ExportsTable
from members.admin.house import DaysFilter, HouseAdmin
from members.models import Member, Use, User
from members.services.consents import withdraw


class MemberResource(ModelResource):  # type: ignore[misc]
    """What a spreadsheet of the members holds."""

    name = Field("user__name", column_name=_("Nom"))
    email = Field("user__email", column_name=_("Adresse e-mail"))
    trade = Field("trade", column_name=_("Métier"))
    member_since = Field(
        column_name=_("Membre depuis"),
        dehydrate_method=lambda member: timezone.localdate(member.joined_at),
    )

    class Meta:
        model = Member
        fields = ("name", "email", "trade", "member_since")
        name = _("Membres")


@admin.register(Member)
class MemberAdmin(ExportsTable, HouseAdmin):
    """A member is made with its user, or by the action of the users' list."""

    list_display = ("name", "email", "trade", "is_visible", "member_since")
    list_filter = (("visible_since", admin.EmptyFieldListFilter), ("joined_at", DaysFilter))
    resource_classes = (MemberResource,)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email", "trade")
    ordering = ("user__name", "id")
    fields = ("user", "trade", "visible_since", "joined_at")
    # Only the person agrees to be seen.
    readonly_fields = ("user", "visible_since", "joined_at")
    actions = ("hide",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        services.change_profile(
            member=obj,
            now=timezone.now(),
            by=cast(User, request.user),
            values={"trade": obj.trade},
        )

    @admin.display(description=_("nom"), ordering="user__name")
    def name(self, member: Member) -> str:
        return member.user.name

    @admin.display(description=_("adresse e-mail"), ordering="user__email")
    def email(self, member: Member) -> str:
        return member.user.email

    @admin.display(description=_("visible"), boolean=True, ordering="visible_since")
    def is_visible(self, member: Member) -> bool:
        return member.is_visible

    @admin.display(description=_("membre depuis"), ordering="joined_at")
    def member_since(self, member: Member) -> date:
        return timezone.localdate(member.joined_at)

    @admin.action(description=_("Masquer aux autres membres"), permissions=["change"])
    def hide(self, request: HttpRequest, queryset: QuerySet[Member]) -> None:
        members = list(queryset.visible().with_user())  # type: ignore[attr-defined]
        for member in members:
            withdraw(
                user=member.user,
                use=Use.DIRECTORY,
                now=timezone.now(),
                by=cast(User, request.user),
            )
        self.message_user(
            request,
            ngettext("%d membre masqué.", "%d membres masqués.", len(members)) % len(members),
            messages.SUCCESS,
        )
