"""The pages where an owner makes, writes and publishes a profile."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from directory.forms.profiles import PARTS
from directory.models import Found, Provider
from members.models import Member, Role, User
from tests.booking.pages import signed_in, words
from tests.directory.rows import a_commune, a_provider, a_trade, saved
from tests.factories import a_member, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return a_user("Aline Morel", email="aline@example.org")


@pytest.fixture
def provider(owner: User) -> Provider:
    return a_provider("Aline Web", owner=owner, trades=(a_trade("Webmestre"),))


@pytest.fixture
def mine(owner: User) -> Client:
    return signed_in(owner)


def part(provider: Provider, name: str) -> str:
    return f"/mes-fiches/{provider.pk}/modifier/{name}/"


def sent(client: Client, path: str, **changes: Any) -> Any:
    """What a browser sends back: every field as it was drawn, but for the changes."""
    form = client.get(path).context["form"]
    data = {bound.html_name: bound.value() for bound in form}
    return client.post(path, {k: v for k, v in (data | changes).items() if v is not None})


def test_a_member_has_a_profile_in_one_click() -> None:
    trade = a_trade("Photographe")
    member = a_member("Aline Morel")
    Member.objects.filter(pk=member.pk).update(
        trade="Photographe", company="Aline Images", skills="portrait, vidéo"
    )
    a_commune("Morez")
    client = signed_in(member)
    page = client.get("/mes-fiches/nouvelle/")
    assert "votre profil de membre" in words(page)
    assert page.context["form"]["shown"].value() is None  # no consent is ticked beforehand
    answer = sent(client, "/mes-fiches/nouvelle/")
    made = Provider.objects.get()
    assert answer["Location"] == f"/mes-fiches/{made.pk}/"
    assert (made.name, made.headline) == ("Aline Images", "Photographe")
    assert [a.trade for a in made.activities.all()] == [trade]
    assert made.skills.count() == 2
    client.post(f"/mes-fiches/{made.pk}/publier/")
    made.refresh_from_db()
    assert made.is_published


def test_somebody_who_is_no_member_has_one_too(mine) -> None:
    a_commune("Morez")
    assert "Pas encore de fiche" in words(mine.get("/mes-fiches/"))
    assert sent(mine, "/mes-fiches/nouvelle/", name="Aline Web").status_code == 302
    made = Provider.objects.get()
    page = words(mine.get(f"/mes-fiches/{made.pk}/"))
    assert "L’équipe la lira avant de la publier" in page
    refused = words(mine.post(f"/mes-fiches/{made.pk}/publier/", follow=True))
    assert "Il manque encore" in refused


@pytest.mark.parametrize(
    ("name", "changes", "column", "value"),
    [
        ("presentation", {"headline": "Sites utiles"}, "headline", "Sites utiles"),
        ("place", {"range_km": "80"}, "range_km", 80),
        ("contact", {"website": "aline.example"}, "website", "https://aline.example"),
        ("contact", {"legal_number": "732829320"}, "legal_number", "732829320"),
        ("price", {"price_unit": "day", "price_low": "400"}, "price_unit", "day"),
    ],
)
def test_each_part_has_its_small_form(mine, provider, name, changes, column, value) -> None:
    assert sent(mine, part(provider, name), **changes).status_code == 302
    provider.refresh_from_db()
    assert getattr(provider, column) == value


def test_an_availability_is_said_to_its_last_day(mine, provider) -> None:
    today = timezone.localdate()
    last = today + timedelta(days=30)
    dates = {"available_from": today.isoformat(), "available_until": last.isoformat()}
    assert sent(mine, part(provider, "availability"), **dates).status_code == 302
    provider.refresh_from_db()
    assert provider.available_until == last + timedelta(days=1)
    form = mine.get(part(provider, "availability")).context["form"]
    assert form["available_until"].value() == last


def test_lines_are_added_changed_and_taken_off(mine, provider) -> None:
    path = part(provider, "references")
    job = {"client": "Mairie", "what": "Site", "year": "2024"}
    assert mine.post(path, job)["Location"] == path
    row = provider.references.get()
    sent(mine, f"{path}?ligne={row.pk}", what="Nouveau site")
    assert provider.references.get().what == "Nouveau site"
    mine.post(f"{path}{row.pk}/")
    assert not provider.references.exists()
    for bad in ("abc", "9" * 30, "999"):
        assert mine.get(f"{path}?ligne={bad}").status_code == 404


def test_skills_languages_and_consents(mine, provider) -> None:
    sent(mine, part(provider, "skills"), skills="WordPress, wordpress, Vidéo")
    sent(mine, part(provider, "languages"), languages=["fr", "de"])
    sent(mine, part(provider, "shown"), shown=["price"])
    assert provider.skills.count() == 2
    assert {row.language for row in provider.spoken.all()} == {"fr", "de"}
    assert [row.field for row in provider.shown_fields.all()] == ["price"]


def test_a_stale_page_keeps_what_was_typed_and_may_be_sent_again(mine, provider) -> None:
    path = part(provider, "presentation")
    old = mine.get(path).context["form"]
    drawn = {bound.html_name: bound.value() for bound in old}
    sent(mine, path, headline="D’un autre écran")
    answer = mine.post(path, drawn | {"headline": "Le mien"})
    assert answer.status_code == 422
    assert "Le mien" in answer.content.decode()
    provider.refresh_from_db()
    assert provider.headline == "D’un autre écran"
    form = answer.context["form"]
    again = {bound.html_name: bound.value() for bound in form}
    assert mine.post(path, again).status_code == 302
    provider.refresh_from_db()
    assert provider.headline == "Le mien"


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("contact", {"website": "javascript:alert(1)"}, "URL"),
        ("contact", {"legal_number": "24390047900017"}, "vérifiez-le"),
        ("presentation", {"description": "x" * 5001}, "5000"),
        ("availability", {"available_from": "0001-01-01", "available_until": "9999-12-31"}, ""),
        ("price", {"price_low": "NaN"}, "nombre"),
        ("activities", {"trade": "999999"}, "Choisissez"),
    ],
)
def test_bad_input_is_said_beside_the_field(mine, provider, name, changes, said) -> None:
    answer = sent(mine, part(provider, name), **changes)
    assert answer.status_code == 422
    assert said in words(answer)


def test_what_is_anothers_is_not_there(provider) -> None:
    other = a_user()
    theirs = a_provider(owner=other)
    client = signed_in(other)
    row = provider.references.create(client="Mairie", what="Site", year=2024)
    base = f"/mes-fiches/{provider.pk}/"
    paths = [base, f"{base}apercu/", *(part(provider, name) for name in PARTS)]
    assert {client.get(path).status_code for path in paths} == {404}
    posts = [f"{base}{act}/" for act in ("publier", "retirer", "confirmer")]
    posts += [f"{part(provider, 'references')}{row.pk}/", f"{part(theirs, 'references')}{row.pk}/"]
    assert {client.post(path).status_code for path in posts} == {404}
    assert client.get(part(theirs, "nulle-part")).status_code == 404
    assert client.post(f"{part(theirs, 'place')}1/").status_code == 404


def test_the_team_opens_any_and_an_accountant_none(provider) -> None:
    assert signed_in(a_user(role=Role.HOST)).get(f"/mes-fiches/{provider.pk}/").status_code == 200
    accountant = signed_in(a_user(role=Role.ACCOUNTANT))
    assert accountant.get(f"/mes-fiches/{provider.pk}/").status_code == 404


def test_the_preview_is_the_public_page(mine, provider) -> None:
    public = Client().get(provider.get_absolute_url())
    preview = mine.get(f"/mes-fiches/{provider.pk}/apercu/")
    assert preview.context["profile"] == public.context["profile"]
    assert "telle que le public la voit" in words(preview)


def test_the_page_says_what_is_missing_and_how_often_one_was_found(mine, provider) -> None:
    today = timezone.localdate()
    for words_of_search, times in (("site web", 7), ("", 2)):
        saved(Found(provider=provider, day=today, words=words_of_search, times=times))
    old = today - timedelta(days=200)
    saved(Found(provider=provider, day=old, words="ancien", times=9))
    page = words(mine.get(f"/mes-fiches/{provider.pk}/"))
    assert "2 points sur 9" in page
    assert "Un travail déjà fait rassure mieux qu’une promesse" in page
    assert "apparue dans 9 recherches" in page
    assert "site web" in page
    assert "ancien" not in page


def test_on_and_off_line_by_buttons_only(mine, provider) -> None:
    base = f"/mes-fiches/{provider.pk}/"
    for act in ("publier", "retirer", "confirmer"):
        assert mine.get(f"{base}{act}/").status_code == 405
    said = [
        words(mine.post(f"{base}{act}/", follow=True))
        for act in ("confirmer", "retirer", "publier")
    ]
    assert "noté pour six mois" in said[0]
    assert "n’est plus en ligne" in said[1]
    assert "est en ligne" in said[2]


def test_the_list_of_many_costs_what_that_of_one_costs(
    mine, owner, provider, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    mine.get("/mes-fiches/")  # what a process remembers is asked once
    with django_assert_max_num_queries(8) as few:
        mine.get("/mes-fiches/")
    for _each in range(20):
        a_provider(owner=owner)
    with django_assert_num_queries(len(few.captured_queries)):
        mine.get("/mes-fiches/")
