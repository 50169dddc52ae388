"""The tablet at the door: made by a secret link, revoked at once; codes and scans serve once."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import ArrivalCode, Device, Visit, Way
from booking.services import kiosk
from booking.services.visits import check_in
from members.models import AuditEntry, Role, Use
from members.services.consents import agree
from tests.factories import NOW, a_member, a_space, a_user, at, freshly
from tests.members.refusals import refused

pytestmark = pytest.mark.django_db

NINE = at(9)


@pytest.fixture
def space():
    return a_space(name="Morez")


@pytest.fixture
def operator():
    return a_user(role=Role.OPERATOR)


@pytest.fixture
def added(space, operator):
    return kiosk.add_device(space=space, name="Entrée", by=operator, now=NOW)


@pytest.fixture
def device(added):
    return added[0]


@pytest.fixture
def tablet(added, time_machine):
    time_machine.move_to(NINE, tick=False)
    tablet = Client()
    tablet.post(reverse("booking:set_up_kiosk", args=[added[1]]))
    return tablet


@pytest.fixture
def member():
    return a_member("Colette Vuillet")


def text(answer):
    return answer.content.decode()


class TestDevice:
    def test_the_secret_is_not_kept(self, added):
        _device, token = added
        assert token not in str(Device.objects.values().get())
        assert token not in str(list(AuditEntry.objects.values()))

    def test_the_link_asks_and_a_button_makes_the_kiosk(self, client, added, time_machine):
        time_machine.move_to(NINE, tick=False)
        path = reverse("booking:set_up_kiosk", args=[added[1]])
        assert "Faire de cet appareil la borne" in text(client.get(path))
        assert client.get("/borne/").status_code == 403
        page = client.post(path, follow=True)
        assert "Scannez pour arriver ou partir" in text(page)
        cookie = client.cookies["kiosk"]
        assert (cookie["httponly"], cookie["path"]) == (True, "/borne/")

    def test_a_wrong_secret_is_a_404(self, client, added):
        assert client.get(reverse("booking:set_up_kiosk", args=["x" * 43])).status_code == 404

    def test_a_revoked_tablet_shows_nothing(self, tablet, device, operator, member):
        code = kiosk.new_code(member=member, now=NINE).code
        kiosk.revoke_device(device=device, by=operator, now=NINE)
        page = tablet.get("/borne/")
        assert (page.status_code, "libres" in text(page)) == (403, False)
        assert tablet.get("/borne/", headers={"HX-Request": "true"}).status_code == 286
        assert tablet.post("/borne/code/", {"code": code}).status_code == 403
        assert not Visit.objects.exists()

    def test_revoking_twice_changes_nothing(self, device, operator):
        kiosk.revoke_device(device=device, by=operator, now=NOW)
        again = kiosk.revoke_device(device=device, by=operator, now=NOW + timedelta(hours=1))
        assert again.revoked_at == NOW

    @pytest.mark.parametrize("role", [None, Role.ACCOUNTANT, Role.PARTNER])
    def test_only_the_team_adds_one(self, space, role):
        with refused("forbidden"):
            kiosk.add_device(space=space, name="Entrée", by=a_user(role=role), now=NOW)


class TestCode:
    def test_it_lets_one_in_and_another_out(self, tablet, member):
        code = kiosk.new_code(member=member, now=NINE).code
        page = tablet.post("/borne/code/", {"code": f"{code[:3]} {code[3:]}"})
        assert "Bienvenue Colette ! Votre place : Poste 1" in text(page)
        assert Visit.objects.get().arrived_by == Way.KIOSK
        code = kiosk.new_code(member=member, now=NINE).code
        assert "Au revoir Colette" in text(tablet.post("/borne/code/", {"code": code}))
        assert Visit.objects.get().left_by == Way.KIOSK

    def test_it_serves_once(self, tablet, member):
        code = kiosk.new_code(member=member, now=NINE).code
        tablet.post("/borne/code/", {"code": code})
        page = tablet.post("/borne/code/", {"code": code})
        assert (page.status_code, "n’est pas bon" in text(page)) == (422, True)
        assert Visit.objects.get().is_open

    def test_it_expires(self, device, member):
        code = kiosk.new_code(member=member, now=NINE).code
        with refused("bad_code"):
            kiosk.use_code(device=device, code=code, now=NINE + kiosk.CODE_LIVES)

    def test_a_new_one_ends_the_old_one(self, device, member):
        old = kiosk.new_code(member=member, now=NINE).code
        new = kiosk.new_code(member=member, now=NINE).code
        assert ArrivalCode.objects.get().code == new
        if old != new:
            with refused("bad_code"):
                kiosk.use_code(device=device, code=old, now=NINE)

    def test_digits_in_use_are_not_given_twice(self, member, monkeypatch):
        drawn = iter([7, 7, 8])
        monkeypatch.setattr(kiosk.secrets, "randbelow", lambda _limit: next(drawn))
        first = kiosk.new_code(member=a_member(), now=NINE).code
        assert (first, kiosk.new_code(member=member, now=NINE).code) == ("000007", "000008")

    def test_it_stays_when_there_is_no_room(self, tablet, space, member):
        for _desk in range(3):
            other = a_member()
            check_in(space=space, member=other, by=other.user, now=NINE)
        code = kiosk.new_code(member=member, now=NINE).code
        assert "complet" in text(tablet.post("/borne/code/", {"code": code}))
        assert ArrivalCode.objects.filter(code=code).exists()

    def test_who_guesses_is_stopped(self, tablet):
        answers = [tablet.post("/borne/code/", {"code": "1"}).status_code for _try in range(21)]
        assert answers == [422] * 20 + [429]

    @pytest.mark.parametrize("code", ["", "x" * 5000, "\x00", "１２３４５６"])
    def test_nonsense_is_a_bad_code(self, tablet, code):
        assert tablet.post("/borne/code/", {"code": code}).status_code == 422

    def test_a_member_asks_for_one_on_the_phone(self, client, member, tablet):
        client.force_login(member.user)
        page = text(client.post(reverse("booking:new_code"), follow=True))
        code = ArrivalCode.objects.get().code
        assert f"{code[:3]}\u202f{code[3:]}" in page.replace("&#8239;", "\u202f")

    def test_the_place_is_told_in_the_language_of_the_tablet(self, tablet, space, member):
        space.resources.filter(code="P1").update(name_en="Desk by the window")
        code = kiosk.new_code(member=member, now=NINE).code
        english = {"Accept-Language": "en"}
        page = tablet.post("/borne/code/", {"code": code}, headers=english)
        assert "Desk by the window" in text(page)


class TestPicture:
    def scan(self, tablet) -> str:
        """Where the QR code leads, read from the page's own token."""
        return reverse("booking:scanned", args=[kiosk.picture_token(Device.objects.get())])

    def test_a_scan_and_a_button(self, client, tablet, member):
        client.force_login(member.user)
        path = self.scan(tablet)
        assert "J’arrive" in text(client.get(path))
        assert not Visit.objects.exists()
        assert "Bienvenue Colette" in text(client.post(path, follow=True))
        assert "Je pars" in text(client.get(path))

    def test_a_picture_of_the_screen_gets_old(self, client, tablet, member, time_machine):
        client.force_login(member.user)
        path = self.scan(tablet)
        time_machine.move_to(NINE + timedelta(seconds=kiosk.PICTURE_LIVES + 1), tick=False)
        assert "scannez de nouveau" in text(client.post(path, follow=True))
        assert not Visit.objects.exists()

    @pytest.mark.parametrize("token", ["1", "1:abc:def", "x" * 500])
    def test_a_forged_one_is_refused(self, client, tablet, member, token):
        client.force_login(member.user)
        page = client.post(reverse("booking:scanned", args=[token]), follow=True)
        assert "scannez de nouveau" in text(page)

    def test_a_revoked_kiosk_lets_nobody_in(self, client, tablet, device, operator, member):
        client.force_login(member.user)
        path = self.scan(tablet)
        kiosk.revoke_device(device=device, by=operator, now=NINE)
        assert "a été retirée" in text(client.post(path, follow=True))

    def test_the_screen_carries_a_picture_that_changes(self, tablet, time_machine):
        drawn = re.compile(r'<svg[^>]*class="kiosk-code".*?</svg>', re.DOTALL)
        before = drawn.search(text(tablet.get("/borne/"))).group()
        time_machine.move_to(NINE + timedelta(seconds=30), tick=False)
        assert drawn.search(text(tablet.get("/borne/"))).group() != before


class TestScreen:
    def test_only_who_agreed_is_named(self, tablet, space, member):
        agree(user=member.user, use=Use.PRESENCE, now=NOW, by=member.user)
        shy = a_member("Timothée Grenier")
        for each in (member, shy):
            check_in(space=space, member=each, by=each.user, now=NINE)
        guest = "Une cliente"
        check_in(space=space, member=member, by=member.user, now=NINE, guest_name=guest)
        page = text(tablet.get("/borne/"))
        assert "3 personnes sont là" in page
        assert "Colette" in page
        assert not any(word in page for word in ("Vuillet", "Timothée", guest))
        assert '<strong class="numeric">0</strong>' in page

    def test_queries_do_not_grow(self, tablet, space):
        def queries():
            with CaptureQueriesContext(connection) as found:
                tablet.get("/borne/")
            return len(found)

        few = queries()
        for _desk in range(3):
            other = a_member()
            check_in(space=space, member=other, by=other.user, now=NINE)
        assert queries() == few

    def test_a_browser_that_is_no_kiosk_gets_nothing(self, client, device):
        client.cookies["kiosk"] = "forged"
        assert client.get("/borne/").status_code == 403


class TestAdmin:
    LIST = "/admin/booking/device/"

    @pytest.fixture
    def host(self, client):
        host = a_user(role=Role.HOST)
        freshly(client, host)
        return host

    def test_the_link_is_shown_once(self, client, host, space):
        asked = {"space": space.pk, "name": "Entrée"}
        page = text(client.post(f"{self.LIST}add/", asked, follow=True))
        [token] = re.findall(r"/borne/activer/([\w-]+)/", page)
        assert Device.objects.holding(token).get().made_by == host
        assert "/borne/activer/" not in text(client.get(self.LIST))

    def test_a_tablet_is_revoked_from_the_list(self, client, host, tablet, device):
        chosen = {"action": "revoke", "_selected_action": [device.pk]}
        assert "1 borne révoquée" in text(client.post(self.LIST, chosen, follow=True))
        assert tablet.get("/borne/").status_code == 403

    def test_a_name_is_asked_for(self, client, host, space):
        answer = client.post(f"{self.LIST}add/", {"space": space.pk, "name": ""})
        assert (answer.status_code, Device.objects.count()) == (200, 0)

    def test_nobody_changes_or_deletes_one(self, client, host, device):
        for verb in ("change", "delete"):
            path = reverse(f"admin:booking_device_{verb}", args=[device.pk])
            assert client.post(path, {"name": "Autre"}).status_code == 403

    def test_the_accountant_has_no_such_list(self, client):
        freshly(client, a_user(role=Role.ACCOUNTANT))
        assert client.get(self.LIST).status_code == 403
