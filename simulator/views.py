"""Pages of the simulator: the question and its answer, for people and for machines.

Public, and without a table: the state of a page is its address.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from savings import compare
from savings.record import comparison_record, result_record
from simulator.answers import Answer, answer
from simulator.forms import QuestionForm
from simulator.presets import TRIPS


class HtmxRequest(HttpRequest):
    """A request as `HtmxMiddleware` leaves it."""

    htmx: HtmxDetails


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def home(request: HtmxRequest) -> HttpResponse:
    """The form with its answer; the answer alone, and the messages of the fields, for htmx.

    A question that is refused keeps the last good answer: the one on the page under htmx, the one
    of the query string in ``last`` without JavaScript.
    """
    form = QuestionForm(request.GET, today=timezone.localdate())
    good = form if form.is_valid() else _last(request)
    context = {
        "form": form,
        "last": good,
        "answer": _answer(good),
        "trips": _trips(good or form),
    }
    if not request.htmx:
        return render(request, "simulator/home.html", context)
    if not form.is_valid():
        response = render(request, "simulator/_refused.html", context, status=422)
        response["HX-Reswap"] = "none"
        return response
    response = render(request, "simulator/_updated.html", context)
    response["HX-Replace-Url"] = f"{request.path}?{form.query}" if form.query else request.path
    return response


@login_not_required
@require_safe
def api(request: HttpRequest) -> JsonResponse:
    """The same question and answer as JSON: decimal strings, neutral codes, no login.

    200 with ``question`` (the query string, short), ``result`` and ``comparison`` as in
    `docs/savings.md`; 422 with ``errors``: per parameter, ``code``, ``limit`` and ``message``.
    """
    form = QuestionForm(request.GET, today=timezone.localdate())
    if not form.is_valid():
        return JsonResponse({"errors": _errors(form)}, status=422)
    return JsonResponse(
        {
            "question": form.query,
            "page": request.build_absolute_uri(_address(form.query)),
            "result": result_record(form.result),
            "comparison": comparison_record(compare(form.commute)),
        }
    )


def _last(request: HttpRequest) -> QuestionForm | None:
    if "last" not in request.GET:
        return None
    form = QuestionForm(QueryDict(request.GET["last"]), today=timezone.localdate())
    return form if form.is_valid() else None


def _answer(form: QuestionForm | None) -> Answer | None:
    return None if form is None else answer(form.result, form.assumed)


def _address(query: str) -> str:
    home = reverse("simulator:home")
    return f"{home}?{query}" if query else home


def _trips(form: QuestionForm) -> list[dict[str, Any]]:
    """The usual trips, as links that keep the other answers."""
    links = []
    for trip in TRIPS:
        told = {"distance": trip.distance, "minutes": trip.minutes, "currency": str(trip.currency)}
        url = _address(form.query_with(**told))
        links.append({"label": trip.label, "url": url, "current": form.says(**told)})
    return links


def _errors(form: QuestionForm) -> dict[str, list[dict[str, Any]]]:
    return {
        field: [
            {
                "code": error.code,
                "limit": None if error.params is None else str(error.params.get("limit")),
                "message": str(error.messages[0]),
            }
            for error in errors.as_data()
        ]
        for field, errors in form.errors.items()
    }
