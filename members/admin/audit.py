"""The audit in the admin: a list that nobody changes, and the history of each row."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.views import ChangeList

from members.admin.changes import Told, told
from members.admin.house import DaysFilter, HouseAdmin
from members.models import AuditEntry, Member

BY_PAGE = 50


def audit_of(row: Model) -> "QuerySet[AuditEntry]":
    """What happened to a row; for a member, to everything of theirs too."""
    entries = AuditEntry.objects.with_people()
    return entries.concerning(row) if isinstance(row, Member) else entries.about(row)


class ShowsAudit:
    """For a ModelAdmin: « Historique » is the audit of the row, for whoever may read the audit."""

    object_history_template = "admin/members/history.html"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not request.user.has_perm("members.view_auditentry"):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if row is None:
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined,no-any-return]
                request,
                self.opts,  # type: ignore[attr-defined]
                object_id,
            )
        if not self.has_view_or_change_permission(request, row):  # type: ignore[attr-defined]
            raise PermissionDenied
        page = Paginator(audit_of(row), BY_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Historique : %s") % row,
            "page": page,
            "entries": told(page.object_list),
            "object": row,
            "opts": self.opts,  # type: ignore[attr-defined]
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


class ToldChangeList(ChangeList):  # type: ignore[misc]
    """Its rows carry their words, found for the whole page at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        for one in told(self.result_list):
            one.entry.told = one  # type: ignore[attr-defined]


@admin.register(AuditEntry)
class AuditEntryAdmin(HouseAdmin):
    """Read only: the database refuses to change an entry (docs/decisions/0008)."""

    list_display = ("at", "act", "subject", "concerned", "changed", "reason", "author")
    list_display_links = ("at",)
    list_filter: ClassVar[Any] = (
        ("at", DaysFilter),
        ("act", ChoicesDropdownFilter),
        ("by", AutocompleteSelectFilter),
        ("member", AutocompleteSelectFilter),
    )
    list_select_related = ("by", "member__user")
    search_fields = ("member__user__name", "member__user__email")
    search_help_text = gettext_lazy("Nom ou adresse e-mail du membre")
    ordering = ("-id",)
    show_full_result_count = False
    fields = ("at", "act", "subject", "concerned", "author", "reason", "changed", "redacted_at")
    readonly_fields = fields

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ToldChangeList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("objet"))
    def subject(self, entry: AuditEntry) -> str:
        return _told(entry).subject

    @admin.display(description=gettext_lazy("membre"), empty_value="–")
    def concerned(self, entry: AuditEntry) -> str | None:
        return str(entry.member) if entry.member is not None else None

    @admin.display(description=gettext_lazy("par"))
    def author(self, entry: AuditEntry) -> str:
        return str(entry.by) if entry.by is not None else _("le calendrier")

    @admin.display(description=gettext_lazy("valeurs"))
    def changed(self, entry: AuditEntry) -> str:
        return render_to_string("admin/members/_changes.html", {"told": _told(entry)})


def _told(entry: AuditEntry) -> Told:
    """The words of an entry: those of the list's page, or found for it alone."""
    if not hasattr(entry, "told"):
        [entry.told] = told([entry])  # type: ignore[attr-defined]
    words: Told = entry.told  # type: ignore[attr-defined]
    return words
