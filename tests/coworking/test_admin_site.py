"""The site of the admin: its policy, its sidebar, its search, its colours."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from coworking import admin_look
from members.models import Role, User
from tests.factories import a_member, a_space, a_user, protect

pytestmark = pytest.mark.django_db

STRICT = {
    directive: set(sources)
    for directive, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
}


def policy(response) -> dict[str, set[str]]:
    directives = response["Content-Security-Policy"].split("; ")
    return {
        name: set(sources.split()) for name, _, sources in (d.partition(" ") for d in directives)
    }


@pytest.fixture
def operator():
    return a_user("Odile Paget", role=Role.OPERATOR)


@pytest.fixture
def admin(client, operator):
    client.force_login(operator)
    return client


# The policy


@pytest.mark.parametrize("path", ["/admin/", "/admin/members/member/", "/admin/jsi18n/"])
def test_the_admin_gets_what_its_theme_needs_and_nothing_else(admin, path):
    found = policy(admin.get(path))
    more = {name: sources - STRICT[name] for name, sources in found.items()}
    assert {name: sources for name, sources in more.items() if sources} == {
        "script-src": {"'unsafe-eval'"},
        "style-src": {"'unsafe-inline'"},
        "img-src": {"data:"},
    }
    assert found.keys() == STRICT.keys()


@pytest.mark.parametrize("path", ["/", "/compte/", "/admin-elsewhere/", "/simulateur/"])
def test_every_other_page_keeps_the_strict_policy(admin, path):
    assert policy(admin.get(path)) == STRICT


def test_a_stranger_at_the_door_of_the_admin_gets_the_strict_policy(client):
    assert policy(client.get("/admin/login/", follow=True)) == STRICT


# The sidebar


def entries(page: str) -> set[str]:
    sidebar = page[page.index('id="nav-sidebar-apps"') : page.index('id="main"')]
    return set(re.findall(r"<span>([^<]+)</span>", sidebar))


@pytest.mark.parametrize(
    ("role", "absent"),
    [
        (Role.OPERATOR, set()),
        (
            Role.HOST,
            {
                "Formules",
                "Prix du simulateur",
                "Règlement et conditions",
                "Tarifs datés",
                "Taux de TVA",
            },
        ),
        (
            Role.ACCOUNTANT,
            {
                "Annonces",
                "Besoins",
                "Besoins non pourvus",
                "Bornes",
                "Candidatures",
                "Donneurs d’ordre",
                "Communes",
                "Compétences",
                "Envois d’annonces",
                "Fermetures",
                "Invitations",
                "Journal",
                "Messages transmis",
                "Métiers",
                "Prestataires",
                "Prix du simulateur",
                "Revendications",
                "Règlement et conditions",
                "Secteurs",
                "Signalements",
                "Sollicitations",
                "Synonymes",
                "Séries",
                "Étapes d’accueil",
            },
        ),
    ],
)
def test_a_role_sees_what_it_may_open(client, role, absent):
    client.force_login(a_user(role=role))
    shown = entries(client.get("/admin/").content.decode())
    everything = {str(entry["title"]) for group in admin_look.SIDEBAR for entry in group["items"]}
    assert shown == everything - absent


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.HOST, Role.ACCOUNTANT])
def test_every_entry_that_is_shown_opens(client, role):
    client.force_login(a_user(role=role))
    page = client.get("/admin/").content.decode()
    sidebar = page[page.index('id="nav-sidebar-apps"') : page.index('id="main"')]
    links = re.findall(r'href="([^"]+)"', sidebar)
    assert len(links) > 5
    assert {client.get(link).status_code for link in links} == {200}


def test_the_way_back_the_account_and_both_languages(admin):
    page = admin.get("/admin/").content.decode()
    for address in (reverse("home"), reverse("members:account"), reverse("set_language")):
        assert f'"{address}"' in page
    assert 'value="en"' in page
    assert "Administration du coworking" in page


def test_only_a_development_server_says_so(admin, settings):
    assert "démonstration" not in admin.get("/admin/").content.decode()
    settings.DEBUG = True
    assert "démonstration" in admin.get("/admin/").content.decode()


# The search


def search(client, words):
    return client.get("/admin/search/", {"s": words, "extended": "1"}).content.decode()


def test_the_search_finds_people_and_pages(admin):
    member = a_member("Camille Roux")
    found = search(admin, "camille")
    assert reverse("admin:members_member_change", args=[member.pk]) in found
    assert "Camille Roux" in found
    assert reverse("admin:booking_booking_changelist") in search(admin, "réservations")
    assert "Rien ne correspond" in search(admin, "zzz")


@pytest.mark.parametrize("words", ["", " ", "\x00", "%", "x" * 5_000, "<script>"])
def test_no_search_is_a_fault(admin, words):
    assert "<script>" not in search(admin, words)


def test_the_search_is_short_and_costs_the_same_for_many(admin, django_assert_num_queries):
    for _turn in range(2):
        for _member in range(15):
            a_member("Camille Roux")
        a_space()
        with django_assert_num_queries(13):
            found = search(admin, "camille")
        assert found.count("Camille Roux</span>") <= 2 * 10  # as a member, as a user


def test_the_search_keeps_nothing(admin, operator):
    """What is found depends on rights, and rights are taken away."""
    a_member("Camille Roux")
    assert "Camille Roux" in search(admin, "camille")
    operator.groups.clear()
    assert "Camille Roux" not in search(admin, "camille")


def test_a_role_finds_what_it_may_see(client):
    a_space(name="La Fruitière")
    nobody = User.objects.create_user("nobody@morez.example", is_staff=True)
    client.force_login(protect(nobody))
    assert "La Fruitière" not in search(client, "fruitière")


# The colours


def test_the_palette_is_the_one_of_the_house():
    tokens = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
    light, _, dark = tokens.partition("@media (prefers-color-scheme: dark)")

    def token(part, name):
        return re.search(rf"--{name}: (#\w+);", part)[1]

    spruce, limestone, ink = admin_look.SPRUCE, admin_look.LIMESTONE, admin_look.INK
    assert spruce["600"] == token(light, "spruce")
    assert spruce["800"] == token(light, "spruce-strong")
    assert spruce["100"] == token(light, "spruce-tint")
    assert spruce["400"] == token(dark, "spruce")
    assert spruce["300"] == token(dark, "spruce-strong")
    assert spruce["950"] == token(dark, "on-spruce")
    for step, part, name in [
        ("50", light, "page"),
        ("100", light, "sunken"),
        ("200", light, "line"),
        ("600", light, "ink-soft"),
        ("800", dark, "line"),
        ("900", dark, "surface"),
        ("950", dark, "page"),
    ]:
        assert limestone[step] == token(part, name), step
    assert ink["important-light"] == token(light, "ink")
    assert ink["important-dark"] == token(dark, "ink")
