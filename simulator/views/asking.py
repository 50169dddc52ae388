"""Reading a question from an address, and writing addresses of questions."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from savings.precision import TENTH, plain, rounded
from simulator import prices
from simulator.answers import Answer
from simulator.forms import QuestionForm
from simulator.house import House
from simulator.presets import TRIPS


class HtmxRequest(HttpRequest):
    """A request as `HtmxMiddleware` leaves it."""

    htmx: HtmxDetails


def question(given: Mapping[str, Any], house: House) -> QuestionForm:
    """The question of a query string, with today's prices."""
    return QuestionForm(
        given, today=timezone.localdate(), prices=prices.current(), day_fees=house.day_fees
    )


def last_good(request: HttpRequest, house: House) -> QuestionForm | None:
    """The last question of this page that had an answer, which the form carries in `last`."""
    if "last" not in request.GET:
        return None
    form = question(QueryDict(request.GET["last"]), house)
    return form if form.is_valid() else None


def address(path: str, query: str) -> str:
    """The address of a question on one of the pages."""
    return f"{path}?{query}" if query else path


def trips(form: QuestionForm, path: str) -> list[dict[str, Any]]:
    """The usual trips, as links that keep the other answers."""
    links = []
    for trip in TRIPS:
        told = {"distance": trip.distance, "minutes": trip.minutes, "currency": str(trip.currency)}
        url = address(path, form.query_with(**told))
        links.append({"label": trip.label, "url": url, "current": form.says(**told)})
    return links


def shared(request: HttpRequest, form: QuestionForm, answer: Answer) -> dict[str, str]:
    """The addresses that leave the page: the link itself, an e-mail with it, its picture."""
    link = request.build_absolute_uri(address(reverse("simulator:home"), form.query))
    image = request.build_absolute_uri(address(reverse("simulator:image"), form.query))
    words = f"{answer.spoken}\n\n{link}\n"
    mail = urlencode({"subject": _("Mes économies de trajet"), "body": words})
    return {"link": link, "mail": f"mailto:?{mail.replace('+', '%20')}", "image": image}


def carried(form: QuestionForm) -> dict[str, str]:
    """What an application may be filled in with, as round as it takes it: nothing of it is kept
    here."""
    km, minutes = form.commute.distance_km, form.commute.minutes
    return {
        "km": plain(rounded(km, TENTH)),
        "minutes": plain(rounded(minutes, Decimal(1))),
        "means": "car",
    }
