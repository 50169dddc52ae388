"""The admin, as the operator uses it: on both screens, by day and by night.

Everything that the other pages owe holds here too: no complaint of the console (so nothing that
the policy refuses), no third party, no page wider than the screen. Of axe's findings, those about
the theme's own frame are left out, and only those.
"""

from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from booking import availability
from booking.models import Booking, Closure
from booking.services import book
from booking.slots import Period
from members.models import PlanVersion, Role, State, Subscription
from members.services.plans import draft_version
from members.services.subscriptions import subscribe
from tests.browser.conftest import SCREENS
from tests.browser.places import an_announcement, an_open_space
from tests.factories import a_member, a_plan, a_user, freshly

pytestmark = pytest.mark.django_db(transaction=True)

# Markup of django-unfold 0.91 that no setting changes:
THE_THEME_S = [
    "landmark-one-main",  # its frame is of <div>, without <main>,
    "region",  # so that nothing of a page stands in a landmark;
    "landmark-unique",  # each box that scrolls is a region named "scrollable content";
    "empty-table-header",  # the column of the bins has no name.
]
# The field that Django's autocomplete draws (select2) over the one that has the label.
DRAWN_OVER = ".select2-container"


def accessibility_problems(page: Page) -> list[str]:
    rules = {rule: {"enabled": False} for rule in THE_THEME_S}
    found = Axe().run(
        page,
        context={"exclude": [[DRAWN_OVER]]},
        options={"resultTypes": ["violations"], "rules": rules},
    )
    return [
        f"{page.url}: {violation['id']}: {node['html'][:160]} {node.get('failureSummary', '')}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


@pytest.fixture
def space():
    space = an_open_space()
    day = date(2020, 1, 1)
    Closure.objects.create(space=space, starts_on=day, ends_on=day, reason="Inventaire")
    return space


@pytest.fixture
def booking(space):
    member, now = a_member("Camille Roux"), timezone.now()
    opening = availability.next_open_day(space, now)
    slots = availability.slots_for(space, opening.day, Period.DAY, now)
    return book(space=space, member=member, by=member.user, slots=slots, now=now)[0]


@pytest.fixture
def operator(context, client, live_server):
    user = a_user("Odile Paget", role=Role.OPERATOR)
    freshly(client, user)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return user


def pages(booking: Booking) -> list[str]:
    member, space = booking.member, booking.resource.space
    lists = [
        "members_application",
        "members_legaltext",
        "members_member",
        "members_user",
        "members_invitation",
        "members_announcement",
        "members_delivery",
        "members_plan",
        "members_planversion",
        "members_vat",
        "members_subscription",
        "members_auditentry",
        "booking_booking",
        "booking_closure",
    ]
    announcement = an_announcement(member)
    subscription = Subscription.objects.get()
    published, draft = PlanVersion.objects.order_by("valid_from")
    return [
        reverse("admin:index"),
        *(reverse(f"admin:{name}_changelist") for name in lists),
        reverse("admin:members_member_change", args=[member.pk]),
        reverse("admin:members_member_erase", args=[member.pk]),  # still a member: refused
        reverse("admin:members_member_erase", args=[a_member(state=State.APPLICANT).pk]),
        reverse("admin:members_member_depart", args=[member.pk]),
        reverse("admin:members_member_history", args=[member.pk]),
        reverse("admin:members_member_export"),
        reverse("admin:members_member_import_members"),
        reverse("admin:members_invitation_add"),
        reverse("admin:members_user_change", args=[member.user.pk]),
        reverse("admin:members_user_add"),
        reverse("admin:auth_user_password_change", args=[member.user.pk]),
        reverse("admin:members_announcement_add"),
        reverse("admin:members_announcement_change", args=[announcement.pk]),
        reverse("admin:members_announcement_preview", args=[announcement.pk]),
        reverse("admin:booking_booking_add"),
        reverse("admin:booking_booking_change", args=[booking.pk]),
        reverse("admin:booking_space_change", args=[space.pk]),
        reverse("admin:members_plan_change", args=[draft.plan_id]),
        reverse("admin:members_plan_new_version", args=[draft.plan_id]),
        reverse("admin:members_planversion_change", args=[draft.pk]),
        reverse("admin:members_planversion_change", args=[published.pk]),
        reverse("admin:members_planversion_publish", args=[draft.pk]),
        reverse("admin:members_subscription_add"),
        reverse("admin:members_subscription_change", args=[subscription.pk]),
        reverse("admin:members_subscription_change_plan", args=[subscription.pk]),
        reverse("admin:members_subscription_end_plan", args=[subscription.pk]),
    ]


@pytest.fixture
def prices(operator, booking):
    """A plan with a draft beside its prices, and somebody on it."""
    plan, member, now = a_plan(), booking.member, timezone.now()
    today = timezone.localdate(now)
    draft_version(plan=plan, valid_from=today, by=operator, now=now)
    subscribe(member=member, plan=plan, start=today, by=member.user, now=now)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SCREENS))
def test_every_page_of_the_admin_is_for_everyone(page, operator, booking, prices, size, scheme):
    page.set_viewport_size(SCREENS[size]["viewport"])
    page.emulate_media(color_scheme=scheme)
    found = []
    for path in pages(booking):
        page.goto(path)
        assert (page.locator("html.dark").count() == 1) == (scheme == "dark")
        found += accessibility_problems(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path}: the page is wider than the screen")
    assert found == []


def test_the_fonts_and_icons_are_our_own(page, operator):
    page.goto("/admin/")
    page.evaluate("document.fonts.ready")
    families = page.evaluate(
        "[...document.fonts].filter(it => it.status === 'loaded').map(it => it.family)"
    )
    assert any("Inter" in family for family in families)
    assert any("Material Symbols" in family for family in families)


def test_a_person_is_found_from_anywhere(page, operator, booking):
    page.goto("/admin/booking/space/")
    page.keyboard.press("Control+k")
    page.get_by_placeholder("Rechercher").last.press_sequentially("camille")
    page.locator("#command-results a", has_text="Membre").click()
    expect(page).to_have_url(
        f"{page.url.split('/admin')[0]}/admin/members/member/{booking.member.pk}/change/"
    )


def test_bookings_are_filtered_by_days_and_cancelled_together(page, operator, booking):
    page.goto("/admin/booking/booking/")
    page.get_by_text("Filtres").click()
    page.get_by_placeholder("Du", exact=True).fill("01/01/2020")
    page.get_by_role("button", name="Appliquer").click()
    expect(page.locator(".field-hours")).to_have_count(1)
    page.locator("tbody .action-select").check()
    page.locator("select[name=action]").select_option("cancel_bookings")
    page.get_by_role("button", name="Exécuter").click()
    assert accessibility_problems(page) == []
    page.get_by_label("Raison").fill("fuite d’eau")
    page.get_by_role("button", name="Annuler une réservation").click()
    expect(page.get_by_text("1 réservation annulée.")).to_be_visible()
    assert Booking.objects.get().is_cancelled


def test_a_booking_is_cancelled_from_its_page(page, operator, booking):
    page.goto(reverse("admin:booking_booking_change", args=[booking.pk]))
    page.get_by_role("button", name="Annuler cette réservation").click()
    expect(page.get_by_role("button", name="Annuler une réservation")).to_be_visible()
    assert not Booking.objects.get().is_cancelled


def test_the_language_of_the_admin_is_switched(page, operator):
    page.goto("/admin/")
    page.get_by_text(operator.email).click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(page.url.split("/admin")[0] + "/admin/")


def test_the_members_are_taken_away_as_a_file(page, operator, booking):
    page.goto("/admin/members/member/")
    page.get_by_role("link", name="Exporter").click()
    page.get_by_label("Format").select_option(label="csv")
    with page.expect_download() as download:
        page.get_by_role("button", name="Soumettre").click()
    assert "Camille Roux" in download.value.path().read_text(encoding="utf-8-sig")


IMPORTS = Path(__file__).parents[1] / "members" / "imports"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SCREENS))
def test_members_are_imported_from_a_file(page, operator, watch, size, scheme):
    watch.expect("422")  # the report of a file with problems
    a_plan("nomade", name="Nomade")
    page.set_viewport_size(SCREENS[size]["viewport"])
    page.emulate_media(color_scheme=scheme)
    page.goto(reverse("admin:members_member_import_members"))
    for name, words in (("problems", "Rien n’est importé"), ("english-bom", "sans problème")):
        page.goto(reverse("admin:members_member_import_members"))
        page.locator("input[type=file]").set_input_files(IMPORTS / f"{name}.csv")
        page.get_by_role("button", name="Examiner le fichier").click()
        expect(page.get_by_role("heading", name=words)).to_be_visible()
        assert accessibility_problems(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.get_by_role("button", name="Importer ces membres").click()
    expect(page.get_by_text("2 membres importés.")).to_be_visible()
