"""The roof: health, security headers, error pages, languages, one space or many."""

import re

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from booking.models import Space
from tests.factories import a_space


@pytest.fixture
def calm_client() -> Client:
    """A client that shows the error page, as a browser does, instead of raising."""
    return Client(raise_request_exception=False)


def lose_the_database(execute, sql, params, many, context):
    raise OperationalError("the connection is lost")


@pytest.mark.django_db
def test_health_asks_the_database(client):
    response = client.get(reverse("health"))
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["health", "home"])
def test_a_lost_database_is_a_503_that_says_when_to_come_back(calm_client, name):
    with connection.execute_wrapper(lose_the_database):
        response = calm_client.get(reverse(name))
    assert response.status_code == 503
    assert response["Retry-After"] == "30"
    assert "<html" in response.content.decode()


@pytest.mark.django_db
def test_a_bug_is_a_500_with_a_page(calm_client, monkeypatch):
    def stumble(*args):
        raise RuntimeError("a bug")

    monkeypatch.setattr("coworking.views.render", stumble)
    response = calm_client.get(reverse("home"))
    assert response.status_code == 500
    assert "<html" in response.content.decode()


@pytest.mark.django_db
def test_a_wrong_address_is_a_404_with_the_way_home(client):
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert f'href="{reverse("home")}"' in response.content.decode()


@pytest.mark.django_db
def test_a_form_from_another_site_is_refused_with_a_page():
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("set_language"), {"language": "en"})
    assert response.status_code == 403
    assert "<html" in response.content.decode()


@pytest.mark.django_db
def test_the_policy_allows_no_inline_code_and_no_third_party(client):
    policy = client.get(reverse("home"))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"https?:|\*", policy)


@pytest.mark.django_db
def test_headers_that_protect_the_reader(client):
    response = client.get(reverse("home"))
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_no_space_yet(client):
    assert client.get(reverse("home")).status_code == 200


@pytest.mark.django_db
def test_the_only_space_is_the_home(client):
    space = a_space(name="La Fruitière")
    assert "La Fruitière" in client.get(reverse("home")).content.decode()
    assert "La Fruitière" in client.get(space.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_several_spaces_are_a_list_without_the_inactive_ones(client):
    a_space(name="La Fruitière")
    a_space(name="Le Moulin")
    a_space(name="La Ruine", is_active=False)
    page = client.get(reverse("home")).content.decode()
    assert "La Fruitière" in page
    assert "Le Moulin" in page
    assert "La Ruine" not in page


@pytest.mark.django_db
def test_the_home_costs_the_same_with_three_spaces_and_thirty(client, django_assert_num_queries):
    for total in (3, 30):
        while Space.objects.count() < total:
            a_space()
        with django_assert_num_queries(2):
            client.get(reverse("home"))


@pytest.mark.django_db
def test_french_first_and_english_on_request(client):
    home = reverse("home")
    assert '<html lang="fr"' in client.get(home).content.decode()
    assert '<html lang="en"' in client.get(home, headers={"accept-language": "en"}).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": home})
    assert '<html lang="en"' in client.get(home).content.decode()
