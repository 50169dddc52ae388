"""Every page of the house, to each of its readers: no accessibility violation, nothing refused."""

from datetime import time, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, expect

from booking import availability
from booking.services import book, cancel, kiosk, open_feed, waiting
from booking.services.presence_jobs import close_forgotten
from booking.services.series import make
from booking.services.series_days import rule_of
from booking.services.visits import check_in
from booking.slots import Period
from directory.forms.profiles import PARTS
from directory.models import Need, Shown
from directory.services import claims, confirmations, messages
from directory.services.profile_parts import save_reference, set_shown
from members.models import LegalText, Member, Role, State, Use
from members.notices import stop_path
from members.services import applications, change_profile, invitations, subscriptions
from members.services import membership as service
from members.services.consents import agree
from members.services.profiles import PROFILE
from tests.browser.conftest import SCREENS, Watch, accessibility_problems
from tests.browser.places import an_announcement, an_open_space
from tests.directory.public import listed, many
from tests.directory.rows import a_commune, a_need, a_provider, a_skill, a_trade
from tests.factories import a_member, a_plan, a_user, freshly

pytestmark = pytest.mark.django_db(transaction=True)


def public_pages(reader) -> list[str]:
    names = [
        "home",
        "plans",
        "privacy",
        "simulator:home",
        "simulator:embed",
        "simulator:tools",
        "account_login",
        "account_signup",
        "account_reset_password",
    ]
    refused = reverse("plans") + "?heures=abc"
    paths = [refused, "/espaces/morez/plan/", "/nulle-part/", stop_path(reader.user)]
    return [*map(reverse, names), *paths, *pages_of_the_directory()]


def pages_of_the_directory() -> list[str]:
    """The home, results, nobody, a refusal, a trade, a commune, the frame and the tools."""
    trade, commune = a_trade("Menuisier"), a_commune("Morez")
    today = timezone.localdate()
    listed(
        "Atelier du Risoux",
        trades=(trade,),
        commune=commune,
        speaks=("fr", "de"),
        meets_at_space=True,
        available_from=today,
        available_until=today + timedelta(days=30),
    )
    many(21, trade, commune)
    home, embed = reverse("directory:home"), reverse("directory:embed")
    return [
        home,
        f"{home}?q=menuisier&commune={commune.slug}&within=20",
        f"{home}?q=dresseur",
        f"{home}?trade=rien",
        f"{embed}?q=menuisier",
        reverse("directory:tools"),
        trade.get_absolute_url(),
        commune.get_absolute_url(),
    ]


def membership(*names: str) -> list[str]:
    return [reverse(f"members:{name}") for name in ("membership", *names)]


def pages_of_a_series(made) -> list[str]:
    """Asked for, previewed with a day that is skipped, changed from a day on, cancelled."""
    coming = made.bookings.order_by("start").last()
    asked = urlencode(
        {
            "weekdays": range(7),
            "from": "10:00",
            "to": "11:00",
            "first": made.first_day.isoformat(),
            "last": made.last_day.isoformat(),
            "resource": "",
        },
        doseq=True,
    )
    change = reverse("booking:series_change", args=[made.pk])
    hours = urlencode({"scope": "all", "from": "10:00", "to": "11:00", "resource": ""})
    new = reverse("booking:series_new")
    return [
        *(new, f"{new}?{asked}", made.get_absolute_url(), change, f"{change}?{hours}"),
        f"{change}?booking={coming.pk}",
        f"{reverse('booking:series_cancel', args=[made.pk])}?booking={coming.pk}",
        coming.get_absolute_url(),
    ]


def pages_of_a_member(booked, cancelled) -> list[str]:
    names = ["home", "booking:mine", "booking:calendar", "members:account", "my_data", "erase_me"]
    names += ["members:invite", "booking:savings"]
    names += ["members:people", "members:announcements"]
    account = ["account_email", "account_change_password", "account_logout"]
    account += ["account_reauthenticate", "mfa_index", "usersessions_list"]
    of_bookings = [
        reverse(f"booking:{name}", args=[booked.pk]) for name in ("detail", "move", "cancel")
    ]
    of_the_space = [
        f"/espaces/morez/{page}/" for page in ("plan", "jour", "semaine", "reserver")
    ] + ["/espaces/morez/plan/?period=custom&from=12:00&to=09:00"]
    return [
        *map(reverse, names + account),
        *of_bookings,
        reverse("booking:detail", args=[cancelled.pk]),
        *of_the_space,
        "/membres/?q=personne&trade=Scieur",
        *(reverse("members:person", args=[who.pk]) for who in Member.objects.visible()),
    ]


def pages_of_an_invitation() -> list[str]:
    """Each page that the link may open, for a stranger; the last two answer 410 and 404."""
    inviter, now = a_member("Aline Morel"), timezone.now()
    message, plan = "Viens voir :\nle café est bon.", a_plan()
    found = []
    for email in ("ouverte@morez.example", "retiree@morez.example"):
        invitation = invitations.invite(
            email=email, by=inviter.user, now=now, name="Bruno", plan=plan, message=message
        )
        found.append(reverse("members:invitation", args=[invitations.token_of(invitation)]))
    invitations.revoke(invitation=invitation, by=inviter.user, now=now)
    return [*found, reverse("members:invitation", args=["alteree"])]


def problems_on(
    browser: Browser, watch: Watch, live_server, client, user, paths: list[str], **screen
) -> list[str]:
    context = browser.new_context(
        **screen, base_url=live_server.url, locale=screen.pop("locale", "fr-FR")
    )
    context.on("request", watch.request)
    context.on("console", watch.console)
    if user is not None:
        freshly(client, user)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    found = []
    for path in paths:
        page.goto(path)
        found += accessibility_problems(page)
        overflow = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        if overflow:
            found.append(f"{path}: the page is wider than the screen")
        found += [f"{path}: an empty link" for _ in page.locator("a[href='']").all()]
    context.close()
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SCREENS))
def test_every_page_is_for_everyone(browser, live_server, client, watch, size, scheme):
    watch.expect("404")  # /nulle-part/ and the altered link of an invitation
    watch.expect("410")  # one that was revoked
    watch.expect("422")  # a search that cannot be read
    a_plan()
    space, member, other = an_open_space(), a_member(visible=True), a_member(visible=True)
    now = timezone.now()
    opening = availability.next_open_day(space, now)
    assert opening is not None
    slots = availability.slots_for(space, opening.day, Period.DAY, now)
    mine, theirs = (
        book(space=space, member=who, by=who.user, slots=slots, now=now)[0]
        for who in (member, other)
    )
    later = availability.slots_for(space, opening.day, Period.AFTERNOON, now) or slots
    room = space.resources.get(code="R1")
    [gone] = book(
        space=space, member=member, by=member.user, slots=later[:1], now=now, resource=room
    )
    host = a_user(role=Role.HOST)
    cancel(booking=gone, by=host, now=now, override_reason="Dégât des eaux")
    open_feed(member=member, now=now)
    first, hours = opening.day + timedelta(days=7), {"start": time(14), "end": time(16)}
    rule = rule_of(weekdays=range(7), first_day=first, last_day=first + timedelta(days=13), **hours)
    every_week = make(space=space, member=member, rule=rule, by=member.user, now=now)
    for email in ("a@morez.example", "b@morez.example"):
        sent = invitations.invite(email=email, by=member.user, now=now)
    invitations.revoke(invitation=sent, by=member.user, now=now)
    screen = {**SCREENS[size], "color_scheme": scheme}

    agree(user=other.user, use=Use.PRESENCE, now=now, by=other.user)
    words = dict.fromkeys(PROFILE, "Lunetier")
    change_profile(member=other, now=now, by=other.user, values=words)
    an_announcement(member)
    applicant = a_member(state=State.APPLICANT)

    readers = [
        (None, [*public_pages(member), *pages_of_an_invitation()]),
        (applicant.user, ["/", "/membres/"]),
        (member.user, [*pages_of_a_member(mine, gone), *pages_of_a_series(every_week)]),
        (host, [reverse("booking:detail", args=[theirs.pk]), "/espaces/morez/reserver/"]),
    ]
    watch.expect("403")  # a host who is no member has no place to book
    found = []
    for user, paths in readers:
        found += problems_on(browser, watch, live_server, client, user, paths, **screen)
    assert found == []


def test_the_pages_of_a_new_house(browser, live_server, client, watch):
    """Before anybody came: the empty states."""
    found = problems_on(
        browser,
        watch,
        live_server,
        client,
        None,
        ["/", "/formules/", "/annuaire/", "/annuaire/?q="],
        **SCREENS["phone"],
    )
    space = an_open_space(desks=0)
    newcomer = a_member()
    paths = [
        "/",
        "/reservations/",
        "/calendrier/",
        "/compte/inviter/",
        "/membres/",
        "/annonces/",
        f"/espaces/{space.slug}/plan/",
    ]
    found += problems_on(
        browser, watch, live_server, client, newcomer.user, paths, **SCREENS["phone"]
    )
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SCREENS))
def test_the_figures_of_the_directory_are_for_everyone(
    browser, live_server, client, watch, size, scheme
):
    for state, number in (("awarded_local", 7), ("unfilled", 6), ("withdrawn", 1)):
        for _number in range(number):
            need = a_need(state=state)
            Need.objects.filter(pk=need.pk).update(made_at=timezone.now(), opened_at=timezone.now())
    paths = [reverse("directory:figures"), reverse("directory:figures") + "?periode=annee-derniere"]
    screen = {**SCREENS[size], "color_scheme": scheme}
    partner = a_user(role=Role.PARTNER)
    assert problems_on(browser, watch, live_server, client, partner, paths, **screen) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SCREENS))
def test_every_step_of_a_membership_is_for_everyone(
    browser, live_server, client, watch, size, scheme
):
    space, now = an_open_space(), timezone.now()
    today, plan = timezone.localdate(now), a_plan(name="Nomade", notice_days=30)
    LegalText.objects.create(use="rules", version="2026-01", body="Bas.\n\n", published_at=now)
    legal = reverse("members:legal", args=["rules", "2026-01"])
    new, waits = a_member(state=State.APPLICANT), a_member(state=State.APPLICANT)
    active, leaving, resting = a_member(), a_member(), a_member()
    applications.apply(
        member=waits, plan=plan, starts_on=today, now=now, accepted={Use.RULES: "2026-01"}
    )
    for member in (active, leaving, resting):
        subscriptions.subscribe(member=member, plan=plan, start=today, by=member.user, now=now)
    service.leave(member=leaving, by=leaving.user, now=now)
    service.pause(member=resting, start=today, end=None, by=resting.user, now=now)
    book(
        space=space,
        member=active,
        by=active.user,
        slots=availability.slots_for(space, today + timedelta(days=1), Period.DAY, now),
        now=now,
    )
    readers = [
        (None, ["/", legal]),
        (new.user, ["/", "/espaces/morez/reserver/", *membership("apply")]),
        (waits.user, ["/", *membership("withdraw")]),
        (active.user, membership("pause", "leave", "change_plan")),
        (leaving.user, membership("stay")),
        (resting.user, membership("resume")),
    ]
    screen, found = {**SCREENS[size], "color_scheme": scheme}, []
    for user, paths in readers:
        found += problems_on(browser, watch, live_server, client, user, paths, **screen)
    assert found == []


def test_an_application_is_mended_and_sent_without_a_mouse(page, client, live_server, watch):
    """The first field to mend has the focus; what was written is still there."""
    watch.expect("422")
    plan, applicant = a_plan(name="Nomade"), a_member(state=State.APPLICANT)
    a_plan(name="Résident")
    an_open_space()
    client.force_login(applicant.user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(reverse("members:apply") + "?km=35.5&means=car")
    page.locator("[name=trade]").fill("Horlogère")
    page.get_by_role("button", name="Envoyer ma candidature").press("Enter")
    expect(page.locator("[name=plan]").first).to_be_focused()
    assert accessibility_problems(page) == []
    page.keyboard.press("Space")
    expect(page.locator("[name=trade]")).to_have_value("Horlogère")
    expect(page.locator("[name=commute_km]")).to_have_value("35.5")
    page.get_by_role("button", name="Envoyer ma candidature").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon adhésion")
    assert accessibility_problems(page) == []
    assert applicant.applications.get().plan == plan


def test_a_reader_stops_the_letters_without_logging_in(page, watch):
    reader = a_member("Camille Rochat")
    an_announcement(reader)
    path = stop_path(reader.user)
    page.goto(path)
    assert Member.objects.agreed(Use.NEWS).exists()  # a scanner that opens the link stops nothing
    page.get_by_role("button", name="Ne plus les recevoir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Vous ne recevez plus les annonces par e-mail"
    )
    assert not Member.objects.agreed(Use.NEWS).exists()


def test_a_member_is_found_while_one_types_and_without_javascript(
    browser, live_server, client, watch, page
):
    me, other = a_member("Aline Morel"), a_member("Éloïse Œuvrard", visible=True)
    a_member("Zoé Hätti", visible=True)
    client.force_login(me.user)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**cookie, "url": live_server.url}])
    page.goto("/membres/")
    expect(page.locator(".person-card")).to_have_count(2)
    page.get_by_role("searchbox").press_sequentially("oeuv")
    expect(page.locator(".person-card")).to_have_count(1)
    expect(page).to_have_url(f"{live_server.url}/membres/?q=oeuv")
    page.get_by_role("link", name=other.user.name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(other.user.name)

    without = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    without.add_cookies([{**cookie, "url": live_server.url}])
    plain = without.new_page()
    plain.goto("/membres/")
    plain.get_by_role("searchbox").fill("eloise")
    plain.locator("#people-search button").click()
    expect(plain.locator(".person-card")).to_have_count(1)
    without.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SCREENS))
def test_every_page_of_a_provider_is_for_everyone(
    browser, live_server, client, watch, size, scheme
):
    watch.expect("404")  # the altered link of a letter
    an_open_space()
    now, owner, host = timezone.now(), a_member("Aline Morel", visible=True), a_user(role=Role.HOST)
    provider = a_full_provider(owner.user)
    unowned = a_provider("Atelier Lézat", legal_contact="patron@atelier.example")
    claim = claims.claim(provider=unowned, user=a_user("Bruno Lacroix"), now=now)
    who = {"sender_name": "Jean", "sender_email": "jean@boulangerie.example"}
    message = messages.write(provider=provider, text="Un devis ?", now=now, **who)
    about = provider.get_absolute_url()
    mine = reverse("directory:edit", args=[provider.pk])
    public = [
        about,
        f"{about}ecrire/",
        f"{about}signaler/",
        unowned.get_absolute_url(),
        reverse("directory:send_message", args=[messages.token_of(message)]),
        reverse("directory:send_message", args=["alteree"]),
        reverse("directory:claim_answer", args=[claims.token_of(claim)]),
        reverse("directory:confirm", args=[confirmations.token_of(provider.ownerships.get())]),
    ]
    parts = [reverse("directory:edit_part", args=[provider.pk, part]) for part in PARTS]
    own = [*map(reverse, ("directory:mine", "directory:new")), mine, f"{mine}apercu/", *parts]
    newcomer = [reverse("directory:mine"), f"{unowned.get_absolute_url()}revendiquer/"]
    screen = {**SCREENS[size], "color_scheme": scheme}
    found = []
    for user, paths in ((None, public), (owner.user, own), (host, newcomer)):
        found += problems_on(browser, watch, live_server, client, user, paths, **screen)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SCREENS))
def test_every_page_of_presence_is_for_everyone(browser, live_server, client, watch, size, scheme):
    """Somebody is there with a guest, forgot a departure, has a code, and waits for a full day."""
    watch.expect("403")  # a browser that is no kiosk
    space, member, now = an_open_space(desks=2), a_member("Aline Morel"), timezone.now()
    by, other, host = member.user, a_member(), a_user(role=Role.HOST)
    device, secret = kiosk.add_device(
        space=space, name="Entrée", by=a_user(role=Role.OPERATOR), now=now
    )
    earlier = now - timedelta(days=3)
    check_in(space=space, member=member, by=by, now=earlier)
    close_forgotten(now=earlier + timedelta(days=1, hours=2))
    for guest in ("", "Solène Vuez"):
        check_in(space=space, member=member, by=by, now=now, guest_name=guest)
    kiosk.new_code(member=member, now=now)
    day = timezone.localdate(now) + timedelta(days=2)
    slots = availability.slots_for(space, day, Period.DAY, now)
    for who in (other, a_member()):
        book(space=space, member=who, by=who.user, slots=slots, now=now)
    waiting.ask(space=space, member=member, slot=slots[0], by=by, now=now)
    sheet = "/espaces/morez/feuille/"
    screen = {**SCREENS[size], "color_scheme": scheme}
    set_up = reverse("booking:set_up_kiosk", args=[secret])
    before = earlier.date().isoformat()
    scanned = reverse("booking:scanned", args=[kiosk.picture_token(device)])
    readers = [
        (by, [scanned, reverse("booking:presence"), reverse("booking:waits")]),
        (other.user, [reverse("booking:presence"), reverse("booking:waits")]),
        (host, [sheet, f"{sheet}?date={before}", f"{sheet}?date={day.isoformat()}"]),
        (None, [set_up, reverse("booking:kiosk")]),
    ]
    found = []
    for user, paths in readers:
        found += problems_on(browser, watch, live_server, client, user, paths, **screen)
    context = browser.new_context(**screen, base_url=live_server.url, locale="fr-FR")
    context.on("console", watch.console)
    tablet = context.new_page()
    tablet.goto(set_up)
    tablet.get_by_role("button", name="Activer la borne").click()
    expect(tablet.locator(".kiosk-picture")).to_be_visible()
    found += accessibility_problems(tablet)
    context.close()
    assert found == []


def a_full_provider(owner):
    """One with everything on its page."""
    values = {"meets_at_space": True, "price_unit": "day", "price_low": "350", "phone": "03 84"}
    today = timezone.localdate()
    provider = a_provider(
        "Aline Web",
        owner=owner,
        trades=(a_trade("Webmestre"),),
        skills=tuple(a_skill() for _each in range(6)),
        description="Des sites simples.\n\nEt utiles.",
        website="https://aline.example/",
        available_from=today,
        available_until=today + timedelta(days=30),
        **values,
    )
    job = {"client": "Mairie", "what": "Site", "year": 2025, "url": "https://mairie.example/"}
    save_reference(provider=provider, by=owner, now=timezone.now(), values=job)
    set_shown(provider=provider, shown=Shown.values, by=owner, now=timezone.now())
    return provider
