"""The demonstration of the directory: enough of everything, the same again, and gone without trace.

Each build takes some seconds: few tests, each of which looks at much.
"""

from collections import Counter

import pytest
from django.urls import reverse

from coworking.demo import DOMAIN
from coworking.demo.build import PASSWORD
from coworking.demo.directory.locals import CLIENT, PROVIDER, address_of
from coworking.demo.directory.sheets import rows
from coworking.demo.ownership import remove_demo
from coworking.demo.people import MEMBER
from directory.identifiers import compact
from directory.models import (
    Claim,
    Commune,
    Found,
    Message,
    Missed,
    Need,
    NeedState,
    Organisation,
    Provider,
    ProviderState,
    Report,
    Solicitation,
)
from members.models import AuditEntry, User
from tests.directory.rows import a_need, a_provider, a_solicitation
from tests.factories import a_member
from tests.test_demo import MIDNIGHT, demo


def story() -> list[list[tuple[object, ...]]]:
    """What providers and needs say and what became of them, but for keys and secrets."""
    return [
        list(
            Provider.objects.order_by("slug").values_list(
                "name", "state", "state_since", "address", "available_until", "confirmed_at"
            )
        ),
        list(
            Need.objects.order_by("made_at", "title").values_list(
                "title", "organisation__name", "state", "state_since", "deadline", "starts_on",
                "awarded_to__name", "outcome_at",
            )
        ),
        list(
            Solicitation.objects.order_by("sent_at", "provider__slug").values_list(
                "need__title", "provider__name", "score", "sent_at", "opened_at", "answered_at",
                "declined_at", "decline_reason", "price", "answer",
            )
        ),
        list(Found.objects.order_by("provider__slug", "day", "words").values_list("day", "times")),
    ]  # fmt: skip


def test_a_territory_full_of_providers_and_needs_in_every_state(client, db):
    printed = demo(no_directory=False)

    published = Provider.objects.published()
    assert published.count() >= 60
    territory = Commune.objects.of_the_territory()
    assert set(territory) - {row.commune for row in published.select_related("commune")} == set()
    assert set(Provider.objects.values_list("state", flat=True)) == set(ProviderState.values)
    assert Organisation.objects.count() >= 25
    assert Need.objects.count() >= 40
    assert set(Need.objects.values_list("state", flat=True)) == set(NeedState.values)
    assert Need.objects.filter(state=NeedState.AWARDED_LOCAL, awarded_to=None).count() < 8

    # Eighteen months, and nothing after today.
    weeks = (MIDNIGHT - Need.objects.earliest("made_at").made_at).days / 7
    assert 50 < weeks < 80
    for row in Solicitation.objects.select_related("provider", "need"):
        moments = (row.need.opened_at, row.sent_at, row.opened_at, row.answered_at, row.awarded_at)
        known = [moment for moment in moments if moment]
        assert known == sorted(known)
        assert known[-1] < MIDNIGHT
        assert row.provider.made_at < row.sent_at
    assert Solicitation.objects.exclude(declined_at=None).count() >= 5

    # The host has something to do, and the searches say what is missing.
    assert Need.objects.filter(state=NeedState.SUBMITTED).count() == 3
    assert Provider.objects.filter(state=ProviderState.PENDING).count() == 2
    assert Claim.objects.filter(decided_at=None).count() == 1
    assert Report.objects.filter(handled_at=None).count() == 2
    assert Message.objects.exclude(relayed_at=None).exists()
    assert Missed.objects.filter(words="taxi").exists()
    found = Counter(Found.objects.values_list("provider__name", flat=True))
    assert found["Mathieu Grandperrin"] > 1

    # A coworker and a firm have requests to answer; a client has needs to follow.
    for email in (MEMBER.email, address_of(PROVIDER)):
        waiting = Solicitation.objects.of_provider_of(User.objects.get(email=email)).waiting()
        assert waiting.filter(need__state=NeedState.OPEN).exists()
    assert Need.objects.authored_by(User.objects.get(email=address_of(CLIENT))).count() >= 2
    for email in (address_of(PROVIDER), address_of(CLIENT)):
        assert email in printed
        answer = client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
        assert answer.status_code == 302
        client.logout()


def test_the_same_again_and_gone_without_trace(db):
    neighbour = a_member().user
    shop = a_provider("Vrai fournisseur", owner=neighbour, email="vrai@example.org")
    need = a_need("Vrai besoin", contact_email="neighbour@example.org")
    asked = a_solicitation(need=need, provider=shop)

    demo(no_directory=False, force=True)
    first = story()
    assert len(first[2]) > 50
    invented = Provider.objects.get(name="Émaux du Risoux")
    a_solicitation(need=need, provider=invented)
    demo(no_directory=False, reset=True, force=True)
    assert story() == first

    remove_demo()
    assert Provider.objects.get() == shop
    assert Need.objects.get() == need
    assert Solicitation.objects.get() == asked
    assert Organisation.objects.get() == need.organisation
    for model in (Claim, Report, Missed, Message, Found):
        assert not model.objects.exists()
    assert not User.objects.filter(email__endswith=f"@{DOMAIN}").exists()
    gone = ("directory.provider", "directory.solicitation", "directory.agent")
    assert not AuditEntry.objects.filter(subject_type__in=gone).exists()


# The files


@pytest.mark.parametrize("name", ["providers.csv", "organisations.csv"])
def test_legal_numbers_pass_the_checks_and_were_given_to_nobody(name):
    numbers = [row["legal_number"] for row in rows(name) if row["legal_number"]]
    assert len(numbers) >= 3
    for number in numbers:
        assert compact(number)[1].startswith("00000")
