"""What the directory forgets of a person who is erased (`coworking/privacy/erase.py`).

A profile for which nobody else speaks is emptied and taken offline; needs lose every word and
address. What happened stays: who was asked when, what was awarded where, in which band.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from directory.models import (
    Agent,
    Attachment,
    Claim,
    Message,
    Need,
    NeedState,
    Organisation,
    Ownership,
    Provider,
    Report,
    Shown,
    ShownField,
    Solicitation,
)
from directory.personal_data import (
    Rows,
    acts_about,
    by_address,
    messages_of,
    needs_of,
    sole_providers_of,
)
from directory.services.emptying import (
    NO_ADDRESS,
    empty_needs,
    empty_organisations,
    empty_providers,
)
from members import audit
from members.models import AuditEntry, User


def refusals(user: User) -> list[ValidationError]:
    """`open_needs` while providers may be working on an answer to the person."""
    if not needs_of(user).filter(state=NeedState.OPEN).exists():
        return []
    return [
        ValidationError(
            _("Un besoin est ouvert : retirez-le d’abord, ou dites à qui il est attribué."),
            code="open_needs",
        )
    ]


def rows_about(user: User) -> Rows:
    """The rows that are emptied or deleted with the person, by their tables: for audit and log."""
    sole, needs = sole_providers_of(user), needs_of(user)
    of_sole = {"provider__in": sole}
    found: dict[type[models.Model], Any] = {
        Provider: sole,
        Ownership: Ownership.objects.filter(Q(user=user) | Q(**of_sole)),
        Claim: Claim.objects.filter(Q(user=user) | Q(**of_sole)),
        Agent: Agent.objects.filter(user=user),
        Organisation: _organisations_of(user),
        Need: needs,
        Attachment: Attachment.objects.filter(need__in=needs),
        Message: Message.objects.filter(Q(pk__in=messages_of(user)) | Q(**of_sole)),
        Report: Report.objects.filter(Q(need__in=needs) | Q(**of_sole)),
        Solicitation: Solicitation.objects.filter(Q(need__in=needs) | Q(**of_sole)),
    }
    for relation in ("activities", "spoken", "references", "shown_fields"):
        model: Any = Provider._meta.get_field(relation).related_model
        found[model] = model._default_manager.filter(**of_sole)
    keys: Rows = {
        model: list(rows.order_by("pk").values_list("pk", flat=True))
        for model, rows in found.items()
    }
    # Shared with others, and it may say an address of hers.
    keys[Provider] += list(_reached_at(user).order_by("pk").values_list("pk", flat=True))
    return keys


def empty_person(*, user: User, now: datetime) -> None:
    """Empty everything of a locked person in the directory; needs a transaction, and no refusal.

    Drafts and what waits for the host are withdrawn.
    """
    rows = rows_about(user)
    audit.redact(AuditEntry.objects.filter(acts_about(rows)), now=now)
    sole = list(sole_providers_of(user).values_list("pk", flat=True))
    messages_of(user).delete()
    _leave_shared(user)
    for model in (Ownership, Claim, Agent):
        model._default_manager.filter(user=user).delete()
    empty_providers(keys=sole, now=now)
    empty_needs(keys=rows[Need], now=now)
    empty_organisations(keys=rows[Organisation])


def _organisations_of(user: User) -> "models.QuerySet[Organisation]":
    """Order givers behind whom nobody else stands: neither to act for them, nor with a need."""
    needs = needs_of(user)
    here = {"organisation": OuterRef("pk")}
    others = Need.objects.filter(**here).exclude(pk__in=needs).exclude(contact_email=NO_ADDRESS)
    agents = Agent.objects.filter(**here).exclude(user=user)
    mine = Q(agents__user=user) | Q(needs__in=needs)
    return Organisation.objects.filter(mine, ~Exists(others), ~Exists(agents)).distinct()


def _reached_at(user: User) -> "models.QuerySet[Provider]":
    """Profiles, of whomever, that give an address of the person."""
    return Provider.objects.filter(by_address(user, "email") | by_address(user, "legal_contact"))


def _leave_shared(user: User) -> None:
    """In a profile that others keep, no address of the person is left."""
    for column in ("email", "legal_contact"):
        reached = Provider.objects.filter(by_address(user, column))
        if column == "email":
            ShownField.objects.filter(provider__in=reached, field=Shown.EMAIL).delete()
        keys = list(reached.order_by("pk").values_list("pk", flat=True))
        Provider.objects.filter(pk__in=keys).update(**{column: ""})
