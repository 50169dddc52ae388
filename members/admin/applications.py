"""Applications in the admin: hosts read who asks to join, and answer through the services."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminTextInputWidget

from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin
from members.models import Application, Decision, User
from members.services import applications

AT_ONCE = 50  # decided together: each one writes a letter

ASKED = ("name", "email", "plan", "starts_on", "category", "heard", "message", "submitted_at")
ABOUT = ("trade", "company")
ANSWER = ("answer", "decided_by", "decided_at", "reason")


class AnswerFilter(admin.SimpleListFilter):
    title = gettext_lazy("réponse")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", gettext_lazy("en attente")), *Decision.choices]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Application]
    ) -> QuerySet[Application]:
        if self.value() == "waiting":
            return queryset.filter(decided_at__isnull=True)
        return queryset.filter(decision=self.value()) if self.value() else queryset


class RefuseForm(forms.Form):
    """Why: each person reads it in the letter."""

    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        max_length=500,
        error_messages={
            "required": gettext_lazy("Dites pourquoi\N{NO-BREAK SPACE}: la personne le lira.")
        },
        help_text=gettext_lazy("Chaque personne la lit dans l’e-mail et sur sa page."),
        widget=UnfoldAdminTextInputWidget,
    )


@admin.register(Application)
class ApplicationAdmin(ShowsAudit, HouseAdmin):
    """Read only: what a person asked is theirs; the answer is given once, by a service."""

    change_form_template = "admin/members/application/change_form.html"
    list_display = ("name", "plan", "submitted_at", "waiting_since", "starts_on", "heard", "answer")
    list_filter = (
        AnswerFilter,
        ("plan", RelatedDropdownFilter),
        ("heard", ChoicesDropdownFilter),
        ("submitted_at", DaysFilter),
    )
    list_select_related = ("member__user", "plan")
    # Who waits first, the longest waiting at the top; then the latest answers.
    ordering = (F("decided_at").desc(nulls_first=True), "submitted_at", "id")
    search_fields = ("member__user__name", "member__user__email")
    search_help_text = gettext_lazy("Nom ou adresse e-mail")
    show_full_result_count = False
    actions = ("approve_applications", "refuse_applications")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        rows: QuerySet[Application] = super().get_queryset(request)
        return rows.select_related("member__user", "plan", "decided_by")

    def get_fieldsets(self, request: HttpRequest, obj: Application | None = None) -> Any:
        answer = () if obj is None or obj.is_waiting else (_("Réponse"), {"fields": ANSWER})
        parts = (
            (None, {"fields": ASKED}),
            (_("Qui c’est"), {"fields": ABOUT}),
            answer,
        )
        return tuple(part for part in parts if part)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Application | None = None) -> bool:
        return False

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.decide_application")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra = {"may_decide": self.has_decide_permission(request), **(extra_context or {})}
        response: HttpResponse = super().change_view(request, object_id, form_url, extra)
        return response

    # Columns

    @admin.display(description=gettext_lazy("nom"), ordering="member__user__name")
    def name(self, application: Application) -> str:
        return str(application.member)

    @admin.display(description=gettext_lazy("adresse e-mail"), ordering="member__user__email")
    def email(self, application: Application) -> str:
        return application.member.user.email

    @admin.display(description=gettext_lazy("métier"))
    def trade(self, application: Application) -> str:
        return application.member.trade

    @admin.display(description=gettext_lazy("entreprise ou employeur"))
    def company(self, application: Application) -> str:
        return application.member.company

    @admin.display(description=gettext_lazy("attend depuis"))
    def waiting_since(self, application: Application) -> str:
        return timesince(application.submitted_at, depth=1) if application.is_waiting else ""

    @admin.display(description=gettext_lazy("réponse"), ordering="decision")
    def answer(self, application: Application) -> str:
        return str(application.get_decision_display() or _("en attente"))

    # Deciding

    @admin.action(
        description=gettext_lazy("Accepter les candidatures choisies"), permissions=["decide"]
    )
    def approve_applications(
        self, request: HttpRequest, queryset: QuerySet[Application]
    ) -> HttpResponse | None:
        """Each becomes a member, on the plan asked for; what is refused is told, and stays."""
        if chosen := self._chosen(request, queryset):
            done = self._decide(request, chosen, applications.approve)
            text = ngettext(
                "%(count)s candidature acceptée.", "%(count)s candidatures acceptées.", done
            )
            self._say(request, text, done)
        return None

    @admin.action(
        description=gettext_lazy("Refuser les candidatures choisies"), permissions=["decide"]
    )
    def refuse_applications(
        self, request: HttpRequest, queryset: QuerySet[Application]
    ) -> HttpResponse | None:
        """Ask why, then refuse each."""
        chosen = self._chosen(request, queryset)
        if not chosen:
            return None
        form = RefuseForm(request.POST if "confirm" in request.POST else None)
        if not form.is_valid():
            return self._ask_why(request, chosen, form)
        reason = form.cleaned_data["reason"]
        done = self._decide(request, chosen, applications.refuse, reason=reason)
        text = ngettext("%(count)s candidature refusée.", "%(count)s candidatures refusées.", done)
        self._say(request, text, done)
        return None

    def _chosen(
        self, request: HttpRequest, queryset: QuerySet[Application]
    ) -> Sequence[Application]:
        chosen = list(queryset.order_by("submitted_at", "id")[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            problem = _("Choisissez au plus %(limit)s candidatures à la fois.") % {"limit": AT_ONCE}
            self.message_user(request, problem, messages.ERROR)
            return []
        return chosen

    def _decide(
        self,
        request: HttpRequest,
        chosen: Sequence[Application],
        decide: Callable[..., Application],
        **more: Any,
    ) -> int:
        """Each by itself: how many were decided; for the others, who and why not."""
        by, now, done = cast(User, request.user), timezone.now(), 0
        for application in chosen:
            try:
                decided = decide(application=application, by=by, now=now, **more)
            except ValidationError as refusal:
                problem = f"{application.member}\N{NO-BREAK SPACE}: {refusal.messages[0]}"
                self.message_user(request, problem, messages.ERROR)
            else:
                done += 1
                self.log_change(request, decided, str(decided.get_decision_display()))
        return done

    def _say(self, request: HttpRequest, text: str, done: int) -> None:
        if done:
            self.message_user(request, text % {"count": done}, messages.SUCCESS)

    def _ask_why(
        self, request: HttpRequest, chosen: Sequence[Application], form: RefuseForm
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext("Refuser une candidature", "Refuser des candidatures", len(chosen)),
            "opts": self.opts,
            "form": form,
            "applications": chosen,
            "action_name": "refuse_applications",
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/members/application/refuse.html", context)
