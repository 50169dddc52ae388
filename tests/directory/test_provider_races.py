"""Two at once: one profile, one number, one skill, one answer, one letter."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from directory.models import ClaimDecision, Ownership, Provider, Skill
from directory.services import (
    claims,
    confirmations,
    messages,
    new_profiles,
    profile_parts,
    providers,
)
from tests.directory.rows import a_commune, a_provider
from tests.factories import NOW, a_user
from tests.members.refusals import codes_of
from tests.members.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def answer_of(service: Any, **arguments: Any) -> str:
    try:
        service(now=NOW, **arguments)
    except ValidationError as refusal:
        return codes_of(refusal).pop()
    return "done"


def test_of_two_stale_edits_one_is_kept_and_the_other_told() -> None:
    owner = a_user()
    provider = a_provider(owner=owner)
    seen = providers.edition(provider, "presentation")

    def edit(headline: str) -> str:
        values = {"headline": headline}
        return answer_of(providers.change, provider=provider, by=owner, values=values, seen=seen)

    assert sorted(at_once(lambda: edit("Un"), lambda: edit("Deux"))) == ["done", "stale"]


def test_two_parts_at_once_are_both_kept() -> None:
    owner = a_user()
    provider = a_provider(owner=owner)

    def edit(**values: Any) -> str:
        mine = Provider.objects.get(pk=provider.pk)
        return answer_of(providers.change, provider=mine, by=owner, values=values)

    assert at_once(lambda: edit(headline="Un"), lambda: edit(range_km=77)) == ["done", "done"]
    provider.refresh_from_db()
    assert (provider.headline, provider.range_km) == ("Un", 77)


def test_of_two_with_one_legal_number_one_has_it() -> None:
    owner = a_user()
    rows = [a_provider(owner=owner) for _each in range(2)]

    def take(provider: Provider) -> str:
        values = {"legal_number": "732829320"}
        return answer_of(providers.change, provider=provider, by=owner, values=values)

    answers = at_once(lambda: take(rows[0]), lambda: take(rows[1]))
    assert sorted(answers) == ["done", "legal_number_taken"]


def test_two_who_name_a_new_skill_share_its_row() -> None:
    owner = a_user()
    rows = [a_provider(owner=owner) for _each in range(2)]

    def name(provider: Provider, word: str) -> str:
        return answer_of(profile_parts.set_skills, provider=provider, words=[word], by=owner)

    answers = at_once(lambda: name(rows[0], "Soudure"), lambda: name(rows[1], "SOUDURE"))
    assert answers == ["done", "done"]
    assert Skill.objects.get().providers.count() == 2


def test_two_profiles_of_one_name_get_two_addresses() -> None:
    commune, people = a_commune(), (a_user(), a_user())

    def make(by: Any) -> str:
        values = {"name": "Atelier", "commune": commune}
        return answer_of(new_profiles.create, by=by, values=values)

    answers = at_once(lambda: make(people[0]), lambda: make(people[1]))
    assert answers == ["done", "done"]
    assert len(set(Provider.objects.values_list("slug", flat=True))) == 2


def test_of_two_claims_accepted_by_link_at_once_one_owns() -> None:
    provider = a_provider()
    rows = [claims.claim(provider=provider, user=a_user(), now=NOW) for _each in range(2)]

    def accept(claim: Any) -> str:
        return answer_of(claims.decide, claim=claim, decision=ClaimDecision.ACCEPTED, by=None)

    answers = at_once(lambda: accept(rows[0]), lambda: accept(rows[1]))
    assert sorted(answers) == ["done", "owned"]
    assert Ownership.objects.count() == 1


def test_a_message_and_a_question_leave_once() -> None:
    provider = a_provider(owner=a_user())
    who = {"sender_name": "Jean", "sender_email": "jean@boulangerie.example"}
    row = messages.write(provider=provider, text="Bonjour", now=NOW, **who)
    mail.outbox.clear()
    at_once(
        lambda: answer_of(messages.relay, message=row),
        lambda: answer_of(messages.relay, message=row),
    )
    assert len(mail.outbox) == 1
    mail.outbox.clear()
    later = NOW + confirmations.GOOD_FOR
    at_once(
        lambda: confirmations.ask_for_confirmation(now=later),
        lambda: confirmations.ask_for_confirmation(now=later),
    )
    assert len(mail.outbox) == 1
