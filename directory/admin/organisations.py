"""Those who order, in the admin: who acts for them, and two rows that are one."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget

from directory.models import Agent, Organisation
from directory.services.organisations import merge_organisations
from members.admin.asking import ask, asked_for
from members.admin.audit import ShowsAudit
from members.admin.house import HouseAdmin, HouseInline
from members.models import User


class MergeForm(forms.Form):
    """Which other row is the same order giver."""

    other = forms.ModelChoiceField(
        label=gettext_lazy("Le même donneur d’ordre, sous un autre nom"),
        queryset=Organisation.objects.all(),
        help_text=gettext_lazy("Ses besoins et ses personnes viennent ici ; lui disparaît."),
        widget=UnfoldAdminSelectWidget,
    )


class AgentInline(HouseInline):
    """Who acts for it. Read only: one invites oneself, or leaves."""

    model = Agent
    fields = ("user", "since")
    readonly_fields = fields
    ordering = ("since", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        rows: QuerySet[Agent] = super().get_queryset(request)
        return rows.select_related("user")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(ShowsAudit, HouseAdmin):
    list_display = ("name", "kind", "commune", "legal_number", "count")
    list_filter = (("kind", ChoicesDropdownFilter), ("commune", RelatedDropdownFilter))
    list_select_related = ("commune",)
    ordering = ("name", "id")
    search_fields = ("name", "legal_number")
    search_help_text = gettext_lazy("Nom ou numéro")
    show_full_result_count = False
    inlines = (AgentInline,)
    actions_detail = ("merge",)
    fields = ("name", "kind", "commune", "legal_number", "legal_state", "made_at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        rows: QuerySet[Organisation] = super().get_queryset(request)
        return rows.annotate(needs_count=Count("needs"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False

    def has_merge_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("directory.change_organisation")

    @admin.display(description=gettext_lazy("besoins"), ordering="needs_count")
    def count(self, organisation: Any) -> int:
        return int(organisation.needs_count)

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Réunir avec un autre…"),
        permissions=["merge"],
        url_path="reunir",
        icon="merge",
    )
    def merge(self, request: HttpRequest, object_id: str) -> HttpResponse:
        keep: Organisation = asked_for(self, request, object_id)

        def act(said: dict[str, Any]) -> tuple[Organisation, str]:
            by, now = cast(User, request.user), timezone.now()
            done = merge_organisations(keep=keep, other=said["other"], by=by, now=now)
            return done, _("Les deux donneurs d’ordre sont réunis.")

        title = _("Réunir deux donneurs d’ordre")
        return ask(self, request, keep, MergeForm, title=title, act=act)
