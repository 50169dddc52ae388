"""The directory in the world of the access table: a profile of the owner, a need of his, a request
to him, and what leads to them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils import timezone

from directory.models import Agent, Attachment, Claim, Commune, Need, Provider, Solicitation, Trade
from directory.services import claims, confirmations, messages, organisations, reports
from members.models import Member
from tests.directory.rows import (
    a_need,
    a_provider,
    a_skill,
    a_solicitation,
    a_trade,
    an_organisation,
)
from tests.factories import NOW
from tests.house.addresses import Address


@dataclass(frozen=True, slots=True)
class Orders:
    """What the owner has in the directory."""

    provider: Provider
    trade: Trade
    commune: Commune
    need: Need  # his, of an organisation that he acts for
    answer: Solicitation  # to his need
    request: Solicitation  # to his profile, about a need of another
    agency: str  # the token of an invitation to act for his organisation

    @property
    def agent(self) -> Agent:
        return self.need.organisation.agents.get()


def build(owner: Member, other: Member) -> Orders:
    now = timezone.now()
    trade = a_trade("Webmestre")
    trade.synonyms.create(word="site", folded="site")
    provider = a_provider(owner=owner.user, trades=(trade,), skills=(a_skill("WordPress"),))
    provider.references.create(client="Mairie", what="Site", year=2025)
    claims.claim(provider=a_provider(), user=owner.user, now=now)
    who = {"sender_name": "Jean", "sender_email": "jean@example.org"}
    messages.write(provider=provider, text="Un devis ?", now=now, **who)
    reports.report(provider=provider, reason="wrong", now=now)
    organisation = an_organisation("Boulangerie")
    organisation.agents.create(user=owner.user, since=NOW)
    deadline = timezone.localdate() + timedelta(days=14)
    need = a_need(author=owner.user, organisation=organisation, deadline=deadline)
    asked = a_need(author=other.user, deadline=deadline)
    for each in (need, asked):
        Attachment.objects.create(
            need=each,
            file_name="plan.pdf",
            media_type="application/pdf",
            content=b"%PDF-1.7",
            added_at=now,
        )
    read = {"sent_at": now, "opened_at": now}
    return Orders(
        provider=provider,
        trade=trade,
        commune=provider.commune,
        need=need,
        answer=a_solicitation(need, a_provider(owner=other.user), answered_at=now, **read),
        request=a_solicitation(asked, provider, **read),
        agency=_invited(need, owner),
    )


def _invited(need: Need, owner: Member) -> str:
    """What the link says in a letter to a further agent."""
    about = [need.organisation_id, "agent@example.org", owner.user_id]
    sent = int(timezone.now().timestamp())
    return signing.dumps([*about, sent], salt=organisations._SALT)


def arguments(orders: Orders, address: Address) -> dict[str, Any]:
    """What leads to the owner's: by the kind of page, then by the name of the argument."""
    name = address.name.removeprefix("directory:")
    own: dict[str, Any] = {}
    if name == "trade":
        own = {"slug": orders.trade.slug}
    elif name == "commune":
        own = {"slug": orders.commune.slug}
    elif name in {"organisation", "remove_agent"}:
        own = {"pk": orders.need.organisation_id, "agent": orders.agent.pk}
    elif name == "agency":
        own = {"token": orders.agency}
    elif name in {"asked", "read_request", "answer", "decline", "asked_file"}:
        own = {"key": orders.request.key, "pk": orders.request.need.attachments.get().pk}
    elif name in {"need", "need_file", "volunteer", "report_need"}:
        own = {"pk": orders.need.pk, "file": orders.need.attachments.get().pk}
    elif "key" in address.arguments:
        own = _of_the_author(orders, name)
    else:
        own = _of_the_provider(orders.provider, name)
    return {name: own[name] for name in set(address.arguments) & set(own)}


def _of_the_author(orders: Orders, name: str) -> dict[str, Any]:
    of_file = {"need_own_file", "need_remove_file"}
    key = orders.need.attachments.get().pk if name in of_file else orders.answer.pk
    return {"key": orders.need.key, "pk": key}


def _of_the_provider(provider: Provider, name: str) -> dict[str, Any]:
    token = {
        "send_message": lambda: messages.token_of(provider.messages.get()),
        "claim_answer": lambda: claims.token_of(Claim.objects.get()),
        "confirm": lambda: confirmations.token_of(provider.ownerships.get()),
    }.get(name, str)
    return {
        "slug": provider.slug,
        "pk": provider.pk,
        "part": "references",
        "line": provider.references.get().pk,
        "token": token(),
    }
