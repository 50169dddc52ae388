"""Pages for people: the question and its answer, on this site and inside another one.

Public, and nothing is kept: the state of a page is its address.
"""

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from simulator.answers import answer
from simulator.house import House
from simulator.picture import scale
from simulator.views.asking import (
    HtmxRequest,
    address,
    carried,
    last_good,
    question,
    shared,
    trips,
)
from simulator.views.remembered import TOKEN, more, remembered

# Any site may show the frame: it asks nobody to log in and keeps nothing.
ANY_SITE = {"frame-ancestors": ["*"]}


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
@remembered
def home(request: HtmxRequest, house: House) -> HttpResponse:
    """The form with its answer; the answer alone, and the messages of the fields, for htmx.

    A question that is refused keeps the last good answer: the one on the page under htmx, the one
    of the query string in ``last`` without JavaScript.
    """
    return _page(request, house, "simulator/home.html", framed=False)


@login_not_required
@require_safe
@csp_replace(ANY_SITE)
@xframe_options_exempt
@vary_on_headers("HX-Request")
@remembered
def embed(request: HtmxRequest, house: House) -> HttpResponse:
    """The same within an `<iframe>` of another site: no navigation, links open outside.

    Other sites may frame it; the rest of the simulator they may not (docs/simulator.md).
    """
    return _page(request, house, "simulator/embed.html", framed=True)


def _page(request: HtmxRequest, house: House, template: str, *, framed: bool) -> HttpResponse:
    form = question(request.GET, house)
    good = form if form.is_valid() else last_good(request, house)
    told = None if good is None else answer(good)
    context = {
        "csrf_token": TOKEN,
        "form": form,
        "last": good,
        "answer": told,
        "scale": scale((good or form).scale_ends),
        "trips": trips(good or form, request.path),
        "share": shared(request, good, told) if good and told else None,
        "way_in": house.way_in(carried(good)) if good else None,
        "framed": framed,
        "path": request.path,
    }
    if not request.htmx:
        return render(request, template, context | {"more": more(form)})
    if not form.is_valid():
        response = render(request, "simulator/_refused.html", context, status=422)
        response["HX-Reswap"] = "none"
        return response
    response = render(request, "simulator/_updated.html", context)
    response["HX-Replace-Url"] = address(request.path, form.query)
    return response
