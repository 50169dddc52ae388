"""Answers kept for a minute in the memory of the process, for visitors whom nothing tells apart.

Most visitors open the page as it is, a usual trip or a link that somebody sent: the same question
asked again costs what an empty page costs. A page carries one thing of its visitor, the token of
its forms: it is drawn with `TOKEN` in its place, and the token is put in as the page goes out.
"""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.cache import caches
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from simulator.forms import QuestionForm
from simulator.views.asking import HtmxRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

KEPT_FOR: Final = 60  # seconds
LONGEST: Final = 1_000  # characters of a question worth keeping
TOKEN: Final = "token-of-the-visitor-0000000000000000000000000000000000000000000"  # noqa: S105
# A visitor with any other cookie may be somebody: a login, a message to show.
OF_NOBODY: Final = frozenset({settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME})

View = Callable[..., HttpResponse]


def remembered(view: View) -> View:
    """Answer the same question of a stranger from memory."""

    @wraps(view)
    def answer(request: HtmxRequest, **given: object) -> HttpResponse:
        if not _is_anybody(request):
            return with_token(request, view(request, **given))
        memory, key = caches["process"], _key(request)
        kept = memory.get(key)
        if kept is None:
            response = view(request, **given)
            if response.status_code == 200:
                memory.set(key, (response.content, dict(response.headers)), KEPT_FOR)
        else:
            content, headers = kept
            response = HttpResponse(content, headers=headers)
        return with_token(request, response)

    return answer


def with_token(request: HtmxRequest, response: HttpResponse) -> HttpResponse:
    """Put the visitor's own token where the page was drawn without one."""
    mark = TOKEN.encode()
    if mark in response.content:
        response.content = response.content.replace(mark, get_token(request).encode())
    return response


def more(form: QuestionForm) -> list[SafeString]:
    """The questions behind « Affiner », drawn by subject: two dozen fields that few visitors touch,
    and so kept apart from the others. What is wrong in them is drawn as it is."""
    return [_group(form, title, names) for title, names in form.MORE]


def _group(form: QuestionForm, title: "StrOrPromise", names: tuple[str, ...]) -> SafeString:
    def drawn() -> SafeString:
        context = {"title": title, "fields": [form[name] for name in names]}
        return render_to_string("simulator/_group.html", context)

    if not form.errors.keys().isdisjoint(names):
        return drawn()
    key = _hashed("more", get_language(), [(name, form.data[name]) for name in names])
    kept: SafeString | None = caches["process"].get(key)
    if kept is None:
        kept = drawn()
        caches["process"].set(key, kept, KEPT_FOR)
    return kept


def _is_anybody(request: HtmxRequest) -> bool:
    asked = request.META.get("QUERY_STRING", "")
    return (
        request.method in {"GET", "HEAD"}
        and len(asked) <= LONGEST
        and set(request.COOKIES) <= OF_NOBODY
    )


def _key(request: HtmxRequest) -> str:
    return _hashed(
        "answer",
        request.scheme,
        request.get_host(),
        request.path,
        request.META.get("QUERY_STRING", ""),
        get_language(),
        bool(request.htmx),
        timezone.localdate(),
    )


def _hashed(*told: object) -> str:
    return f"simulator.{sha256(repr(told).encode()).hexdigest()}"
