"""Plans, the dated versions of their prices and VAT in the admin, written through the services.

A version is made from its plan, edited while it is a draft, shown in words, then published; a
published one is only read.
"""

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action, display

from members.admin.asking import DayField, address, ask, asked_for
from members.admin.audit import ShowsAudit
from members.admin.house import HouseAdmin, HouseInline
from members.admin.refusals import RefusalForm, ShowsRefusals
from members.boards.plans import Preview, preview
from members.models import Plan, PlanPack, PlanRate, PlanReduction, PlanVersion, User, Vat
from members.services import plans as services
from members.services.plans import Row

DRAFT, COMING, HOLDING, PAST = "draft", "coming", "holding", "past"
STATES = {
    DRAFT: gettext_lazy("brouillon"),
    COMING: gettext_lazy("publié, à venir"),
    HOLDING: gettext_lazy("en vigueur"),
    PAST: gettext_lazy("passé"),
}
COLOURS = {DRAFT: "warning", COMING: "info", HOLDING: "success", PAST: ""}


def with_followers(versions: QuerySet[PlanVersion]) -> QuerySet[PlanVersion]:
    """Annotated with whether a later one holds already."""
    later = PlanVersion.objects.published().filter(
        plan=OuterRef("plan"),
        valid_from__gt=OuterRef("valid_from"),
        valid_from__lte=timezone.localdate(),
    )
    return versions.annotate(is_followed=Exists(later))


def state_of(version: PlanVersion, today: date) -> str:
    if version.published_at is None:
        return DRAFT
    if version.valid_from > today:
        return COMING
    return PAST if version.is_followed else HOLDING  # type: ignore[attr-defined]  # annotated


class ShowsState:
    @admin.display(description=gettext_lazy("état"))
    def state(self, version: PlanVersion) -> str:
        return str(STATES[state_of(version, timezone.localdate())])

    @display(description=gettext_lazy("état"), label=COLOURS)  # type: ignore[untyped-decorator]
    def coloured_state(self, version: PlanVersion) -> tuple[str, str]:
        """For a list, which the theme draws as a badge."""
        found = state_of(version, timezone.localdate())
        return found, str(STATES[found])


class VersionInline(ShowsState, HouseInline):
    """The versions of a plan, the latest first. Each is edited on its own page."""

    model = PlanVersion
    fields = ("from_day", "state", "fee", "fee_every", "published_at", "note")
    readonly_fields = fields
    show_change_link = True
    can_delete = False
    verbose_name_plural = gettext_lazy("tarifs datés")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanVersion]:
        return with_followers(super().get_queryset(request))

    def has_add_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("à partir du"))
    def from_day(self, version: PlanVersion) -> str:
        return format_html(
            '<a class="underline" href="{}">{}</a>',
            address(version),
            date_format(version.valid_from, "DATE_FORMAT"),
        )


class NewVersionForm(forms.Form):
    valid_from = DayField(
        label=gettext_lazy("À partir du"),
        help_text=gettext_lazy("Le brouillon reprend les prix en vigueur ce jour-là."),
    )


@admin.register(Plan)
class PlanAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """A plan is never deleted: one no longer sold is no longer offered."""

    form = RefusalForm
    list_display = ("name", "code", "currency", "admission", "is_offered", "position")
    list_filter = ("is_offered", "currency", "admission")
    search_fields = ("name", "name_en", "code")
    prepopulated_fields = {"code": ("name",)}  # noqa: RUF012 (Django's own way)
    inlines = (VersionInline,)
    actions_detail = ("new_version",)
    fieldsets = (
        (None, {"fields": (("name", "name_en"), "code", "currency")}),
        (gettext_lazy("Présentation"), {"fields": ("summary", "summary_en")}),
        (gettext_lazy("Vente"), {"fields": ("is_offered", "admission", "position")}),
    )

    def get_inlines(self, request: HttpRequest, obj: Plan | None) -> Any:
        return self.inlines if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Plan, form: "ModelForm[Plan]", change: bool
    ) -> None:
        services.save_plan(plan=obj, by=cast(User, request.user), now=timezone.now())

    # A right named with a dot would make the theme's own check read tables before they are there.
    def has_draft_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("members.add_planversion")

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Nouvelle version tarifaire"),
        permissions=["draft"],
        url_path="nouveau-tarif",
        icon="add",
    )
    def new_version(self, request: HttpRequest, object_id: str) -> HttpResponse:
        plan: Plan = asked_for(self, request, object_id)

        def act(asked: dict[str, Any]) -> tuple[PlanVersion, str]:
            by, now = cast(User, request.user), timezone.now()
            draft = services.draft_version(
                plan=plan, valid_from=asked["valid_from"], by=by, now=now
            )
            return draft, _("Brouillon préparé. Il ne vaut rien tant qu’il n’est pas publié.")

        return ask(self, request, plan, NewVersionForm, title=_("Préparer le tarif"), act=act)


class DraftOnly:
    """Rows of a version: typed while it is a draft, read afterwards."""

    def has_add_permission(self, request: HttpRequest, obj: PlanVersion | None = None) -> bool:
        return _is_draft(obj) and super().has_add_permission(request, obj)  # type: ignore[misc]

    def has_change_permission(self, request: HttpRequest, obj: PlanVersion | None = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: PlanVersion | None = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)  # type: ignore[misc]


class RateInline(DraftOnly, StackedInline):  # type: ignore[misc]
    """A form each: in a table its thirteen columns would be out of sight."""

    model = PlanRate
    extra = 0
    fields = (
        ("kind", "unlimited"),
        ("hour", "half_day", "day"),
        ("daily_cap", "monthly_cap"),
        ("included_quantity", "included_unit"),
        ("step", "rounding", "free_minutes"),
    )


class PackInline(DraftOnly, HouseInline):
    model = PlanPack


class ReductionInline(DraftOnly, HouseInline):
    model = PlanReduction


def _is_draft(version: PlanVersion | None) -> bool:
    return version is None or version.published_at is None


class PublishedFilter(admin.SimpleListFilter):
    title = gettext_lazy("publication")
    parameter_name = "published"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("brouillons")), ("yes", _("publiés"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PlanVersion]
    ) -> QuerySet[PlanVersion]:
        if self.value() is None:
            return queryset
        return queryset.filter(published_at__isnull=self.value() == "no")


@admin.register(PlanVersion)
class PlanVersionAdmin(ShowsAudit, ShowsRefusals, ShowsState, HouseAdmin):
    form = RefusalForm
    list_display = ("plan", "valid_from", "coloured_state", "fee", "fee_every", "note")
    list_display_links = ("plan", "valid_from")
    list_filter = (("plan", RelatedDropdownFilter), PublishedFilter)
    list_select_related = ("plan",)
    ordering = ("plan__position", "plan__name", "-valid_from", "-id")
    search_fields = ("plan__name", "plan__code", "note")
    inlines = (RateInline, PackInline, ReductionInline)
    actions_detail = ("publish",)
    readonly_fields = ("plan", "state", "published_at", "in_words")
    fieldsets = (
        (None, {"fields": ("plan", "valid_from", "state", "published_at", "note")}),
        (gettext_lazy("Prix en mots"), {"fields": ("in_words",)}),
        (gettext_lazy("Abonnement"), {"fields": (("fee", "fee_every"), "fixed_desk")}),
        (
            gettext_lazy("Conditions"),
            {"fields": (("commitment_months", "notice_days"), ("midday", "vat_code"))},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlanVersion]:
        return with_followers(super().get_queryset(request).select_related("plan"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)  # drafts are thrown away one by one
        return actions

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        version = self.get_object(request, object_id)
        if version is None or not _is_draft(version):
            return []
        found: list[Any] = super().get_actions_detail(request, object_id)
        return found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # it is made from its plan

    def has_change_permission(self, request: HttpRequest, obj: PlanVersion | None = None) -> bool:
        return _is_draft(obj) and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: PlanVersion | None = None) -> bool:
        return _is_draft(obj) and bool(super().has_delete_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: PlanVersion, form: Any, change: bool) -> None:
        pass  # with its rows, in `save_related`: one service, one line in the audit

    def save_related(
        self,
        request: HttpRequest,
        form: "ModelForm[PlanVersion]",
        formsets: "list[BaseInlineFormSet[Any, PlanVersion, Any]]",
        change: bool,
    ) -> None:
        rows: list[Row] = []
        removed: list[Row] = []
        for formset in formsets:
            rows += formset.save(commit=False)
            removed += formset.deleted_objects
        services.save_draft(
            version=form.instance,
            rows=rows,
            removed=removed,
            by=cast(User, request.user),
            now=timezone.now(),
        )

    def delete_model(self, request: HttpRequest, obj: PlanVersion) -> None:
        services.delete_draft(version=obj, by=cast(User, request.user), now=timezone.now())

    @admin.display(description=gettext_lazy("ce que le public lira"))
    def in_words(self, version: PlanVersion) -> str:
        return render_to_string("admin/members/prices.html", {"offered": _preview(version)})

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("members.publish_planversion")

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Publier…"),
        permissions=["publish"],
        url_path="publier",
        icon="publish",
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        version: PlanVersion = asked_for(self, request, object_id)

        def act(asked: dict[str, Any]) -> tuple[PlanVersion, str]:
            by, now = cast(User, request.user), timezone.now()
            services.publish_version(version=version, by=by, now=now)
            return version, _("Tarif publié : il ne changera plus.")

        return ask(
            self,
            request,
            version,
            forms.Form,
            title=_("Publier"),
            about=_("%(plan)s, à partir du %(day)s. Une fois publié, ce tarif ne change plus.")
            % {
                "plan": version.plan,
                "day": date_format(version.valid_from, "DATE_FORMAT"),
            },
            act=act,
            preview=_preview(version),
        )


def _preview(version: PlanVersion) -> Preview:
    return preview(PlanVersion.objects.whole().get(pk=version.pk))


@admin.register(Vat)
class VatAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """A rate that holds is not edited: it ends, and the next one begins."""

    form = RefusalForm
    list_display = ("code", "percent", "source", "valid_from", "valid_until")
    list_filter = ("code",)
    ordering = ("code", "-valid_from")
    fields = ("code", "percent", "source", "valid_from", "valid_until")

    def has_delete_permission(self, request: HttpRequest, obj: Vat | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Vat | None = None) -> tuple[str, ...]:
        began = obj is not None and obj.valid_from <= timezone.localdate()
        return ("code", "percent", "valid_from") if began else ()

    def save_model(
        self, request: HttpRequest, obj: Vat, form: "ModelForm[Vat]", change: bool
    ) -> None:
        services.save_vat(vat=obj, by=cast(User, request.user), now=timezone.now())
