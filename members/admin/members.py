"""Members in the admin."""

from datetime import date
from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from import_export.fields import Field
from import_export.resources import ModelResource

from members import acting, services
from members.admin.exports import ExportsTable
from members.admin.house import DaysFilter, HouseAdmin
from members.admin.imports import ImportsMembers
from members.admin.subscriptions import PlanFilter
from members.models import Member, Use, User
from members.services.consents import withdraw

# The classes of the theme's plain button: its sheet is made of those that its own pages use.
BUTTON = (
    "border border-base-200 bg-white cursor-pointer font-medium px-3 py-2 rounded-default "
    "shadow-xs dark:bg-transparent dark:border-base-700"
)


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
class MemberAdmin(ImportsMembers, ExportsTable, HouseAdmin):
    """A member is made with its user, or by the action of the users' list."""

    change_form_template = "admin/members/member/change_form.html"  # type: ignore[assignment]
    list_display = ("name", "email", "trade", "is_visible", "member_since")
    list_filter = (
        PlanFilter,
        ("visible_since", admin.EmptyFieldListFilter),
        ("joined_at", DaysFilter),
    )
    resource_classes = (MemberResource,)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email", "trade")
    ordering = ("user__name", "id")
    fields = ("user", "trade", "visible_since", "joined_at")
    # Only the person agrees to be seen.
    readonly_fields = ("user", "visible_since", "joined_at", "act_as")
    actions = ("hide",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Member | None = None) -> Any:
        user = cast(User, request.user)
        may = obj is not None and acting.members_open_to(user).filter(pk=obj.pk).exists()
        return (*self.fields, "act_as") if may else self.fields

    @admin.display(description=_("voir le site comme"))
    def act_as(self, member: Member) -> str:
        # The form of the page goes to another address: a form inside it would not be HTML.
        return format_html(
            '<button type="submit" class="{}" formaction="{}" formnovalidate>{}</button>',
            BUTTON,
            reverse("members:act_as", args=[member.pk]),
            _("Voir le site comme %s, en lecture seule") % member,
        )

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
