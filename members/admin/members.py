"""Members in the admin: what this floor knows of them. The roof adds bookings and registers it."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from import_export.fields import Field
from import_export.resources import ModelResource
from tablib import Dataset
from unfold.views import ChangeList

from members import services
from members.admin.audit import ShowsAudit
from members.admin.exports import ExportsTable
from members.admin.file import KeepsFile
from members.admin.house import DaysFilter, HouseAdmin
from members.admin.imports import ImportsMembers
from members.models import Application, Member, Plan, State, Subscription, Use, User
from members.services import applications, letters
from members.services.consents import withdraw
from members.services.exports import record_export

AT_ONCE = 500  # members written to together: the team does not send mass mail
PRESENT = (State.APPLICANT, State.ACTIVE, State.PAUSED)
TONES = {
    State.APPLICANT: "warm",
    State.ACTIVE: "good",
    State.PAUSED: "warm",
    State.FORMER: "",
    State.REFUSED: "bad",
}


def state_badge(member: Member) -> str:
    tone = TONES[State(member.state)]
    more = f" desk-badge-{tone}" if tone else ""
    return format_html(
        '<span class="desk desk-badge{}">{}</span>', more, member.get_state_display()
    )


def plan_now() -> "QuerySet[Subscription]":
    """What holds today, with the plan."""
    return Subscription.objects.on(timezone.localdate()).select_related("plan")


class MemberResource(ModelResource):  # type: ignore[misc]
    """What a spreadsheet of the members holds."""

    name = Field("user__name", column_name=gettext_lazy("Nom"))
    email = Field("user__email", column_name=gettext_lazy("Adresse e-mail"))
    state = Field(
        column_name=gettext_lazy("État"), dehydrate_method=lambda it: it.get_state_display()
    )
    plan = Field("plan_name", column_name=gettext_lazy("Formule"))
    trade = Field("trade", column_name=gettext_lazy("Métier"))
    company = Field("company", column_name=gettext_lazy("Entreprise"))
    member_since = Field(
        column_name=gettext_lazy("Membre depuis"),
        dehydrate_method=lambda member: timezone.localdate(member.joined_at),
    )

    class Meta:
        model = Member
        fields: ClassVar[Any] = (
            "name",
            "email",
            "state",
            "plan",
            "trade",
            "company",
            "member_since",
        )
        name = gettext_lazy("Membres")

    def filter_export(self, queryset: QuerySet[Member], **kwargs: Any) -> QuerySet[Member]:
        held = plan_now().filter(member=OuterRef("pk")).order_by("start")
        return queryset.annotate(plan_name=Subquery(held.values("plan__name")[:1]))


class StateFilter(admin.SimpleListFilter):
    """Without a choice, who is in the house or at its door."""

    title = gettext_lazy("état")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("all", gettext_lazy("Tous")),
            *((state.value, capfirst(str(state.label))) for state in State),
        ]

    def choices(self, changelist: Any) -> Any:
        default, *others = super().choices(changelist)
        yield default | {"display": _("Candidats, actifs et en pause")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        chosen = self.value()
        if chosen == "all":
            return queryset
        states = (chosen,) if chosen in State.values else PRESENT
        return queryset.filter(state__in=states)


class PlanFilter(admin.SimpleListFilter):
    title = gettext_lazy("formule")
    parameter_name = "plan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        plans = Plan.objects.order_by("name", "pk").values_list("pk", "name")
        return [("none", gettext_lazy("Sans formule")), *((str(pk), name) for pk, name in plans)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        chosen = self.value()
        if chosen is None or chosen not in {value for value, _label in self.lookup_choices}:
            return queryset
        held = Subscription.objects.on(timezone.localdate()).filter(member=OuterRef("pk"))
        if chosen == "none":
            return queryset.filter(~Exists(held), state__in=(State.ACTIVE, State.PAUSED))
        return queryset.filter(Exists(held.filter(plan_id=chosen)))


class VisibleFilter(admin.SimpleListFilter):
    title = gettext_lazy("visible des autres")
    parameter_name = "visible"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", gettext_lazy("Oui")), ("no", gettext_lazy("Non"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Member]) -> QuerySet[Member]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(visible_since__isnull=self.value() == "no")


class LetterForm(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Objet"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "desk-input desk-wide"}),
    )
    body = forms.CharField(
        label=gettext_lazy("Texte"),
        max_length=5000,
        widget=forms.Textarea(attrs={"class": "desk-input desk-wide", "rows": 10}),
    )


class MembersChangeList(ChangeList):  # type: ignore[misc]
    """Its rows carry the plan that holds today, found for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        held = Prefetch("subscriptions", queryset=plan_now(), to_attr="plans_now")
        prefetch_related_objects(list(self.result_list), held)


class MemberAdmin(ImportsMembers, KeepsFile, ShowsAudit, ExportsTable, HouseAdmin):
    """A member is made with its user, or by the action of the users' list."""

    list_display: ClassVar[Any] = ("name", "state_badge", "plan", "trade", "member_since")
    list_filter: ClassVar[Any] = (
        StateFilter,
        PlanFilter,
        VisibleFilter,
        ("joined_at", DaysFilter),
    )
    resource_classes: ClassVar[Any] = (MemberResource,)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email", "trade", "company")
    search_help_text = gettext_lazy("Nom, adresse e-mail, métier ou entreprise")
    ordering = ("user__name", "id")
    show_full_result_count = False
    fields = ("trade", "company", "skills", "can_help_with", "looks_for")
    # What people say of themselves, they say themselves.
    readonly_fields = ("skills", "can_help_with", "looks_for")
    actions = ("approve", "write", "hide")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return MembersChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Member]:
        """For the page of a member with the user, whom every part of it names."""
        found: QuerySet[Member] = super().get_queryset(request)
        match = request.resolver_match
        is_page = match is not None and "object_id" in match.kwargs
        return found.select_related("user") if is_page else found

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Member | None = None) -> bool:
        return False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.export_member")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.decide_application")

    def has_write_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("members.add_announcement")

    def get_data_for_export(
        self, request: HttpRequest, queryset: QuerySet[Member], **kwargs: Any
    ) -> Dataset:
        data = super().get_data_for_export(request, queryset, **kwargs)
        record_export(
            table=str(self.opts.verbose_name_plural),
            rows=len(data),
            columns=[str(name) for name in data.headers or ()],
            by=cast(User, request.user),
            now=timezone.now(),
        )
        return data

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        if not form.changed_data:
            return
        services.change_profile(
            member=obj,
            now=timezone.now(),
            by=cast(User, request.user),
            values={"trade": obj.trade, "company": obj.company},
        )

    # Columns

    @admin.display(description=gettext_lazy("nom"), ordering="user__name")
    def name(self, member: Member) -> str:
        return member.user.name

    @admin.display(description=gettext_lazy("état"), ordering="state")
    def state_badge(self, member: Member) -> str:
        return state_badge(member)

    @admin.display(description=gettext_lazy("formule"), empty_value="–")
    def plan(self, member: Member) -> str | None:
        held = member.plans_now  # type: ignore[attr-defined]
        return held[0].plan.label if held else None

    @admin.display(description=gettext_lazy("membre depuis"), ordering="joined_at")
    def member_since(self, member: Member) -> str:
        return date_format(timezone.localdate(member.joined_at), "SHORT_DATE_FORMAT")

    # Actions on several

    @admin.action(
        description=gettext_lazy("Accepter les candidatures choisies"), permissions=["decide"]
    )
    def approve(self, request: HttpRequest, queryset: QuerySet[Member]) -> None:
        chosen = queryset.order_by().values("pk")
        waiting = Application.objects.waiting().filter(member__in=chosen)
        done = 0
        for application in waiting.select_related("member__user", "plan"):
            try:
                applications.approve(
                    application=application, by=cast(User, request.user), now=timezone.now()
                )
            except ValidationError as refusal:
                problem = f"{application.member} : {' '.join(refusal.messages)}"
                self.message_user(request, problem, messages.ERROR)
            else:
                done += 1
        self.message_user(
            request,
            ngettext("%d candidature acceptée.", "%d candidatures acceptées.", done) % done,
            messages.SUCCESS if done else messages.WARNING,
        )

    @admin.action(description=gettext_lazy("Écrire aux membres choisis…"), permissions=["write"])
    def write(self, request: HttpRequest, queryset: QuerySet[Member]) -> HttpResponse | None:
        """Ask for the letter, then put it into the queue."""
        members = list(queryset.order_by("user__name", "pk")[: AT_ONCE + 1])
        if len(members) > AT_ONCE:
            text = _("Choisissez au plus %(limit)s membres à la fois.") % {"limit": AT_ONCE}
            self.message_user(request, text, messages.ERROR)
            return None
        form = LetterForm(request.POST if "confirm" in request.POST else None)
        if form.is_valid() and self._send(request, members, form):
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Écrire à des membres"),
            "opts": self.opts,
            "form": form,
            "members": members,
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/members/write.html", context)

    def _send(self, request: HttpRequest, members: list[Member], form: LetterForm) -> bool:
        try:
            letter = letters.write_to(
                members=members,
                title=form.cleaned_data["title"],
                body=form.cleaned_data["body"],
                by=cast(User, request.user),
                now=timezone.now(),
            )
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
            return False
        number = letter.deliveries.count()
        text = ngettext("La lettre part vers %d membre.", "La lettre part vers %d membres.", number)
        self.message_user(request, text % number, messages.SUCCESS)
        return True

    @admin.action(description=gettext_lazy("Masquer aux autres membres"), permissions=["change"])
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
