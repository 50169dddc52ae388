"""What programs read: the answer as JSON, its picture for social networks, and how to use both."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from savings import Dated, compare
from savings.record import comparison_record, result_record
from simulator.answers import answer
from simulator.forms import QuestionForm
from simulator.house import House
from simulator.social import draw
from simulator.views.asking import HtmxRequest, address, question
from simulator.views.remembered import TOKEN, remembered

AN_HOUR = "public, max-age=3600"


@login_not_required
@require_safe
@remembered
def api(request: HtmxRequest, house: House) -> HttpResponse:
    """The same question and answer as JSON: decimal strings, neutral codes, no login.

    200 with ``question`` (the query string, short), ``page``, ``result`` and ``comparison`` as in
    `docs/savings.md`, and ``supposed``: the prices that were not said, with source and day; 422
    with ``errors``: per parameter, ``code``, ``limit`` and ``message``. Any site may read it.
    """
    form = question(request.GET, house)
    if not form.is_valid():
        return _open(JsonResponse({"errors": _errors(form)}, status=422))
    page = address(reverse("simulator:home"), form.query)
    return _open(
        JsonResponse(
            {
                "question": form.query,
                "page": request.build_absolute_uri(page),
                "result": result_record(form.result),
                "comparison": comparison_record(compare(form.commute)),
                "supposed": _supposed(form),
            }
        )
    )


@login_not_required
@require_safe
@remembered
def image(request: HtmxRequest, house: House) -> HttpResponse:
    """The answer as a PNG of 1200 × 630; that of the starting question when this one is refused."""
    form = question(request.GET, house)
    told = answer(form if form.is_valid() else _start(house))
    place = f"{request.get_host()}{reverse('simulator:home')}".rstrip("/")
    response = HttpResponse(draw(told, place), content_type="image/png")
    response["Cache-Control"] = AN_HOUR
    return response


@login_not_required
@require_safe
@remembered
def tools(request: HtmxRequest, house: House) -> HttpResponse:
    """How to show the simulator on another site, and how to ask it from a program."""
    form = question({}, house)
    context = {
        "csrf_token": TOKEN,
        "frame": request.build_absolute_uri(reverse("simulator:embed")),
        "home": request.build_absolute_uri(reverse("simulator:home")),
        "api": request.build_absolute_uri(reverse("simulator:api")),
        "fields": form.described,
    }
    return render(request, "simulator/tools.html", context)


def _open(response: JsonResponse) -> JsonResponse:
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _start(house: House) -> QuestionForm:
    form = question({}, house)
    form.full_clean()
    return form


def _supposed(form: QuestionForm) -> dict[str, Any]:
    offer = form.offer if form.offer_counts else None
    return {
        "price": _figure(form.assumed_price),
        "fx": _figure(form.assumed_rate),
        "fee": None
        if offer is None
        else {
            "value": f"{offer.value:f}",
            "currency": str(offer.currency),
            "plan": offer.plan,
            "days_a_month": offer.days,
            "valid_from": offer.since.isoformat(),
        },
    }


def _figure(figure: Dated[Any] | None) -> dict[str, str | None] | None:
    if figure is None:
        return None
    seen = figure.valid_from
    return {
        "value": f"{figure.value:f}",
        "unit": figure.unit,
        "source": figure.source,
        "on": None if seen is None else seen.isoformat(),
    }


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
