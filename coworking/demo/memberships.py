"""Who is on which plan, who pauses or leaves, and who asks to join."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from coworking.demo import habits, plans
from coworking.demo.people import MEMBER, Coworker, Person
from members.models import Heard, Member, Plan, State, User
from members.services import open_account
from members.services.applications import apply
from members.services.consents import current_texts
from members.services.membership import leave, pause
from members.services.subscriptions import change_plan, subscribe

# Those who are not on the plan of their habit, and those with a reduction.
OWN_DESK: Final = "Paul Monnerat"
STUDENT: Final = "Jeanne Cattin"
JOB_SEEKER: Final = "Mireille Odobet"
# Began by the hour, and came to stay.
CAME_TO_STAY: Final = {MEMBER.name: 20, "Thibault Lacroix": 11}
BY_HOUR: Final = plans.HOURS.code

PAUSED: Final = "Gaëlle Thévenet"  # from today on, for six weeks
PAUSES_LATER: Final = "Nicolas Jeantin"
LEAVES: Final = "Manon Prudhon"
LEFT: Final = "Olivier Badoud"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose application waits."""

    person: Person
    plan: str
    asked_days_ago: int
    starts_in_days: int
    heard: Heard
    message: str


CANDIDATES: Final = (
    Candidate(
        Person("Coralie Buffard", "Kinésithérapeute, télésanté", habits.HALF_DAYS),
        plans.HOURS.code,
        asked_days_ago=3,  # long enough for the hosts to be reminded
        starts_in_days=4,
        heard=Heard.SIMULATOR,
        message="Je cherche deux demi-journées au calme par semaine. Peut-on téléphoner ?",
    ),
    Candidate(
        Person("Daniel Hartmann", "Ingénieur logiciel, employeur à Lausanne", habits.TELEWORKER),
        plans.TELEWORK.code,
        asked_days_ago=1,
        starts_in_days=10,
        heard=Heard.EMPLOYER,
        message="Mon employeur prend la formule à sa charge à partir du mois prochain.",
    ),
)


def begin_plans(coworkers: Sequence[Coworker], offer: Mapping[str, Plan], now: datetime) -> None:
    """Put everyone on a plan since they joined, some of them first on another."""
    for number, coworker in enumerate(coworkers):
        member, since = coworker.member, coworker.since
        code, category = _plan_of(coworker, number)
        changed = CAME_TO_STAY.get(member.user.name)
        subscribe(
            member=member,
            plan=offer[BY_HOUR if changed else code],
            start=timezone.localdate(since),
            by=member.user,
            now=since,
            category=category,
        )
        if changed:
            at = now - timedelta(weeks=changed)
            # Nobody changes plans before having joined: a short demonstration has no such past.
            if at > since:
                first = timezone.localdate(at) + timedelta(days=1)
                change_plan(member=member, plan=offer[code], on=first, by=member.user, now=at)


def _plan_of(coworker: Coworker, number: int) -> tuple[str, str]:
    """The code of the plan, and the category of reduction."""
    name, habit = coworker.member.user.name, coworker.habit
    if name == OWN_DESK:
        return plans.OWN_DESK.code, ""
    if name in (STUDENT, JOB_SEEKER):
        return BY_HOUR, "etudiant" if name == STUDENT else "demandeur-emploi"
    if habit.chances == habits.RESIDENT.chances:
        return plans.RESIDENT.code, ""
    if habit.chances == habits.TELEWORKER.chances:
        return plans.TELEWORK.code, ""
    if habit == habits.HALF_DAYS or number % 3:
        return BY_HOUR, ""
    return plans.NOMAD.code, ""


def come_and_go(coworkers: Sequence[Coworker], host: User, now: datetime) -> None:
    """Pauses and departures, as of now: bookings to come are left for the team to see."""
    found = {coworker.member.user.name: coworker.member for coworker in coworkers}
    today = timezone.localdate(now)

    def rest(name: str, begins: int, days: int, reason: str) -> None:
        member, start = found[name], today + timedelta(days=begins)
        end = start + timedelta(days=days)
        pause(member=member, start=start, end=end, by=member.user, now=now, reason=reason)

    rest(PAUSED, 0, 42, "Mission chez un client")
    rest(PAUSES_LATER, 12, 21, "Congé")
    going = found[LEAVES]
    leave(
        member=going, on=today + timedelta(days=38), by=going.user, now=now, reason="Déménagement"
    )
    leave(member=found[LEFT], on=today, by=host, now=now, reason="A trouvé un local à Morbier")


def ask_to_join(offer: Mapping[str, Plan], password: str, now: datetime) -> list[Member]:
    """The applications that wait for an answer."""
    return [_ask(candidate, offer, password, now) for candidate in CANDIDATES]


def _ask(candidate: Candidate, offer: Mapping[str, Plan], password: str, now: datetime) -> Member:
    person, at = candidate.person, now - timedelta(days=candidate.asked_days_ago)
    user = User(
        email=person.email,
        name=person.name,
        language=person.language,
        password=password,
        date_joined=at,
    )
    open_account(user=user, now=at, as_member=True, state=State.APPLICANT, address_verified=True)
    apply(
        member=user.member,
        plan=offer[candidate.plan],
        starts_on=timezone.localdate(now) + timedelta(days=candidate.starts_in_days),
        now=at,
        accepted={use: text.version for use, text in current_texts().items()},
        profile={"trade": person.trade},
        heard=candidate.heard,
        message=candidate.message,
    )
    return user.member
