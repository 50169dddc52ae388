"""The home of the directory and its results, on this site and inside another one.

Public. The state of a page is its address, and a GET writes nothing: see `counting`.
"""

from typing import Any, Final

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from directory.boards import linked, shelves
from directory.boards.results import Board, Vocabulary, chart, results, to
from directory.forms.search import SearchForm
from directory.search import Query
from directory.views.counting import token_of

# Any site may show the frame: it asks nobody to log in and shows what is public.
ANY_SITE: Final = {"frame-ancestors": ["*"]}


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def home(request: HttpRequest) -> HttpResponse:
    """The shelves of the directory; with a question in the address, its results. 422 with the
    shelves and the reason for a question that cannot be read."""
    form = SearchForm(request.GET, today=timezone.localdate())
    if form.is_valid() and form.is_asked:
        context = _found(request, form)
        if _wants_part(request):
            return _updated(request, context)
        return render(request, "directory/results.html", context)
    status = 200 if form.is_valid() else 422
    if _wants_part(request) and status == 422:
        return render(request, "directory/_refused.html", {"form": form}, status=status)
    return render(request, "directory/home.html", _shelves(form), status=status)


@login_not_required
@require_safe
@csp_replace(ANY_SITE)
@xframe_options_exempt
@vary_on_headers("HX-Request")
def embed(request: HttpRequest) -> HttpResponse:
    """The search within an `<iframe>` of another site: links open outside of it."""
    form = SearchForm(request.GET, today=timezone.localdate())
    context: dict[str, Any] = {"form": form, "path": request.path, "framed": True}
    if form.is_valid():
        context |= _found(request, form)
    if _wants_part(request) and "board" in context:
        return _updated(request, context)
    status = 200 if "board" in context else 422
    return render(
        request, "directory/embed.html", context | {"board": context.get("board")}, status=status
    )


def _wants_part(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _found(request: HttpRequest, form: SearchForm) -> dict[str, Any]:
    known = Vocabulary(form.sectors, form.trades, form.communes)
    board = results(
        form.query, number=form.number, today=form.today, known=known, path=request.path
    )
    return {
        "form": form,
        "board": board,
        "path": request.path,
        "framed": request.path == reverse("directory:embed"),
        "token": token_of(board) if board.address else "",
    }


def _updated(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The results alone, and the address that shows them again."""
    response = render(request, "directory/_results.html", context)
    board: Board = context["board"]
    response["HX-Replace-Url"] = to(request.path, board.query)
    return response


def _shelves(form: SearchForm) -> dict[str, Any]:
    told = shelves.counts()
    path = reverse("directory:home")
    return {
        "form": form,
        "path": path,
        "total": told.total,
        "sectors": shelves.sectors(told),
        "communes": shelves.communes(told),
        "newest": shelves.newest(form.today),
        "map": chart(
            form.communes,
            told.by_commune,
            lambda commune: to(path, Query(commune=commune.slug)),
        ),
        "canonical": linked.absolute(path),
        "linked": linked.site(),
    }
