"""Who is on which plan, in the admin: begun, changed and ended through the services."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from members.admin.asking import DayField, ask, asked_for
from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin
from members.admin.refusals import RefusalForm, ShowsRefusals
from members.models import Plan, PlanReduction, Subscription, User
from members.services.subscriptions import change_plan, end_plan, subscribe

RUNNING, COMING, ENDED, VOID = "running", "coming", "ended", "void"
STATES = {
    RUNNING: gettext_lazy("en cours"),
    COMING: gettext_lazy("à venir"),
    ENDED: gettext_lazy("terminés"),
    VOID: gettext_lazy("sans effet"),
}


def _categories() -> list[tuple[str, str]]:
    """Those of every version: a member may be on a price of before."""
    names = PlanReduction.objects.order_by("category", "-version").values_list("category", "name")
    return [("", "—"), *dict(reversed(names)).items()]


class CategoryField(forms.ChoiceField):
    widget = UnfoldAdminSelectWidget

    def __init__(self, **options: Any) -> None:
        label, text = gettext_lazy("Catégorie"), gettext_lazy("Ouvre droit à une réduction.")
        super().__init__(
            label=label, help_text=text, required=False, choices=_categories, **options
        )


class SubscriptionForm(RefusalForm):
    """A new subscription. What goes together is the services' business."""

    category = CategoryField()

    class Meta:
        model = Subscription
        fields = ("member", "plan", "start", "end", "category")


class ChangePlanForm(forms.Form):
    plan = forms.ModelChoiceField(
        label=gettext_lazy("Nouvelle formule"),
        queryset=Plan.objects.all(),
        widget=UnfoldAdminSelectWidget,
    )
    on = DayField(
        label=gettext_lazy("À partir du"),
        help_text=gettext_lazy("La formule d’aujourd’hui prend fin la veille."),
    )
    category = CategoryField()


class EndPlanForm(forms.Form):
    on = DayField(
        label=gettext_lazy("Premier jour sans la formule"),
        help_text=gettext_lazy("La personne reste membre, sans formule."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Raison"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Pour l’équipe : elle reste dans l’historique."),
    )


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("état")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*STATES.items()]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscription]
    ) -> QuerySet[Subscription]:
        today = timezone.localdate()
        asked: dict[str | None, Q] = {
            RUNNING: Q(start__lte=today, is_void=False) & (Q(end=None) | Q(end__gt=today)),
            COMING: Q(start__gt=today, is_void=False),
            ENDED: Q(end__lte=today, is_void=False),
            VOID: Q(is_void=True),
        }
        return queryset.filter(asked.get(self.value(), Q()))


@admin.register(Subscription)
class SubscriptionAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """Never deleted, and changed by its two buttons only."""

    form = SubscriptionForm
    list_display = ("member", "plan", "start", "end", "category", "standing")
    list_filter = (
        ("plan", RelatedDropdownFilter),
        StandingFilter,
        ("start", DaysFilter),
        ("end", DaysFilter),
    )
    list_select_related = ("member__user", "plan")
    ordering = ("-start", "-id")
    search_fields = ("member__user__name", "member__user__email")
    search_help_text = gettext_lazy("Nom ou adresse e-mail du membre")
    autocomplete_fields = ("member",)
    actions_detail = ("change_plan", "end_plan")
    fields = ("member", "plan", "start", "end", "category")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        rows: QuerySet[Subscription] = super().get_queryset(request)
        return rows.select_related("member__user", "plan", "made_by")

    def get_fields(self, request: HttpRequest, obj: Subscription | None = None) -> Any:
        about = ("standing", "made_by", "made_at", "notice_at")
        return (*self.fields, *about) if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Subscription | None = None) -> Any:
        return self.get_fields(request, obj) if obj else ()

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        subscription = self.get_object(request, object_id)
        if subscription is None or _standing(subscription) in (ENDED, VOID):
            return []
        found: list[Any] = super().get_actions_detail(request, object_id)
        return found

    def has_change_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return obj is None and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Subscription | None = None) -> bool:
        return False

    def save_model(
        self, request: HttpRequest, obj: Subscription, form: SubscriptionForm, change: bool
    ) -> None:
        asked = form.cleaned_data
        made = subscribe(
            member=asked["member"],
            plan=asked["plan"],
            start=asked["start"],
            end=asked["end"],
            category=asked["category"],
            by=cast(User, request.user),
            now=timezone.now(),
        )
        obj.pk = made.pk

    @admin.display(description=gettext_lazy("état"))
    def standing(self, subscription: Subscription) -> str:
        return str(STATES[_standing(subscription)])

    def has_steer_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("members.change_subscription")

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Changer de formule…"),
        permissions=["steer"],
        url_path="changer",
        icon="swap_horiz",
    )
    def change_plan(self, request: HttpRequest, object_id: str) -> HttpResponse:
        current: Subscription = asked_for(self, request, object_id)

        def act(asked: dict[str, Any]) -> tuple[Subscription, str]:
            changed = change_plan(
                member=current.member, by=cast(User, request.user), now=timezone.now(), **asked
            )
            return changed, _("Le changement est enregistré, et le membre prévenu par e-mail.")

        initial = {"category": current.category}
        title = _("Changer de formule")
        return ask(
            self,
            request,
            current,
            ChangePlanForm,
            title=title,
            act=act,
            about=_about(current),
            initial=initial,
        )

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Mettre fin…"),
        permissions=["steer"],
        url_path="terminer",
        icon="event_busy",
    )
    def end_plan(self, request: HttpRequest, object_id: str) -> HttpResponse:
        current: Subscription = asked_for(self, request, object_id)

        def act(asked: dict[str, Any]) -> tuple[Subscription, str]:
            by, now = cast(User, request.user), timezone.now()
            return end_plan(subscription=current, by=by, now=now, **asked), _("La fin est datée.")

        title, about = _("Mettre fin"), _about(current)
        return ask(self, request, current, EndPlanForm, title=title, act=act, about=about)


def _standing(subscription: Subscription) -> str:
    today = timezone.localdate()
    if subscription.is_void:
        return VOID
    if subscription.start > today:
        return COMING
    return ENDED if subscription.end is not None and subscription.end <= today else RUNNING


def _about(subscription: Subscription) -> str:
    return _("%(member)s, « %(plan)s » depuis le %(day)s") % {
        "member": subscription.member,
        "plan": subscription.plan,
        "day": date_format(subscription.start, "DATE_FORMAT"),
    }
