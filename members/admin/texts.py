"""The house rules and the terms in the admin: drafts are written, then published for good."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from members.admin.audit import ShowsAudit
from members.admin.house import HouseAdmin
from members.admin.refusals import RefusalForm, ShowsRefusals
from members.models import LegalText, User
from members.services import consents


class LegalTextForm(RefusalForm):
    class Meta:
        model = LegalText
        fields = ("use", "version", "body", "body_en")


@admin.register(LegalText)
class LegalTextAdmin(ShowsAudit, ShowsRefusals, HouseAdmin):
    """A published text never changes: who agreed, agreed to these words."""

    form = LegalTextForm
    change_form_template = "admin/members/legaltext/change_form.html"
    list_display = ("use", "version", "published_at")
    list_filter = (("use", ChoicesDropdownFilter),)
    # Drafts first, then the latest.
    ordering = (F("published_at").desc(nulls_first=True), "use", "-id")
    fields = ("use", "version", "body", "body_en", "published_at")
    readonly_fields = ("published_at",)
    actions = ("publish_texts",)

    def has_change_permission(self, request: HttpRequest, obj: LegalText | None = None) -> bool:
        if obj is not None and obj.published_at is not None:
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: LegalText | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: LegalText, form: Any, change: bool) -> None:
        consents.save_text(text=obj, by=cast(User, request.user), now=timezone.now())

    @admin.action(description=gettext_lazy("Publier les textes choisis"), permissions=["change"])
    def publish_texts(
        self, request: HttpRequest, queryset: QuerySet[LegalText]
    ) -> HttpResponse | None:
        """Show once more what cannot be taken back, then publish."""
        drafts = list(queryset.filter(published_at__isnull=True).order_by("use", "id"))
        if not drafts:
            self.message_user(request, _("Ces textes sont déjà publiés."), messages.ERROR)
            return None
        if "confirm" in request.POST:
            self._publish(request, drafts)
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": ngettext("Publier un texte", "Publier des textes", len(drafts)),
            "opts": self.opts,
            "drafts": drafts,
            "action_name": "publish_texts",
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/members/legaltext/publish.html", context)

    def _publish(self, request: HttpRequest, drafts: Sequence[LegalText]) -> None:
        by, now = cast(User, request.user), timezone.now()
        for draft in drafts:
            try:
                consents.publish_text(text=draft, by=by, now=now)
            except ValidationError as refusal:
                self.message_user(
                    request, f"{draft}\N{NO-BREAK SPACE}: {refusal.messages[0]}", messages.ERROR
                )
            else:
                self.log_change(request, draft, _("Publié."))
                published = _("%(text)s est en vigueur.") % {"text": draft}
                self.message_user(request, published, messages.SUCCESS)
