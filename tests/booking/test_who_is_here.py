"""« Qui est là aujourd’hui »: first names of who agreed, a number for the others, members only."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.models import Booking, Space
from booking.services import cancel
from members.models import Consent, Member, Role, State, Use
from members.services import change_profile
from members.services.consents import agree, withdraw
from tests.booking.pages import a_booking, address, page_of, signed_in, words
from tests.factories import NOW, TUESDAY, a_member, a_space, a_user, at, slot

pytestmark = pytest.mark.django_db

HEADING = "Qui est là aujourd’hui"
TITLE = re.compile(r'id="who-is-here".*?</section>', re.S)


@pytest.fixture(autouse=True)
def _monday_at_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def an_open_member(name: str, trade: str = "") -> Member:
    """Who agreed to appear in « qui est là »."""
    member = a_member(name)
    agree(user=member.user, use=Use.PRESENCE, now=NOW, by=member.user)
    return change_profile(member=member, now=NOW, by=member.user, values={"trade": trade})


def seen(reader: Member, space: Space, page: str = "") -> str:
    """The words of the section, or nothing."""
    found = TITLE.search(page_of(signed_in(reader).get(address(space, page))))
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", found[0]))) if found else ""


def test_first_name_and_trade_of_who_agreed_and_a_number_for_the_others() -> None:
    space = a_space(desks=4)
    a_booking(space, an_open_member("Camille Rochat", "Graphiste"), slot(9, 12), "P1")
    for desk in ("P2", "P3", "P4"):
        a_booking(space, a_member(f"Théo Secret{desk}"), slot(9, 12), desk)
    text = seen(a_member(), space)
    assert "Camille , Graphiste et 3 autres" in text
    assert "Rochat" not in text
    assert "Théo" not in text


@pytest.mark.parametrize("page", ["", "jour"])
def test_the_home_and_the_day_show_it(page: str) -> None:
    space = a_space()
    a_booking(space, an_open_member("Camille Rochat"), slot(9, 12))
    assert "Camille" in seen(a_member(), space, page)


def test_another_day_does_not() -> None:
    space, reader = a_space(), a_member()
    a_booking(space, an_open_member("Camille Rochat"), slot(9, 12, TUESDAY))
    assert "Camille" not in seen(reader, space)
    tomorrow = signed_in(reader).get(f"{address(space, 'jour')}?date={TUESDAY}")
    assert HEADING not in words(tomorrow)


def test_agreeing_to_be_in_the_directory_is_not_agreeing_to_this() -> None:
    space = a_space()
    a_booking(space, a_member("Camille Rochat", visible=True), slot(9, 12))
    text = seen(a_member(), space)
    assert "Camille" not in text
    assert "1 personne vient aujourd’hui." in text


def test_who_withdraws_is_a_number_again() -> None:
    space, camille = a_space(), an_open_member("Camille Rochat")
    a_booking(space, camille, slot(9, 12))
    withdraw(user=camille.user, use=Use.PRESENCE, now=NOW, by=camille.user)
    text = seen(a_member(), space)
    assert "Camille" not in text
    assert "1 personne" in text


@pytest.mark.parametrize("page", ["", "jour"])
@pytest.mark.parametrize("state", [State.APPLICANT, State.FORMER])
def test_an_applicant_and_a_former_member_read_nothing(state: State, page: str) -> None:
    space, reader = a_space(), a_member(state=State.APPLICANT)
    Member.objects.exclude(state=state).filter(pk=reader.pk).update(state=state)
    a_booking(space, an_open_member("Camille Rochat"), slot(9, 12))
    response = signed_in(reader).get(address(space, page))
    assert HEADING not in words(response)
    assert "Camille" not in words(response)


def test_an_applicant_does_not_read_the_names_on_the_plan_either() -> None:
    space = a_space()
    a_booking(space, a_member("Camille Rochat", visible=True), slot(9, 12))
    applicant = a_member(state=State.APPLICANT)
    for page in ("", "plan", "jour"):
        assert "Camille" not in words(signed_in(applicant).get(address(space, page)))


def test_a_stranger_and_the_partner_read_nothing(client: Client) -> None:
    space = a_space()
    a_booking(space, an_open_member("Camille Rochat"), slot(9, 12))
    for reader in (client, signed_in(a_user(role=Role.PARTNER))):
        response = reader.get(address(space))
        assert HEADING not in words(response)
        assert "Camille" not in words(response)


def test_oneself_is_not_counted_and_reads_whether_the_others_see() -> None:
    space, me = a_space(), an_open_member("Aline Morel")
    a_booking(space, me, slot(9, 12))
    text = seen(me, space)
    assert "Personne d’autre n’a réservé" in text
    assert "les autres membres vous voient ici" in text
    assert "les autres membres ne vous voient pas ici" in seen(a_member(), space)
    assert 'href="/compte/#account-consents"' in page_of(signed_in(me).get(address(space)))


def test_names_stand_in_the_order_of_a_dictionary() -> None:
    space = a_space()
    for desk, name in (("P1", "Paul"), ("P2", "Éloïse"), ("P3", "Denis")):
        a_booking(space, an_open_member(name), slot(9, 12), desk)
    text = seen(a_member(), space)
    assert text.index("Denis") < text.index("Éloïse") < text.index("Paul")


def test_two_bookings_of_one_person_are_one_person() -> None:
    space, camille = a_space(), an_open_member("Camille Rochat")
    a_booking(space, camille, slot(9, 12), "P1")
    a_booking(space, camille, slot(14, 16), "P1")
    assert seen(a_member(), space).count("Camille") == 1


def test_cancelled_elsewhere_and_left_behind_do_not_count() -> None:
    space, elsewhere = a_space(), a_space()
    gone = a_booking(space, an_open_member("Anne"), slot(9, 12), "P1")
    cancel(booking=gone, by=gone.member.user, now=NOW)
    a_booking(elsewhere, an_open_member("Bruno"), slot(9, 12), "P1")
    paused = an_open_member("Chloé")
    a_booking(space, paused, slot(9, 12), "P2")
    Member.objects.filter(pk=paused.pk).update(state=State.PAUSED)
    assert "Personne d’autre n’a réservé" in seen(a_member(), space)


def test_whoever_has_left_by_noon_was_there_today() -> None:
    space = a_space()
    a_booking(space, an_open_member("Camille"), slot(9, 12))
    with time_machine.travel(at(17), tick=False):
        assert "Camille" in seen(a_member(), space)


def test_names_are_escaped_and_no_address_stands_in_for_a_name() -> None:
    space = a_space()
    a_booking(space, an_open_member("<b>Zoé</b> X", "<script>alert(1)</script>"), slot(9, 12), "P1")
    nameless = an_open_member("Sans Nom")
    a_booking(space, nameless, slot(9, 12), "P2")
    nameless.user.name = ""
    nameless.user.save(update_fields=["name"])
    page = page_of(signed_in(a_member()).get(address(space)))
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;Zoé&lt;/b&gt;" in page
    assert nameless.user.email not in page
    assert "et 1 autre" in page


@pytest.mark.parametrize("page", ["", "jour"])
def test_as_many_queries_for_thirty_people_as_for_three(page: str) -> None:
    space, reader = a_space(desks=30), a_member()

    def count() -> int:
        client = signed_in(reader)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address(space, page)).status_code == 200
        return len(asked)

    def fill(desks: range) -> None:
        for number in desks:
            member = an_open_member(f"Membre {number}")
            a_booking(space, member, slot(9, 12), f"P{number}")

    fill(range(1, 4))
    few = count()
    fill(range(4, 31))
    assert Booking.objects.count() == 30
    assert Consent.objects.standing().count() == 30
    assert count() == few <= 12
