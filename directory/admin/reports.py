"""What comes from the public pages: claims, reports, messages. What waits is at the top."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from directory.admin.providers import NothingForm
from directory.models import Claim, ClaimDecision, Message, Report
from directory.services import claims, reports
from directory.services.publishing import MODERATE
from members.admin.asking import ask, asked_for
from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin
from members.models import User


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=gettext_lazy("Suite donnée"),
        max_length=300,
        help_text=gettext_lazy("Pour l’équipe : ce qui a été vu et fait."),
        widget=UnfoldAdminTextInputWidget,
    )


class WaitingFilter(admin.SimpleListFilter):
    """What nobody has dealt with yet; each list says by which column."""

    title = gettext_lazy("à traiter")
    parameter_name = "waiting"
    column = ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Oui")), ("no", gettext_lazy("Non"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(**{f"{self.column}__isnull": self.value() == "yes"})


class ToDecideFilter(WaitingFilter):
    column = "decided_at"


class ToHandleFilter(WaitingFilter):
    column = "handled_at"


class ReadOnlyAdmin(ShowsAudit, HouseAdmin):
    """Written by the public, read here, answered by buttons."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_moderate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm(MODERATE)


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("provider", "claimant", "made_at", "answer")
    list_filter = (ToDecideFilter, ("made_at", DaysFilter))
    list_select_related = ("provider", "user")
    ordering = (F("decided_at").desc(nulls_first=True), "made_at", "id")
    search_fields = ("provider__name", "user__name")
    search_help_text = gettext_lazy("Nom de la fiche ou de la personne")
    show_full_result_count = False
    actions_detail = ("accept", "refuse")
    fields = ("provider", "user", "message", "made_at", "answer", "decided_at", "decided_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        rows: QuerySet[Claim] = super().get_queryset(request)
        return rows.select_related("provider", "user", "decided_by")

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        claim = self.get_object(request, object_id)
        if claim is None or claim.decision:
            return []
        found: list[Any] = super().get_actions_detail(request, object_id)
        return found

    @admin.display(description=gettext_lazy("demandeur"), ordering="user__name")
    def claimant(self, claim: Claim) -> str:
        return claim.user.name or _("sans nom")

    @admin.display(description=gettext_lazy("réponse"), ordering="decision")
    def answer(self, claim: Claim) -> str:
        return str(claim.get_decision_display() or _("en attente"))

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Confier la fiche…"),
        permissions=["moderate"],
        url_path="accepter",
        icon="check",
    )
    def accept(self, request: HttpRequest, object_id: str) -> HttpResponse:
        said = _("La fiche est confiée, et la personne prévenue.")
        return self._decide(request, object_id, _("Confier la fiche"), ClaimDecision.ACCEPTED, said)

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Refuser…"),
        permissions=["moderate"],
        url_path="refuser",
        icon="block",
    )
    def refuse(self, request: HttpRequest, object_id: str) -> HttpResponse:
        said = _("La demande est refusée, et la personne prévenue.")
        return self._decide(
            request, object_id, _("Refuser la demande"), ClaimDecision.REFUSED, said
        )

    def _decide(
        self, request: HttpRequest, object_id: str, title: str, decision: ClaimDecision, said: str
    ) -> HttpResponse:
        claim: Claim = asked_for(self, request, object_id)

        def act(asked: dict[str, Any]) -> tuple[Claim, str]:
            by, now = cast(User, request.user), timezone.now()
            return claims.decide(claim=claim, decision=decision, by=by, now=now), said

        about = f"{claim.user} · {claim.provider}"
        return ask(self, request, claim, NothingForm, title=title, act=act, about=about)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("about", "reason", "made_at", "handled_at", "outcome")
    list_filter = (
        ToHandleFilter,
        ("reason", ChoicesDropdownFilter),
        ("made_at", DaysFilter),
    )
    list_select_related = ("provider", "need")
    ordering = (F("handled_at").desc(nulls_first=True), "made_at", "id")
    search_fields = ("provider__name", "need__title", "text")
    show_full_result_count = False
    actions_detail = ("handle",)
    fields = (
        "provider", "need", "reason", "text", "made_at", "handled_at", "handled_by", "outcome",
    )  # fmt: skip

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        report = self.get_object(request, object_id)
        if report is None or report.handled_at is not None:
            return []
        found: list[Any] = super().get_actions_detail(request, object_id)
        return found

    @admin.display(description=gettext_lazy("sur"))
    def about(self, report: Report) -> str:
        return str(report.provider or report.need)

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Traiter…"),
        permissions=["moderate"],
        url_path="traiter",
        icon="check",
    )
    def handle(self, request: HttpRequest, object_id: str) -> HttpResponse:
        report: Report = asked_for(self, request, object_id)

        def act(asked: dict[str, Any]) -> tuple[Report, str]:
            by, now = cast(User, request.user), timezone.now()
            return reports.handle(report=report, by=by, now=now, **asked), _("C’est noté.")

        title = _("Traiter ce signalement")
        return ask(self, request, report, OutcomeForm, title=title, act=act)


class RelayedFilter(admin.SimpleListFilter):
    title = gettext_lazy("transmis")
    parameter_name = "relayed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Oui")), ("no", gettext_lazy("Non"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        asked = {"yes": Q(relayed_at__isnull=False), "no": Q(relayed_at=None)}
        return queryset.filter(asked.get(self.value() or "", Q()))


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """To look into abuse. Addresses are on the page of one message, never in the list."""

    list_display = ("provider", "sender_name", "made_at", "relayed_at")
    list_filter = (RelayedFilter, ("made_at", DaysFilter))
    list_select_related = ("provider",)
    ordering = ("-made_at", "-id")
    search_fields = ("provider__name", "sender_name")
    show_full_result_count = False
    fields = ("provider", "sender_name", "sender_email", "text", "made_at", "relayed_at")
