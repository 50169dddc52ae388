"""What the directory keeps of a person, ready to be handed over; and which rows are a person's.

Whoever posts a need or writes a message without an account is known by the address that was given:
it is the person's once the person has proved that address.
"""

from collections.abc import Iterator
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from directory.models import (
    Activity,
    Agent,
    Attachment,
    Claim,
    Found,
    Message,
    Need,
    Organisation,
    Ownership,
    Provider,
    Reference,
    Report,
    ShownField,
    Solicitation,
    Speaks,
)
from members.models import User
from members.personal_data import Section, history_of, place_in, rows_of

# Whoever holds the key of a letter's link is let in; a fingerprint tells nobody anything.
SECRETS: Final = ("key", "fingerprint", "content", "user")
OF_OTHERS: Final = ("sender", "sender_name", "sender_email")  # of a message that was received

Rows = dict[type[models.Model], list[Any]]


def sections(user: User) -> list[Section]:
    """Everything that the directory keeps about a person, in the language that is active.

    Each table is read once, however long it is.
    """
    return [*_profiles(user), *_orders(user), *_words(user), _history(user)]


def _section(
    key: str,
    title: str,
    rows: "models.QuerySet[Any]",
    reader: User,
    *,
    without: tuple[str, ...] = (),
    more: dict[str, Any] | None = None,
    tables: tuple[str, ...] = (),
) -> Section:
    cells = rows_of(rows, reader=reader, without=(*SECRETS, *without), more=more)
    return Section(key, title, (rows.model._meta.label, *tables), cells)


def _profiles(user: User) -> Iterator[Section]:
    mine = Provider.objects.owned_by(user)
    yield _section(
        "providers",
        _("Mes fiches de prestataire"),
        mine.select_related("commune").prefetch_related("skills").order_by("pk"),
        user,
        more={"skills": (_("Compétences"), _names("skills"))},
        tables=("directory.Provider_skills",),
    )
    tables: tuple[tuple[str, str, type[models.Model], tuple[str, ...]], ...] = (
        ("activities", _("Mes métiers"), Activity, ("provider", "trade")),
        ("spoken", _("Mes langues de travail"), Speaks, ("provider",)),
        ("references", _("Mes références"), Reference, ("provider",)),
        ("shown_fields", _("Ce que je publie"), ShownField, ("provider",)),
        ("found", _("Recherches où ma fiche est apparue"), Found, ("provider",)),
    )
    for key, title, model, related in tables:
        rows = model._default_manager.filter(provider__in=mine).order_by("pk")
        yield _section(key, title, rows.select_related(*related), user)
    of_mine = {"user": user}
    ownerships = Ownership.objects.filter(**of_mine).select_related("provider").order_by("pk")
    yield _section("ownerships", _("Fiches dont je réponds"), ownerships, user)
    claims = Claim.objects.filter(**of_mine).select_related("provider").order_by("pk")
    yield _section("claims", _("Fiches que j’ai revendiquées"), claims, user)
    asked = Solicitation.objects.of_provider_of(user).select_related("provider", "need")
    yield _section("asked", _("Ce qui m’a été demandé"), asked.order_by("pk"), user)


def _orders(user: User) -> Iterator[Section]:
    needs = needs_of(user)
    organisations = Organisation.objects.filter(Q(agents__user=user) | Q(needs__in=needs))
    yield _section(
        "organisations",
        _("Donneurs d’ordre pour qui j’agis"),
        organisations.select_related("commune").distinct().order_by("pk"),
        user,
    )
    agencies = Agent.objects.filter(user=user).select_related("organisation").order_by("pk")
    yield _section("agencies", _("Depuis quand j’agis pour eux"), agencies, user)
    yield _section(
        "needs",
        _("Mes besoins"),
        needs.select_related("organisation", "commune", "trade", "awarded_to")
        .prefetch_related("skills_must", "skills_nice")
        .order_by("pk"),
        user,
        more={
            "skills_must": (_("Compétences indispensables"), _names("skills_must")),
            "skills_nice": (_("Compétences souhaitées"), _names("skills_nice")),
        },
        tables=("directory.Need_skills_must", "directory.Need_skills_nice"),
    )
    files = Attachment.objects.filter(need__in=needs).defer("content").select_related("need")
    yield _section(
        "attachments",
        _("Pièces jointes"),
        files.order_by("pk"),
        user,
        more={"file": (_("Dans cette archive"), _file_of)},
    )
    answers = Solicitation.objects.filter(need__in=needs).select_related("need").order_by("pk")
    yield _section(
        "answers", _("Réponses à mes besoins"), answers, user, without=("provider", "breakdown")
    )


def _words(user: User) -> Iterator[Section]:
    yield _section(
        "messages_sent",
        _("Messages que j’ai écrits"),
        messages_of(user).select_related("provider").order_by("pk"),
        user,
        without=("sender",),
    )
    # One that its sender has not proved is nobody's yet.
    received = Message.objects.filter(
        provider__ownerships__user=user, relayed_at__isnull=False
    ).select_related("provider")
    yield _section(
        "messages_received",
        _("Messages que j’ai reçus"),
        received.order_by("pk"),
        user,
        without=OF_OTHERS,
    )
    reports = Report.objects.filter(
        Q(provider__in=Provider.objects.owned_by(user)) | Q(need__in=needs_of(user))
    ).select_related("provider", "need")
    # Not the words: they may say who wrote them.
    yield _section(
        "reports",
        _("Signalements à mon sujet"),
        reports.order_by("pk"),
        user,
        without=("text",),
    )


def _history(user: User) -> Section:
    """The acts about what is the person's own; what others sent to it is left to them."""
    own: Rows = {
        Provider: _keys(Provider.objects.owned_by(user)),
        Ownership: _keys(Ownership.objects.filter(user=user)),
        Claim: _keys(Claim.objects.filter(user=user)),
        Agent: _keys(Agent.objects.filter(user=user)),
        Need: _keys(needs_of(user)),
        Message: _keys(messages_of(user)),
    }
    rows = history_of(acts_about(own), user)
    return Section(
        "directory_history", _("Ce qui s’est passé à l’annuaire"), ("members.AuditEntry",), rows
    )


# Which rows are whose


def addresses_of(user: User) -> list[str]:
    """The addresses that the person has proved."""
    proved = EmailAddress.objects.filter(user=user, verified=True)
    return list(proved.order_by("pk").values_list("email", flat=True))


def by_address(user: User, column: str) -> Q:
    """Rows in which this column is a proved address of the person."""
    found = Q(pk__in=[])
    for address in addresses_of(user):
        found |= Q(**{f"{column}__iexact": address})
    return found


def needs_of(user: User) -> "models.QuerySet[Need]":
    """Those that the person posted, with this account or before having one."""
    return Need.objects.filter(Q(author=user) | by_address(user, "contact_email"))


def messages_of(user: User) -> "models.QuerySet[Message]":
    return Message.objects.filter(Q(sender=user) | by_address(user, "sender_email"))


def sole_providers_of(user: User) -> "models.QuerySet[Provider]":
    """Profiles for which nobody else speaks."""
    others = Ownership.objects.filter(provider=OuterRef("pk")).exclude(user=user)
    return Provider.objects.owned_by(user).filter(~Exists(others))


def acts_about(rows: Rows) -> Q:
    """The entries of the audit whose subject is one of these rows."""
    about = Q(pk__in=[])
    for model, keys in rows.items():
        if keys:
            about |= Q(subject_type=model._meta.label_lower, subject_id__in=list(map(str, keys)))
    return about


def files_of(user: User) -> Iterator[tuple[str, bytes]]:
    """The files of the person's needs, one at a time, as they lie in the archive."""
    rows = Attachment.objects.filter(need__in=needs_of(user)).order_by("pk")
    for attachment in rows.iterator(chunk_size=4):
        yield _file_of(attachment), bytes(attachment.content)


def _file_of(attachment: Attachment) -> str:
    return place_in("pieces-jointes", attachment.pk, attachment.file_name)


def _keys(rows: "models.QuerySet[Any]") -> list[Any]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _names(relation: str) -> Any:
    return lambda row: ", ".join(str(other) for other in getattr(row, relation).all())
