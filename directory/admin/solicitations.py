"""Solicitations in the admin: who was asked about what, and how far each went. Read only."""

from typing import Any, ClassVar, Final

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from directory.matching import why
from directory.models import Solicitation, Step
from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin

SHOWN = (
    "need", "provider", "origin", "batch", "score", "reasons", "sent_at", "opened_at",
    "reminded_at", "answered_at", "price", "currency", "starts_on", "answer", "declined_at",
    "decline_reason", "awarded_at",
)  # fmt: skip

# As `Solicitation.step` tells it from the dates.
FUNNEL: Final[dict[str, Q]] = {
    Step.SENT: Q(opened_at=None),
    Step.OPENED: Q(opened_at__isnull=False, answered_at=None, declined_at=None),
    Step.ANSWERED: Q(answered_at__isnull=False, awarded_at=None),
    Step.DECLINED: Q(declined_at__isnull=False),
    Step.AWARDED: Q(awarded_at__isnull=False),
}


class StepFilter(admin.SimpleListFilter):
    """How far it went."""

    title = _("étape")
    parameter_name = "step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(step.value, step.label) for step in Step]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Solicitation]
    ) -> QuerySet[Solicitation]:
        chosen = FUNNEL.get(str(self.value()))
        return queryset if chosen is None else queryset.filter(chosen)


@admin.register(Solicitation)
class SolicitationAdmin(ShowsAudit, HouseAdmin):
    """Written by the directory and by the two parties alone. The keys are in the letters only."""

    list_display = ("need", "provider", "step", "origin", "score", "sent_at", "answered_at")
    list_filter: ClassVar[Any] = (
        StepFilter,
        ("origin", ChoicesDropdownFilter),
        ("decline_reason", ChoicesDropdownFilter),
        ("sent_at", DaysFilter),
    )
    list_select_related = ("need", "provider")
    ordering = ("-sent_at", "-id")
    search_fields = ("need__title", "provider__name")
    search_help_text = _("Besoin ou prestataire")
    show_full_result_count = False
    fields = SHOWN
    readonly_fields = SHOWN

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Solicitation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Solicitation | None = None) -> bool:
        return False

    @admin.display(description=_("étape"))
    def step(self, solicitation: Solicitation) -> str:
        return str(solicitation.step.label)

    @admin.display(description=_("pourquoi"), empty_value="–")
    def reasons(self, solicitation: Solicitation) -> str | None:
        return ", ".join(why(solicitation.breakdown)) or None
