"""What a provider was asked, behind the key of the letter and in one's own list."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from directory.models import Attachment, Need, NeedState, Origin, ProviderState, Solicitation
from directory.services.awards import award
from members.models import User
from tests.directory.crowds import many_providers
from tests.directory.rows import (
    a_commune,
    a_need,
    a_provider,
    a_skill,
    a_solicitation,
    a_trade,
    an_organisation,
)
from tests.factories import NOW, a_user

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIST = "/demandes/"
WORDS = {"answer": "Trois jours.", "price": "1450", "currency": "EUR", "starts_on": "2026-03-20"}


@pytest.fixture(autouse=True)
def _that_week():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def owner() -> User:
    return a_user("Aline Morel")


@pytest.fixture
def row(owner: User) -> Solicitation:
    organisation = an_organisation("Boulangerie Perrin", commune=a_commune("Longchaumois"))
    need = a_need("Refaire la vitrine", organisation=organisation, description="En <b>chêne</b>.")
    need.skills_must.set([a_skill("Escaliers")])
    provider = a_provider("Atelier Morel", owner=owner)
    breakdown = [["trade", 40], ["near", 14]]
    return a_solicitation(need, provider, score=54, breakdown=breakdown)


def page_of(row: Solicitation) -> str:
    return reverse("directory:asked", args=[row.key])


def step(row: Solicitation) -> str:
    row.refresh_from_db()
    return row.step.value


def text(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status
    page: str = answer.content.decode()
    return page


def test_following_the_link_shows_a_summary_and_writes_nothing(
    client: Client, row: Solicitation
) -> None:
    for _scanner in range(3):
        answer = client.get(page_of(row))
    page = text(answer)
    for words in (
        "Refaire la vitrine", "Longchaumois", "16 mars 2026", "Boulangerie Perrin",
        "le métier demandé", "à moins de 5 km", "Lire la demande",
    ):  # fmt: skip
        assert words in page
    for hidden in ("chêne", "Escaliers", 'name="answer"', row.need.contact_email):
        assert hidden not in page
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert step(row) == "sent"


def test_read_then_answered_then_said_otherwise(client: Client, row: Solicitation) -> None:
    page = text(client.post(page_of(row) + "lire/", follow=True))
    assert step(row) == "opened"
    assert "En &lt;b&gt;chêne&lt;/b&gt;." in page
    assert "Escaliers" in page
    page = text(client.post(page_of(row) + "repondre/", WORDS, follow=True))
    assert "Votre réponse est transmise." in page
    assert step(row) == "answered"
    assert "Modifier ma réponse" in page
    assert "Décliner" not in page
    text(client.post(page_of(row) + "repondre/", WORDS | {"answer": "Deux."}, follow=True))
    row.refresh_from_db()
    assert (row.answer, row.answered_at) == ("Deux.", NOW)


def test_declining_takes_a_reason(client: Client, row: Solicitation) -> None:
    client.post(page_of(row) + "lire/")
    text(client.post(page_of(row) + "decliner/", {"words": "Désolé"}), 422)
    assert step(row) == "opened"
    sent = {"reason": "too_far", "words": "Désolé"}
    page = text(client.post(page_of(row) + "decliner/", sent, follow=True))
    assert step(row) == "declined"
    assert "trop loin" in page
    assert 'name="reason"' not in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"answer": ""}, "answer"),
        ({"answer": "a" * 5001}, "answer"),
        ({"price": "-1"}, "price"),
        ({"price": "beaucoup"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"currency": "XBT"}, "currency"),
        ({"starts_on": "2026-02-28"}, "starts_on"),
        ({"starts_on": "demain"}, "starts_on"),
    ],
)
def test_a_bad_answer_is_said_beside_its_field(
    client: Client, row: Solicitation, change: dict[str, str], field: str
) -> None:
    client.post(page_of(row) + "lire/")
    answer = client.post(page_of(row) + "repondre/", WORDS | change)
    text(answer, 422)
    assert field in answer.context["answer_form"].errors
    assert step(row) == "opened"


def test_what_was_not_read_is_not_answered(client: Client, row: Solicitation) -> None:
    page = text(client.post(page_of(row) + "repondre/", WORDS), 422)
    assert "Lisez d’abord la demande." in page
    assert "chêne" not in page
    text(client.post(page_of(row) + "decliner/", {"reason": "budget"}), 422)
    assert step(row) == "sent"


def test_a_wrong_key_leads_nowhere(client: Client, row: Solicitation) -> None:
    wrong = reverse("directory:asked", args=[row.key[::-1]])
    assert client.get(wrong).status_code == 404
    for page in ("lire/", "repondre/", "decliner/"):
        assert client.post(wrong + page, WORDS).status_code == 404
        assert client.get(page_of(row) + page).status_code == 405
    # The key of the need is its author's, not a provider's.
    assert client.get(reverse("directory:asked", args=[row.need.key])).status_code == 404


def test_a_need_that_is_over_takes_no_word(client: Client, row: Solicitation) -> None:
    Need.objects.update(state=NeedState.WITHDRAWN)
    page = text(client.get(page_of(row)))
    assert "n’attend plus de réponse" in page
    assert "Lire la demande" not in page
    client.post(page_of(row) + "lire/")
    assert step(row) == "sent"


def test_after_the_last_day_it_is_readable_and_closed(client: Client, row: Solicitation) -> None:
    client.post(page_of(row) + "lire/")
    with time_machine.travel(NOW + 15 * DAY, tick=False):
        page = text(client.get(page_of(row)))
        assert "chêne" in page
        assert 'name="answer"' not in page
        assert "n’attend plus" in text(client.post(page_of(row) + "repondre/", WORDS), 422)


def test_an_anonymous_author_is_known_to_the_chosen_only(client: Client, row: Solicitation) -> None:
    Need.objects.update(is_anonymous=True, contact_phone="03 84 00 00 00")
    other = a_solicitation(row.need, a_provider("Autre", owner=a_user()))
    hidden = ("Boulangerie Perrin", row.need.contact_name, row.need.contact_email, "03 84 00")
    for each in (row, other):
        client.post(page_of(each) + "lire/")
        client.post(page_of(each) + "repondre/", WORDS)
        page = text(client.get(page_of(each)))
        assert not any(words in page for words in hidden)
    award(solicitation=row, by=None, now=NOW)
    page = text(client.get(page_of(row)))
    assert all(words in page for words in hidden)
    page = text(client.get(page_of(other)))
    assert "Une autre réponse a été retenue." in page
    assert not any(words in page for words in hidden)


def test_who_was_introduced_reads_why(client: Client) -> None:
    row = a_solicitation(a_need(), a_provider(), origin=Origin.HOST)
    assert "l’équipe de l’espace a pensé à vous" in text(client.get(page_of(row)))


# ---- files


@pytest.fixture
def file(row: Solicitation) -> Attachment:
    return Attachment.objects.create(
        need=row.need,
        file_name="plan.pdf",
        media_type="application/pdf",
        content=b"%PDF-1.7",
        added_at=NOW,
    )


def test_a_file_is_saved_by_who_has_read(
    client: Client, row: Solicitation, file: Attachment
) -> None:
    path = f"{page_of(row)}fichiers/{file.pk}/"
    assert client.get(path).status_code == 404
    page = text(client.post(page_of(row) + "lire/", follow=True))
    assert path in page
    answer = client.get(path)
    assert b"".join(answer) == b"%PDF-1.7"
    assert answer["Content-Disposition"] == 'attachment; filename="plan.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_a_file_of_another_need_is_not_there(
    client: Client, row: Solicitation, file: Attachment
) -> None:
    other = a_solicitation(a_need(), a_provider(), opened_at=NOW)
    assert client.get(f"{page_of(other)}fichiers/{file.pk}/").status_code == 404


def test_a_file_of_a_need_that_was_refused_is_not_there(
    client: Client, row: Solicitation, file: Attachment
) -> None:
    client.post(page_of(row) + "lire/")
    Need.objects.update(state=NeedState.REJECTED)
    assert client.get(f"{page_of(row)}fichiers/{file.pk}/").status_code == 404


# ---- my requests


def test_what_waits_comes_first(client: Client, owner: User) -> None:
    provider = a_provider(owner=owner)
    read = {"opened_at": NOW}
    said = read | {"answered_at": NOW}
    for title, fields, need in (
        ("Répondu", said, {}),
        ("Décliné", read | {"declined_at": NOW, "decline_reason": "no_time"}, {}),
        ("Retiré", {}, {"state": NeedState.WITHDRAWN}),
        ("Plus tard", {}, {}),
        ("Bientôt", read, {"deadline": (NOW + DAY).date()}),
    ):
        a_solicitation(a_need(title, **need), provider, **fields)
    a_solicitation(a_need("À un autre"), a_provider(owner=a_user()))
    client.force_login(owner)
    answer = client.get(LIST)
    page = text(answer)
    titles = [it.solicitation.need.title for it in answer.context["requests"]]
    assert titles[:2] == ["Bientôt", "Plus tard"]
    assert set(titles[2:]) == {"Répondu", "Décliné", "Retiré"}
    assert "2 demandes attendent votre mot." in page
    for words in ("Nouvelle", "Vous avez répondu", "Vous avez décliné", "Terminée"):
        assert words in page


def test_nothing_yet(client: Client, owner: User) -> None:
    client.force_login(owner)
    assert "Pas encore de demande" in text(client.get(LIST))


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        text(client.get(path))
    return len(caught)


def test_pages_cost_the_same_with_20_and_200(client: Client, owner: User) -> None:
    trade, commune = a_trade(), a_commune()
    need, provider = a_need(), a_provider(owner=owner)
    mine = a_solicitation(need, provider, opened_at=NOW)
    client.force_login(owner)
    pages = (LIST, page_of(mine), need.author_path)

    def more(number: int) -> None:
        said = {"opened_at": NOW, "answered_at": NOW, "answer": "Oui."}
        others = many_providers(number, trade=trade, commune=commune, owner=owner)
        made = [Solicitation(need=need, provider=each, **said) for each in others]
        for row in made:
            row.key, row.sent_at = f"{row.provider_id:040}", NOW
        Solicitation.objects.bulk_create(made)

    more(19)
    client.get(LIST)  # the process remembers the space
    few = [queries(client, path) for path in pages]
    more(180)
    assert [queries(client, path) for path in pages] == few
    assert few[0] <= 12


# ---- the author's side


def answered(need: Need, name: str, **fields: Any) -> Solicitation:
    said = {"opened_at": NOW, "answered_at": NOW, "answer": f"De {name}."}
    return a_solicitation(need, a_provider(name, owner=a_user()), **(said | fields))


def test_the_author_compares_and_chooses(client: Client, committed: Any, row: Solicitation) -> None:
    need = row.need
    best = answered(need, "Alix", price="900.00", starts_on=NOW.date())
    answered(need, "Basile")
    no = {"opened_at": NOW, "declined_at": NOW, "decline_reason": "too_far"}
    a_solicitation(need, a_provider("Chloé"), **no)
    page = text(client.get(need.author_path))
    for words in ("2 réponses", "4 prestataires sollicités", "De Alix.", "trop loin", "demandé"):
        assert words in page
    path = reverse("directory:award", args=[need.key, best.pk])
    with committed():
        page = text(client.post(path, follow=True))
    assert "Vous avez retenu Alix" in page
    assert "Retenir<" not in page
    assert step(best) == "awarded"
    assert len(mail.outbox) == 3


def test_one_awards_ones_own_need_only(client: Client, row: Solicitation) -> None:
    need, mine = row.need, answered(row.need, "Alix")
    theirs = answered(a_need(), "Basile")
    for key, pk, status in (
        (need.key, theirs.pk, 404),
        (mine.key, mine.pk, 404),
        (need.key[::-1], mine.pk, 404),
    ):
        assert client.post(reverse("directory:award", args=[key, pk])).status_code == status
    assert client.get(reverse("directory:award", args=[need.key, mine.pk])).status_code == 405
    assert not Solicitation.objects.filter(awarded_at__isnull=False).exists()


def test_a_refused_award_says_why(client: Client, row: Solicitation) -> None:
    path = reverse("directory:award", args=[row.need.key, row.pk])
    assert "On retient une réponse." in text(client.post(path, follow=True))


# ---- coming forward


def test_an_owner_comes_forward_and_answers(client: Client, owner: User) -> None:
    need, provider = a_need(), a_provider(owner=owner)
    path = reverse("directory:volunteer", args=[need.pk])
    client.force_login(owner)
    assert provider.name in text(client.get(path))
    page = text(client.post(path, {"provider": provider.pk}, follow=True))
    assert 'name="answer"' in page
    assert provider.solicitations.get().origin == Origin.VOLUNTEER
    assert "Vous avez déjà cette demande" in text(client.get(path))


def test_who_may_not_come_forward(client: Client, owner: User) -> None:
    need = a_need()
    path = reverse("directory:volunteer", args=[need.pk])
    client.force_login(owner)
    a_provider(owner=owner, state=ProviderState.DRAFT)
    assert "Il faut une fiche publiée" in text(client.get(path))
    other = a_provider(owner=a_user())
    assert client.post(path, {"provider": other.pk}).status_code == 422
    for over in (a_need(state=NeedState.SUBMITTED), a_need(state=NeedState.EXPIRED)):
        assert client.get(reverse("directory:volunteer", args=[over.pk])).status_code == 404
    assert not Solicitation.objects.exists()
