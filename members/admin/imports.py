"""Members from a CSV file, in two steps: a report by line and column, then all of it or nothing.

Why not the pages of django-import-export: docs/decisions/0009-import.md.
"""

import hashlib
from typing import Any, ClassVar, Final, cast

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from unfold.decorators import action

from members.forms.imports import ConfirmForm, UploadForm
from members.fresh import require_fresh_login
from members.models import Plan, User
from members.services.import_rows import TITLES
from members.services.imports import ImportRefused, Report, examine, import_members

RIGHT: Final = "members.import_member"
KEPT: Final = 30 * 60  # seconds between the two steps
SHOWN: Final = 200  # problems; who has more mends these first
PREVIEW: Final = 10  # rows


class ImportsMembers:
    """For the ModelAdmin of members: a button that imports, for whoever holds `RIGHT`."""

    actions_list: ClassVar[tuple[str, ...]] = ("import_members",)

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site  # type: ignore[attr-defined]
        mine = path(
            "import/modele/",
            site.admin_view(self.import_template),
            name="members_member_import_template",
        )
        return [mine, *super().get_urls()]  # type: ignore[misc]

    # A right named with a dot would make the theme's own check read tables before they are there.
    def has_import_members_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT)

    @action(description=gettext_lazy("Importer"), url_path="import", permissions=["import_members"])  # type: ignore[untyped-decorator]
    def import_members(self, request: HttpRequest) -> HttpResponse:
        if answer := require_fresh_login(request):
            return answer
        if "digest" in request.POST:
            return self._confirm(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            return self._look(request, form.cleaned_data["file"].read())
        return self._page(request, form=form)

    def import_template(self, request: HttpRequest) -> HttpResponse:
        """An empty file with the titles, in the language of the page."""
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        language = "en" if get_language() == "en" else "fr"
        separator, name = (",", "members") if language == "en" else (";", "membres")
        content = "\ufeff" + separator.join(TITLES[language]) + "\r\n"
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)

    def _look(self, request: HttpRequest, content: bytes) -> HttpResponse:
        report = examine(content=content, now=timezone.now())
        if report.problems:
            return self._page(request, form=UploadForm(), report=report)
        digest = hashlib.sha256(content).hexdigest()
        # One for each person: the next file takes its place.
        cache.set(_key(request), {"digest": digest, "content": content}, KEPT)
        return self._page(request, confirm=ConfirmForm(digest=digest), report=report)

    def _confirm(self, request: HttpRequest) -> HttpResponse:
        form, held = ConfirmForm(request.POST), cache.get(_key(request))
        if not form.is_valid() or not held or held["digest"] != form.cleaned_data["digest"]:
            words = _("Ce fichier n’est plus gardé ici : choisissez-le de nouveau.")
            messages.error(request, words)
            return redirect("admin:members_member_import_members")
        try:
            made = import_members(
                content=held["content"],
                by=cast(User, request.user),
                now=timezone.now(),
                with_letters=form.cleaned_data["with_letters"],
            )
        except ImportRefused as refusal:
            cache.delete(_key(request))
            return self._page(request, form=UploadForm(), report=refusal.report)
        except ValidationError as refusal:
            form.add_error("with_letters", refusal)
            report = examine(content=held["content"], now=timezone.now())
            return self._page(request, confirm=form, report=report)
        cache.delete(_key(request))
        words = ngettext("%d membre importé.", "%d membres importés.", len(made))
        messages.success(request, words % len(made))
        return redirect("admin:members_member_changelist")

    def _page(
        self,
        request: HttpRequest,
        *,
        form: UploadForm | None = None,
        confirm: ConfirmForm | None = None,
        report: Report | None = None,
    ) -> HttpResponse:
        refused = report is not None and bool(report.problems)
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Importer des membres"),
            "opts": self.opts,  # type: ignore[attr-defined]
            "form": form,
            "confirm": confirm,
            "report": report,
            "problems": _problems(report) if report and refused else None,
            "preview": _preview(report) if report and not refused else None,
            "shown": SHOWN,
            "plans": Plan.objects.values_list("code", flat=True),
            "content_subtitle_url": reverse("admin:members_member_changelist"),
        }
        wrong = refused or bool(form and form.errors) or bool(confirm and confirm.errors)
        template = "admin/members/member/import.html"
        return TemplateResponse(request, template, context, status=422 if wrong else 200)


def _key(request: HttpRequest) -> str:
    return f"members.import.{request.user.pk}"


def _problems(report: Report) -> dict[str, Any]:
    return {
        "headers": [_("Ligne"), _("Colonne"), _("Problème")],
        "rows": [
            [problem.line or "", problem.column, problem.words]
            for problem in report.problems[:SHOWN]
        ],
    }


def _preview(report: Report) -> dict[str, Any]:
    return {
        "headers": [_("Ligne"), _("E-mail"), _("Nom"), _("Formule"), _("Début"), _("État")],
        "rows": [
            [
                row.line,
                row.email,
                row.name,
                row.plan or "",
                row.start or "",
                row.state.label,
            ]
            for row in report.rows[:PREVIEW]
        ],
    }
