"""The steps of the welcome, as the operator writes them; each newcomer's page has them to tick."""

from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from members.admin.audit import ShowsAudit
from members.admin.house import HouseAdmin
from members.admin.refusals import RefusalForm, ShowsRefusals
from members.models import User, WelcomeStep
from members.services.files import save_step


class WelcomeStepForm(RefusalForm):
    class Meta:
        model = WelcomeStep
        fields = ("title", "title_en", "position", "is_active")


@admin.register(WelcomeStep)
class WelcomeStepAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """A step is taken out of use rather than deleted: who had it keeps the trace."""

    form = WelcomeStepForm
    list_display = ("title", "position", "is_active")
    list_filter = ("is_active",)
    ordering = ("position", "id")

    def has_delete_permission(self, request: HttpRequest, obj: WelcomeStep | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: WelcomeStep, form: Any, change: bool) -> None:
        save_step(step=obj, by=cast(User, request.user), now=timezone.now())
