"""The first page of the admin: what the operator finds in the morning.

It is Monday 2 March 2026, 8 o'clock in Morez, unless a test says otherwise.
"""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking import services
from booking.models import Booking, Closure
from booking.services.bookings import book
from directory.models import Claim, Need, Report
from members.models import (
    Announcement,
    Delivery,
    PlanVersion,
    Role,
    State,
    User,
    WelcomeStep,
)
from members.services.applications import apply
from members.services.membership import leave, pause
from members.services.subscriptions import subscribe
from tests.directory.rows import a_need, a_provider, a_solicitation, saved
from tests.factories import (
    MONDAY,
    NOW,
    TUESDAY,
    a_member,
    a_plan,
    a_space,
    a_user,
    at,
    protect,
    slot,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday_at_eight():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def space():
    return a_space()


@pytest.fixture
def operator():
    return a_user("Odile Paget", role=Role.OPERATOR)


@pytest.fixture
def desk(client, operator):
    client.force_login(operator)
    return client


def words(client, query="", status=200):
    """The page as it is read: without tags, blanks made one."""
    answer = client.get(f"/admin/{query}")
    assert answer.status_code == status
    body = answer.content.decode().split('class="desk"')[1]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


def comers(client, query=""):
    return words(client, query).split("Qui vient aujourd’hui")[1].split("Les sept jours")[0]


def booked(space, member, stay, code="P1", **rest):
    place = space.resources.get(code=code)
    return book(
        space=space,
        member=member,
        slots=[stay],
        resource=place,
        by=rest.pop("by", member.user),
        now=rest.pop("now", NOW),
        **rest,
    )[0]


# Today


def test_who_comes_today_with_place_and_hours(desk, space):
    member = a_member("Camille Roux")
    booking = booked(space, member, slot(9, 12))
    page = words(desk)
    assert "Lundi 2 mars 2026" in page
    assert re.search(r"09:00–12:00 Camille Roux Poste 1", page)
    html = desk.get("/admin/").content.decode()
    assert f"/admin/members/member/{member.pk}/change/" in html
    assert f"/admin/booking/booking/{booking.pk}/change/" in html


def test_a_cancelled_booking_is_expected_no_more(desk, space, operator):
    booking = booked(space, a_member("Camille Roux"), slot(9, 12))
    services.cancel(booking=booking, by=operator, now=NOW, override_reason="grippe")
    assert "Camille Roux" not in comers(desk)


def test_somebody_who_never_came_is_marked(desk, space, operator):
    old, new = a_member("Vieille Branche"), a_member("Jeune Pousse")
    friday = date(2026, 2, 27)
    booked(space, old, slot(9, 12, friday), by=operator, override_reason="rattrapage")
    booked(space, old, slot(9, 12), code="P1")
    booked(space, new, slot(9, 12), code="P2")
    page = words(desk)
    assert re.search(r"Jeune Pousse Poste 2 première venue", page)
    assert not re.search(r"Vieille Branche Poste 1 première venue", page)


def test_a_trial_day_is_marked(desk, space):
    booked(space, a_member("Essai Nouveau", state=State.APPLICANT), slot(9, 12))
    page = words(desk)
    assert re.search(r"Essai Nouveau Poste 1 journée d’essai", page)
    assert "première venue" not in page


def test_who_is_here_and_what_is_free_now(desk, space):
    booked(space, a_member("Matin"), slot(9, 12), "P1")
    booked(space, a_member("Journée"), slot(9, 17), "P2")
    with time_machine.travel(at(13), tick=False):
        page = words(desk)
    assert re.search(r"Attendus aujourd’hui 2 Sur place maintenant 1", page)
    assert re.search(r"Postes libres maintenant 2 / 3", page)
    assert re.search(r"Libres ce matin 1 / 3", page)
    assert re.search(r"Libres cet après-midi 2 / 3", page)


def test_a_closed_day_says_why(desk, space):
    Closure.objects.create(space=space, starts_on=MONDAY, ends_on=MONDAY, reason="Inventaire")
    page = words(desk)
    assert "fermé aujourd’hui : Inventaire" in page.replace("\xa0", " ")
    assert "Personne n’a réservé aujourd’hui." in page


def test_the_week_ahead_shows_each_half_day(desk, space):
    booked(space, a_member(), slot(9, 12, TUESDAY))
    assert re.search(r"Mar\w*\.? 3 1 / 3 0 / 3", words(desk), re.IGNORECASE)


# Spaces of a network


def test_one_space_is_not_chosen(desk, space):
    assert 'name="espace"' not in desk.get("/admin/").content.decode()


def test_of_a_network_the_busiest_space_comes_first_and_another_is_asked_for(desk, space):
    other = a_space(name="Saint-Claude", slug="saint-claude")
    booked(other, a_member("Camille Roux"), slot(9, 12))
    assert "Camille Roux" in comers(desk)
    assert "Camille Roux" not in comers(desk, f"?espace={space.slug}")


@pytest.mark.parametrize(
    "query", ["?espace=nulle-part", "?espace=", "?espace=%00", "?espace=a&espace=b"]
)
def test_a_space_that_does_not_exist_is_the_first_one(desk, space, query):
    assert "Morez" in words(desk, query)


def test_without_a_space_the_page_says_so(desk):
    assert "Aucun espace à montrer." in words(desk)


# What waits for a hand


def an_application(name="Lucie Prost", now=NOW, **rest):
    member = a_member(name, state=State.APPLICANT)
    return apply(
        member=member,
        plan=rest.pop("plan", None) or a_plan(),
        starts_on=TUESDAY,
        now=now,
        accepted={},
    )


def test_applications_wait_oldest_first(desk, space):
    an_application("Récente")
    an_application("Ancienne", now=NOW - timedelta(days=3))
    page = words(desk)
    assert re.search(r"Candidatures en attente Ancienne .* depuis le 27 février Récente", page)


def test_nothing_to_do_is_said(desk, space):
    page = words(desk)
    assert "Personne n’attend de réponse." in page
    assert "Rien à régler" in page


def test_a_booking_on_a_day_that_has_closed_since(desk, space):
    booked(space, a_member("Camille Roux"), slot(9, 12, TUESDAY))
    Closure.objects.create(space=space, starts_on=TUESDAY, ends_on=TUESDAY, reason="Neige")
    assert re.search(
        r"ne peuvent pas avoir lieu Camille Roux Neige Mar\w*\.? 3 mars, 09:00", words(desk), re.I
    )


def test_a_booking_outside_hours_that_have_changed(desk, space):
    booked(space, a_member("Camille Roux"), slot(9, 18, TUESDAY))
    space.opening_hours.filter(weekday=1).update(closes="12:00")
    assert "hors des heures d’ouverture" in words(desk)


def test_what_staff_booked_outside_hours_is_on_purpose(desk, space, operator):
    booked(space, a_member(), slot(6, 8, TUESDAY), by=operator, override_reason="train de 8 h")
    assert "hors des heures" not in words(desk)


def test_bookings_of_who_pauses_or_has_left(desk, space, operator):
    resting, leaving, here = a_member("En Pause"), a_member("Qui Part"), a_member("Qui Reste")
    thursday = MONDAY + timedelta(days=3)
    for code, member in (("P1", resting), ("P2", leaving), ("P3", here)):
        booked(space, member, slot(9, 12, TUESDAY), code)
        booked(space, member, slot(9, 12, thursday), code)
    pause(member=resting, start=thursday, end=None, by=operator, now=NOW)
    leave(member=leaving, on=thursday, by=operator, now=NOW)
    page = words(desk).split("ne peuvent pas avoir lieu")[1].split("Membres actifs sans")[0]
    assert len(re.findall("En Pause membre en pause", page)) == 1
    assert len(re.findall("Qui Part membre parti à cette date", page)) == 1
    assert "Qui Reste" not in page


def test_active_members_without_a_plan(desk, space, operator):
    with_plan = a_member("Avec Formule")
    subscribe(member=with_plan, plan=a_plan(), start=MONDAY, by=operator, now=NOW)
    a_member("Sans Formule")
    page = words(desk)
    assert "Membres actifs sans formule Sans Formule" in page
    assert "Avec Formule" not in page.split("Membres actifs sans formule")[1]


def test_departures_and_ends_of_pauses_of_the_next_fortnight(desk, space, operator):
    soon, late, resting = a_member("Bientôt"), a_member("Plus Tard"), a_member("De Retour")
    leave(member=soon, on=MONDAY + timedelta(days=14), by=operator, now=NOW)
    leave(member=late, on=MONDAY + timedelta(days=15), by=operator, now=NOW)
    pause(member=resting, start=MONDAY, end=MONDAY + timedelta(days=7), by=operator, now=NOW)
    page = words(desk)
    assert "Départs dans les quinze jours Bientôt le 16 mars" in page
    assert "Plus Tard" not in page.split("Départs dans")[1]
    assert "Retours de pause dans les quinze jours De Retour le 9 mars" in page


def test_newcomers_whose_welcome_is_not_done(desk, space, operator):
    WelcomeStep.objects.create(title="Remettre le badge")
    a_member("Arrivée Hier")
    assert re.search(
        r"Accueil à terminer Arrivée Hier 0 étapes? faites? arrivé le 2 mars", words(desk)
    )


def test_letters_that_did_not_leave(desk, space, operator):
    letter = Announcement.objects.create(title="Galette", body="Vendredi", author=operator)
    Delivery.objects.create(announcement=letter, member=a_member(), failed_at=NOW, tries=3)
    assert re.search(r"pas parties Galette 1 destinataire le 2 mars", words(desk))


def test_draft_prices_whose_day_is_near(desk, space):
    plan = a_plan(name="Nomade")
    for day in (MONDAY + timedelta(days=14), MONDAY + timedelta(days=15)):
        a_need(state="submitted")
        saved(Report(provider=a_provider(state="pending"), reason="spam", made_at=NOW))
        PlanVersion.objects.create(plan=plan, valid_from=day, fee=10)
    page = words(desk)
    assert "Nomade pour le 16 mars" in page.replace("\xa0", " ")
    assert "17 mars" not in page


def test_of_many_things_the_first_are_shown_and_the_others_linked(desk, space):
    for number in range(12):
        a_member(f"Sans Formule {number:02}")
    page = words(desk)
    assert page.count("Sans Formule") == 6
    assert "Voir tout" in page


# Who reads what


def test_the_accountant_reads_no_file_of_a_member(client, space, operator):
    WelcomeStep.objects.create(title="Remettre le badge")
    an_application("Lucie Prost")
    booked(space, a_member("Camille Roux"), slot(9, 12))
    client.force_login(a_user(role=Role.ACCOUNTANT))
    page = words(client)
    assert "Camille Roux" in page
    assert "Lucie Prost" not in page
    assert "Accueil à terminer" not in page
    assert "Candidatures" not in page


def test_the_host_reads_no_draft_price(client, space):
    PlanVersion.objects.create(plan=a_plan(), valid_from=TUESDAY, fee=10)
    client.force_login(a_user(role=Role.HOST))
    assert "brouillon" not in words(client)


def test_staff_without_any_right_sees_an_empty_page(client, space):
    nobody = protect(a_user())
    User.objects.filter(pk=nobody.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=nobody.pk))
    assert "Morez" not in words(client)


# The directory


def test_what_waits_in_the_directory_is_there_with_its_page(desk, client):
    need = a_need("Un portail", state="submitted")
    profile = a_provider("Atelier Roux", state="pending")
    online = a_provider("Forge")
    claim = Claim(provider=online, user=a_user("Luc Petit"), key="k" * 32, made_at=NOW)
    report = Report(need=a_need("Du bois gratuit"), reason="spam", made_at=NOW)
    for row in (claim, report):
        saved(row)
    page = words(desk)
    for text in (
        "Besoins à relire Un portail",
        "Fiches de prestataire à relire Atelier Roux",
        "Fiches revendiquées Forge Luc Petit",
        "Signalements à traiter Du bois gratuit publicité ou arnaque",
    ):
        assert text in page
    body = client.get("/admin/").content.decode()
    for name, row in (("need", need), ("provider", profile), ("claim", claim), ("report", report)):
        link = f"/admin/directory/{name}/{row.pk}/change/"
        assert f'href="{link}"' in body
        assert client.get(link).status_code == 200


def test_a_need_that_nobody_answers_waits_after_five_days(desk):
    old = NOW - timedelta(days=6)
    quiet, answered, fresh, over = (
        a_need(title) for title in ("Une toiture", "Un site", "Un mur", "Une haie")
    )
    a_solicitation(quiet, a_provider())
    a_solicitation(answered, a_provider(), opened_at=NOW, answered_at=NOW)
    old_ones = [quiet.pk, answered.pk, over.pk]
    Need.objects.filter(pk__in=old_ones).update(made_at=old, opened_at=old)
    Need.objects.filter(pk=over.pk).update(deadline=MONDAY - timedelta(days=1))
    page = words(desk)
    assert "Besoins ouverts sans réponse Une toiture" in page
    assert not any(title in page for title in ("Un site", "Un mur", "Une haie"))
    assert fresh.opened_at == NOW


def test_what_is_settled_in_the_directory_does_not_wait(desk):
    host = a_user(role=Role.HOST)
    a_need("Un portail")
    a_provider("Atelier Roux")
    handled = {"handled_at": NOW, "handled_by": host, "made_at": NOW}
    saved(Report(provider=a_provider("Forge"), reason="spam", **handled))
    page = words(desk)
    assert not any(title in page for title in ("portail", "Roux", "Forge"))


def test_the_accountant_sees_nothing_of_the_directory(client):
    a_need("Un portail", state="submitted")
    client.force_login(a_user(role=Role.ACCOUNTANT))
    assert "portail" not in words(client)


def test_the_lists_that_show_all_of_it_open(desk):
    for number in range(8):
        a_need(f"Portail {number}", state="submitted")
        a_provider(f"Atelier {number}", state="pending")
        online = a_provider()
        saved(Report(provider=online, reason="spam", made_at=NOW))
        saved(Claim(provider=online, user=a_user(), key=f"{number}" * 32, made_at=NOW))
    body = desk.get("/admin/").content.decode()
    for path in (
        "need/?state__exact=submitted",
        "provider/?state__exact=pending",
        "claim/?waiting=yes",
        "report/?waiting=yes",
    ):
        assert f'href="/admin/directory/{path}"' in body
        answer = desk.get(f"/admin/directory/{path}")
        assert answer.status_code == 200
        assert answer.context["cl"].result_count == 8


# What it costs


def queries(client):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        words(client)
    return len(caught)


def crowd(space, operator, plan, number, first):
    """So many of everything that the page shows."""
    WelcomeStep.objects.get_or_create(title="Badge")
    for index in range(first, first + number):
        member = a_member(f"Membre {index}")
        day = MONDAY + timedelta(days=1 + index % 4)
        start = at(9, day=day) + timedelta(minutes=15 * (index // 4))
        Booking.objects.create(
            resource=space.resources.get(code="P1"),
            member=member,
            kind="desk",
            start=start,
            end=start + timedelta(minutes=15),
            made_by=member.user,
            made_at=NOW,
        )
        pause(member=member, start=day, end=day + timedelta(days=2), by=operator, now=NOW)
        an_application(f"Candidat {index}", plan=plan)
        leave(member=a_member(), on=day, by=operator, now=NOW)
        letter = Announcement.objects.create(title=f"Lettre {index}", body="…", author=operator)
        Delivery.objects.create(announcement=letter, member=member, failed_at=NOW, tries=1)
        a_need(state="submitted")
        saved(Report(provider=a_provider(state="pending"), reason="spam", made_at=NOW))
        PlanVersion.objects.create(plan=plan, valid_from=day + timedelta(weeks=-index), fee=10)


def test_the_page_costs_the_same_for_three_as_for_thirty(desk, space, operator):
    plan = a_plan()
    crowd(space, operator, plan, 3, 0)
    few = queries(desk)
    crowd(space, operator, plan, 27, 3)
    assert queries(desk) == few <= 15
