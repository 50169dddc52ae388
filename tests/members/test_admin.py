"""Users and members in the admin: who sees, who changes, and what nobody may."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse

from members import services
from members.models import Member, Role, Use, User
from members.services.consents import agree
from tests.factories import freshly
from tests.members.conftest import NOW, PASSWORD, MakeUser, Visitor, code_in

pytestmark = pytest.mark.django_db

USERS = "/admin/members/user/"
MEMBERS = "/admin/members/member/"
ALINE, BRUNO = "aline@morez.example", "bruno@morez.example"


def change(model: str, pk: int) -> str:
    return reverse(f"admin:members_{model}_change", args=[pk])


def user_form(user: User, **fields: Any) -> dict[str, Any]:
    data = {"email": user.email, "name": user.name, "language": user.language, "is_active": "on"}
    return data | fields


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    return freshly(client, person)


def roles_of(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


# Who opens what

MATRIX = {
    #             users  add  change  members change
    "superuser": (200, 200, 200, 200, 200),
    "operator": (200, 200, 200, 200, 200),
    "host": (200, 200, 200, 200, 200),
    "accountant": (200, 403, 200, 200, 200),  # reads only, see below
    "partner": (302, 302, 302, 302, 302),
    "coworker": (302, 302, 302, 302, 302),
}


@pytest.mark.parametrize(("person", "statuses"), MATRIX.items(), indirect=["person"])
def test_each_role_opens_its_pages(
    signed_in: Client, colleague: User, statuses: tuple[int, ...]
) -> None:
    pages = (
        USERS,
        f"{USERS}add/",
        change("user", colleague.pk),
        MEMBERS,
        change("member", colleague.member.pk),
    )
    assert tuple(signed_in.get(page).status_code for page in pages) == statuses


def test_a_stranger_is_led_to_the_login(client: Client, coworker: User) -> None:
    for page in (USERS, MEMBERS, change("user", coworker.pk), change("member", coworker.pk)):
        assert client.get(page)["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("person", ["accountant"], indirect=True)
def test_the_accountant_reads_and_changes_nothing(signed_in: Client, colleague: User) -> None:
    page = signed_in.get(change("user", colleague.pk)).content.decode()
    assert colleague.email in page
    assert 'name="_save"' not in page
    for path in (change("user", colleague.pk), change("member", colleague.member.pk)):
        assert signed_in.post(path, user_form(colleague, name="Pirate")).status_code == 403
    assert User.objects.get(pk=colleague.pk).name == "Bruno Lacroix"


@pytest.mark.parametrize("person", ["operator"], indirect=True)
def test_an_unknown_id_leads_back_to_the_list(signed_in: Client) -> None:
    assert signed_in.get(change("user", 10**9)).status_code == 302


# Adding a person


@pytest.mark.parametrize("person", ["operator", "host"], indirect=True)
def test_staff_add_a_member_who_chooses_the_password(
    signed_in: Client, another_visitor: Visitor
) -> None:
    data = {
        "email": "Nina@Morez.example",
        "name": "Nina Prost",
        "language": "en",
        "as_member": "on",
        "usable_password": "false",
    }
    assert signed_in.post(f"{USERS}add/", data).status_code == 302
    user = User.objects.get(email="nina@morez.example")
    assert (user.member.user, user.language, user.is_staff) == (user, "en", False)
    assert not user.has_usable_password()
    address = EmailAddress.objects.get(user=user)
    assert (address.primary, address.verified) == (True, False)
    another_visitor.post("/compte/password/reset/", {"email": user.email})
    code = {"code": code_in(mail.outbox[-1])}
    another_visitor.post("/compte/password/reset/confirm/", code)
    password = {"password1": PASSWORD, "password2": PASSWORD}
    another_visitor.post("/compte/password/reset/complete/", password)
    credentials = {"login": user.email, "password": PASSWORD}
    assert another_visitor.post("/compte/login/", credentials).url == reverse("home")


@pytest.mark.parametrize("person", ["operator"], indirect=True)
def test_staff_add_a_colleague_who_is_no_member(signed_in: Client) -> None:
    data = {
        "email": "equipe@morez.example",
        "name": "",
        "language": "fr",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert signed_in.post(f"{USERS}add/", data).status_code == 302
    user = User.objects.get(email="equipe@morez.example")
    assert user.check_password(PASSWORD)
    assert not Member.objects.filter(user=user).exists()


@pytest.mark.parametrize("person", ["operator"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("name", "", "required"),
        ("name", "x" * 10_000, "max_length"),
        ("name", "a\x00b", "null_characters_not_allowed"),
        ("email", "pas une adresse", "invalid"),
        ("email", "ALINE@morez.example", "unique"),
        ("language", "de", "invalid_choice"),
    ],
)
def test_nonsense_is_explained_to_staff_too(
    signed_in: Client, coworker: User, field: str, value: str, code: str
) -> None:
    data = {
        "email": "nina@morez.example",
        "name": "Nina Prost",
        "language": "fr",
        "as_member": "on",
        "usable_password": "false",
    }
    response = signed_in.post(f"{USERS}add/", data | {field: value})
    assert response.status_code == 200
    found = response.context["adminform"].form.errors.as_data()
    assert code in [error.code for error in found[field]]
    assert Member.objects.count() == 1


@pytest.mark.parametrize("person", ["host"], indirect=True)
def test_a_host_cannot_add_a_person_of_the_team(signed_in: Client) -> None:
    data = {
        "email": "nina@morez.example",
        "name": "Nina Prost",
        "language": "fr",
        "as_member": "on",
        "usable_password": "false",
        "is_staff": "on",
        "is_superuser": "on",
        "roles": ["operator"],
        "groups": ["1"],
    }
    signed_in.post(f"{USERS}add/", data)
    user = User.objects.get(email="nina@morez.example")
    assert (user.is_staff, user.is_superuser, roles_of(user)) == (False, False, set())


@pytest.mark.parametrize("person", ["operator"], indirect=True)
def test_users_become_members_from_the_list(signed_in: Client, host: User, coworker: User) -> None:
    joined = coworker.member.joined_at
    data = {"action": "make_members", "_selected_action": [host.pk, coworker.pk]}
    page = signed_in.post(USERS, data, follow=True).content.decode()
    assert "1 nouveau membre." in page
    assert Member.objects.filter(user=host).exists()
    assert Member.objects.get(user=coworker).joined_at == joined


# Changing a person


@pytest.mark.parametrize("person", ["operator", "host"], indirect=True)
def test_staff_correct_a_name(signed_in: Client, colleague: User) -> None:
    path = change("user", colleague.pk)
    assert signed_in.post(path, user_form(colleague, name="Bruno Lacroix-Jeune")).status_code == 302
    assert User.objects.get(pk=colleague.pk).name == "Bruno Lacroix-Jeune"
    assert LogEntry.objects.get().object_id == str(colleague.pk)


@pytest.mark.parametrize("person", ["operator"], indirect=True)
def test_an_address_changed_by_staff_is_to_be_proved(signed_in: Client, colleague: User) -> None:
    signed_in.post(change("user", colleague.pk), user_form(colleague, email="B@morez.example"))
    address = EmailAddress.objects.get(user=colleague)
    assert (address.email, address.verified) == ("b@morez.example", False)
    stranger = Client()
    credentials = {"login": "b@morez.example", "password": PASSWORD}
    assert stranger.post("/compte/login/", credentials)["Location"] == "/compte/confirm-email/"


@pytest.mark.parametrize("person", ["operator"], indirect=True)
def test_a_closed_account_is_out_at_once(signed_in: Client, colleague: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(colleague)
    data = user_form(colleague)
    del data["is_active"]
    signed_in.post(change("user", colleague.pk), data)
    assert elsewhere.get("/compte/").status_code == 302


@pytest.mark.parametrize("person", ["operator", "host"], indirect=True)
def test_staff_change_the_password_of_a_coworker(signed_in: Client, colleague: User) -> None:
    path = f"{USERS}{colleague.pk}/password/"
    assert signed_in.get(path).status_code == 200
    data = {"usable_password": "true", "password1": "Mont-d’Or-2026", "password2": "Mont-d’Or-2026"}
    assert signed_in.post(path, data).status_code == 302
    assert User.objects.get(pk=colleague.pk).check_password("Mont-d’Or-2026")


def test_the_page_never_shows_the_hash(client: Client, superuser: User, coworker: User) -> None:
    freshly(client, superuser)
    page = client.get(change("user", coworker.pk)).content.decode()
    assert coworker.password.rsplit("$", maxsplit=1)[-1] not in page
    assert client.get(f"{USERS}?password__startswith=pbkdf2").status_code in {302, 400}


# Who gives roles


@pytest.mark.parametrize("person", ["operator", "superuser"], indirect=True)
def test_the_operator_gives_and_takes_roles(signed_in: Client, colleague: User) -> None:
    path = change("user", colleague.pk)
    signed_in.post(path, user_form(colleague, roles=["host", "accountant"]))
    assert roles_of(colleague) == {"host", "accountant"}
    assert User.objects.get(pk=colleague.pk).is_staff
    signed_in.post(path, user_form(colleague))
    assert roles_of(colleague) == set()
    assert not User.objects.get(pk=colleague.pk).is_staff


@pytest.mark.parametrize("person", ["host"], indirect=True)
def test_a_host_gives_no_role(signed_in: Client, colleague: User) -> None:
    path = change("user", colleague.pk)
    page = signed_in.get(path).content.decode()
    assert 'name="roles"' not in page
    escalation = {"roles": ["operator"], "is_staff": "on", "is_superuser": "on", "groups": ["1"]}
    assert signed_in.post(path, user_form(colleague, **escalation)).status_code == 302
    user = User.objects.get(pk=colleague.pk)
    assert (user.is_staff, user.is_superuser, roles_of(user)) == (False, False, set())


@pytest.mark.parametrize("person", ["host"], indirect=True)
@pytest.mark.parametrize("target", ["operator", "accountant", "superuser", "host"])
def test_a_host_touches_nobody_of_the_team_not_even_the_own_account(
    signed_in: Client, target: str, request: pytest.FixtureRequest
) -> None:
    """Address or password of an operator in the hands of a host would be the operator's rights."""
    user: User = request.getfixturevalue(target)
    path = change("user", user.pk)
    assert signed_in.get(path).status_code == 200
    data = user_form(user, email="pirate@morez.example", roles=["operator"])
    assert signed_in.post(path, data).status_code == 403
    assert signed_in.get(f"{USERS}{user.pk}/password/").status_code == 403
    data = {"usable_password": "true", "password1": "Mont-d’Or-2026", "password2": "Mont-d’Or-2026"}
    assert signed_in.post(f"{USERS}{user.pk}/password/", data).status_code == 403
    fresh = User.objects.get(pk=user.pk)
    assert (fresh.email, fresh.password, roles_of(fresh)) == (
        user.email,
        user.password,
        roles_of(user),
    )


@pytest.mark.parametrize("person", ["operator"], indirect=True)
def test_an_operator_neither_touches_nor_makes_a_superuser(
    signed_in: Client, superuser: User, colleague: User
) -> None:
    path = change("user", superuser.pk)
    assert signed_in.post(path, user_form(superuser, name="Pirate")).status_code == 403
    assert signed_in.get(f"{USERS}{superuser.pk}/password/").status_code == 403
    signed_in.post(change("user", colleague.pk), user_form(colleague, is_superuser="on"))
    assert not User.objects.get(pk=colleague.pk).is_superuser


@pytest.mark.parametrize("person", ["operator"], indirect=True)
def test_an_operator_cannot_lock_everybody_out(signed_in: Client, operator: User) -> None:
    response = signed_in.post(change("user", operator.pk), user_form(operator, roles=["host"]))
    found = response.context["adminform"].form.errors.as_data()
    assert [error.code for error in found["roles"]] == ["own_role"]
    assert roles_of(operator) == {"operator"}


def test_a_superuser_makes_another(client: Client, superuser: User, coworker: User) -> None:
    freshly(client, superuser)
    client.post(change("user", coworker.pk), user_form(coworker, is_superuser="on"))
    user = User.objects.get(pk=coworker.pk)
    assert (user.is_superuser, user.is_staff) == (True, True)


@pytest.mark.parametrize("person", ["operator", "host", "accountant"], indirect=True)
def test_what_a_role_means_is_not_changed_in_the_admin(signed_in: Client) -> None:
    assert signed_in.get("/admin/auth/group/").status_code == 403
    assert signed_in.get("/admin/account/emailaddress/").status_code == 403


# Deleting


def delete(signed_in: Client, path: str) -> Any:
    return signed_in.post(f"{path}delete/", {"post": "yes"})


@pytest.mark.parametrize("person", ["operator", "host", "accountant"], indirect=True)
def test_nobody_is_deleted(signed_in: Client, colleague: User) -> None:
    """Who leaves is a former member; erasing a person is another act, with its own right."""
    assert delete(signed_in, f"{USERS}{colleague.pk}/").status_code == 403
    assert delete(signed_in, f"{MEMBERS}{colleague.member.pk}/").status_code == 403
    for path, pk in ((USERS, colleague.pk), (MEMBERS, colleague.member.pk)):
        data = {"action": "delete_selected", "_selected_action": [pk], "post": "yes"}
        signed_in.post(path, data)
    assert Member.objects.filter(user=colleague).exists()


@pytest.mark.parametrize("person", ["superuser"], indirect=True)
def test_what_a_person_did_protects_it_from_a_superuser_too(
    signed_in: Client, colleague: User
) -> None:
    delete(signed_in, f"{USERS}{colleague.pk}/")
    data = {"action": "delete_selected", "_selected_action": [colleague.pk], "post": "yes"}
    signed_in.post(USERS, data)
    assert Member.objects.filter(user=colleague).exists()


# Members


@pytest.mark.parametrize("person", ["operator", "host"], indirect=True)
def test_staff_correct_a_trade_but_consent_is_the_persons_own(
    signed_in: Client, colleague: User
) -> None:
    data = {"trade": "Lunetier", "visible_since_0": "2026-01-01", "visible_since_1": "10:00"}
    signed_in.post(change("member", colleague.member.pk), data | {"user": "1"})
    member = Member.objects.get(user=colleague)
    assert (member.trade, member.visible_since) == ("Lunetier", None)


@pytest.mark.parametrize("person", ["operator"], indirect=True)
def test_staff_hide_a_member_who_asks(signed_in: Client, colleague: User) -> None:
    agree(user=colleague, use=Use.DIRECTORY, now=NOW, by=colleague)
    data = {"action": "hide", "_selected_action": [colleague.member.pk]}
    assert "1 membre masqué." in signed_in.post(MEMBERS, data, follow=True).content.decode()
    assert not Member.objects.get(user=colleague).is_visible


# Lists


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        (USERS, "q=aline", {"aline@morez.example"}),
        (USERS, "q=LACROIX", {"bruno@morez.example"}),
        (USERS, "q=horlog", {"bruno@morez.example"}),
        (USERS, "role=host", {"hugo@morez.example"}),
        (USERS, "member=yes", {"aline@morez.example", "bruno@morez.example"}),
        (USERS, "member=no", {"hugo@morez.example", "root@morez.example"}),
        (MEMBERS, "q=lacroix", {"bruno@morez.example"}),
        (MEMBERS, "q=aline@", {"aline@morez.example"}),
        (MEMBERS, "visible=yes", {"bruno@morez.example"}),
        (MEMBERS, "joined_at_from=23/11/2026&joined_at_to=23/11/2026", {ALINE, BRUNO}),
        (MEMBERS, "joined_at_from=24/11/2026", set()),
        (MEMBERS, "joined_at_to=22/11/2026", set()),
        # Not the eleventh of December, and no day at all.
        (MEMBERS, "joined_at_from=12/11/2026", {ALINE, BRUNO}),
        (MEMBERS, "joined_at_from=31/02/2026", {ALINE, BRUNO}),
        (MEMBERS, "joined_at_to=31/12/9999", {ALINE, BRUNO}),
    ],
)
def test_people_are_found(
    client: Client,
    superuser: User,
    coworker: User,
    colleague: User,
    host: User,
    path: str,
    query: str,
    found: set[str],
) -> None:
    services.change_profile(
        member=colleague.member, now=NOW, by=colleague, values={"trade": "Horloger"}
    )
    agree(user=colleague, use=Use.DIRECTORY, now=NOW, by=colleague)
    freshly(client, superuser)
    results = client.get(f"{path}?{query}").context["cl"].result_list
    assert {getattr(row, "user", row).email for row in results} == found


@pytest.mark.parametrize("path", [f"{USERS}?q=\x00", f"{MEMBERS}?q=\x00", f"{USERS}?role=x"])
def test_nonsense_in_a_search_is_no_error(client: Client, superuser: User, path: str) -> None:
    freshly(client, superuser)
    assert client.get(path).status_code in {200, 302}


@pytest.mark.parametrize("path", [USERS, MEMBERS])
def test_a_list_takes_the_same_queries_for_one_and_for_many(
    client: Client,
    superuser: User,
    make_user: MakeUser,
    path: str,
    django_assert_num_queries: Any,
) -> None:
    freshly(client, superuser)
    make_user("membre0@morez.example", roles=[Role.HOST])
    client.get(path)
    count = 7 if path == USERS else 8  # of which one asks for the second factor
    with django_assert_num_queries(count):
        client.get(path)
    for number in range(1, 5):
        make_user(f"membre{number}@morez.example", roles=[Role.HOST, Role.ACCOUNTANT])
    with django_assert_num_queries(count):
        client.get(path)


def test_the_roles_are_read_in_the_list(client: Client, superuser: User, host: User) -> None:
    freshly(client, superuser)
    page = client.get(USERS).content.decode()
    assert re.search(r"field-roles_held[^>]*>Hôte<", page)
    assert not mail.outbox
