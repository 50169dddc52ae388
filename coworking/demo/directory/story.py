"""Eighteen months of the directory, told in the order of time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from coworking.demo.directory.agenda import Agenda
from coworking.demo.directory.answers import Answers
from coworking.demo.directory.contacts import Contacts
from coworking.demo.directory.locals import Locals
from coworking.demo.directory.needs import Needs
from coworking.demo.directory.places import places_and_trades
from coworking.demo.directory.providers import Profiles
from coworking.demo.directory.searches import look_around
from coworking.demo.people import Coworker
from members.models import User

PAST: Final = timedelta(weeks=80)  # the oldest profile is a little younger


def tell_directory(
    *,
    coworkers: Sequence[Coworker],
    host: User,
    password: str,
    zone: ZoneInfo,
    now: datetime,
    rng: Random,
) -> None:
    """Build the directory as of `now`: the host has been on the team for `PAST`.

    Args:
        password: hashed, of every account that is opened on the way.
    """
    communes, trades = places_and_trades()
    agenda = Agenda(now, zone, rng)
    people = Locals(password, coworkers)
    profiles = Profiles(agenda, people, host, communes, trades)
    answers = Answers(agenda, people, host, profiles.made)
    profiles.plan()
    Needs(agenda, people, host, communes, trades, answers).plan()
    Contacts(agenda, people, host, profiles.made).plan()
    agenda.play()
    look_around(agenda)
