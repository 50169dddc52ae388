"""What a provider was asked. The key of the letter is enough to read and to answer.

A GET writes nothing: that a request was read is noted when its button is pressed.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from directory.boards.requests import count_waiting, request_of, requests_of
from directory.forms.requests import AnswerForm, DeclineForm
from directory.models import Attachment, Solicitation
from directory.services import answering
from directory.views.secret import download, keep_secret
from members.models import User

PER_PAGE = 20
View = Callable[..., HttpResponseBase]


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """What my profiles were asked: what waits first, then the others."""
    user, now = cast(User, request.user), timezone.now()
    page = Paginator(requests_of(user, now), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "requests": [request_of(each, now) for each in page],
        "waiting": count_waiting(user, now),
    }
    return render(request, "directory/requests.html", context)


def behind_the_key(view: View) -> View:
    """Public, because the key says who one is: the view gets the solicitation, or it is a 404."""

    @login_not_required
    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, key: str, **more: Any) -> HttpResponseBase:
        found = get_object_or_404(Solicitation.objects.with_both(), key=key)
        return keep_secret(view(request, found, **more))

    return wrapped


@behind_the_key
@require_safe
def asked(request: HttpRequest, found: Solicitation) -> HttpResponse:
    """A summary until it is read, then the details and the ways to reply."""
    return _page(request, found, timezone.now())


@behind_the_key
@require_POST
def read_request(request: HttpRequest, found: Solicitation) -> HttpResponse:
    try:
        answering.open_request(solicitation=found, by=_by(request), now=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect(found)


@behind_the_key
@require_POST
def answer(request: HttpRequest, found: Solicitation) -> HttpResponse:
    """Answer, or say it otherwise."""
    now = timezone.now()
    form = AnswerForm.about(found, request.POST)
    service = answering.change_answer if found.answered_at else answering.answer
    if form.is_valid():
        try:
            service(solicitation=found, by=_by(request), now=now, **form.said())
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Votre réponse est transmise."))
            return redirect(found)
    return _page(request, found, now, answer_form=form)


@behind_the_key
@require_POST
def decline(request: HttpRequest, found: Solicitation) -> HttpResponse:
    now = timezone.now()
    form = DeclineForm(request.POST, auto_id="decline_%s")
    if form.is_valid():
        try:
            answering.decline(solicitation=found, by=_by(request), now=now, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("C’est noté. Merci : un « non » aide aussi."))
            return redirect(found)
    return _page(request, found, now, decline_form=form)


@behind_the_key
@require_safe
def asked_file(request: HttpRequest, found: Solicitation, pk: int) -> HttpResponseBase:
    """A file of a request that was read."""
    if not request_of(found, timezone.now()).is_readable:
        raise Http404
    return download(get_object_or_404(Attachment, pk=pk, need=found.need_id))


def _by(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def _page(
    request: HttpRequest,
    found: Solicitation,
    now: datetime,
    *,
    answer_form: AnswerForm | None = None,
    decline_form: DeclineForm | None = None,
) -> HttpResponse:
    it, need = request_of(found, now), found.need
    files = need.attachments.defer("content") if it.is_readable else ()
    context = {
        "it": it,
        "need": need,
        "files": files,
        "answer_form": answer_form or AnswerForm.about(found),
        "decline_form": decline_form or DeclineForm(auto_id="decline_%s"),
        "is_declining": decline_form is not None,
        "is_changing": answer_form is not None,
        "skills_must": need.skills_must.all() if it.is_readable else (),
        "skills_nice": need.skills_nice.all() if it.is_readable else (),
    }
    refused = answer_form is not None or decline_form is not None
    return render(request, "directory/asked.html", context, status=422 if refused else 200)
