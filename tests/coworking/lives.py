"""Somebody who left a trace in every table, by a name and words that stand nowhere else."""

from datetime import date, time, timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from booking.models import Ending, Series, TrialDay, Wait
from booking.services import book, cancel, kiosk, open_feed, visits
from directory.models import Organisation, Provider
from members import audit
from members.models import (
    Act,
    Announcement,
    Delivery,
    Document,
    Invitation,
    Member,
    Note,
    Role,
    State,
    Use,
    User,
    WelcomeDone,
    WelcomeStep,
)
from members.services import applications, change_profile, membership
from members.services.consents import agree
from tests.coworking.directory_life import at_the_directory
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_plan, a_space, a_user, at, slot

WORD = "Quatrefages"  # in the name, the address, and everything that is written
NAME, EMAIL = f"Zéphyrine {WORD}", "zephyrine@quatrefages.example"
SECRET = "k" * 32
OF_OTHERS = "Ombeline"  # the other people of the story: never in her copy


def a_whole_life(*, email: str = EMAIL, now=NOW) -> Member:
    """She applied, joined, paused, booked, invited, was written about, and left."""
    host = a_user(f"{OF_OTHERS} Hôte", role=Role.HOST)
    space, plan = a_space(), a_plan()
    member = a_member(NAME, state=State.APPLICANT, email=email)
    user = member.user
    profile = {
        name: f"{name} de {WORD}"
        for name in ("trade", "company", "skills", "can_help_with", "looks_for")
    }
    applications.apply(
        member=member, plan=plan, starts_on=MONDAY, now=NOW, accepted={}, message=f"Moi, {WORD}"
    )
    TrialDay.objects.create(member=member, space=space, day=MONDAY)
    applications.approve(application=member.applications.get(), by=host, now=NOW)
    member.refresh_from_db()
    agree(user=user, use=Use.COMMUTE, now=NOW, by=user)
    agree(user=user, use=Use.DIRECTORY, now=NOW, by=user)
    change_profile(
        member=member, now=NOW, by=user, values=profile | {"commute_km": 31, "commute_means": "car"}
    )
    kwargs = {"space": space, "member": member, "now": NOW, "slots": [slot(9, 12, TUESDAY)]}
    book(**kwargs, by=user)
    book(**kwargs, by=host, override_reason=f"Deux postes pour {WORD}")
    [gone] = book(**(kwargs | {"slots": [slot(14, 16, TUESDAY)]}), by=host)
    cancel(booking=gone, by=host, now=NOW, override_reason=f"{WORD} a téléphoné")
    open_feed(member=member, now=NOW)
    kiosk.new_code(member=member, now=NOW)
    kiosk.add_device(space=space, name="Entrée", by=host, now=NOW)
    Wait.objects.create(
        space=space,
        member=member,
        start=at(17, day=TUESDAY),
        end=at(18, day=TUESDAY),
        made_at=NOW,
        ended_at=NOW,
        ending=Ending.LEFT,
    )
    Series.objects.create(
        space=space,
        member=member,
        weekdays=0b1010,
        start_time=time(17),
        end_time=time(18),
        first_day=MONDAY,
        last_day=TUESDAY,
        made_by=user,
        made_at=NOW,
    )
    for guest in ("", f"Cousin de {WORD}"):
        there = {"space": space, "member": member, "by": user, "guest_name": guest}
        visit = visits.check_in(**there, now=at(9, day=TUESDAY))
        visits.check_out(visit=visit, by=user, now=at(11, day=TUESDAY))
    written_about(member, host)
    invitations(member, host, plan)
    later = NOW + timedelta(days=10)
    membership.pause(
        member=member,
        start=date(2026, 4, 1),
        end=date(2026, 4, 8),
        by=user,
        now=later,
        reason=f"Vacances de {WORD}",
    )
    left = date(2026, 5, 4)
    then = later + timedelta(days=60)
    membership.leave(member=member, by=host, now=then, on=left + timedelta(days=8), reason=WORD)
    membership.follow_calendar(now=then + timedelta(days=30))
    at_the_directory(user, host, WORD, OF_OTHERS)
    in_the_admin(member, host)
    at_the_door(user)
    return Member.objects.select_related("user").get(pk=member.pk)


def written_about(member: Member, host: User) -> None:
    note = Note.objects.create(
        member=member, text=f"{WORD} aime le calme", author=host, written_at=NOW
    )
    audit.record(act=Act.CREATED, subject=note, by=host, now=NOW, before={})
    Document.objects.create(
        member=member,
        title=f"Assurance {WORD}",
        file_name=f"../{WORD}/é.pdf",
        media_type="application/pdf",
        content=b"%PDF of hers",
        added_by=host,
        added_at=NOW,
    )
    step = WelcomeStep.objects.create(title="Remettre la clé")
    WelcomeDone.objects.create(member=member, step=step, done_by=host, done_at=NOW)
    announcement = Announcement.objects.create(
        title="Apéritif", body="Jeudi", author=host, published_at=NOW
    )
    Delivery.objects.create(announcement=announcement, member=member, sent_at=NOW)


def invitations(member: Member, host: User, plan) -> None:
    colleague = a_member(f"{OF_OTHERS} Collègue")
    for number, (by, fields) in enumerate(
        (
            (host, {"email": EMAIL.upper(), "accepted_at": NOW, "accepted_by": member}),
            (colleague.user, {"email": EMAIL}),
            (member.user, {"email": f"{OF_OTHERS}@example.org", "name": OF_OTHERS}),
        )
    ):
        values = {"name": NAME, "message": f"Viens, de la part de {WORD}"} | fields
        row = Invitation.objects.create(
            key=f"{number}" * 40,
            invited_by=by,
            plan=plan,
            made_at=NOW,
            expires_at=NOW + timedelta(days=30),
            **values,
        )
        audit.record(act=Act.CREATED, subject=row, by=by, now=NOW, before={})


def in_the_admin(member: Member, host: User) -> None:
    profile, need = Provider.objects.get(name=f"Atelier {WORD}"), member.user.needs.get()
    rows = (member, member.user, member.notes.get(), member.applications.get(), profile, need)
    for row in rows:
        LogEntry.objects.create(
            user=host,
            content_type=ContentType.objects.get_for_model(row),
            object_id=str(row.pk),
            object_repr=str(row),
            action_flag=CHANGE,
            change_message=f'[{{"changed": {{"object": "{WORD}"}}}}]',
        )


def at_the_door(user: User) -> None:
    address = EmailAddress.objects.get(user=user)
    EmailConfirmation.objects.create(email_address=address, key="f" * 32, created=timezone.now())
    user.user_permissions.add(Permission.objects.order_by("pk").first())
    Authenticator.objects.create(
        user=user, type="webauthn", data={"name": f"Clé de {WORD}", "credential": SECRET}
    )
    UserSession.objects.create(
        user=user, ip="192.0.2.7", user_agent=f"Navigateur de {WORD}", session_key=SECRET
    )


# Which tables know a person


# What a person speaks for is the person's, though it has no key to one.
SPOKEN_FOR = {Provider, Organisation}


def personal_tables() -> dict[str, type[models.Model]]:
    """Tables with a key to a user or a member, or to a row that has one; by their label."""
    everything = apps.get_models(include_auto_created=True)
    direct = {model for model in everything if keys_of(model) & {User, Member}}
    near = {model for model in everything if keys_of(model) & (direct | SPOKEN_FOR)}
    found = {User, Member} | direct | near | SPOKEN_FOR
    return {model._meta.label: model for model in found}


def keys_of(model: type[models.Model]) -> set[type[models.Model]]:
    return {
        column.related_model
        for column in model._meta.concrete_fields
        if isinstance(column, models.ForeignKey)
    }
