"""The figures of the directory, for the public partner and the team."""

import csv
import io
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.boards import figures as board
from directory.figures import figures
from members.admin.exports import harmless

RIGHT = "directory.read_figures"


@never_cache
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """The figures of the period in the address; 404 to whoever may not read them."""
    today = timezone.localdate()
    period = _period(request, today)
    found = figures(period.start, period.end)
    context = {
        "periods": board.periods(today),
        "period": period,
        "dates": board.words_of(period, today),
        "facts": board.facts(found),
        "sections": board.sections(found) if found.posted.value != 0 or found.missed else [],
        "width": board.WIDTH,
    }
    return render(request, "directory/figures.html", context)


@never_cache
@require_safe
def numbers_sheet(request: HttpRequest) -> HttpResponse:
    """The same as a file that a double click opens in columns."""
    period = _period(request, timezone.localdate())
    text = io.StringIO()
    # A French spreadsheet expects semicolons, and knows UTF-8 by its mark.
    writer = csv.writer(text, delimiter=";" if get_language() == "fr" else ",")
    for row in board.sheet(figures(period.start, period.end)):
        writer.writerow([harmless(cell) for cell in row])
    name = f"annuaire-{period.start}-{period.end}.csv"
    return HttpResponse(
        "\ufeff" + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _period(request: HttpRequest, today: date) -> board.Period:
    """The one that is asked for, else the first. Raises Http404 for whoever may not read."""
    if not request.user.has_perm(RIGHT):
        raise Http404
    offered = board.periods(today)
    asked = request.GET.get("periode", "")
    return next((period for period in offered if period.key == asked), offered[0])
