"""Needs in the admin: the host opens or refuses what waits, and sees what stayed unmet."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from directory.models import Need, NeedState, Solicitation
from directory.services import needs
from members.admin.asking import ask, asked_for
from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin, HouseInline
from members.models import User

ASKED = (
    "title", "description", "kind", "trade", "must", "nice", "commune", "radius_km", "mode",
    "budget", "deadline", "starts_on", "answers_wanted", "files",
)  # fmt: skip
WHO = ("organisation", "contact_name", "contact_email", "contact_phone", "is_anonymous", "author")
WHERE = ("state", "state_since", "state_reason", "made_at", "opened_at", "next_batch_at")
OUTCOME = (
    "awarded_to", "outside_reason", "amount", "otherwise", "outcome_words", "outcome_asked_at",
    "outcome_at",
)  # fmt: skip
UNMET = Q(state__in=(NeedState.UNFILLED, NeedState.AWARDED_OUTSIDE)) | Q(
    state=NeedState.EXPIRED, answered=0
)
# What waits for the host first, then what is open, then the rest.
TURN = Case(
    When(state=NeedState.SUBMITTED, then=Value(0)),
    When(state=NeedState.OPEN, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


class UnmetFilter(admin.SimpleListFilter):
    """« Besoins non pourvus »: without follow-up, given outside, or over without an answer."""

    title = gettext_lazy("besoins non pourvus")
    parameter_name = "unmet"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("non pourvus"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Need]) -> QuerySet[Need]:
        return queryset.filter(UNMET) if self.value() == "yes" else queryset


class OpenForm(forms.Form):
    """Nothing to say; the fingerprint of what was read goes along."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        max_length=500,
        help_text=gettext_lazy("L’auteur la lit dans la lettre et sur sa page."),
        widget=UnfoldAdminTextInputWidget,
    )


class FunnelInline(HouseInline):
    """Who was asked, and how far each went. Read only."""

    model = Solicitation
    fields = (
        "provider", "origin", "batch", "score", "sent_at", "opened_at", "answered_at",
        "declined_at", "decline_reason", "awarded_at",
    )  # fmt: skip
    readonly_fields = fields
    ordering = ("sent_at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Solicitation]:
        rows: QuerySet[Solicitation] = super().get_queryset(request)
        return rows.select_related("provider")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Need)
class NeedAdmin(ShowsAudit, HouseAdmin):
    """Read only: what somebody looks for is theirs; the host opens it or says why not."""

    list_display = (
        "title", "organisation", "commune", "coloured_state", "made_at", "deadline", "answers",
    )  # fmt: skip
    list_filter: ClassVar[Any] = (
        ("state", ChoicesDropdownFilter),
        UnmetFilter,
        ("trade", RelatedDropdownFilter),
        ("made_at", DaysFilter),
    )
    list_select_related = ("organisation", "commune")
    ordering = (TURN.asc(), "-made_at", "-id")
    search_fields = ("title", "organisation__name", "contact_email")
    search_help_text = gettext_lazy("Titre, donneur d’ordre ou adresse e-mail")
    show_full_result_count = False
    inlines = (FunnelInline,)
    actions_detail = ("open_it", "reject_it")
    fieldsets = (
        (None, {"fields": ASKED}),
        (gettext_lazy("Qui"), {"fields": WHO}),
        (gettext_lazy("Où il en est"), {"fields": WHERE}),
        (gettext_lazy("Suite donnée"), {"fields": OUTCOME}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Need]:
        rows: QuerySet[Need] = super().get_queryset(request)
        answered = Count("solicitations", filter=Q(solicitations__answered_at__isnull=False))
        return rows.annotate(asked=Count("solicitations"), answered=answered)

    def get_readonly_fields(self, request: HttpRequest, obj: Need | None = None) -> Any:
        return (*ASKED, *WHO, *WHERE, *OUTCOME)

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        need = self.get_object(request, object_id)
        offered = {
            NeedState.SUBMITTED: {"open_it", "reject_it"},
            NeedState.OPEN: {"reject_it"},
        }.get(NeedState(need.state) if need else NeedState.DRAFT, set())
        found: list[Any] = super().get_actions_detail(request, object_id)
        return [one for one in found if one.action_name.endswith(tuple(offered))]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Need | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Need | None = None) -> bool:
        return False

    def has_moderate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("directory.moderate_need")

    # Columns

    @admin.display(description=gettext_lazy("état"), ordering="state")
    def coloured_state(self, need: Need) -> str:
        return str(NeedState(need.state).label)

    @admin.display(description=gettext_lazy("réponses"))
    def answers(self, need: Any) -> str:
        return f"{need.answered} / {need.asked}"

    @admin.display(description=gettext_lazy("compétences indispensables"), empty_value="–")
    def must(self, need: Need) -> str | None:
        return ", ".join(str(skill) for skill in need.skills_must.all()) or None

    @admin.display(description=gettext_lazy("compétences souhaitées"), empty_value="–")
    def nice(self, need: Need) -> str | None:
        return ", ".join(str(skill) for skill in need.skills_nice.all()) or None

    @admin.display(description=gettext_lazy("fichiers"), empty_value="–")
    def files(self, need: Need) -> str | None:
        rows = need.attachments.defer("content").order_by("id")
        links = [(reverse("directory:need_file", args=[need.pk, f.pk]), f.file_name) for f in rows]
        return format_html_join(", ", '<a href="{}">{}</a>', links) or None

    # Deciding

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Ouvrir…"),
        permissions=["moderate"],
        url_path="ouvrir",
        icon="check",
    )
    def open_it(self, request: HttpRequest, object_id: str) -> HttpResponse:
        need: Need = asked_for(self, request, object_id)

        def act(said: dict[str, Any]) -> tuple[Need, str]:
            done = needs.open_need(
                need=need, by=cast(User, request.user), now=timezone.now(), seen=said["seen"]
            )
            return done, _("Le besoin est ouvert, et son auteur prévenu.")

        title, initial = _("Ouvrir ce besoin"), {"seen": need.fingerprint}
        about = f"{need.organisation} · {need.title}"
        return ask(
            self, request, need, OpenForm, title=title, act=act, about=about, initial=initial
        )

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Refuser…"),
        permissions=["moderate"],
        url_path="refuser",
        icon="block",
    )
    def reject_it(self, request: HttpRequest, object_id: str) -> HttpResponse:
        need: Need = asked_for(self, request, object_id)

        def act(said: dict[str, Any]) -> tuple[Need, str]:
            by, now = cast(User, request.user), timezone.now()
            done = needs.reject(need=need, by=by, now=now, reason=said["reason"])
            return done, _("Le besoin est refusé, et son auteur prévenu.")

        title, about = _("Refuser ce besoin"), f"{need.organisation} · {need.title}"
        return ask(self, request, need, RejectForm, title=title, act=act, about=about)
