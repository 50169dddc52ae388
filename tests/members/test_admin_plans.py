"""Plans, prices and VAT at the operator's desk: drafted, read in words, published, then frozen."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from members import pricing
from members.models import Act, AuditEntry, Plan, PlanVersion, Role, Vat
from members.services.plans import draft_version, publish_version
from tests.factories import MONDAY, NOW, a_plan, a_user, freshly

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def on_a_monday_in_march():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def operator():
    return a_user("Odile", role=Role.OPERATOR)


@pytest.fixture
def desk(client, operator):
    return freshly(client, operator)


@pytest.fixture
def plan():
    return a_plan("au-temps", name="Au temps")


@pytest.fixture
def draft(plan, operator):
    return draft_version(plan=plan, valid_from=APRIL, by=operator, now=NOW)


def page_of(row, name: str = "change") -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=[row.pk])


def words(answer) -> str:
    assert answer.status_code == 200
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def typed(client, row) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    context = client.get(page_of(row)).context
    forms = [context["adminform"].form]
    for formset in context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = "on" if value is True else value
    return data


# Plans


def test_a_plan_is_made_with_its_trace(desk, operator) -> None:
    answer = desk.post(
        reverse("admin:members_plan_add"),
        {
            "name": "Nomade",
            "code": "nomade",
            "currency": "EUR",
            "admission": "approved",
            "position": "3",
        },
    )
    assert answer.status_code == 302
    plan = Plan.objects.get(code="nomade")
    assert not plan.is_offered
    entry = AuditEntry.objects.about(plan).get()
    assert (entry.act, entry.by) == (Act.CREATED, operator)


def test_the_currency_of_published_prices_does_not_change(desk, plan) -> None:
    data = typed(desk, plan) | {"currency": "CHF"}
    assert "créez une autre formule" in words(desk.post(page_of(plan), data))
    plan.refresh_from_db()
    assert plan.currency == "EUR"
    assert (
        desk.post(page_of(plan), data | {"currency": "EUR", "name": "À l’heure"}).status_code == 302
    )
    entry = AuditEntry.objects.about(plan).get(act=Act.CHANGED)
    assert entry.changes == {"name": ["Au temps", "À l’heure"]}


def test_the_page_of_a_plan_lists_its_versions_with_their_state(
    desk, plan, operator, draft
) -> None:
    later = draft_version(plan=plan, valid_from=date(2026, 6, 1), by=operator, now=NOW)
    publish_version(version=later, by=operator, now=NOW)
    page = words(desk.get(page_of(plan)))
    for sentence in ("1 avril 2026 brouillon", "1 juin 2026 publié, à venir", "en vigueur"):
        assert sentence in page
    with time_machine.travel("2026-07-01 12:00Z"):
        assert "1 janvier 2018 passé" in words(freshly(desk, operator).get(page_of(plan)))


def test_a_new_version_asks_for_its_day_and_copies_the_prices(desk, plan) -> None:
    address = page_of(plan, "new_version")
    assert "À partir du" in words(desk.get(address))
    answer = desk.post(address, {"valid_from": "01/04/2026"})
    draft = PlanVersion.objects.get(plan=plan, valid_from=APRIL)
    assert answer.url == page_of(draft)
    assert draft.rates.get(kind="desk").hour == Decimal("3.00")
    again = desk.post(address, {"valid_from": "01/04/2026"})
    assert "a déjà un tarif à cette date" in words(again)
    assert "Saisissez une date valide" in words(desk.post(address, {"valid_from": "demain"}))


# Versions


def test_a_draft_is_edited_with_its_rows_in_one_trace(desk, draft, operator) -> None:
    data = typed(desk, draft)
    numbers = {data[f"rates-{index}-kind"]: index for index in (0, 1)}
    data |= {
        "fee": "31.00",
        f"rates-{numbers['desk']}-hour": "3.50",
        f"rates-{numbers['guest']}-DELETE": "on",
        "reductions-TOTAL_FORMS": "1",
        "reductions-0-category": "etudiant",
        "reductions-0-name": "Étudiants",
        "reductions-0-percent": "25",
        "reductions-0-on_use": "on",
    }
    assert desk.post(page_of(draft), data).status_code == 302
    draft.refresh_from_db()
    assert draft.fee == Decimal("31.00")
    assert [rate.hour for rate in draft.rates.all()] == [Decimal("3.50")]
    assert draft.reductions.get().percent == 25
    entry = AuditEntry.objects.about(draft).get(act=Act.CHANGED)
    assert entry.by == operator
    assert set(entry.changes) == {"fee", "rates", "reductions"}


def test_prices_that_make_no_sense_are_saved_as_a_draft_and_said(desk, draft, operator) -> None:
    draft.rates.filter(kind="desk").update(hour=None)  # a cap without a price
    assert "Ces prix ne vont pas ensemble" in words(desk.get(page_of(draft)))
    answer = desk.post(page_of(draft, "publish"))
    assert "Ces prix ne vont pas ensemble" in words(answer)
    draft.refresh_from_db()
    assert draft.published_at is None


def test_before_publishing_one_reads_the_prices_and_three_months(desk, draft) -> None:
    page = words(desk.get(page_of(draft, "publish")))
    for sentence in (
        "Jamais plus de 270 € par mois",
        "20 heures 62,42 €",
        "60 heures 182,42 €",
        "120 heures 272,42 €",
    ):
        assert sentence in page
    draft.refresh_from_db()
    assert draft.published_at is None  # reading publishes nothing
    answer = desk.post(page_of(draft, "publish"))
    assert answer.url == page_of(draft)
    draft.refresh_from_db()
    assert draft.published_at == NOW


def test_a_published_version_is_read_and_nothing_else(desk, plan) -> None:
    version = plan.versions.get()
    page = desk.get(page_of(version))
    assert 'name="fee"' not in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert "Publier…" not in words(page)
    assert desk.post(page_of(version), {"fee": "1.00"}).status_code == 403
    assert desk.post(page_of(version, "delete"), {"post": "yes"}).status_code == 403
    assert "déjà publié" in words(desk.post(page_of(version, "publish")))
    assert pricing.version_on(plan, MONDAY).fee == Decimal("29.00")


def test_a_draft_may_be_thrown_away_and_its_trace_stays(desk, draft) -> None:
    assert desk.post(page_of(draft, "delete"), {"post": "yes"}).status_code == 302
    assert not PlanVersion.objects.filter(pk=draft.pk).exists()
    assert AuditEntry.objects.filter(act=Act.CANCELLED, subject_id=str(draft.pk)).exists()


def test_a_version_cannot_be_published_for_the_past(desk, plan, operator) -> None:
    draft = draft_version(plan=plan, valid_from=date(2026, 3, 1), by=operator, now=NOW)
    assert "ne vaut pas pour le passé" in words(desk.post(page_of(draft, "publish")))


# VAT


def test_a_vat_rate_ends_and_the_next_begins(desk):
    rate = Vat.objects.get()
    until = {"source": rate.source, "valid_until": "01/01/2027", "percent": "5", "code": "autre"}
    assert desk.post(page_of(rate), until).status_code == 302
    rate.refresh_from_db()
    assert (rate.percent, rate.code, rate.valid_until) == (20, "standard", date(2027, 1, 1))
    new = {"code": "standard", "percent": "21", "source": "Loi", "valid_from": "01/12/2026"}
    assert "vaut déjà à ces dates" in words(desk.post(reverse("admin:members_vat_add"), new))
    new["valid_from"] = "01/01/2027"
    assert desk.post(reverse("admin:members_vat_add"), new).status_code == 302
    assert AuditEntry.objects.about(rate).get().changes["valid_until"] == [None, "2027-01-01"]


# Roles


@pytest.mark.parametrize(
    ("role", "sees", "edits"),
    [(Role.OPERATOR, 200, 200), (Role.ACCOUNTANT, 200, 403), (Role.HOST, 403, 403)],
)
def test_the_operator_edits_the_accountant_reads_the_host_does_not_see(
    client, plan, draft, role, sees, edits
) -> None:
    freshly(client, a_user(role=role))
    vat = Vat.objects.get()
    for row in (plan, draft, vat):
        model = row._meta.model_name
        assert client.get(reverse(f"admin:members_{model}_changelist")).status_code == sees
        assert client.get(page_of(row)).status_code == sees
    assert client.get(reverse("admin:members_plan_add")).status_code == edits
    assert client.get(page_of(plan, "new_version")).status_code == edits
    assert client.get(page_of(draft, "publish")).status_code == edits
    if edits == 403:
        assert client.post(page_of(draft, "publish")).status_code == 403
        assert client.post(page_of(draft), {"fee": "1.00"}).status_code == 403
        assert client.post(page_of(vat), {"percent": "1"}).status_code == 403


@pytest.mark.parametrize("number", [3, 30])
def test_the_lists_read_as_much_for_thirty_as_for_three(
    desk, operator, number, django_assert_max_num_queries
) -> None:
    for _ in range(number):
        a_plan()
    for model in ("plan", "planversion"):
        with django_assert_max_num_queries(14):
            desk.get(reverse(f"admin:members_{model}_changelist"))
