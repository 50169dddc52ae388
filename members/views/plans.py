"""What the space costs, for everyone: the plans, and which of them suits so many hours a month."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.middleware import HtmxDetails

from members.boards.offers import for_machines
from members.boards.plans import Offered, categories, compare, offered_on
from members.forms.calculator import CalculatorForm
from members.price_words import tax_source


class HtmxRequest(HttpRequest):
    """A request as `HtmxMiddleware` leaves it."""

    htmx: HtmxDetails


@login_not_required
@require_safe
@vary_on_headers("HX-Request")
def plans(request: HtmxRequest) -> HttpResponse:
    """The plans and the calculator; its answer alone, and the messages of its fields, for htmx.

    A question that is refused keeps the last good answer: the one on the page under htmx, the one
    of the query string in ``avant`` without JavaScript.
    """
    today = timezone.localdate()
    offer = offered_on(today)
    form = _form(request.GET, today, offer)
    good = form if form.is_valid() else _last(request, today, offer)
    context = {"form": form, "good": good, "offer": offer, "refused": good is not form}
    context["comparisons"] = compare(offer, good.hours, on=today, category=good.category)
    if not request.htmx:
        return render(request, "members/plans.html", context | _described(request, offer))
    if not form.is_valid():
        response = render(request, "members/_hours_refused.html", context, status=422)
        response["HX-Reswap"] = "none"
        return response
    response = render(request, "members/_hours_updated.html", context)
    response["HX-Replace-Url"] = f"{request.path}?{form.query}"
    return response


def _form(given: QueryDict, today: date, offer: list[Offered]) -> CalculatorForm:
    return CalculatorForm(given, day=today, categories=categories(offer))


def _last(request: HttpRequest, today: date, offer: list[Offered]) -> CalculatorForm:
    """The last good question, or the usual one."""
    last = _form(QueryDict(request.GET.get("avant", "")), today, offer)
    if not last.is_valid():
        last = _form(QueryDict(), today, offer)
        last.full_clean()
    return last


def _described(request: HttpRequest, offer: list[Offered]) -> dict[str, Any]:
    """What only the whole page shows: the VAT rates with their texts of law, machines' words."""
    taxes = (tax_source(one.vat) for one in offer if one.vat is not None)
    return {
        "taxes": list(dict.fromkeys(taxes)),
        "for_machines": for_machines(offer, request.build_absolute_uri(request.path)),
    }
