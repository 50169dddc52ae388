"""The doors of a member's page: acts, notes, documents, ticks. Each calls one service."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.admin.moves import ACTS, Act
from members.models import Document, Member, User, WelcomeStep
from members.services import files


class UploadForm(forms.Form):
    title = forms.CharField(required=False, max_length=120)
    file = forms.FileField(allow_empty_file=True)


class KeepsFile:
    """For the ModelAdmin of members: the addresses behind the buttons of a member's page."""

    def get_urls(self) -> list[URLPattern]:
        def door(address: str, name: str, view: Callable[..., Any]) -> URLPattern:
            wrapped: Callable[..., HttpResponse] = self.admin_site.admin_view(view)  # type: ignore[attr-defined]
            return path(f"<int:object_id>/{address}", wrapped, name=f"members_member_{name}")

        doors = [door(f"{act.slug}/", act.slug, _act_view(self, act)) for act in ACTS]
        doors += [
            door("notes/", "note", require_POST(self.add_note)),
            door("documents/", "document", require_POST(self.add_document)),
            door("documents/<int:document>/", "download", require_safe(self.download)),
            door("documents/<int:document>/retirer/", "remove", require_POST(self.remove)),
            door("accueil/<int:step>/", "tick", require_POST(self.tick)),
        ]
        return [*doors, *super().get_urls()]  # type: ignore[misc]

    def member_of(self, request: HttpRequest, object_id: int) -> Member:
        """The member, for whoever may see members; else nobody."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        return get_object_or_404(Member.objects.with_user(), pk=object_id)

    def add_note(self, request: HttpRequest, object_id: int) -> HttpResponse:
        member = self.member_of(request, object_id)
        _need(request, "members.add_note")
        text = request.POST.get("text", "")
        return self.done(
            request,
            member,
            lambda **rest: files.add_note(member=member, text=text, **rest),
            _("Note ajoutée."),
            "notes",
        )

    def add_document(self, request: HttpRequest, object_id: int) -> HttpResponse:
        member = self.member_of(request, object_id)
        _need(request, "members.add_document")
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            refusal = next(iter(form.errors.values()))[0]
            messages.error(request, str(refusal))
            return redirect(_page(member, "documents"))
        upload = form.cleaned_data["file"]
        # One byte more than is allowed is enough to be refused.
        content = upload.read(files.LARGEST + 1)
        return self.done(
            request,
            member,
            lambda **rest: files.add_document(
                member=member,
                title=form.cleaned_data["title"],
                file_name=upload.name,
                content=content,
                **rest,
            ),
            _("Document ajouté."),
            "documents",
        )

    def download(self, request: HttpRequest, object_id: int, document: int) -> FileResponse:
        """Always saved, never shown by the browser: nothing in it runs in our name."""
        member = self.member_of(request, object_id)
        _need(request, "members.view_document")
        found = get_object_or_404(Document, pk=document, member=member)
        content = BytesIO(bytes(found.content))
        answer = FileResponse(
            content,
            as_attachment=True,
            filename=found.file_name,
            content_type=found.media_type,
        )
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    def remove(self, request: HttpRequest, object_id: int, document: int) -> HttpResponse:
        member = self.member_of(request, object_id)
        _need(request, "members.delete_document")
        found = get_object_or_404(Document.objects.defer("content"), pk=document, member=member)
        return self.done(
            request,
            member,
            lambda **rest: files.remove_document(document=found, **rest),
            _("Document retiré."),
            "documents",
        )

    def tick(self, request: HttpRequest, object_id: int, step: int) -> HttpResponse:
        member = self.member_of(request, object_id)
        _need(request, "members.add_welcomedone")
        found = get_object_or_404(WelcomeStep, pk=step)
        service = files.untick_step if request.POST.get("undo") else files.tick_step
        return self.done(
            request,
            member,
            lambda **rest: service(member=member, step=found, **rest),
            "",
            "accueil",
        )

    def done(
        self,
        request: HttpRequest,
        member: Member,
        service: Callable[..., Any],
        words: str,
        anchor: str,
    ) -> HttpResponse:
        """Run a service, say what came of it, and back to the member's page."""
        try:
            service(by=cast(User, request.user), now=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            if words:
                messages.success(request, words)
        return redirect(_page(member, anchor))


def _act_view(model_admin: Any, act: Act) -> Callable[..., HttpResponse]:
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, object_id: int) -> HttpResponse:
        member = model_admin.member_of(request, object_id)
        _need(request, act.right)
        now = timezone.now()
        sent = request.POST if request.method == "POST" else None
        form = act.form(sent, member=member, now=now)
        if form.is_valid():
            try:
                act.run(member=member, by=cast(User, request.user), now=now, **form.cleaned_data)
            except ValidationError as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, str(act.done))
                return redirect(_page(member, ""))
        context = {
            **model_admin.admin_site.each_context(request),
            "title": act.label,
            "act": act,
            "form": form,
            "member": member,
            "opts": model_admin.opts,
            "back": _page(member, ""),
        }
        return TemplateResponse(request, "admin/members/act.html", context)

    return view


def _need(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


def _page(member: Member, anchor: str) -> str:
    page = reverse("admin:members_member_change", args=[member.pk])
    return f"{page}#{anchor}" if anchor else page
