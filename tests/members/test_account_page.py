"""The account page: what a person says of themselves, and who may see it."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import WORDING, AuditEntry, Consent, Member, State, Use, User
from members.services.consents import agree, standing_consents

pytestmark = pytest.mark.django_db

PAGE = "/compte/"


def form(**fields: str) -> dict[str, str]:
    return {"name": "Aline Morel", "trade": "Graphiste", "language": "fr"} | fields


def errors(response: Any) -> dict[str, list[str]]:
    data = response.context["form"].errors.as_data()
    return {field: [error.code for error in found] for field, found in data.items()}


@pytest.fixture
def signed_in(client: Client, coworker: User) -> Client:
    client.force_login(coworker)
    return client


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_logs_in_first(client: Client, method: str) -> None:
    response = getattr(client, method)(PAGE)
    assert response["Location"] == f"{reverse('account_login')}?next={PAGE}"


def test_it_shows_what_we_know_and_leads_to_the_rest(signed_in: Client, coworker: User) -> None:
    Member.objects.filter(user=coworker).update(trade="Horlogère")
    page = signed_in.get(PAGE).content.decode()
    for words in ("Aline Morel", "aline@morez.example", "Horlogère"):
        assert words in page
    for name in ("account_email", "account_change_password", "booking:calendar"):
        assert f'href="{reverse(name)}"' in page


def test_it_says_why_visibility_is_asked_and_does_not_presume_it(signed_in: Client) -> None:
    response = signed_in.get(PAGE)
    assert "Nous le demandons pour" in response.content.decode()
    assert response.context["form"]["visible"].value() is False


def test_it_works(signed_in: Client, coworker: User) -> None:
    response = signed_in.post(PAGE, form(name="Aline Morel-Blanc", visible="on"), follow=True)
    assert response.redirect_chain == [(PAGE, 302)]
    assert "Vos informations sont enregistrées." in response.content.decode()
    assert "Accord donné le" in response.content.decode()
    user = User.objects.get(pk=coworker.pk)
    assert (user.name, user.member.trade) == ("Aline Morel-Blanc", "Graphiste")
    assert user.member.is_visible


PROFILE = {
    "trade": "Graphiste",
    "company": "Atelier du Risoux",
    "skills": "Affiches\nLogos",
    "can_help_with": "Relire un devis",
    "looks_for": "Un covoiturage",
}
COMMUTE = {"commute_km": "32,5", "commute_minutes": "40", "commute_means": "car"}


def test_the_whole_profile_is_saved(signed_in: Client, coworker: User) -> None:
    signed_in.post(PAGE, form(**PROFILE))
    member = Member.objects.get(user=coworker)
    assert {name: getattr(member, name).replace("\r", "") for name in PROFILE} == PROFILE


@pytest.mark.parametrize(
    ("box", "use"),
    [
        ("visible", Use.DIRECTORY),
        ("presence", Use.PRESENCE),
        ("news", Use.NEWS),
        ("commute", Use.COMMUTE),
    ],
)
def test_each_box_gives_and_withdraws_its_own_consent(
    signed_in: Client, coworker: User, box: str, use: Use
) -> None:
    page = signed_in.get(PAGE)
    assert page.context["form"][box].value() is False
    signed_in.post(PAGE, form(**{box: "on"}))
    assert set(standing_consents(coworker)) == {use}
    page = signed_in.get(PAGE)
    assert page.context["form"][box].value() is True
    assert f"(version {WORDING})" in page.content.decode()
    signed_in.post(PAGE, form())
    assert standing_consents(coworker) == {}
    assert Consent.objects.get(user=coworker).withdrawn_at is not None


def test_the_day_of_a_consent_stays_that_of_the_first_time(
    signed_in: Client, coworker: User
) -> None:
    long_ago = timezone.now() - timedelta(days=200)
    agree(user=coworker, use=Use.NEWS, now=long_ago, by=coworker)
    signed_in.post(PAGE, form(news="on"))
    [consent] = coworker.consents.all()
    assert consent.given_at == long_ago


def test_a_consent_to_an_older_wording_shows_its_version_and_saving_agrees_to_the_new_one(
    signed_in: Client, coworker: User
) -> None:
    agree(user=coworker, use=Use.NEWS, now=timezone.now(), by=coworker, version="2020-01")
    assert "(version 2020-01)" in signed_in.get(PAGE).content.decode()
    signed_in.post(PAGE, form(news="on"))
    assert standing_consents(coworker)[Use.NEWS].version == WORDING


def test_the_commute_is_kept_with_its_consent_and_emptied_without(
    signed_in: Client, coworker: User
) -> None:
    signed_in.post(PAGE, form(commute="on", **COMMUTE))
    member = Member.objects.get(user=coworker)
    assert (member.commute_km, member.commute_minutes, member.commute_means) == (
        Decimal("32.5"),
        40,
        "car",
    )
    signed_in.post(PAGE, form(**COMMUTE))
    member.refresh_from_db()
    assert (member.commute_km, member.commute_minutes, member.commute_means) == (None, None, "")


def test_a_commute_that_is_not_kept_is_not_complained_about(
    signed_in: Client, coworker: User
) -> None:
    answer = signed_in.post(PAGE, form(commute_km="loin", commute_means="\x00"))
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("commute_km", "loin"),
        ("commute_km", "-3"),
        ("commute_km", "501"),
        ("commute_km", "NaN"),
        ("commute_km", "1e999999"),
        ("commute_minutes", "0"),
        ("commute_minutes", "601"),
        ("commute_minutes", "9" * 5000),
        ("commute_means", "fusée"),
        ("skills", "x" * 2001),
        ("skills", "a\u202eb"),
        ("company", "Atelier\x00"),
        ("looks_for", "\x00"),
    ],
)
def test_all_or_nothing_is_saved(signed_in: Client, coworker: User, field: str, value: str) -> None:
    said = form(name="Autre nom", commute="on", news="on") | {field: value}
    response = signed_in.post(PAGE, said)
    assert response.status_code == 200
    assert set(errors(response)) == {field}
    assert User.objects.get(pk=coworker.pk).name == "Aline Morel"
    assert standing_consents(coworker) == {}


def test_a_service_that_fails_at_the_end_leaves_nothing_behind(
    signed_in: Client, coworker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_said: Any) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr("members.forms.account.services.change_profile", fails)
    with pytest.raises(RuntimeError):
        signed_in.post(PAGE, form(name="Autre nom"))
    assert User.objects.get(pk=coworker.pk).name == "Aline Morel"


def test_what_changed_is_in_the_audit_once(signed_in: Client, coworker: User) -> None:
    signed_in.post(PAGE, form(news="on", **PROFILE))
    entries = AuditEntry.objects.count()
    signed_in.post(PAGE, form(news="on", **PROFILE))
    assert AuditEntry.objects.count() == entries


def test_an_applicant_keeps_the_consents_of_the_application(client: Client, coworker: User) -> None:
    """Saving the page must not withdraw what is not in force yet."""
    Member.objects.filter(user=coworker).update(state=State.FORMER)
    Member.objects.filter(user=coworker).update(state=State.APPLICANT)
    agree(user=coworker, use=Use.DIRECTORY, now=timezone.now(), by=coworker)
    client.force_login(coworker)
    assert client.get(PAGE).context["form"]["visible"].value() is True


def test_what_one_typed_is_escaped(signed_in: Client) -> None:
    evil = "<script>alert(1)</script>"
    signed_in.post(PAGE, form(name=evil) | dict.fromkeys(PROFILE, evil))
    assert evil not in signed_in.get(PAGE).content.decode()


def test_each_box_says_why_it_is_asked(signed_in: Client) -> None:
    page = signed_in.get(PAGE).content.decode()
    assert len(re.findall("Nous le demandons pour", page)) == 4


def test_an_unticked_box_withdraws_the_consent(signed_in: Client, coworker: User) -> None:
    signed_in.post(PAGE, form(visible="on"))
    signed_in.post(PAGE, form())
    assert not Member.objects.get(user=coworker).is_visible


def test_the_language_is_stored_and_spoken(signed_in: Client, coworker: User) -> None:
    response = signed_in.post(PAGE, form(language="en"), follow=True)
    assert User.objects.get(pk=coworker.pk).language == "en"
    assert '<html lang="en">' in response.content.decode()
    assert '<html lang="en">' in signed_in.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "required"),
        ("name", "   ", "required"),
        ("name", "x" * 10_000, "max_length"),
        ("name", "Aline\x00", "null_characters_not_allowed"),
        ("name", "Aline\r\nBcc: tous@example.org", "unprintable"),
        ("name", "Aline\u202emorel", "unprintable"),
        ("trade", "x" * 10_000, "max_length"),
        ("trade", "Horlo\x00gère", "null_characters_not_allowed"),
        ("trade", "Horlo\ngère", "unprintable"),
        ("language", "", "required"),
        ("language", "de", "invalid_choice"),
        ("language", "\x00", "invalid_choice"),
    ],
)
def test_nonsense_is_explained_beside_the_field_and_the_rest_is_kept(
    signed_in: Client, coworker: User, field: str, value: str, code: str
) -> None:
    typed = form(name="Autre nom", trade="Autre métier") | {field: value}
    response = signed_in.post(PAGE, typed)
    assert response.status_code == 200
    assert code in errors(response)[field]
    kept = "Autre métier" if field == "name" else "Autre nom"
    assert f'value="{kept}"' in response.content.decode()
    user = User.objects.get(pk=coworker.pk)
    assert (user.name, user.language, user.member.trade) == ("Aline Morel", "fr", "")


def test_the_error_is_tied_to_its_field_for_screen_readers(signed_in: Client) -> None:
    page = signed_in.post(PAGE, form(name="")).content.decode()
    assert 'aria-invalid="true"' in page
    assert 'id="id_name_error"' in page


def test_what_the_form_does_not_show_cannot_be_written(signed_in: Client, coworker: User) -> None:
    signed_in.post(
        PAGE, form(email="autre@morez.example", is_staff="on", is_superuser="on", joined_at="2020")
    )
    user = User.objects.get(pk=coworker.pk)
    assert (user.email, user.is_staff, user.is_superuser) == ("aline@morez.example", False, False)


def test_the_id_of_another_changes_nothing_of_the_other(
    signed_in: Client, coworker: User, colleague: User
) -> None:
    ids = {"id": str(colleague.pk), "user": str(colleague.pk), "member": str(colleague.member.pk)}
    signed_in.post(f"{PAGE}?user={colleague.pk}", form(name="Pirate", visible="on") | ids)
    other = User.objects.get(pk=colleague.pk)
    assert (other.name, other.member.is_visible) == ("Bruno Lacroix", False)
    assert User.objects.get(pk=coworker.pk).name == "Pirate"


@pytest.mark.parametrize("person", ["coworker", "operator"], indirect=True)
def test_nobody_has_the_page_of_another(client: Client, person: User, colleague: User) -> None:
    client.force_login(person)
    for path in (f"{PAGE}{colleague.pk}/", f"{PAGE}{colleague.member.pk}/"):
        assert client.get(path).status_code == 404
        assert client.post(path, form()).status_code == 404


def test_staff_who_are_no_members_have_no_trade_and_nothing_to_show(
    client: Client, operator: User
) -> None:
    client.force_login(operator)
    response = client.get(PAGE)
    assert list(response.context["form"].fields) == ["name", "language"]
    assert reverse("booking:calendar") not in response.context["form"].as_p()
    client.post(PAGE, {"name": "Odile Paget-Vernier", "language": "en", "visible": "on"})
    assert User.objects.get(pk=operator.pk).name == "Odile Paget-Vernier"


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(signed_in: Client, method: str) -> None:
    assert getattr(signed_in, method)(PAGE).status_code == 405


def test_a_post_from_another_site_is_refused(coworker: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coworker)
    assert strict.post(PAGE, form(name="Pirate")).status_code == 403
    assert User.objects.get(pk=coworker.pk).name == "Aline Morel"


def test_it_takes_few_queries(signed_in: Client, django_assert_max_num_queries: Any) -> None:
    signed_in.get(PAGE)
    with django_assert_max_num_queries(6):
        signed_in.get(PAGE)
