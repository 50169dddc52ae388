"""The author's page, behind the key of the letters: confirm, follow, compare, tell the outcome.

A GET changes nothing here: mail scanners follow the links of letters. The address is a secret; it
is kept from search engines and caches, and the browser tells it to no other site.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from directory.boards.answers import answers_of
from directory.boards.following import following
from directory.forms.needs import EditForm
from directory.forms.outcome import OutcomeForm
from directory.forms.uploads import UploadForm, named
from directory.models import Need, NeedState
from directory.services import attachments, needs
from directory.views.posting import reader
from directory.views.secret import download, keep_secret

View = Callable[..., HttpResponseBase]


def behind_the_key(view: View) -> View:
    """Public, because the key says who one is: the view gets the need; a wrong key is a 404."""

    @login_not_required
    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, key: str, **more: Any) -> HttpResponseBase:
        rows = Need.objects.select_related("organisation", "commune", "trade", "awarded_to")
        return keep_secret(view(request, get_object_or_404(rows, key=key), **more))

    return wrapped


@behind_the_key
@require_safe
def follow(request: HttpRequest, need: Need) -> HttpResponse:
    chosen = request.GET.get("suite", "")
    return page(request, need, OutcomeForm(need=need, chosen=chosen))


@behind_the_key
@require_POST
def confirm(request: HttpRequest, need: Need) -> HttpResponse:
    try:
        done = needs.confirm(need=need, by=reader(request), now=timezone.now())
    except ValidationError as refusal:
        return _refused(request, need, refusal)
    messages.success(
        request,
        _("C’est confirmé : votre besoin est publié.")
        if done.state == NeedState.OPEN
        else _("C’est confirmé : l’équipe relit votre besoin avant de le publier."),
    )
    return redirect(need.author_path)


@behind_the_key
@require_POST
def withdraw(request: HttpRequest, need: Need) -> HttpResponse:
    try:
        needs.withdraw(need=need, by=reader(request), now=timezone.now())
    except ValidationError as refusal:
        return _refused(request, need, refusal)
    messages.success(request, _("Votre besoin est retiré."))
    return redirect(need.author_path)


@behind_the_key
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, need: Need) -> HttpResponse:
    if need.state not in needs.EDITABLE:
        messages.info(request, _("Ce besoin ne se modifie plus."))
        return redirect(need.author_path)
    form = EditForm(*([request.POST] if request.method == "POST" else []), need=need)
    if form.is_valid() and form.save(by=reader(request), now=timezone.now()):
        messages.success(request, _("C’est enregistré."))
        return redirect(need.author_path)
    context = {"form": form, "need": need}
    return render(request, "directory/need_edit.html", context, status=422 if form.errors else 200)


@behind_the_key
@require_POST
def add_file(request: HttpRequest, need: Need) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(need.author_path)
    name, content = named(form.cleaned_data["file"])
    try:
        attachments.add_file(
            need=need, file_name=name, content=content, by=reader(request), now=timezone.now()
        )
    except ValidationError as refusal:
        return _refused(request, need, refusal)
    messages.success(request, _("Fichier ajouté."))
    return redirect(need.author_path)


@behind_the_key
@require_POST
def remove_file(request: HttpRequest, need: Need, pk: int) -> HttpResponse:
    found = get_object_or_404(need.attachments.select_related("need").defer("content"), pk=pk)
    attachments.remove_file(attachment=found, by=reader(request), now=timezone.now())
    messages.success(request, _("Fichier retiré."))
    return redirect(need.author_path)


@behind_the_key
@require_safe
def file(request: HttpRequest, need: Need, pk: int) -> HttpResponseBase:
    return download(get_object_or_404(need.attachments.all(), pk=pk))


@behind_the_key
@require_POST
def tell(request: HttpRequest, need: Need) -> HttpResponse:
    form = OutcomeForm(request.POST, need=need)
    if form.is_valid() and form.save(by=reader(request), now=timezone.now()):
        messages.success(request, _("Merci : c’est noté."))
        return redirect(need.author_path)
    return page(request, need, form)


def page(request: HttpRequest, need: Need, form: OutcomeForm) -> HttpResponse:
    context = {
        "board": following(need),
        "answers": answers_of(need),
        "need": need,
        "form": form,
    }
    return render(
        request, "directory/need_follow.html", context, status=422 if form.errors else 200
    )


def _refused(request: HttpRequest, need: Need, refusal: ValidationError) -> HttpResponse:
    messages.error(request, " ".join(refusal.messages))
    return redirect(need.author_path)
