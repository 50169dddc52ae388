"""Providers in the admin: what waits is read first, and decided by buttons that call the services.

The columns are not edited here: who may change providers opens the pages of the owner.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
)

from directory.models import Ownership, Provider, ProviderState
from directory.services import legal, owners, providers, publishing
from members.admin.asking import ask, asked_for
from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin
from members.admin.refusals import RefusalForm, ShowsRefusals
from members.models import User

SAYS = ("name", "headline", "description", "trades", "skill_words", "languages")
WHERE = ("commune", "mode", "range_km", "meets_at_space")
REACHED = ("email", "phone", "website", "address", "published_fields", "speakers")
LEGAL = ("legal_number", "legal_state", "legal_checked_on", "legal_contact")
STANDS = (
    "state", "state_since", "state_reason", "made_at", "changed_at", "first_published_at",
    "confirmed_at", "confirmation_asked_at", "confirmation_reminded_at",
)  # fmt: skip
# What waits for the host first, the longest waiting at the top.
TURN = Case(
    When(state=ProviderState.PENDING, then=Value(0)),
    default=Value(1),
    output_field=IntegerField(),
)
# Which buttons a state has.
BUTTONS: dict[str, tuple[str, ...]] = {
    ProviderState.DRAFT: ("approve",),  # what the team has entered
    ProviderState.PENDING: ("approve", "send_back"),
    ProviderState.PUBLISHED: ("suspend",),
    ProviderState.SUSPENDED: ("approve", "send_back"),
}
ALWAYS = ("check_number", "add_owner", "open_pages")


class NewProviderForm(RefusalForm):
    """A profile that nobody owns yet, entered by the team."""

    class Meta:
        model = Provider
        fields = ("name", "headline", "commune", "legal_number", "legal_contact")


class NothingForm(forms.Form):
    """It only has to be confirmed."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=500,
        help_text=gettext_lazy("La personne le lira dans l’e-mail et sur sa fiche."),
        widget=UnfoldAdminTextInputWidget,
    )


class NumberForm(forms.Form):
    state = forms.ChoiceField(
        label=gettext_lazy("Le registre dit"),
        choices=[(state.value, state.label) for state in legal.LOOKED_UP],
        widget=UnfoldAdminSelectWidget,
    )
    on = forms.DateField(label=gettext_lazy("Consulté le"), widget=UnfoldAdminSingleDateWidget)


class OwnerForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Adresse e-mail du compte"), widget=UnfoldAdminTextInputWidget
    )

    def clean_email(self) -> User:
        found = User.objects.filter(email=self.cleaned_data["email"].lower()).first()
        if found is None:
            raise forms.ValidationError(_("Aucun compte n’a cette adresse."), code="no_account")
        return found


@admin.register(Provider)
class ProviderAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    form = NewProviderForm
    list_display = ("name", "commune", "state", "state_since", "legal_state", "confirmed_at")
    list_filter = (
        ("state", ChoicesDropdownFilter),
        ("legal_state", ChoicesDropdownFilter),
        ("commune", RelatedDropdownFilter),
        ("confirmed_at", DaysFilter),
    )
    list_select_related = ("commune",)
    ordering = (TURN, "state_since", "id")
    search_fields = ("name", "headline", "legal_number")
    search_help_text = gettext_lazy("Nom, phrase ou numéro")
    show_full_result_count = False
    actions_detail: ClassVar[tuple[str, ...]] = (
        "approve", "send_back", "suspend", "check_number", "add_owner", "open_pages",
    )  # fmt: skip
    fieldsets_of_a_row = (
        (gettext_lazy("Où elle en est"), {"fields": STANDS}),
        (gettext_lazy("Ce qu’elle dit"), {"fields": SAYS}),
        (gettext_lazy("Où"), {"fields": WHERE}),
        (gettext_lazy("Qui, et comment on le joint"), {"fields": REACHED}),
        (gettext_lazy("Numéro légal"), {"fields": LEGAL}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Provider]:
        rows: QuerySet[Provider] = super().get_queryset(request)
        return rows.select_related("commune")

    def get_fieldsets(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": NewProviderForm.Meta.fields}),)
        return self.fieldsets_of_a_row

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        if obj is None:
            return ()
        return [name for _title, part in self.fieldsets_of_a_row for name in part["fields"]]

    def get_actions_detail(self, request: HttpRequest, object_id: str) -> list[Any]:
        provider = self.get_object(request, object_id)
        if provider is None:
            return []
        offered = (*BUTTONS[ProviderState(provider.state)], *ALWAYS)
        found: list[Any] = super().get_actions_detail(request, object_id)
        return [one for one in found if one.action_name.endswith(offered)]

    def has_change_permission(self, request: HttpRequest, obj: Provider | None = None) -> bool:
        return obj is None and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Provider | None = None) -> bool:
        return False

    def has_moderate_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm(publishing.MODERATE)

    def has_steer_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("directory.change_provider")

    def save_model(
        self, request: HttpRequest, obj: Provider, form: NewProviderForm, change: bool
    ) -> None:
        values = {name: form.cleaned_data[name] for name in NewProviderForm.Meta.fields}
        made = providers.make(by=cast(User, request.user), now=timezone.now(), values=values)
        obj.pk, obj.slug = made.pk, made.slug

    # What is not a column

    @admin.display(description=gettext_lazy("métiers"), empty_value="–")
    def trades(self, provider: Provider) -> str | None:
        rows = provider.activities.select_related("trade")
        return ", ".join(f"{a.trade} ({a.details})" if a.details else str(a) for a in rows) or None

    @admin.display(description=gettext_lazy("compétences"), empty_value="–")
    def skill_words(self, provider: Provider) -> str | None:
        return ", ".join(str(skill) for skill in provider.skills.order_by("name", "pk")) or None

    @admin.display(description=gettext_lazy("langues"), empty_value="–")
    def languages(self, provider: Provider) -> str | None:
        return ", ".join(str(row) for row in provider.spoken.all()) or None

    @admin.display(description=gettext_lazy("champs publiés"), empty_value="–")
    def published_fields(self, provider: Provider) -> str | None:
        return ", ".join(str(row) for row in provider.shown_fields.all()) or None

    @admin.display(description=gettext_lazy("responsables"), empty_value="–")
    def speakers(self, provider: Provider) -> str | None:
        rows = Ownership.objects.filter(provider=provider).select_related("user")
        return ", ".join(str(row.user) for row in rows) or None

    # Deciding

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Publier…"),
        permissions=["moderate"],
        url_path="publier",
        icon="check",
    )
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        said = _("La fiche est publiée, et ses responsables prévenus.")
        return self._ask(
            request, object_id, NothingForm, _("Publier cette fiche"), publishing.approve, said
        )

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Renvoyer avec un mot…"),
        permissions=["moderate"],
        url_path="renvoyer",
        icon="undo",
    )
    def send_back(self, request: HttpRequest, object_id: str) -> HttpResponse:
        said = _("La fiche est renvoyée, avec votre mot.")
        return self._ask(
            request, object_id, ReasonForm, _("Renvoyer cette fiche"), publishing.send_back, said
        )

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Suspendre…"),
        permissions=["moderate"],
        url_path="suspendre",
        icon="block",
    )
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        said = _("La fiche n’est plus visible, et ses responsables prévenus.")
        return self._ask(
            request, object_id, ReasonForm, _("Suspendre cette fiche"), publishing.suspend, said
        )

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Numéro légal…"),
        permissions=["moderate"],
        url_path="numero",
        icon="verified",
    )
    def check_number(self, request: HttpRequest, object_id: str) -> HttpResponse:
        said, title = _("L’état du numéro est noté."), _("Numéro légal")
        first = {"on": timezone.localdate()}
        return self._ask(
            request, object_id, NumberForm, title, legal.record_check, said, initial=first
        )

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Ajouter un responsable…"),
        permissions=["steer"],
        url_path="responsable",
        icon="person_add",
    )
    def add_owner(self, request: HttpRequest, object_id: str) -> HttpResponse:
        def add(*, provider: Provider, email: User, by: User, now: datetime) -> Provider:
            return owners.add_owner(provider=provider, user=email, by=by, now=now).provider

        said = _("Cette personne gère désormais la fiche.")
        return self._ask(request, object_id, OwnerForm, _("Ajouter un responsable"), add, said)

    @action(  # type: ignore[untyped-decorator]
        description=gettext_lazy("Modifier la fiche"),
        permissions=["steer"],
        url_path="modifier",
        icon="edit",
    )
    def open_pages(self, request: HttpRequest, object_id: str) -> HttpResponse:
        provider: Provider = asked_for(self, request, object_id)
        return HttpResponseRedirect(reverse("directory:edit", args=[provider.pk]))

    def _ask(
        self,
        request: HttpRequest,
        object_id: str,
        form: type[forms.Form],
        title: str,
        service: Callable[..., Provider],
        said: str,
        **more: Any,
    ) -> HttpResponse:
        provider: Provider = asked_for(self, request, object_id)

        def act(asked: dict[str, Any]) -> tuple[Provider, str]:
            by, now = cast(User, request.user), timezone.now()
            return service(provider=provider, by=by, now=now, **asked), said

        return ask(self, request, provider, form, title=title, act=act, **more)
