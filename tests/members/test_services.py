"""Accounts, members, profiles and consent: what the services write and refuse."""

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from members import services
from members.models import Member, State, Use, User
from tests.members.conftest import NOW, PASSWORD

pytestmark = pytest.mark.django_db


def codes(refusal: ValidationError) -> set[tuple[str, str]]:
    """(field, code) of each refusal."""
    return {
        (field, error.code or "")
        for field, errors in refusal.error_dict.items()
        for error in errors
    }


def test_a_new_person_becomes_user_and_member_at_once() -> None:
    member = services.register(
        user=User(email="Aline@Morez.example", name=" Aline Morel "), now=NOW
    )
    assert (member.user.email, member.user.name) == ("aline@morez.example", "Aline Morel")
    assert (member.state, member.joined_at, member.visible_since) == (State.APPLICANT, NOW, None)


def test_staff_who_come_to_work_here_become_members(operator: User) -> None:
    assert services.register(user=operator, now=NOW).user == operator


def test_nobody_is_member_twice(coworker: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.register(user=coworker, now=NOW)
    assert codes(refusal.value) == {("user", "unique")}


def test_a_member_has_a_name() -> None:
    with pytest.raises(ValidationError) as refusal:
        services.register(user=User(email="a@morez.example", name="  "), now=NOW)
    assert codes(refusal.value) == {("name", "required")}
    assert not User.objects.exists()


def test_an_account_is_opened_with_its_address_to_be_proved() -> None:
    user = User(email="Aline@Morez.example", name="Aline Morel")
    user.set_password(PASSWORD)
    services.open_account(user=user, now=NOW, as_member=True)
    address = EmailAddress.objects.get()
    assert (address.user, address.email) == (user, "aline@morez.example")
    assert (address.primary, address.verified) == (True, False)


def test_a_second_account_for_the_same_address_leaves_nothing_behind(coworker: User) -> None:
    twin = User(email="ALINE@MOREZ.EXAMPLE", name="Autre Aline")
    with pytest.raises(ValidationError) as refusal:
        services.open_account(user=twin, now=NOW, as_member=True)
    assert codes(refusal.value) == {("email", "unique")}
    assert User.objects.filter(email=coworker.email).count() == 1
    assert Member.objects.count() == EmailAddress.objects.count() == 1


@pytest.mark.parametrize("name", ["Aline\x00Morel", "Aline\nBcc: tous@example.org", "a\u202eb"])
def test_a_name_fits_on_one_line(name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.register(user=User(email="a@morez.example", name=name), now=NOW)
    assert codes(refusal.value) == {("name", "unprintable")}


def test_a_profile_is_written_with_the_consent(coworker: User) -> None:
    services.update_account(
        user=coworker, name="Aline Morel-Blanc", language="en", now=NOW, by=coworker
    )
    services.change_profile(
        member=coworker.member,
        now=NOW,
        by=coworker,
        values={"trade": "Horlogère"},
        consents={Use.DIRECTORY: True},
    )
    user = User.objects.get(pk=coworker.pk)
    assert (user.name, user.language) == ("Aline Morel-Blanc", "en")
    assert (user.member.trade, user.member.visible_since) == ("Horlogère", NOW)


def test_a_refused_profile_changes_nothing(coworker: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.change_profile(
            member=coworker.member,
            now=NOW,
            by=coworker,
            values={"trade": "x" * 121},
            consents={Use.DIRECTORY: True},
        )
    assert codes(refusal.value) == {("trade", "max_length")}
    user = User.objects.get(pk=coworker.pk)
    assert (user.member.trade, user.member.is_visible) == ("", False)


def test_a_language_we_do_not_speak_is_refused(coworker: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.update_account(user=coworker, name="Aline", language="de", now=NOW, by=coworker)
    assert codes(refusal.value) == {("language", "invalid_choice")}


def test_a_profile_does_not_write_what_is_not_its_own(coworker: User) -> None:
    with pytest.raises(KeyError):
        services.change_profile(
            member=coworker.member, now=NOW, by=coworker, values={"state": "former"}
        )


def test_an_address_changed_by_staff_replaces_the_old_one_and_is_to_be_proved(
    coworker: User,
) -> None:
    coworker.email = "Aline.Morel@Morez.example"
    services.save_account(user=coworker, by=coworker, now=NOW)
    address = EmailAddress.objects.get(user=coworker)
    assert (address.email, address.primary, address.verified) == (
        "aline.morel@morez.example",
        True,
        False,
    )


def test_an_account_changed_by_staff_keeps_a_proved_address(coworker: User) -> None:
    coworker.name = "Aline Morel-Blanc"
    services.save_account(user=coworker, by=coworker, now=NOW)
    assert EmailAddress.objects.get(user=coworker).verified


def test_a_person_is_never_deleted(coworker: User) -> None:
    """What they did would lose its author; `services.erasure` makes a person nobody."""
    with pytest.raises(ProtectedError):
        coworker.delete()
    assert Member.objects.filter(user=coworker).exists()


def test_a_text_has_an_end_for_whoever_writes(coworker: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.change_profile(
            member=coworker.member, now=NOW, by=coworker, values={"skills": "x" * 5001}
        )
    assert codes(refusal.value) == {("skills", "max_length")}
