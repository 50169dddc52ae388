"""What the database itself refuses, whoever writes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.models import Member, User
from members.validators import validate_one_line
from tests.members.conftest import NOW

pytestmark = pytest.mark.django_db


def test_an_address_is_stored_in_lower_case_only(coworker: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=coworker.pk).update(email="Aline@morez.example")


def test_two_users_never_share_an_address(coworker: User, colleague: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=colleague.pk).update(email=coworker.email)


def test_a_user_is_one_member_at_most(coworker: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.bulk_create([Member(user=coworker, joined_at=NOW)])


def test_the_case_of_the_address_does_not_matter_to_log_in(coworker: User) -> None:
    assert User.objects.get_by_natural_key("ALINE@Morez.Example") == coworker


def test_a_user_is_called_by_name_else_by_address() -> None:
    assert str(User(email="a@morez.example", name="Aline Morel")) == "Aline Morel"
    assert str(User(email="a@morez.example")) == "a@morez.example"
    assert User(email="a@morez.example", name="Aline Morel").get_short_name() == "Aline"


@pytest.mark.parametrize("name", ["Aline Morel", "Élise d’Œuvre", "Łukasz", "李小龍", "Zoë 👩🏽‍💻"])
def test_names_of_everywhere_are_welcome(name: str) -> None:
    validate_one_line(name)


@pytest.mark.parametrize(
    "name", ["a\x00b", "a\nb", "a\r\nb", "a\tb", "a\x1bb", "a\u202eb", "a\u2028b", "a\ud800b"]
)
def test_invisible_characters_are_not(name: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_one_line(name)
    assert refusal.value.code == "unprintable"
