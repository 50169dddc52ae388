"""How the directory of the demonstration goes away.

Its rows are told by their addresses, as everything of the demonstration is. Places, trades and the
words for them stay: they are no demonstration.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from coworking.demo import DOMAIN
from coworking.demo.directory.sheets import rows, several
from directory.models import (
    Agent,
    Claim,
    Message,
    Missed,
    Need,
    Organisation,
    Ownership,
    Provider,
    Report,
    Skill,
    Solicitation,
)
from directory.services.counts import counted
from directory.services.reference import DATA
from members import audit
from members.folding import fold
from members.models import AuditEntry, User

OURS = f"@{DOMAIN}"


def demo_providers() -> QuerySet[Provider]:
    """By its address, by that of its legal contact, or because one of its people speaks for it."""
    return Provider.objects.filter(
        Q(email__endswith=OURS)
        | Q(legal_contact__endswith=OURS)
        | Exists(Ownership.objects.filter(provider=OuterRef("pk"), user__email__endswith=OURS))
    )


def demo_needs() -> QuerySet[Need]:
    return Need.objects.filter(Q(contact_email__endswith=OURS) | Q(author__email__endswith=OURS))


def remove_directory(users: QuerySet[User]) -> None:
    """Delete what these accounts, and the addresses beside them, made and were asked."""
    providers = set(demo_providers().values_list("pk", flat=True))
    needs = set(demo_needs().values_list("pk", flat=True))
    # A real need that an invented firm was awarded: to somebody here, that is all there is to say.
    Need.objects.filter(awarded_to__in=providers).exclude(pk__in=needs).update(awarded_to=None)
    organisations = set(
        Organisation.objects.filter(Q(needs__in=needs) | Q(agents__user__in=users)).values_list(
            "pk", flat=True
        )
    )
    about = Q(provider__in=providers)
    for gone in (
        Message.objects.filter(about | Q(sender__in=users)),
        Report.objects.filter(about | Q(need__in=needs) | Q(handled_by__in=users)),
        Claim.objects.filter(about | Q(user__in=users) | Q(decided_by__in=users)),
        Solicitation.objects.filter(about | Q(need__in=needs)),
        Need.objects.filter(pk__in=needs),
        Agent.objects.filter(user__in=users),
        Organisation.objects.filter(pk__in=organisations, needs=None, agents=None),
        Ownership.objects.filter(user__in=users),
        Provider.objects.filter(pk__in=providers),
        Missed.objects.filter(words__in=[counted(row["words"]) for row in rows("searches.csv")]),
    ):
        _remove(gone)
    _remove_words()


def _remove(gone: QuerySet[Any]) -> None:
    """The rows, and their traces: what a job or a letter without account did has nobody's name."""
    keys = [str(key) for key in gone.values_list("pk", flat=True)]
    traces = AuditEntry.objects.filter(
        subject_type=gone.model._meta.label_lower, subject_id__in=keys
    )
    audit.purge(traces, now=timezone.now())
    gone.model._default_manager.filter(pk__in=keys).delete()


def _remove_words() -> None:
    """The skills that the profiles brought, unless somebody else has them or asks for them."""
    ours = {fold(word) for row in rows("providers.csv") for word in several(row["skills"])}
    ours -= {fold(row["name"]) for row in rows("skills.csv", DATA)}  # shipped with the directory
    asked = [
        set(through.objects.values_list("skill_id", flat=True))
        for through in (Need.skills_must.through, Need.skills_nice.through)
    ]
    unused = Skill.objects.filter(folded__in=ours, providers=None, other_words=None, same_as=None)
    unused.exclude(pk__in=set().union(*asked)).delete()
