"""Announcements: drafted, seen before they leave, published once, corrected, withdrawn, stopped."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import (
    WORDING,
    Act,
    Announcement,
    AuditEntry,
    Delivery,
    Member,
    Role,
    State,
    Use,
    User,
)
from members.notices import stop_path
from members.services.announcements import (
    discard_draft,
    publish,
    save_announcement,
    withdraw_announcement,
)
from members.services.consents import agree, withdraw
from members.services.deliveries import deliver
from tests.factories import NOW, a_member, a_space, a_user
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)
EVIL = "<script>alert(1)</script>"
LIST = "/admin/members/announcement/"


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(getattr(person, "user", person))
    return client


def a_draft(title: str = "Fermé lundi", *, by: User | None = None, **fields: Any) -> Announcement:
    values = {"title": title, "body": "Le chauffage est en panne.", "by_email": True} | fields
    return save_announcement(
        announcement=Announcement(**values), by=by or a_user(role=Role.HOST), now=NOW
    )


def published(title: str = "Fermé lundi", **fields: Any) -> Announcement:
    draft = a_draft(title, **fields)
    return publish(announcement=draft, by=draft.author, now=NOW)


def a_reader(name: str = "", **fields: Any) -> Member:
    """A member who agreed to announcements by e-mail."""
    member = a_member(name, **fields)
    agree(user=member.user, use=Use.NEWS, now=NOW, by=member.user)
    return member


def waiting() -> set[int]:
    return set(Delivery.objects.values_list("member_id", flat=True))


# Publishing


def test_a_publication_waits_for_each_reader_who_agreed_and_no_other() -> None:
    reader, paused = a_reader(), a_reader()
    Member.objects.filter(pk=paused.pk).update(state=State.PAUSED)
    a_member()  # never agreed
    withdrawn, former, closed = a_reader(), a_reader(), a_reader()
    withdraw(user=withdrawn.user, use=Use.NEWS, now=NOW, by=withdrawn.user)
    Member.objects.filter(pk=former.pk).update(state=State.FORMER)
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    a_reader(state=State.APPLICANT)
    published()
    assert waiting() == {reader.pk, paused.pk}


def test_without_the_box_nobody_is_written_to() -> None:
    a_reader()
    published(by_email=False)
    assert waiting() == set()


def test_it_is_published_once() -> None:
    a_reader()
    announcement = published()
    with refused("published"):
        publish(announcement=announcement, by=announcement.author, now=LATER)
    announcement.refresh_from_db()
    assert announcement.published_at == NOW
    assert Delivery.objects.count() == 1


def test_what_is_over_before_it_begins_is_refused() -> None:
    draft = a_draft(expires_at=NOW - timedelta(minutes=1))
    with refused("over"):
        publish(announcement=draft, by=draft.author, now=NOW)


def test_a_correction_is_in_the_audit_and_sends_nothing_again() -> None:
    a_reader()
    announcement = published()
    deliver(clock=lambda: NOW)
    announcement.title = "Fermé mardi"
    save_announcement(announcement=announcement, by=announcement.author, now=LATER)
    deliver(clock=lambda: LATER)
    assert len(mail.outbox) == 1
    entry = AuditEntry.objects.about(announcement)[0]
    assert (entry.act, entry.changes) == (Act.CHANGED, {"title": ["Fermé lundi", "Fermé mardi"]})


def test_it_is_too_late_to_send_by_e_mail_what_was_published_without() -> None:
    announcement = published(by_email=False)
    announcement.by_email = True
    with refused("published"):
        save_announcement(announcement=announcement, by=announcement.author, now=LATER)


def test_a_correction_of_a_stale_copy_does_not_unpublish() -> None:
    draft = a_draft()
    stale = Announcement.objects.get(pk=draft.pk)
    publish(announcement=draft, by=draft.author, now=NOW)
    stale.title = "Corrigée"
    save_announcement(announcement=stale, by=draft.author, now=LATER)
    assert Announcement.objects.get(pk=draft.pk).published_at == NOW


@pytest.mark.parametrize("half", [{"title_en": "Closed"}, {"body_en": "No heating."}])
def test_english_comes_whole_or_not_at_all(half: dict[str, str]) -> None:
    with refused("one_language"):
        a_draft(**half)


def test_what_is_withdrawn_leaves_the_home_and_the_queue() -> None:
    first, second = a_reader(), a_reader()
    announcement = published()
    deliver(clock=lambda: NOW, limit=1)
    withdraw_announcement(announcement=announcement, by=announcement.author, now=LATER)
    assert Delivery.objects.filter(sent_at=None).count() == 0
    assert Delivery.objects.get().member_id in {first.pk, second.pk}
    assert not Announcement.objects.current(LATER).exists()
    assert AuditEntry.objects.about(announcement)[0].act == Act.ENDED
    with refused("not_current"):
        withdraw_announcement(announcement=announcement, by=announcement.author, now=LATER)


def test_a_draft_is_thrown_away_and_a_publication_is_not() -> None:
    draft, announcement = a_draft(), published()
    discard_draft(announcement=draft, by=draft.author, now=NOW)
    with refused("published"):
        discard_draft(announcement=announcement, by=announcement.author, now=NOW)
    assert Announcement.objects.get() == announcement


def test_the_audit_counts_the_readers() -> None:
    a_reader()
    announcement = published()
    entry = AuditEntry.objects.about(announcement)[0]
    assert (entry.act, entry.changes["deliveries"]) == (Act.PUBLISHED, [0, 1])


# Pages


def test_the_home_of_members_shows_the_latest_and_the_list_the_rest(client: Client) -> None:
    a_space()
    published("Une rencontre jeudi", body="mot " * 100)
    published("Une vieille", expires_at=NOW + timedelta(days=1))
    a_draft("Un brouillon")
    me = signed_in(a_member())
    home = me.get("/").content.decode()
    assert "Une rencontre jeudi" in home
    assert "Lire la suite" in home
    assert "mot " * 50 not in home
    for hidden in ("Une vieille", "Un brouillon"):
        assert hidden not in home
    page = me.get("/annonces/").content.decode()
    assert page.index("Une rencontre jeudi") < page.index("Annonces passées")
    assert page.index("Annonces passées") < page.index("Une vieille")
    assert "Un brouillon" not in page


def test_several_spaces_have_them_on_their_common_home() -> None:
    a_space()
    a_space()
    published("Une rencontre jeudi")
    assert "Une rencontre jeudi" in signed_in(a_member()).get("/").content.decode()


@pytest.mark.parametrize("spaces", [1, 2])
def test_strangers_applicants_and_the_partner_read_none(client: Client, spaces: int) -> None:
    for _ in range(spaces):
        a_space()
    published("Une rencontre jeudi")
    applicant, partner = a_member(state=State.APPLICANT), a_user(role=Role.PARTNER)
    for reader in (client, signed_in(applicant), signed_in(partner)):
        assert "Une rencontre jeudi" not in reader.get("/").content.decode()
        assert reader.get("/annonces/").status_code in {302, 403}


def test_the_team_reads_what_it_wrote() -> None:
    a_space()
    published("Une rencontre jeudi")
    team = signed_in(a_user(role=Role.HOST))
    assert "Une rencontre jeudi" in team.get("/").content.decode()
    assert "Une rencontre jeudi" in team.get("/annonces/").content.decode()


def test_an_english_reader_reads_english_where_there_is_some() -> None:
    published("Fermé", title_en="Closed", body_en="No heating.")
    published("Sans traduction")
    me = signed_in(a_member())
    page = me.get("/annonces/", headers={"Accept-Language": "en"}).content.decode()
    assert "Closed" in page
    assert "No heating." in page
    assert "Fermé" not in page
    assert "Sans traduction" in page


def test_no_announcement_is_an_empty_state() -> None:
    assert "Aucune annonce" in signed_in(a_member()).get("/annonces/").content.decode()


def test_markup_is_text_and_addresses_are_links() -> None:
    a_space()
    published(EVIL, body=f"{EVIL} voir https://example.org/a?b=1&c=2 et 'x\" onclick=y")
    me = signed_in(a_member())
    for path in ("/", "/annonces/"):
        page = me.get(path).content.decode()
        assert EVIL not in page
    assert 'href="https://example.org/a?b=1&amp;c=2"' in page


@pytest.mark.parametrize("page", ["0", "x", "99999999999999999999", "\x00"])
def test_a_page_that_is_none_is_one(page: str) -> None:
    published()
    assert signed_in(a_member()).get("/annonces/", {"page": page}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/annonces/"])
def test_the_number_of_queries_does_not_grow(path: str) -> None:
    a_space()
    me = signed_in(a_member())

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            me.get(path)
        return len(asked)

    for number in range(3):
        published(f"Annonce {number}")
    few = count()
    for number in range(27):
        published(f"Annonce {number}")
    assert count() == few <= 12


# Stopping, from a letter


@pytest.fixture
def reader() -> Member:
    return a_reader("Camille Rochat")


def receives(member: Member) -> bool:
    return Member.objects.agreed(Use.NEWS).filter(pk=member.pk).exists()


def test_a_get_changes_nothing_and_shows_a_button(client: Client, reader: Member) -> None:
    page = client.get(stop_path(reader.user))
    assert page.status_code == 200
    assert "Ne plus les recevoir" in page.content.decode()
    assert page["Cache-Control"].count("no-store")
    assert receives(reader)
    assert reader.user.email not in page.content.decode() + stop_path(reader.user)
    assert "Camille" not in page.content.decode()


def test_the_button_withdraws_without_logging_in(reader: Member) -> None:
    browser = Client(enforce_csrf_checks=True)
    path = stop_path(reader.user)
    page = browser.get(path)
    token = page.context["csrf_token"]
    answer = browser.post(path, {"csrfmiddlewaretoken": str(token)}, follow=True)
    assert answer.redirect_chain == [(path, 302)]
    assert "Vous ne recevez plus" in answer.content.decode()
    assert not receives(reader)
    assert AuditEntry.objects.filter(member=reader).latest("id").changes == {
        "consent.news": [WORDING, None]
    }


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_mail_program_stops_by_one_click(reader: Member, kind: str) -> None:
    program = Client(enforce_csrf_checks=True)
    fields: Any = {"List-Unsubscribe": "One-Click"}
    body = {"data": fields} if kind.startswith("multi") else {"data": "List-Unsubscribe=One-Click"}
    extra = {} if kind.startswith("multi") else {"content_type": kind}
    answer = program.post(stop_path(reader.user), **body, **extra)
    assert answer.status_code == 200  # and no redirection: RFC 8058 forbids it
    assert not receives(reader)


def test_once_or_ten_times_is_the_same(client: Client, reader: Member) -> None:
    path = stop_path(reader.user)
    for _ in range(10):
        answer = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    entries = AuditEntry.objects.filter(changes__has_key="consent.news", member=reader)
    assert entries.count() == 2  # given, withdrawn


@pytest.mark.parametrize(
    "body", [{}, {"List-Unsubscribe": "one-click"}, {"List-Unsubscribe": ""}, {"x": "One-Click"}]
)
def test_any_other_post_from_elsewhere_is_refused(reader: Member, body: dict[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(stop_path(reader.user), body).status_code == 403
    assert receives(reader)


def test_the_address_of_one_reader_does_not_stop_another(client: Client, reader: Member) -> None:
    colleague = a_reader()
    client.force_login(colleague.user)  # whoever is logged in
    client.post(stop_path(reader.user), {"List-Unsubscribe": "One-Click"})
    assert receives(colleague)
    assert not receives(reader)


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_address_that_we_did_not_write_leads_nowhere(
    client: Client, reader: Member, method: str
) -> None:
    colleague = a_reader()
    path = stop_path(reader.user)
    signature = path.rstrip("/").rpartition(".")[2]
    forged = [
        reverse("members:stop_news", args=[f"{colleague.user_id}.{signature}"]),
        reverse("members:stop_news", args=[str(reader.user_id)]),
        reverse("members:stop_news", args=["."]),
        reverse("members:stop_news", args=["é\x00."]),
        reverse("members:stop_news", args=["9" * 3000]),
        path[:-2] + "/",
    ]
    for address in forged:
        answer = getattr(client, method)(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 404, address
    assert receives(reader)
    assert receives(colleague)


def test_the_page_speaks_the_language_of_the_reader(client: Client) -> None:
    john = a_reader("John Hall", language="en")
    assert '<html lang="en">' in client.get(stop_path(john.user)).content.decode()


def test_who_left_may_stop_too(client: Client, reader: Member) -> None:
    Member.objects.filter(pk=reader.pk).update(state=State.FORMER)
    client.post(stop_path(reader.user), {"List-Unsubscribe": "One-Click"})
    assert not receives(reader)


def test_other_methods_are_refused(client: Client, reader: Member) -> None:
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(stop_path(reader.user)).status_code == 405


# The admin


def preview(announcement: Announcement) -> str:
    return reverse("admin:members_announcement_preview", args=[announcement.pk])


FORM = {
    "title": "Fermé lundi",
    "body": "Panne de chauffage",
    "title_en": "",
    "body_en": "",
    "by_email": "on",
    "expires_at_0": "",
    "expires_at_1": "",
}


@pytest.fixture
def host() -> User:
    return a_user("Hugo Vuillet", role=Role.HOST)


def test_a_host_drafts_sees_and_publishes(host: User) -> None:
    a_reader()
    desk = signed_in(host)
    desk.post(f"{LIST}add/", FORM)
    draft = Announcement.objects.get()
    assert (draft.author, draft.published_at) == (host, None)
    page = desk.get(preview(draft)).content.decode()
    assert "à 1 membre" in page
    assert "Panne de chauffage" in page
    assert Delivery.objects.count() == 0
    desk.post(preview(draft), {"publish": "1"})
    draft.refresh_from_db()
    assert draft.published_at is not None
    assert Delivery.objects.count() == 1
    again = desk.post(preview(draft), {"publish": "1"}, follow=True).content.decode()
    assert "déjà publiée" in again
    assert Delivery.objects.count() == 1


def test_a_get_or_an_empty_post_of_the_preview_publishes_nothing(host: User) -> None:
    draft = a_draft(by=host)
    desk = signed_in(host)
    desk.get(preview(draft))
    desk.get(preview(draft), {"publish": "1"})
    desk.post(preview(draft), {})
    draft.refresh_from_db()
    assert draft.published_at is None


def test_a_published_text_is_corrected_and_withdrawn_but_not_deleted(host: User) -> None:
    announcement = published(by=host)
    desk = signed_in(host)
    page = f"{LIST}{announcement.pk}/change/"
    desk.post(page, FORM | {"title": "Fermé mardi"})
    announcement.refresh_from_db()
    assert (announcement.title, announcement.by_email) == ("Fermé mardi", True)
    assert desk.post(f"{LIST}{announcement.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": announcement.pk, "post": "yes"}
    desk.post(LIST, chosen)
    assert Announcement.objects.exists()
    desk.post(preview(announcement), {"withdraw": "1"})
    announcement.refresh_from_db()
    assert announcement.expires_at is not None


def test_a_draft_is_deleted(host: User) -> None:
    draft = a_draft(by=host)
    signed_in(host).post(f"{LIST}{draft.pk}/delete/", {"post": "yes"})
    assert not Announcement.objects.exists()


def test_half_of_an_english_text_is_explained(host: User) -> None:
    page = signed_in(host).post(f"{LIST}add/", FORM | {"title_en": "Closed"})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors["body_en"]
    assert not Announcement.objects.exists()


def test_the_text_is_escaped_in_the_admin_too(host: User) -> None:
    draft = a_draft(EVIL, by=host, body=EVIL)
    desk = signed_in(host)
    for path in (LIST, preview(draft), f"{LIST}{draft.pk}/change/"):
        assert EVIL not in desk.get(path).content.decode()


@pytest.mark.parametrize("role", [Role.ACCOUNTANT, Role.PARTNER, None])
def test_nobody_else_opens_or_publishes(role: Role | None) -> None:
    draft = a_draft()
    other = signed_in(a_user(role=role) if role else a_member())
    for path in (LIST, preview(draft), f"{LIST}{draft.pk}/change/"):
        assert other.get(path).status_code in {302, 403}
    other.post(preview(draft), {"publish": "1"})
    draft.refresh_from_db()
    assert draft.published_at is None


def test_the_team_reads_what_became_of_each_letter_and_changes_nothing(host: User) -> None:
    reader = a_reader("Camille Rochat")
    delivery = published().deliveries.get(member=reader)
    desk = signed_in(host)
    page = reverse("admin:members_delivery_changelist")
    assert "en attente" in desk.get(page).content.decode()
    Delivery.objects.update(tries=1, failed_at=NOW)
    assert "nouvel essai le" in desk.get(page).content.decode()
    Delivery.objects.update(tries=5)
    assert "abandonnée après 5 essais" in desk.get(page, {"state": "given_up"}).content.decode()
    assert "Camille" not in desk.get(page, {"state": "sent"}).content.decode()
    Delivery.objects.update(sent_at=NOW)
    assert "envoyée" in desk.get(page).content.decode()
    change = reverse("admin:members_delivery_change", args=[delivery.pk])
    assert desk.get(change).status_code == 200
    assert desk.post(change, {"tries": "0"}).status_code == 403
    assert desk.get(reverse("admin:members_delivery_add")).status_code == 403
