"""The pages of needs: posting, following behind the key, reading; each reader sees their own."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail, serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from directory import models
from directory.gate import token_of
from directory.models import Need, NeedState
from directory.services import needs, outcome
from members.models import AuditEntry, Role
from tests.directory.rows import (
    a_commune,
    a_need,
    a_provider,
    a_skill,
    a_solicitation,
    a_trade,
    an_organisation,
    in_two_weeks,
)
from tests.directory.test_need_files import EXECUTABLE, PDF
from tests.factories import NOW, a_user, freshly

pytestmark = pytest.mark.django_db

POST = "/besoins/nouveau/"
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _that_week():
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        yield


@pytest.fixture
def said(morez) -> dict[str, Any]:
    return {
        "title": "Une vitrine à réparer",
        "description": "Le joint du bas est mort.",
        "commune": morez.pk,
        "deadline": in_two_weeks().isoformat(),
        "starts_on": "",
        "trade": "",
        "kind": "need",
        "mode": "both",
        "radius_km": "30",
        "budget": "",
        "answers_wanted": "3",
        "organisation_kind": "business",
        "organisation_name": "Boulangerie Vuez",
        "contact_name": "Jeanne Vuez",
        "contact_email": "jeanne@boulangerie.example",
        "gate_token": token_of("directory_need", NOW),
    }


def sent(client: Client, said: dict[str, Any], committed: Any, **more: Any) -> Any:
    with committed():
        return client.post(POST, said | more)


def test_a_need_in_plain_words_and_the_key_is_in_the_letter_alone(client, said, committed) -> None:
    answer = sent(client, said, committed)
    need = Need.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/besoins/nouveau/envoye/")
    assert need.key not in client.get(answer["Location"]).content.decode()
    assert (need.state, need.organisation.name, need.radius_km) == ("draft", "Boulangerie Vuez", 30)
    assert need.author_path in str(mail.outbox[0].body)


def test_the_first_part_is_enough_the_rest_has_its_defaults(client) -> None:
    page = client.get(POST)
    form = page.context["form"]
    assert form["deadline"].value() == in_two_weeks()
    assert not form.shows_more
    assert "Vos coordonnées et vos fichiers sont effacés 24 mois" in page.content.decode()
    assert client.get(POST + "?q=une+vitrine").context["form"]["title"].value() == "une vitrine"


def test_a_person_needs_no_other_name(client, said, committed) -> None:
    sent(client, said, committed, organisation_kind="person", organisation_name="")
    assert Need.objects.get().organisation.name == "Jeanne Vuez"


def test_with_an_account_the_contact_stands_there_and_the_page_follows(
    client, said, committed
) -> None:
    aline = a_user("Aline Morel")
    client.force_login(aline)
    assert client.get(POST).context["form"]["contact_email"].value() == aline.email
    answer = sent(client, said, committed, contact_email=aline.email)
    need = Need.objects.get()
    assert (need.author, need.state) == (aline, NeedState.SUBMITTED)
    assert answer["Location"] == need.author_path
    form = client.get(POST).context["form"]
    assert form["organisation"].value() == need.organisation_id
    sent(
        client, said, committed, contact_email=aline.email, title="Un four",
        organisation=need.organisation.pk, organisation_kind="", organisation_name="",
    )  # fmt: skip
    assert Need.objects.get(title="Un four").organisation == need.organisation


def test_nobody_posts_for_anothers_organisation(client, said, committed) -> None:
    client.force_login(a_user())
    other = an_organisation()
    sent(client, said, committed, organisation=other.pk, organisation_name="")
    assert not Need.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"description": "x" * 5001}, "description"),
        ({"description": "a\0b"}, "description"),
        ({"commune": "999999"}, "commune"),
        ({"deadline": "2026-02-30"}, "deadline"),
        ({"deadline": "2026-03-01"}, "deadline"),
        ({"starts_on": "2026-03-03"}, "starts_on"),
        ({"radius_km": "501"}, "radius_km"),
        ({"organisation_name": ""}, "organisation_name"),
        ({"organisation_kind": ""}, "organisation_kind"),
        ({"organisation_name": "a\u202eb"}, "organisation_name"),
        ({"contact_email": "jeanne"}, "contact_email"),
        ({"legal_number": "24390047900017"}, "legal_number"),
        ({"skills_must": "inconnue"}, "skills_must"),
        ({"gate_token": ""}, "__all__"),
        ({"gate_token": token_of("directory_need", NOW + timedelta(minutes=1))}, "__all__"),
        ({"gate_trap": "https://pub.example"}, "__all__"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, said, committed, more, field) -> None:
    answer = sent(client, said, committed, **more)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Need.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("name", "content"),
    [("facture.pdf", EXECUTABLE), ("plan.pdf", PDF + b"0" * 20_000_000), ("vide.pdf", b"")],
)
def test_a_bad_file_keeps_everything_back(client, said, committed, name, content) -> None:
    answer = sent(client, said, committed, attached=SimpleUploadedFile(name, content))
    assert "attached" in answer.context["form"].errors
    assert answer.context["form"].shows_more
    assert not Need.objects.exists()


def test_several_files_come_along(client, said, committed) -> None:
    files = [SimpleUploadedFile("a.pdf", PDF), SimpleUploadedFile("b.pdf", PDF)]
    sent(client, said, committed, attached=files)
    assert Need.objects.get().attachments.count() == 2
    files = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(4)]
    answer = sent(client, said, committed, title="Un four", attached=files)
    assert "attached" in answer.context["form"].errors


def test_markup_is_shown_as_it_was_typed_and_never_runs(client, said, committed) -> None:
    words = "<script>alert(1)</script> 🎂"
    sent(client, said, committed, title=words, description=words, organisation_name=words)
    need = Need.objects.get()
    page = client.get(need.author_path).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; 🎂") >= 3


def test_who_sends_much_waits(client, said, committed) -> None:
    codes = []
    for number in range(7):
        answer = sent(client, said, committed, title=f"Besoin {number}")
        codes.append(answer.status_code)
    assert (codes[0], codes[-1]) == (302, 422)
    assert "too_many" in answer.context["form"].codes


def test_the_trade_is_suggested_from_the_words(client, said, committed) -> None:
    glazier, _cook = a_trade("Vitrier"), a_trade("Traiteur")
    models.Synonym.objects.create(trade=glazier, word="Vitrine", folded="vitrine")
    sent(client, said, committed, title="Deux VITRINES à réparer")
    assert Need.objects.get().trade == glazier
    again = sent(client, said, committed, title="Des vitrines", contact_name="")
    assert f'<option value="{glazier.pk}" selected>' in again.content.decode()
    hint = client.get("/besoins/nouveau/metier/?title=une+vitrine+cassée").content.decode()
    assert f'<option value="{glazier.pk}" selected>' in hint


def test_a_trade_that_was_chosen_by_hand_is_not_suggested_away(client) -> None:
    glazier, cook = a_trade("Vitrier"), a_trade("Traiteur")
    models.Synonym.objects.create(trade=glazier, word="Vitrine", folded="vitrine")
    path = "/besoins/nouveau/metier/"
    hint = client.get(path, {"title": "Une vitrine", "trade": cook.pk}).content.decode()
    assert f'<option value="{cook.pk}" selected>' in hint
    assert client.get(path, {"title": "Une vitrine", "trade": "x"}).status_code == 200


def test_skills_are_those_the_directory_knows_however_they_are_typed(
    client, said, committed
) -> None:
    oak, wood = a_skill("Escalier en chêne"), a_skill("Bois massif")
    wood.same_as = oak
    wood.save()
    sent(client, said, committed, skills_must=" escalier en CHENE, bois massif,", skills_nice="")
    assert list(Need.objects.get().skills_must.all()) == [oak]


# Behind the key


def everything() -> str:
    """The whole directory, the audit and the outbox."""
    tables = [
        model
        for model in vars(models).values()
        if getattr(model, "_default_manager", None) is not None
    ]
    rows = [row for model in [*tables, AuditEntry] for row in model._default_manager.order_by("pk")]
    return f"{serializers.serialize('json', rows)} {len(mail.outbox)}"


def test_a_scanner_that_follows_every_link_of_every_letter_changes_nothing(
    client, said, committed, host
) -> None:
    sent(client, said, committed)
    need = Need.objects.get()
    other = a_need(state=NeedState.EXPIRED)
    with committed():
        needs.confirm(need=need, by=None, now=LATER)
        needs.open_need(need=need, by=host, now=LATER)
        refused = needs.confirm(
            need=needs.post(
                need=Need(
                    title="Pub", commune=need.commune, contact_name="X", deadline=need.deadline,
                    contact_email="x@y.example",
                ),
                organisation=an_organisation_of(need), by=None, now=NOW,
            ),
            by=None, now=NOW,
        )  # fmt: skip
        needs.reject(need=refused, by=host, now=NOW, reason="De la publicité.")
    outcome.ask(now=NOW)
    outcome.remind(now=NOW + timedelta(days=8))
    invited(committed)
    assert len(mail.outbox) >= 8
    before, links = everything(), set()
    for letter in mail.outbox:
        text = str(letter.body) + str(letter.alternatives[0].content)
        links |= set(re.findall(r"http://localhost:8000(/[^\s\"<]*)", text))
    assert other.author_path in {link.partition("?")[0] for link in links}
    for link in sorted(links):
        answer = client.get(link.replace("&amp;", "&"), follow=True)
        assert answer.status_code == 200, link
    assert everything() == before


def an_organisation_of(need: Need) -> models.Organisation:
    return models.Organisation(name="X", kind="business", commune=need.commune)


def invited(committed: Any) -> None:
    from directory.services.organisations import invite_agent, make_organisation

    aline = a_user()
    made = make_organisation(
        organisation=models.Organisation(name="Mairie", kind="public", commune=a_commune()),
        by=aline,
        now=NOW,
    )
    with committed():
        invite_agent(organisation=made, email="bob@mairie.example", by=aline, now=NOW)


def test_confirming_takes_the_button(client, said, committed) -> None:
    sent(client, said, committed)
    need = Need.objects.get()
    page = client.get(need.author_path)
    assert "Confirmer" in page.content.decode()
    assert client.post(f"{need.author_path}confirmer/")["Location"] == need.author_path
    need.refresh_from_db()
    assert need.state == NeedState.SUBMITTED


def test_the_page_keeps_its_address_to_itself(client) -> None:
    answer = client.get(a_need().author_path)
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex' in answer.content.decode()


@pytest.mark.parametrize("part", ["", "modifier/", "fichiers/1/"])
@pytest.mark.parametrize("key", ["x" * 43, "1", "-", "é"])
def test_a_wrong_key_leads_nowhere(client, key, part) -> None:
    need = a_need()
    assert client.get(f"/besoins/suivi/{key}/{part}").status_code == 404
    for act in ("confirmer", "retirer", "fichiers", "fichiers/1/retirer", "suite", "modifier"):
        assert client.post(f"/besoins/suivi/{key}/{act}/").status_code == 404
    need.refresh_from_db()
    assert need.state == NeedState.OPEN


def test_the_author_sees_who_was_asked_and_compares(client) -> None:
    need = a_need()
    names = ("Muette", "Occupée", "Chère", "Moins chère")
    silent, busy, dear, cheap = (a_provider(name) for name in names)
    a_solicitation(need, silent)
    a_solicitation(need, busy, opened_at=NOW, declined_at=NOW, decline_reason="no_time")
    for provider, price in ((dear, "900.00"), (cheap, "700.00")):
        a_solicitation(
            need, provider, opened_at=NOW, answered_at=NOW, price=price, answer="Je peux."
        )
    page = client.get(need.author_path)
    html = page.content.decode()
    assert "4 prestataires sollicités" in html
    assert "2 réponses" in html
    assert re.search(r"Occupée</span>(?s:.){0,400}pas le temps", html)
    assert re.search(r"Muette</span>(?s:.){0,400}demandé", html)
    assert [each.provider for each in page.context["answers"].answered] == [cheap, dear]


@pytest.mark.parametrize("many", [1, 20])
def test_the_page_asks_the_database_as_often_whatever_came(
    client, many, django_assert_max_num_queries
) -> None:
    need = a_need()
    for _number in range(many):
        a_solicitation(need, a_provider(), opened_at=NOW, answered_at=NOW)
    client.get(need.author_path)
    with django_assert_max_num_queries(9):
        client.get(need.author_path)


def test_editing_while_it_may_be(client, said) -> None:
    need = a_need(state=NeedState.SUBMITTED)
    path = f"{need.author_path}modifier/"
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in values.items() if value not in (None, False)}
    assert client.post(path, data | {"title": "Deux vitrines"}).status_code == 302
    need.refresh_from_db()
    assert need.title == "Deux vitrines"
    assert client.post(path, data | {"title": ""}).status_code == 422
    open_need = a_need()
    assert client.get(f"{open_need.author_path}modifier/").status_code == 302


def test_one_click_of_the_letter_chooses_and_the_button_tells(client) -> None:
    need = a_need(state=NeedState.EXPIRED)
    page = client.get(f"{need.author_path}?suite=awarded_outside")
    assert page.context["form"]["to"].value() == "awarded_outside"
    client.get(f"{need.author_path}?suite=%00<script>")
    path = f"{need.author_path}suite/"
    assert client.post(path, {"to": "awarded_outside"}).status_code == 422
    told = {"to": "awarded_outside", "outside_reason": "price", "amount": "to_2000"}
    assert client.post(path, told).status_code == 302
    need.refresh_from_db()
    assert (need.state, need.amount) == (NeedState.AWARDED_OUTSIDE, "to_2000")
    assert client.get(need.author_path).status_code == 200


def test_withdrawing(client) -> None:
    need = a_need()
    assert client.post(f"{need.author_path}retirer/").status_code == 302
    need.refresh_from_db()
    assert need.state == NeedState.WITHDRAWN
    assert "Retiré" in client.get(need.author_path).content.decode()


@pytest.mark.parametrize("state", list(NeedState))
def test_the_page_tells_every_state(client, state) -> None:
    assert client.get(a_need(state=state).author_path).status_code == 200


# Reading


def test_open_needs_by_trade_and_commune(client, django_assert_max_num_queries) -> None:
    glazier, town = a_trade("Vitrier"), a_commune("Hauts de Bienne")
    part = a_commune("Morez", kind="COMD", part_of=town)
    here = a_need("Vitrine", trade=glazier, commune=part)
    a_need("Site", commune=a_commune("Morbier"))
    for state in (NeedState.DRAFT, NeedState.SUBMITTED, NeedState.REJECTED, NeedState.EXPIRED):
        a_need("Caché", state=state)

    def titles(query: str = "") -> list[str]:
        return [need.title for need in client.get(f"/besoins/{query}").context["page"]]

    assert titles() == ["Site", "Vitrine"]
    assert titles(f"?metier={glazier.slug}") == ["Vitrine"]
    assert titles(f"?commune={town.slug}") == ["Vitrine"]
    assert titles("?metier=personne&commune=%00&page=x") == ["Site", "Vitrine"]
    for _number in range(20):
        a_need(trade=glazier, commune=part, organisation=here.organisation)
    with django_assert_max_num_queries(9):
        assert len(titles()) == 20
    assert len(titles("?page=2")) == 2


def test_an_open_need_is_public_and_its_contact_never(client) -> None:
    need = a_need("Une vitrine", contact_name="Jeanne Vuez", contact_phone="03 84 33 00 00")
    secret = a_need("Un four", is_anonymous=True, organisation=an_organisation("Mairie Cachée"))
    for path in (need.get_absolute_url(), "/besoins/", "/besoins/flux/"):
        html = client.get(path).content.decode()
        for word in ("Jeanne", "03 84", need.contact_email, need.key, secret.key, "Cachée"):
            assert word not in html, path
    assert need.organisation.name in client.get(need.get_absolute_url()).content.decode()
    assert "Cachée" not in client.get(secret.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", [state for state in NeedState if state != NeedState.OPEN])
def test_what_is_not_open_is_not_there(client, state) -> None:
    need = a_need(state=state)
    for reader in (None, a_user(role=Role.HOST)):
        if reader:
            freshly(client, reader)
        assert client.get(need.get_absolute_url()).status_code == 404
    assert need.title not in client.get("/besoins/flux/").content.decode()


def test_after_its_last_day_it_is_not_there_even_before_the_job_has_come(client) -> None:
    need = a_need()
    with time_machine.travel(NOW + timedelta(days=15)):
        assert client.get(need.get_absolute_url()).status_code == 404


def test_the_feed_is_atom(client) -> None:
    a_need("Une <b>vitrine</b> & un four")
    answer = client.get("/besoins/flux/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "Une &lt;b&gt;vitrine&lt;/b&gt; &amp; un four" in answer.content.decode()


def test_my_needs_are_mine_and_those_i_act_for(client, django_assert_max_num_queries) -> None:
    aline, bob = a_user(), a_user()
    mine, theirs = a_need("Le mien", author=aline), a_need("Le leur", author=bob)
    shared = a_need("Le nôtre", author=bob)
    models.Agent.objects.create(organisation=shared.organisation, user=aline, since=NOW)
    for _number in range(15):
        row = a_need(author=aline)
        a_solicitation(row, a_provider(), opened_at=NOW, answered_at=NOW)
    client.force_login(aline)
    html = client.get("/mes-besoins/").content.decode()
    assert mine.author_path in html
    assert shared.author_path in html
    assert theirs.author_path not in html
    assert "1 sollicité · 1 réponse" in html
    with django_assert_max_num_queries(12):
        client.get("/mes-besoins/")
    client.force_login(a_user())
    assert "Rien pour l’instant" in client.get("/mes-besoins/").content.decode()


def test_anybody_reports_an_open_need_and_the_host_is_told(client, committed, host) -> None:
    need = a_need()
    path = f"{need.get_absolute_url()}signaler/"
    assert client.get(path).status_code == 200
    data = {"reason": "spam", "gate_token": token_of("directory_report", NOW)}
    with committed():
        assert client.post(path, data).status_code == 302
    assert need.reports.get().reason == "spam"
    assert [letter.to for letter in mail.outbox] == [[host.email]]
    assert client.post(path, data | {"reason": "x"}).status_code == 422
    assert client.get(f"{a_need(state='rejected').get_absolute_url()}signaler/").status_code == 404


def test_who_has_a_published_profile_may_come_forward(client) -> None:
    owner, need = a_user(), a_need()
    client.force_login(owner)
    path = f"{need.get_absolute_url()}se-proposer/"
    a_provider(owner=owner, state="draft")
    assert path not in client.get(need.get_absolute_url()).content.decode()
    mine = a_provider(owner=owner)
    assert path in client.get(need.get_absolute_url()).content.decode()
    a_solicitation(need, mine)
    assert path not in client.get(need.get_absolute_url()).content.decode()
