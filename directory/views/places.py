"""A page for each trade and for each commune: who is here, what is near, and a way on."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from directory.boards import around, linked, shelves
from directory.boards.results import Board, Vocabulary, results
from directory.forms.search import SearchForm
from directory.models import Commune, Trade
from directory.search import Query


@login_not_required
@require_safe
def trade(request: HttpRequest, slug: str) -> HttpResponse:
    """Who exercises this trade; 404 for one that is not in use."""
    row = get_object_or_404(Trade.objects.in_use().select_related("sector"), slug=slug)
    form, board = _board(request, Query(trade=slug))
    told = shelves.counts()
    context = {
        "trade": row,
        "related": around.related(row, form.trades, told),
        "needs": around.open_needs(form.today, trade=row),
    }
    return _page(request, "directory/trade.html", str(row), board, context)


@login_not_required
@require_safe
def commune(request: HttpRequest, slug: str) -> HttpResponse:
    """Who works in this commune, its former communes included."""
    row = get_object_or_404(Commune.objects.select_related("part_of"), slug=slug)
    form, board = _board(request, Query(commune=slug))
    told = shelves.counts()
    parts = around.parts(row, form.communes, told)
    here = [row, *(part.commune for part in parts)]
    context = {
        "commune": row,
        "parts": parts,
        "needs": around.open_needs(form.today, commune__in=here),
        "neighbours": around.neighbours(row, form.communes, told),
    }
    return _page(request, "directory/commune.html", str(row), board, context)


def _board(request: HttpRequest, query: Query) -> tuple[SearchForm, Board]:
    """The page of results that the address asks for; the first one when it asks for none."""
    today = timezone.localdate()
    form = SearchForm({"page": request.GET.get("page", "")}, today=today)
    number = form.number if form.is_valid() else 1
    known = Vocabulary(form.sectors, form.trades, form.communes)
    return form, results(
        query, number=number, today=today, known=known, path=request.path, kept=query
    )


def _page(
    request: HttpRequest, template: str, name: str, board: Board, context: dict[str, Any]
) -> HttpResponse:
    shared = {
        "board": board,
        "canonical": linked.absolute(request.path),
        "linked": linked.listing(name, request.path, board.cards),
    }
    return render(request, template, shared | context)
