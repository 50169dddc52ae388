"""My data, and erasing me: what the pages offer, ask and refuse; the same for the operator."""

import io
import json
import zipfile

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from booking.services import book
from members.models import Act, AuditEntry, Role, State, User
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user, freshly, slot

pytestmark = pytest.mark.django_db


def logged_in(user: User) -> Client:
    """Somebody who has just given the password."""
    return freshly(Client(), user)


def stale(user: User) -> Client:
    """Somebody who opened the session long ago."""
    client = Client()
    client.force_login(user)
    return client


# My data


def test_the_account_page_leads_there():
    page = stale(a_member().user).get(reverse("members:account")).content.decode()
    assert f'href="{reverse("my_data")}"' in page


def test_a_get_shows_what_is_kept_and_hands_over_nothing():
    answer = stale(a_member().user).get(reverse("my_data"))
    assert answer["Content-Type"].startswith("text/html")
    assert "Télécharger ma copie" in answer.content.decode()
    assert not AuditEntry.objects.filter(act=Act.DISCLOSED).exists()


def test_a_post_hands_over_one_archive():
    member = a_member("Aline Morel")
    answer = logged_in(member.user).post(reverse("my_data"))
    assert answer["Content-Type"] == "application/zip"
    day = timezone.localdate().isoformat()
    assert answer["Content-Disposition"] == f'attachment; filename="mes-donnees-{day}.zip"'
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert json.loads(archive.read("donnees.json"))["account"]["name"] == "Aline Morel"
    assert AuditEntry.objects.filter(act=Act.DISCLOSED, by=member.user).count() == 1


def test_an_open_screen_is_not_enough():
    for name in ("my_data", "erase_me"):
        answer = stale(a_member().user).post(reverse(name), {"word": "EFFACER"})
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not AuditEntry.objects.filter(act__in=(Act.DISCLOSED, Act.ERASED)).exists()


# Erasing me


def test_a_member_is_told_to_leave_first():
    client = logged_in(a_member().user)
    page = client.get(reverse("erase_me")).content.decode()
    assert f'href="{reverse("members:membership")}"' in page
    assert 'name="word"' not in page
    page = client.post(reverse("erase_me"), {"word": "EFFACER"}).content.decode()
    assert "doit d’abord prendre fin" in page


@time_machine.travel(NOW, tick=False)
def test_who_has_a_place_booked_is_led_to_it():
    member, space = a_member(state=State.APPLICANT), a_space()
    book(space=space, member=member, by=member.user, slots=[slot(9, 12, TUESDAY)], now=NOW)
    page = logged_in(member.user).get(reverse("erase_me")).content.decode()
    assert f'href="{reverse("booking:mine")}"' in page
    assert 'name="word"' not in page


@pytest.mark.parametrize("word", ["", "oui", "EFFAC"])
def test_another_word_erases_nobody(word):
    user = a_member(state=State.APPLICANT).user
    answer = logged_in(user).post(reverse("erase_me"), {"word": word})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert User.objects.get(pk=user.pk).erased_at is None


@pytest.mark.parametrize("word", ["EFFACER", " effacer "])
def test_the_word_erases_and_logs_out(word):
    user = a_member(state=State.APPLICANT).user
    client = logged_in(user)
    answer = client.post(reverse("erase_me"), {"word": word}, follow=True)
    assert answer.redirect_chain == [(reverse("home"), 302)]
    assert "sont effacés" in answer.content.decode()
    assert User.objects.get(pk=user.pk).erased_at is not None
    assert client.get(reverse("members:account")).status_code == 302


def test_a_get_erases_nobody():
    user = a_member(state=State.APPLICANT).user
    assert logged_in(user).get(reverse("erase_me"), {"word": "EFFACER"}).status_code == 200
    assert User.objects.get(pk=user.pk).erased_at is None


# The operator, asked by letter


def erase_page(member) -> str:
    return reverse("admin:members_member_erase", args=[member.pk])


def test_the_page_of_a_member_leads_to_it_for_who_may():
    member = a_member()
    address = reverse("admin:members_member_change", args=[member.pk])
    for role, sees in ((Role.OPERATOR, True), (Role.HOST, False)):
        page = stale(a_user(role=role)).get(address).content.decode()
        assert (f'href="{erase_page(member)}"' in page) is sees


@pytest.mark.parametrize("role", [Role.HOST, Role.ACCOUNTANT])
def test_nobody_else_may(role):
    member = a_member(state=State.APPLICANT)
    client = logged_in(a_user(role=role))
    assert client.get(erase_page(member)).status_code == 403
    assert (
        client.post(erase_page(member), {"word": "EFFACER", "asked": "letter"}).status_code == 403
    )


def test_the_operator_says_how_it_was_asked_and_erases():
    member, operator = a_member(state=State.APPLICANT), a_user(role=Role.OPERATOR)
    client = logged_in(operator)
    assert 'name="asked"' in client.get(erase_page(member)).content.decode()
    answer = client.post(erase_page(member), {"word": "EFFACER", "asked": "letter"})
    assert answer["Location"] == reverse("admin:members_member_changelist")
    entry = AuditEntry.objects.get(act=Act.ERASED)
    assert (entry.by, entry.reason, entry.member) == (operator, "letter", member)
    assert client.get(erase_page(member)).status_code == 404


def test_the_operator_gives_the_password_again():
    member = a_member(state=State.APPLICANT)
    client = stale(a_user(role=Role.OPERATOR))
    for answer in (
        client.get(erase_page(member)),
        client.post(erase_page(member), {"word": "EFFACER", "asked": "letter"}),
    ):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert User.objects.get(pk=member.user_id).erased_at is None


def test_the_operator_too_waits_until_the_membership_is_over():
    member = a_member()
    client = logged_in(a_user(role=Role.OPERATOR))
    assert "doit d’abord prendre fin" in client.get(erase_page(member)).content.decode()
    client.post(erase_page(member), {"word": "EFFACER", "asked": "letter"})
    assert User.objects.get(pk=member.user_id).erased_at is None
