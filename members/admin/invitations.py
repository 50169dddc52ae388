"""Invitations in the admin: the team invites, takes back and sends again, through the services."""

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import RelatedDropdownFilter

from members.admin.audit import ShowsAudit
from members.admin.house import DaysFilter, HouseAdmin
from members.admin.refusals import RefusalForm, ShowsRefusals
from members.models import Invitation, Plan, Standing, User
from members.services import invitations

AT_ONCE = 50  # each sends a letter while the operator waits


class InvitationForm(RefusalForm):
    class Meta:
        model = Invitation
        fields = ("email", "name", "plan", "message")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if plan := self.fields.get("plan"):
            plan.queryset = Plan.objects.offered()  # type: ignore[attr-defined]


class StandingFilter(admin.SimpleListFilter):
    title = _("état")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(standing.value, standing.label) for standing in Standing]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Invitation]
    ) -> QuerySet[Invitation]:
        return queryset.standing(self.value(), timezone.now())  # type: ignore[attr-defined,no-any-return]


@admin.register(Invitation)
class InvitationAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """Never changed nor deleted by hand. The link is in the letter alone, not here."""

    form = InvitationForm
    list_display = ("email", "name", "standing", "inviter", "plan", "made_at", "expires_at")
    list_filter = (StandingFilter, ("plan", RelatedDropdownFilter), ("made_at", DaysFilter))
    list_select_related = ("invited_by", "plan")
    search_fields = ("email", "name", "invited_by__name", "invited_by__email")
    ordering = ("-made_at", "-id")
    actions = ("send_again", "revoke")

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        asked = ("email", "name", "plan", "message")
        if obj is None:
            return asked
        told = ("standing", "inviter", "made_at", "expires_at", "revoked_at", "accepted_at")
        return (*asked, *told, "accepted_by")

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return obj is None and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        made = invitations.invite(
            **form.cleaned_data, by=cast(User, request.user), now=timezone.now()
        )
        obj.pk = made.pk

    @admin.display(description=_("état"))
    def standing(self, invitation: Invitation) -> str:
        return str(invitation.standing(timezone.now()).label)

    @admin.display(description=_("invité par"), ordering="invited_by__name")
    def inviter(self, invitation: Invitation) -> str:
        return str(invitation.invited_by)

    @admin.action(description=_("Retirer les invitations choisies"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        done = self._each(request, queryset, invitations.revoke)
        if done:
            words = ngettext("%d invitation retirée.", "%d invitations retirées.", done)
            self.message_user(request, words % done, messages.SUCCESS)

    @admin.action(description=_("Renvoyer les invitations choisies"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        done = self._each(request, queryset, invitations.send_again)
        if done:
            words = ngettext("%d invitation renvoyée.", "%d invitations renvoyées.", done)
            self.message_user(request, words % done, messages.SUCCESS)

    def _each(self, request: HttpRequest, queryset: QuerySet[Invitation], act: Any) -> int:
        """Do it to each; what is refused is told, and the others go on. Returns how many."""
        chosen, done = list(queryset[: AT_ONCE + 1]), 0
        if len(chosen) > AT_ONCE:
            words = _("Pas plus de %(count)d à la fois.") % {"count": AT_ONCE}
            self.message_user(request, words, messages.ERROR)
            return 0
        for invitation in chosen:
            try:
                act(invitation=invitation, by=request.user, now=timezone.now())
                done += 1
            except ValidationError as refusal:
                words = f"{invitation.email} : {' '.join(refusal.messages)}"
                self.message_user(request, words, messages.ERROR)
        return done
