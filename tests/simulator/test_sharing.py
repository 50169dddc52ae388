"""An answer leaves the page: as a link, an e-mail, a picture, a frame on another site."""

import re
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from members.models import State
from tests.factories import a_member, a_space

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def html_of(client: Client, name: str, answers: dict[str, str] | None = None, **more) -> str:
    answered = client.get(reverse(f"simulator:{name}"), answers or {}, **more)
    assert answered.status_code == 200
    return answered.content.decode()


def test_the_link_and_the_mail_carry_the_question(client: Client) -> None:
    html = html_of(client, "home", {"distance": "60"})
    assert 'value="http://testserver/simulateur/?distance=60" readonly' in html
    mail = re.search(r'href="(mailto:[^"]+)"', html)
    assert mail is not None
    told = parse_qs(urlsplit(mail[1].replace("&amp;", "&")).query)
    assert told["body"][0].endswith("http://testserver/simulateur/?distance=60\n")
    assert told["body"][0].startswith("Vous économisez, chaque année")


def test_an_update_brings_the_new_link(client: Client) -> None:
    html = html_of(client, "home", {"distance": "60"}, headers=HTMX)
    assert 'value="http://testserver/simulateur/?distance=60" readonly' in html


def test_social_networks_find_a_picture_of_this_answer(client: Client) -> None:
    html = html_of(client, "home", {"distance": "60"})
    picture = 'property="og:image" content="http://testserver/simulateur/image.png?distance=60"'
    assert picture in html
    assert 'name="twitter:card" content="summary_large_image"' in html


@pytest.mark.parametrize("answers", [{}, {"fee": "90"}, {"distance": "x"}])
def test_the_picture_is_a_light_png_of_the_size_that_they_ask_for(client: Client, answers) -> None:
    answered = client.get(reverse("simulator:image"), answers)
    assert answered["Content-Type"] == "image/png"
    assert "max-age" in answered["Cache-Control"]
    assert len(answered.content) < 100_000
    with Image.open(BytesIO(answered.content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_the_frame_and_only_the_frame_may_stand_on_another_site(client: Client) -> None:
    framed = client.get(reverse("simulator:embed"))
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "script-src 'self'" in framed["Content-Security-Policy"]
    for name in ("simulator:home", "simulator:tools", "simulator:api", "home"):
        page = client.get(reverse(name))
        assert page["X-Frame-Options"] == "DENY", name
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"], name


def test_the_frame_stays_the_frame_after_a_kept_answer(client: Client) -> None:
    client.get(reverse("simulator:embed"))
    again = client.get(reverse("simulator:embed"))
    assert "X-Frame-Options" not in again
    assert "frame-ancestors *" in again["Content-Security-Policy"]


def test_the_frame_sets_no_cookie_and_asks_and_updates_itself(client: Client) -> None:
    framed = client.get(reverse("simulator:embed"), {"distance": "60"})
    html = framed.content.decode()
    assert framed.cookies == {}
    assert 'action="/simulateur/integrer/"' in html
    assert 'href="/simulateur/integrer/?' in html
    updated = client.get(reverse("simulator:embed"), {"distance": "60"}, headers=HTMX)
    assert updated["HX-Replace-Url"] == "/simulateur/integrer/?distance=60"


def test_links_of_the_frame_open_outside_of_it(client: Client) -> None:
    a_space()
    html = html_of(client, "embed")
    for link in re.findall(r"<a [^>]*>", html):
        inside = "/simulateur/integrer/" in link or 'href="#' in link
        assert inside or 'target="_blank"' in link, link


def test_the_tools_page_gives_the_lines_to_copy_and_every_parameter(client: Client) -> None:
    html = html_of(client, "tools")
    assert "&lt;iframe src=&quot;" in html or '&lt;iframe src="http://testserver' in html
    assert "http://testserver/simulateur/integrer/" in html
    assert "http://testserver/simulateur/api/" in html
    for name in ("distance", "coworking_days", "fx_date", "mission_days", "year"):
        assert f"<code>{name}</code>" in html


# ---- answers kept in memory


def test_the_same_question_is_answered_from_memory_with_a_token_of_its_own() -> None:
    first, second = Client(), Client()
    tokens = []
    for client in (first, second):
        html = html_of(client, "home")
        assert "token-of-the-visitor" not in html
        tokens.append(re.search(r'name="csrfmiddlewaretoken" value="(\w{64})"', html)[1])
        assert client.cookies["csrftoken"].value
    assert tokens[0] != tokens[1]


def test_the_token_of_a_kept_page_is_accepted() -> None:
    Client().get(reverse("simulator:home"))
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w{64})"', html_of(client, "home"))[1]
    sent = {"csrfmiddlewaretoken": token, "language": "en", "next": "/"}
    assert client.post(reverse("set_language"), sent).status_code == 302
    assert client.post(reverse("set_language"), {"language": "en"}).status_code == 403


def test_a_page_of_somebody_is_never_kept_nor_given_to_another(client: Client) -> None:
    client.get(reverse("simulator:home"))
    member = a_member("Aline Perrin", state=State.ACTIVE)
    known = Client()
    known.force_login(member.user)
    assert "Aline" in html_of(known, "home")
    assert "Aline" not in html_of(Client(), "home")


def test_each_language_has_its_own_answer() -> None:
    french, english = (
        html_of(Client(), "home", headers={"Accept-Language": language})
        for language in ("fr", "en")
    )
    assert '<html lang="fr">' in french
    assert '<html lang="en">' in english


def test_a_page_and_an_update_of_one_question_are_kept_apart(client: Client) -> None:
    assert "<html" in html_of(client, "home")
    assert "<html" not in html_of(client, "home", headers=HTMX)
    assert "<html" in html_of(client, "home")


def test_a_refusal_is_not_kept(client: Client) -> None:
    for _ in range(2):
        answered = client.get(reverse("simulator:home"), {"distance": "x"}, headers=HTMX)
        assert answered.status_code == 422
