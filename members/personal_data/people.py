"""The person, the membership, the file and the acts, as the person may read them."""

from collections.abc import Iterator
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from members.models import (
    Application,
    AuditEntry,
    Consent,
    Delivery,
    Document,
    Invitation,
    Member,
    Note,
    Pause,
    Subscription,
    User,
    WelcomeDone,
)
from members.personal_data.section import (
    ME,
    Cell,
    Row,
    Section,
    plain,
    role,
    rows_of,
    shown,
    who,
)

# What a copy leaves out of its tables, and why.
SECRETS: Final = ("password", "key", "token", "content")
OF_OTHERS: Final = ("email", "name", "accepted_by")  # of an invitation: whom the person invited


def sections(user: User) -> list[Section]:
    """Everything that this floor keeps about a person, in the language that is active.

    Each table is read once, however long it is. Somebody who never became a member has the same
    sections, empty.
    """
    member = Member.objects.filter(user=user).first()
    return [*_person(user, member), *_membership(user, member), *_file(user, member)]


def _person(user: User, member: Member | None) -> Iterator[Section]:
    groups = sorted(user.groups.values_list("name", flat=True))
    account = rows_of(
        [user],
        reader=user,
        without=SECRETS,
        more={"roles": (_("Rôles"), lambda row: ", ".join(groups))},
    )
    yield Section(
        "account", _("Mon compte"), ("members.User", "members.User_groups"), account, is_single=True
    )
    addresses = EmailAddress.objects.filter(user=user).order_by("pk")
    yield Section(
        "addresses",
        _("Mes adresses e-mail"),
        ("account.EmailAddress",),
        rows_of(addresses, reader=user, without=("user",)),
    )
    yield Section(
        "member",
        _("Mon profil de membre"),
        ("members.Member",),
        rows_of([member] if member else [], reader=user, without=("user",)),
        is_single=True,
    )
    yield Section("devices", _("Mes connexions"), ("usersessions.UserSession",), _devices(user))
    yield Section(
        "second_factors", _("Mes seconds facteurs"), ("mfa.Authenticator",), _factors(user)
    )
    yield Section(
        "consents",
        _("Mes accords"),
        ("members.Consent",),
        rows_of(Consent.objects.filter(user=user), reader=user, without=("user",)),
    )


def _membership(user: User, member: Member | None) -> Iterator[Section]:
    tables: tuple[tuple[str, str, type[models.Model]], ...] = (
        ("applications", _("Mes candidatures"), Application),
        ("subscriptions", _("Mes abonnements"), Subscription),
        ("pauses", _("Mes pauses"), Pause),
    )
    for key, title, model in tables:
        yield _of_member(key, title, model, user, member)
    sent = Invitation.objects.filter(invited_by=user)
    yield Section(
        "invitations_sent",
        _("Invitations envoyées"),
        ("members.Invitation",),
        rows_of(
            sent.select_related("plan"), reader=user, without=(*SECRETS, *OF_OTHERS, "invited_by")
        ),
    )
    yield Section(
        "invitations_received",
        _("Invitations reçues"),
        ("members.Invitation",),
        rows_of(
            invitations_to(user, member).select_related("plan", "invited_by"),
            reader=user,
            without=(*SECRETS, "invited_by", "accepted_by"),
            more={"invited_by": (_("Invité par"), _inviter)},
        ),
    )


def _inviter(invitation: Invitation) -> str:
    return _("l’équipe") if invitation.invited_by.is_staff else _("un membre")


def invitations_to(user: User, member: Member | None) -> models.QuerySet[Invitation]:
    """Invitations to an address of the person, and the one that was accepted."""
    mine = EmailAddress.objects.filter(user=user).values("email")
    to_me = Q(email__iexact=user.email) | Q(email__in=mine)
    if member is not None:
        to_me |= Q(accepted_by=member)
    return Invitation.objects.filter(to_me)


def _file(user: User, member: Member | None) -> Iterator[Section]:
    yield _of_member("notes", _("Ce que l’équipe a noté"), Note, user, member)
    documents = _of(Document, member).defer("content").select_related("added_by")
    yield Section(
        "documents",
        _("Documents"),
        ("members.Document",),
        rows_of(
            documents,
            reader=user,
            without=(*SECRETS, "member"),
            more={"file": (_("Dans cette archive"), file_of)},
        ),
    )
    yield _of_member("welcome", _("Mon accueil"), WelcomeDone, user, member)
    yield _of_member("announcements", _("Annonces reçues par e-mail"), Delivery, user, member)
    yield Section(
        "history", _("Ce qui s’est passé"), ("members.AuditEntry",), _history(user, member)
    )


def _of(model: type[models.Model], member: Member | None) -> models.QuerySet[Any]:
    rows = model._default_manager.order_by("pk")
    return rows.none() if member is None else rows.filter(member=member)


def _of_member(
    key: str, title: str, model: type[models.Model], user: User, member: Member | None
) -> Section:
    others = [
        column.name
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey)
        and column.name != "member"
        and column.related_model is not User
    ]
    rows = _of(model, member)
    rows = rows.select_related(*others) if others else rows
    return Section(
        key, title, (model._meta.label,), rows_of(rows, reader=user, without=("member",))
    )


# Documents


def file_of(document: Document) -> str:
    """Where a document lies in the archive."""
    return place_in("documents", document.pk, document.file_name)


def place_in(folder: str, key: int, file_name: str) -> str:
    """Where a file lies in the archive: whatever it was called, no two in one place."""
    name = "".join(
        letter if letter.isalnum() or letter in ".-_ " else "_" for letter in file_name
    ).strip(". ")
    return f"{folder}/{key}-{name or 'document'}"


def documents_of(user: User) -> Iterator[tuple[str, bytes]]:
    """The files about a person, one at a time, as they lie in the archive."""
    rows = Document.objects.filter(member__user=user).order_by("pk")
    for document in rows.iterator(chunk_size=4):
        yield file_of(document), bytes(document.content)


# What allauth keeps


def _devices(user: User) -> list[Row]:
    """From where somebody is logged in. The key of the session would let another in."""
    rows = UserSession.objects.filter(user=user).order_by("pk")
    return rows_of(rows, reader=user, without=("user", "session_key", "data"))


def _factors(user: User) -> list[Row]:
    """Their kind, name and dates; what they are made of is a secret."""
    rows = Authenticator.objects.filter(user=user).order_by("pk")
    return rows_of(rows, reader=user, without=("user", "data"), more={"name": (_("Nom"), str)})


# The audit


def acts_about(user: User, member: Member | None) -> Q:
    """The entries of the audit whose subject is the person, or something of the person's."""
    about = Q(subject_type=User._meta.label_lower, subject_id=str(user.pk))
    return about if member is None else about | Q(member=member)


def _history(user: User, member: Member | None) -> list[Row]:
    return history_of(acts_about(user, member), user)


def history_of(about: Q, user: User) -> list[Row]:
    """The entries of the audit that `about` chooses, for this person to read."""
    entries = AuditEntry.objects.filter(about).order_by("id")
    return [_entry(entry, user) for entry in entries]


def _entry(entry: AuditEntry, user: User) -> Row:
    model = _model(entry.subject_type)
    subject = capfirst(str(model._meta.verbose_name)) if model else entry.subject_type
    changes = _without_others(entry.changes, model, user)
    return (
        Cell("at", plain(entry.at), _("Quand"), shown(entry.at)),
        Cell("act", entry.act, _("Acte"), str(entry.get_act_display())),
        Cell("subject", entry.subject_type, _("Objet"), subject),
        Cell("by", *who(entry.by_id, user), label=_("Par"), text=role(entry.by_id, user)),
        Cell(
            "changes",
            changes,
            _("Valeurs"),
            "\n".join(_words(model, changes, user)),
        ),
        Cell("reason", entry.reason, _("Raison"), entry.reason),
    )


def _model(label: str) -> type[models.Model] | None:
    try:
        found: type[models.Model] = apps.get_model(label)
    except (LookupError, ValueError):  # a table of an app that is gone
        return None
    return found


def _column(model: type[models.Model] | None, name: str) -> "models.Field[Any, Any] | None":
    columns = {column.attname: column for column in model._meta.concrete_fields} if model else {}
    return columns.get(name)


def _label(model: type[models.Model] | None, name: str) -> str:
    column = _column(model, name)
    return capfirst(str(column.verbose_name)) if column else name


def _without_others(
    changes: dict[str, Any], model: type[models.Model] | None, user: User
) -> dict[str, Any]:
    """The changes, with people as roles: a number says who somebody is as well as a name does."""
    kept: dict[str, Any] = {}
    for name, (before, after) in changes.items():
        column = _column(model, name)
        if column is not None and column.related_model is User:
            kept[name] = [*who(before, user), *who(after, user)]
        elif column is not None and column.related_model is Member:
            continue  # the person itself
        else:
            kept[name] = [before, after]
    return kept


def _words(model: type[models.Model] | None, changes: dict[str, Any], user: User) -> Iterator[str]:
    """The changes for a person to read: what became what, without the numbers of rows."""
    for name, pair in changes.items():
        column = _column(model, name)
        if column is not None and column.primary_key:
            continue
        before, after = (_word(column, value, user) for value in pair)
        if before or after:
            yield f"{_label(model, name)} : {before or '–'} → {after or '–'}"


def _word(column: "models.Field[Any, Any] | None", value: Any, user: User) -> str:
    if value in (None, "") or column is None:
        return shown(value)
    if column.related_model is User:
        return role(user.pk if value == ME else 0, user)
    if isinstance(column, models.ForeignKey):
        return ""
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    try:
        return shown(column.to_python(value))
    except ValidationError:  # written by a column that was another one then
        return shown(value)
