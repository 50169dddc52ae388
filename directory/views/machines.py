"""What programs read: the search as JSON, the words it knows, and how to use both."""

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.boards import published
from directory.boards.linked import absolute
from directory.boards.results import Vocabulary, results, to
from directory.forms.search import ASKED, SearchForm

SHORT_LISTS: Final = {"within", "mode", "language"}


@login_not_required
@require_safe
def api(request: HttpRequest) -> HttpResponse:
    """The search of the page as JSON, from any origin: 200 with `question`, `page`, `total`,
    `number`, `pages`, `next` and `providers`; 422 with `errors`: per parameter, `code` and
    `message`. Only what each provider agreed to publish."""
    form = SearchForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        return _open({"errors": _errors(form)}, status=422)
    known = Vocabulary(form.sectors, form.trades, form.communes)
    board = results(
        form.query, number=form.number, today=form.today, known=known, path=request.path
    )
    following = board.page.number + 1 if board.page.has_next() else None
    return _open(
        {
            "question": board.address,
            "page": absolute(to(reverse("directory:home"), board.query)),
            "total": board.total,
            "number": board.page.number,
            "pages": board.page.paginator.num_pages,
            "next": following and absolute(f"{request.path}?page={following}{board.link}"),
            "providers": [published.record(card) for card in board.cards],
        }
    )


@login_not_required
@require_safe
def api_trades(request: HttpRequest) -> HttpResponse:
    """The sectors and the trades in use: what `sector` and `trade` may say."""
    form = SearchForm({}, today=timezone.localdate())
    return _open(
        {
            "sectors": [{"slug": row.slug, "name": str(row)} for row in form.sectors],
            "trades": [
                {"slug": row.slug, "name": str(row), "sector": row.sector.slug}
                for row in form.trades
            ],
        }
    )


@login_not_required
@require_safe
def api_communes(request: HttpRequest) -> HttpResponse:
    """The communes that `commune` may name. One is its code and its kind, not its code alone."""
    form = SearchForm({}, today=timezone.localdate())
    return _open({"communes": [published.commune(row) for row in form.communes]})


@login_not_required
@require_safe
def tools(request: HttpRequest) -> HttpResponse:
    """How to show the search on another site, and how to ask it from a program."""
    form = SearchForm({}, today=timezone.localdate())
    names = ("home", "embed", "api", "api_trades", "api_communes", "feed")
    context = {name: absolute(reverse(f"directory:{name}")) for name in names}
    return render(request, "directory/tools.html", context | {"fields": _described(form)})


def _described(form: SearchForm) -> list[dict[str, Any]]:
    """The parameters, with what each may say where that is a short list."""
    fields = []
    for name in ASKED:
        field = form[name]
        choices = getattr(field.field, "choices", ()) if name in SHORT_LISTS else ()
        values = [str(value) for value, _label in choices if value != ""]
        fields.append({"name": name, "label": field.label, "values": values})
    fields[-1]["values"] = ["on"]
    return fields


def _open(told: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(told, status=status)
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _errors(form: SearchForm) -> dict[str, list[dict[str, str]]]:
    return {
        field: [{"code": str(error.code), "message": str(error.messages[0])} for error in found]
        for field, errors in form.errors.items()
        if (found := errors.as_data())
    }
