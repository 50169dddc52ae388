"""Every address × every reader: what the application answers is what the table says.

A new address fails the first test until somebody has decided, and written, who may open it.
"""

from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from tests.house.access import table, world
from tests.house.addresses import Address, all_addresses

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST")
INPUT = {400, 422}


def keys() -> list[tuple[table.Key, Address]]:
    found: dict[table.Key, Address] = {}
    for address in all_addresses():
        for method in METHODS:
            found.setdefault((address.name, method), address)
    return list(found.items())


def sign_of(answer: HttpResponse) -> str:
    location = answer.get("Location", "")
    login = (resolve_url(settings.LOGIN_URL), "/admin/login/")
    if answer.status_code in {301, 302, 303}:
        return "?" if location.startswith(login) else "+"
    if answer.status_code in INPUT:
        return "="
    return {200: "+", 403: "x", 404: "-", 405: "."}.get(answer.status_code, str(answer.status_code))


def ask(client: Client, path: str, method: str) -> str:
    """One request that leaves nothing behind."""
    with transaction.atomic():
        answer = client.generic(method, path)
        b"".join(answer)  # what streams holds a file until it is read
        transaction.set_rollback(True)
    return sign_of(answer)


def observed(reader: str) -> dict[table.Key, str]:
    here = world.build()
    found = {}
    for (name, method), address in keys():
        client = here.client(reader)  # an answer may have closed the session
        found[name, method] = ask(client, path_of(address, here), method)
    return found


def path_of(address: Address, here: world.World) -> str:
    if not address.arguments:
        return address.path
    own = world.arguments(here, address)
    return reverse(address.name, kwargs={**address.arguments, **own})


def test_the_table_names_every_address_and_no_other() -> None:
    assert set(table.read()) == {key for key, _address in keys()}


@pytest.mark.parametrize("reader", world.READERS)
def test_each_reader_opens_what_the_table_says(reader: str, request: Any) -> None:
    found = observed(reader)
    if request.config.getoption("--draw-access"):
        table.draw(reader, found)
    said = {key: cells[reader] for key, cells in table.read().items()}
    differs = {
        f"{method} {name}": (said.get((name, method)), sign)
        for (name, method), sign in found.items()
        if said.get((name, method)) != sign
    }
    assert differs == {}
