"""The page where a member invites, and the page that the link opens."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Invitation, Member, Role, State, User
from members.services import invitations
from members.services.invitations import LIFE, token_of
from tests.factories import a_member, a_plan, a_user
from tests.members.conftest import PASSWORD, Visitor

pytestmark = pytest.mark.django_db

PAGE = "/compte/inviter/"
FRIEND = "bruno@morez.example"


@pytest.fixture
def member() -> Member:
    return a_member("Aline Morel")


@pytest.fixture
def signed_in(visitor: Visitor, member: Member) -> Visitor:
    visitor.client.force_login(member.user)
    return visitor


def an_invitation(by: User, email: str = FRIEND, **more: Any) -> Invitation:
    return invitations.invite(email=email, by=by, **({"now": timezone.now()} | more))


def path_of(invitation: Invitation) -> str:
    return reverse("members:invitation", args=[token_of(invitation)])


def test_a_member_invites_a_friend_and_sees_it(signed_in: Visitor) -> None:
    data = {"email": FRIEND, "name": "Bruno", "message": "Viens voir"}
    page = signed_in.post(PAGE, data, follow=True).content.decode()
    assert "Votre invitation est partie." in page
    assert "en attente" in page
    assert FRIEND in page
    [letter] = mail.outbox
    assert letter.to == [FRIEND]


def test_the_account_page_leads_there(signed_in: Visitor) -> None:
    assert f'href="{PAGE}"' in signed_in.get("/compte/").content.decode()


def test_the_answer_is_the_same_whether_the_address_has_an_account(
    signed_in: Visitor, another_visitor: Visitor, member: Member
) -> None:
    """To the letter, but for the address and what is new on every page (tokens)."""
    a_member(email="avec@morez.example")
    pages = []
    for who, email in (
        (member, "avec@morez.example"),
        (a_member("Aline Morel"), "sans@morez.example"),
    ):
        another_visitor.client.force_login(who.user)
        answer = another_visitor.post(PAGE, {"email": email}, follow=True)
        lines = answer.content.decode().replace(email, "X").splitlines()
        pages.append(
            [
                line
                for line in lines
                if not any(w in line for w in ("csrf", "CSRF", "retirer/", "@"))
            ]
        )
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 2


def test_the_link_is_never_shown_to_the_inviter(signed_in: Visitor, member: Member) -> None:
    invitation = an_invitation(member.user)
    assert invitation.key not in signed_in.get(PAGE).content.decode()


def test_a_refusal_is_beside_the_field(signed_in: Visitor) -> None:
    answer = signed_in.post(PAGE, {"email": "bruno", "message": "Ami"})
    assert answer.status_code == 422
    assert "Ami" in answer.content.decode()
    answer = signed_in.post(PAGE, {"email": FRIEND, "message": "www.ailleurs.example"})
    assert "Écrivez sans adresse web." in answer.content.decode()
    assert not Invitation.objects.exists()


def test_one_revokes_from_the_list_what_is_ones_own(signed_in: Visitor, member: Member) -> None:
    mine, theirs = an_invitation(member.user), an_invitation(a_member().user, "x@morez.example")
    answer = signed_in.post(f"{PAGE}{mine.pk}/retirer/", {}, follow=True)
    assert "L’invitation est retirée" in answer.content.decode()
    assert "retirée" in answer.content.decode()
    assert signed_in.post(f"{PAGE}{theirs.pk}/retirer/", {}).status_code == 404
    assert signed_in.get(f"{PAGE}{mine.pk}/retirer/").status_code == 405


def test_revoking_what_was_accepted_says_so(signed_in: Visitor, member: Member) -> None:
    invitation = an_invitation(member.user)
    invitations.accept(
        invitation=invitation, user=User(name="Bruno", password="!"), now=timezone.now()
    )
    answer = signed_in.post(f"{PAGE}{invitation.pk}/retirer/", {}, follow=True)
    assert "déjà servi" in answer.content.decode()


def test_who_is_not_active_reads_why(visitor: Visitor) -> None:
    visitor.client.force_login(a_member(state=State.APPLICANT).user)
    page = visitor.get(PAGE).content.decode()
    assert "Seuls les membres actifs invitent" in page
    assert 'name="email"' not in page
    visitor.client.force_login(a_user(role=Role.HOST))
    assert visitor.get(PAGE).status_code == 404


def test_a_member_in_a_hurry_is_slowed_down(signed_in: Visitor, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"invite": "2/h/user"}
    codes = [
        signed_in.post(PAGE, {"email": f"a{number}@morez.example"}).status_code
        for number in range(3)
    ]
    assert codes == [302, 302, 429]
    cache.clear()


def test_the_list_costs_the_same_at_any_length(
    signed_in: Visitor,
    member: Member,
    django_assert_num_queries: Any,
    django_assert_max_num_queries: Any,
) -> None:
    past = timezone.now() - 2 * LIFE
    for number in range(3):
        an_invitation(member.user, f"a{number}@morez.example", now=past + number * LIFE / 100)
    with django_assert_max_num_queries(12) as few:
        signed_in.get(PAGE)
    for number in range(3, 30):
        Invitation.objects.create(
            email=f"a{number}@morez.example",
            key=f"{number:040}",
            invited_by=member.user,
            made_at=past,
            expires_at=past + LIFE,
        )
    with django_assert_num_queries(len(few.captured_queries)):
        page = signed_in.get(PAGE).content.decode()
    assert "page 1 sur 2" in page


def test_opening_the_link_changes_nothing_and_says_who_invites(
    client: Client, member: Member
) -> None:
    invitation = an_invitation(
        member.user, message="Viens <b>voir</b>", plan=a_plan(name="Résident")
    )
    for _scanner in range(3):
        page = client.get(path_of(invitation))
    text = page.content.decode()
    for words in ("Aline Morel vous invite", "Viens &lt;b&gt;voir", "Résident", FRIEND):
        assert words in text
    assert "no-store" in page["Cache-Control"]
    invitation.refresh_from_db()
    assert invitation.standing(timezone.now()) == "open"


def test_the_invited_person_opens_an_account_without_a_code(
    visitor: Visitor, member: Member
) -> None:
    invitation = an_invitation(member.user, plan=a_plan("resident"))
    mail.outbox.clear()
    answer = visitor.post(path_of(invitation), {"name": "Bruno Lacroix", "password1": PASSWORD})
    assert answer["Location"] == "/compte/adhesion/?plan=resident"
    assert visitor.get(answer["Location"]).status_code == 200
    bruno = Member.objects.get(user__email=FRIEND)
    assert (bruno.user.name, bruno.state) == ("Bruno Lacroix", State.APPLICANT)
    assert bruno.user.check_password(PASSWORD)
    assert mail.outbox == []


def test_the_address_is_not_the_forms_to_choose(visitor: Visitor, member: Member) -> None:
    data = {"name": "Bruno", "password1": PASSWORD, "email": "autre@morez.example"}
    visitor.post(path_of(an_invitation(member.user)), data)
    assert not User.objects.filter(email="autre@morez.example").exists()
    assert User.objects.filter(email=FRIEND).exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"password1": "court"}, "password1"),
        ({"password1": "1234567890123"}, "password1"),
        ({"password1": "bruno@morez.example"}, "password1"),
        ({"password1": ""}, "password1"),
        ({"name": ""}, "name"),
        ({"name": "Bruno\nLacroix\0"}, "name"),
        ({"name": "B" * 121}, "name"),
    ],
)
def test_the_rules_of_sign_up_hold(visitor, member, fields, field) -> None:
    data = {"name": "Bruno Lacroix", "password1": PASSWORD} | fields
    answer = visitor.post(path_of(an_invitation(member.user)), data)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not User.objects.filter(email=FRIEND).exists()


def closed_links(member: Member) -> dict[str, str]:
    """Words that each closed link shows, with its path."""
    now = timezone.now()
    used, revoked, taken = (an_invitation(member.user, f"{n}@morez.example") for n in "abc")
    expired = an_invitation(member.user, "d@morez.example", now=now - LIFE - timedelta(days=1))
    invitations.accept(invitation=used, user=User(name="A", password="!"), now=now)
    invitations.revoke(invitation=revoked, by=member.user, now=now)
    a_member(email=taken.email)
    return {
        "Cette invitation a déjà servi": path_of(used),
        "Cette invitation a été retirée": path_of(revoked),
        "Vous avez déjà un compte": path_of(taken),
        "Cette invitation a expiré": path_of(expired),
    }


def test_a_closed_link_says_why_whatever_one_does(visitor: Visitor, member: Member) -> None:
    accounts = None
    for words, path in closed_links(member).items():
        accounts = accounts or User.objects.count()
        for answer in (visitor.get(path), visitor.post(path, {"name": "B", "password1": PASSWORD})):
            assert answer.status_code == 410
            assert words in answer.content.decode()
    assert User.objects.count() == accounts


def test_an_altered_link_is_not_found(visitor: Visitor, member: Member) -> None:
    path = path_of(an_invitation(member.user))
    answer = visitor.get(path[:-3] + "/")
    assert answer.status_code == 404
    assert "Ce lien ne mène nulle part" in answer.content.decode()


def test_who_is_logged_in_is_told_for_whom_it_is(signed_in: Visitor, member: Member) -> None:
    invitation = an_invitation(member.user)
    for answer in (signed_in.get(path_of(invitation)), signed_in.post(path_of(invitation), {})):
        text = answer.content.decode()
        assert "Vous êtes déjà connecté" in text
        assert FRIEND in text
    assert not User.objects.filter(email=FRIEND).exists()


# The admin

LIST = "/admin/members/invitation/"


@pytest.fixture
def host(visitor: Visitor) -> User:
    user = a_user("Hugo", role=Role.HOST)
    visitor.client.force_login(user)
    return user


def test_the_team_invites_in_the_admin(visitor: Visitor, host: User) -> None:
    plan = a_plan("resident")
    a_plan("cachee", name="Formule cachée", is_offered=False)
    assert "Formule cachée" not in visitor.get(f"{LIST}add/").content.decode()
    data = {"email": FRIEND, "name": "Bruno", "plan": plan.pk, "message": "Venez"}
    assert visitor.post(f"{LIST}add/", data)["Location"] == LIST
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.plan, invitation.invited_by) == (FRIEND, plan, host)
    [letter] = mail.outbox
    assert letter.to == [FRIEND]


def test_the_team_reads_why_it_is_refused(visitor: Visitor, host: User, member: Member) -> None:
    answer = visitor.post(f"{LIST}add/", {"email": member.user.email})
    assert "Cette adresse a déjà un compte." in answer.content.decode()
    assert not Invitation.objects.exists()


def test_the_list_tells_states_and_never_the_link(
    visitor: Visitor, host: User, member: Member
) -> None:
    closed_links(member)
    invitation = an_invitation(member.user)
    text = visitor.get(LIST).content.decode()
    page = visitor.get(f"{LIST}{invitation.pk}/change/").content.decode()
    for words in ("acceptée", "retirée", "expirée", "en attente"):
        assert words in text
    assert invitation.key not in text + page
    assert 'name="_save"' not in page
    for standing, count in (("open", 2), ("accepted", 1), ("revoked", 1), ("expired", 1)):
        found = visitor.get(f"{LIST}?standing={standing}").context["cl"].queryset
        assert {each.standing(timezone.now()) for each in found} == {standing}
        assert found.count() == count


def test_actions_of_the_list(visitor: Visitor, host: User, member: Member) -> None:
    closed_links(member)
    an_invitation(member.user)
    keys = set(Invitation.objects.values_list("key", flat=True))
    chosen = list(Invitation.objects.values_list("pk", flat=True))
    data = {"action": "send_again", "_selected_action": chosen}
    text = visitor.post(LIST, data, follow=True).content.decode()
    for words in ("2 invitations renvoyées.", "a@morez.example : ", "b@morez.example : "):
        assert words in text
    assert len(keys & set(Invitation.objects.values_list("key", flat=True))) == 3
    text = visitor.post(LIST, data | {"action": "revoke"}, follow=True).content.decode()
    assert "4 invitations retirées." in text
    assert visitor.get(f"{LIST}{chosen[0]}/delete/").status_code == 403


def test_the_admin_costs_the_same_at_any_length(visitor: Visitor, host: User) -> None:
    plan, costs = a_plan(), []
    for count in (3, 30):
        for number in range(count):
            Invitation.objects.create(
                email=f"a{number}@morez.example",
                plan=plan,
                key=f"{count}-{number:040}",
                invited_by=a_member().user,
                made_at=timezone.now(),
                expires_at=timezone.now() + LIFE,
            )
        visitor.get(LIST)  # what is asked once for each process
        with CaptureQueriesContext(connection) as queries:
            visitor.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[1]
