"""The guard against GETs that write bites, and only then."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from tests import guards
from tests.guards.readonly_get import GetWroteError, written_table

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@login_not_required
def open_group(request: HttpRequest) -> HttpResponse:
    Group.objects.create(name="opened")
    return HttpResponse("opened")


@login_not_required
def open_group_and_hide_it(request: HttpRequest) -> HttpResponse:
    try:
        with transaction.atomic():
            return open_group(request)
    except AssertionError:
        return HttpResponse("nothing happened")


@login_not_required
def count_visits(request: HttpRequest) -> HttpResponse:
    request.session["visits"] = Group.objects.count()
    cache.set("visits", 1)
    return HttpResponse("counted")


urlpatterns = [
    path("open/", open_group),
    path("hidden/", open_group_and_hide_it),
    path("count/", count_visits),
]


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_get_that_writes_raises_and_writes_nothing(client: Client, method: str) -> None:
    with pytest.raises(GetWroteError, match="writes auth_group"), transaction.atomic():
        getattr(client, method)("/open/")
    assert not Group.objects.filter(name="opened").exists()
    assert len(guards.take()) == 1


def test_a_view_cannot_hide_that_it_wrote(client: Client) -> None:
    assert client.get("/hidden/").content == b"nothing happened"
    assert "GET /hidden/ writes auth_group" in guards.take()[0]


def test_a_post_may_write(client: Client) -> None:
    assert client.post("/open/").content == b"opened"
    assert Group.objects.filter(name="opened").exists()


def test_sessions_and_the_cache_keep_their_books_during_a_get(client: Client) -> None:
    assert client.get("/count/").content == b"counted"
    assert client.session["visits"] == Group.objects.count()


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ('SELECT "a"."id" FROM "a" FOR UPDATE', None),
        ("WITH b AS (SELECT 1) SELECT * FROM b", None),
        ('INSERT INTO "a" ("b") VALUES (1)', "a"),
        ("INSERT OR IGNORE INTO a VALUES (1)", "a"),
        ('  update "a" set b = 1', "a"),
        ("WITH b AS (DELETE FROM a RETURNING id) SELECT * FROM b", "a"),
        ("TRUNCATE a", "a"),
        ("DROP TABLE a", "a"),
        ("VACUUM", "?"),
    ],
)
def test_it_knows_a_statement_that_writes(sql: str, table: str | None) -> None:
    assert written_table(sql) == table
