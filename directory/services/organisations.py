"""Those who order, and who acts for them."""

from datetime import datetime, timedelta
from typing import Final

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from directory.models import Agent, Need, NeedState, Organisation
from directory.notices import needs as letters
from members import audit
from members.folding import fold
from members.models import Act, User

LIFE: Final = timedelta(days=14)  # of the link in a letter to a future agent
_SALT: Final = "directory.agent"


@transaction.atomic
def make_organisation(
    *, organisation: Organisation, by: User | None, now: datetime
) -> Organisation:
    """Save a new order giver; a person with an account acts for it from now on.

    Raises ValidationError `bad_legal_number`, and as the fields refuse.
    """
    organisation.made_at = now
    organisation.clean()
    for name, value in organisation.number_changed(timezone.localdate(now)).items():
        setattr(organisation, name, value)
    organisation.full_clean()
    organisation.save()
    audit.record(act=Act.CREATED, subject=organisation, by=by, now=now, before={})
    if by is not None:
        _add(organisation, by, by=by, now=now)
    return organisation


def check_agent(*, organisation: Organisation, by: User | None) -> None:
    """Refuse (`not_yours`) whoever does not act for this organisation."""
    if by is None or not Agent.objects.filter(organisation=organisation, user=by).exists():
        raise ValidationError(_("Vous n’agissez pas pour ce donneur d’ordre."), code="not_yours")


@transaction.atomic
def invite_agent(*, organisation: Organisation, email: str, by: User, now: datetime) -> None:
    """Write to an address, with a link to act for this organisation; it holds for `LIFE`.

    The same letter goes to an address with an account and to one without: nobody learns from here
    who has one. Nothing is written until its reader accepts. Raises ValidationError `not_yours`,
    `already_agent`, `invalid`.
    """
    check_agent(organisation=organisation, by=by)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as refusal:
        raise ValidationError({"email": refusal}) from refusal
    if Agent.objects.filter(organisation=organisation, user__email=address).exists():
        already = ValidationError(
            _("Cette personne agit déjà pour ce donneur d’ordre."), code="already_agent"
        )
        raise ValidationError({"email": already})
    token = signing.dumps([organisation.pk, address, by.pk, int(now.timestamp())], salt=_SALT)
    transaction.on_commit(
        lambda: letters.agent_invited(organisation, address, by, token), robust=True
    )


def agency_of(token: str, now: datetime) -> tuple[Organisation, str, User] | None:
    """What a link is about: for whom one would act, to which address it was sent, by whom.

    None when it was altered, is older than `LIFE`, or its sender no longer acts for it.
    """
    try:
        organisation_id, address, by_id, made = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    if now.timestamp() - made > LIFE.total_seconds():
        return None
    sender = Agent.objects.select_related("organisation", "user").filter(
        organisation=organisation_id, user=by_id
    )
    agent = sender.first()
    return (agent.organisation, str(address), agent.user) if agent else None


@transaction.atomic
def accept_agency(*, token: str, user: User, now: datetime) -> Agent:
    """Act for the organisation of the link from now on. Accepting twice changes nothing.

    Raises ValidationError `closed` for a link that holds no more, `not_yours` for a reader with
    another address, or one that is not proved.
    """
    found = agency_of(token, now)
    if found is None:
        raise ValidationError(_("Ce lien n’est plus valable."), code="closed")
    organisation, address, by = found
    if not is_proved(user, address):
        raise ValidationError(
            _("Cette lettre a été envoyée à une autre adresse que la vôtre."), code="not_yours"
        )
    _lock(organisation)
    return _add(organisation, user, by=by, now=now)


@transaction.atomic
def remove_agent(*, agent: Agent, by: User, now: datetime) -> None:
    """Somebody acts for it no more; the last one stays. Raises `not_yours`, `last`."""
    organisation = _lock(agent.organisation)
    check_agent(organisation=organisation, by=by)
    if not Agent.objects.filter(organisation=organisation).exclude(pk=agent.pk).exists():
        raise ValidationError(
            _("Vous êtes la seule personne à agir pour ce donneur d’ordre."), code="last"
        )
    _record_removal(agent, by, now)
    agent.delete()


@transaction.atomic
def merge_organisations(
    *, keep: Organisation, other: Organisation, by: User, now: datetime
) -> Organisation:
    """Two rows are one order giver: needs and agents of `other` go to `keep`, and it goes away.

    Raises ValidationError `forbidden`, `same`.
    """
    if not by.has_perm("directory.change_organisation"):
        raise ValidationError(_("Seule l’équipe réunit deux donneurs d’ordre."), code="forbidden")
    if keep.pk == other.pk:
        raise ValidationError(_("C’est le même donneur d’ordre."), code="same")
    rows = Organisation.objects.select_for_update().filter(pk__in=(keep.pk, other.pk))
    found = {row.pk: row for row in rows.order_by("pk")}
    keep, other = found[keep.pk], found[other.pk]
    for need in Need.objects.select_for_update(no_key=True).filter(organisation=other):
        take_over(need=need, organisation=keep, by=by, now=now)
    here = set(Agent.objects.filter(organisation=keep).values_list("user_id", flat=True))
    for agent in Agent.objects.filter(organisation=other):
        if agent.user_id in here:
            _record_removal(agent, by, now)
            agent.delete()
            continue
        before = audit.snapshot(agent)
        agent.organisation = keep
        agent.full_clean()
        agent.save(update_fields=["organisation"])
        audit.record(act=Act.CHANGED, subject=agent, by=by, now=now, before=before)
    if other.legal_number and not keep.legal_number:
        before = audit.snapshot(keep)
        keep.legal_number, keep.legal_state = other.legal_number, other.legal_state
        keep.legal_checked_on = other.legal_checked_on
        keep.full_clean()
        keep.save(update_fields=["legal_number", "legal_state", "legal_checked_on"])
        audit.record(act=Act.CHANGED, subject=keep, by=by, now=now, before=before)
    _record_removal(other, by, now)
    other.delete()
    return keep


def settle(*, need: Need, by: User | None, now: datetime) -> None:
    """A locked need whose address was just proved joins the order giver that the same address
    named before, if it named one alike: never by the name alone."""
    earlier = (
        Need.objects.filter(contact_email=need.contact_email)
        .exclude(state=NeedState.DRAFT)
        .exclude(organisation=need.organisation_id)
        .select_related("organisation")
        .order_by("made_at", "id")
    )
    made = need.organisation
    for one in earlier:
        found = one.organisation
        if _alike(found, made) and (by is None or _acts(found, by)):
            take_over(need=need, organisation=found, by=by, now=now)
            if not made.needs.exists() and not made.agents.exists():
                _record_removal(made, by, now)
                made.delete()
            return


def take_over(*, need: Need, organisation: Organisation, by: User | None, now: datetime) -> None:
    """Move a locked need to another order giver."""
    before = audit.snapshot(need)
    need.organisation = organisation
    need.full_clean()
    need.save(update_fields=["organisation"])
    audit.record(act=Act.CHANGED, subject=need, by=by, now=now, before=before)


def is_proved(user: User, address: str) -> bool:
    """Whether this person has shown that this mailbox is theirs."""
    return user.emailaddress_set.filter(email__iexact=address, verified=True).exists()


def _alike(one: Organisation, other: Organisation) -> bool:
    names = fold(one.name) == fold(other.name)
    return names and one.kind == other.kind and one.commune_id == other.commune_id


def _acts(organisation: Organisation, user: User) -> bool:
    return Agent.objects.filter(organisation=organisation, user=user).exists()


def _add(organisation: Organisation, user: User, *, by: User, now: datetime) -> Agent:
    found = Agent.objects.filter(organisation=organisation, user=user).first()
    if found is not None:
        return found
    agent = Agent(organisation=organisation, user=user, since=now)
    agent.full_clean()
    agent.save()
    audit.record(act=Act.CREATED, subject=agent, by=by, now=now, before={})
    return agent


def _lock(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _record_removal(row: Organisation | Agent, by: User | None, now: datetime) -> None:
    gone = {name: (value, None) for name, value in audit.snapshot(row).items()}
    audit.record(act=Act.CANCELLED, subject=row, by=by, now=now, changes=gone)
