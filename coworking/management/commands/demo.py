"""`manage.py demo`: the Morez space with its people and six months of bookings, to try out.

The data is described in `coworking/demo/`. The clock is read here, once, and nowhere else.
"""

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from booking.models import Booking, Visit
from coworking.demo import DOMAIN
from coworking.demo.build import PASSWORD, WEEKS, Size, build
from coworking.demo.directory.locals import CLIENT, PROVIDER, address_of
from coworking.demo.ownership import demo_exists, demo_users, real_data
from coworking.demo.people import MEMBER
from coworking.demo.staff import TEAM
from directory.models import Need, Provider


class Command(BaseCommand):
    help = "Build the demonstration space of Morez, and print its accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="same seed, same data (1)")
        parser.add_argument("--reset", action="store_true", help="build it anew")
        parser.add_argument("--force", action="store_true", help="even beside real data")
        parser.add_argument(
            "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="as if it were that day"
        )
        parser.add_argument(
            "--weeks", type=_number, default=WEEKS, metavar="N", help="weeks of past bookings (26)"
        )
        parser.add_argument(
            "--years",
            type=_number,
            default=0,
            metavar="N",
            help="years of bookings before them (0)",
        )
        parser.add_argument(
            "--network", type=_number, default=0, metavar="N", help="so many further spaces (0)"
        )
        parser.add_argument(
            "--no-directory", action="store_true", help="the space alone, without the directory"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._is_quiet = options["verbosity"] == 0
        if demo_exists() and not options["reset"]:
            self._say("The demonstration is there already; --reset builds it anew.")
        else:
            self._refuse_beside_real_data(force=options["force"])
            self._build(options)
        self._print_accounts()

    def _refuse_beside_real_data(self, *, force: bool) -> None:
        found = ", ".join(f"{count} {what}" for what, count in real_data().items())
        if found and not force:
            raise CommandError(
                f"This database has data of its own: {found}. The demonstration belongs into an "
                "empty one: set DATABASE_URL to another. With --force it is built beside that "
                "data, for everyone to see, and its public password opens an operator's account."
            )
        if found:
            self.stderr.write(
                self.style.WARNING(
                    f"Beside real data ({found}). Everybody who knows the password below is an "
                    "operator here: deactivate these accounts afterwards."
                )
            )

    def _build(self, options: dict[str, Any]) -> None:
        started = time.monotonic()
        now = timezone.now()
        today = options["today"] or timezone.localdate(now, ZoneInfo(settings.TIME_ZONE))
        # A day that was asked for is not lived: it has the same data at any hour.
        until = None if options["today"] else now
        size = Size(
            weeks=options["weeks"],
            years=options["years"],
            network=options["network"],
            directory=not options["no_directory"],
        )
        try:
            build(
                today=today,
                rng=Random(options["seed"]),
                size=size,
                reset=options["reset"],
                until=until,
            )
        except ValidationError as refusal:
            raise CommandError(f"Nothing was built: {' '.join(refusal.messages)}") from refusal
        self._say(
            f"Built as of {today}, seed {options['seed']}: {Booking.objects.count()} bookings, "
            f"{Visit.objects.count()} visits, "
            f"{Provider.objects.count()} providers, {Need.objects.count()} needs "
            f"in {time.monotonic() - started:.0f} s."
        )

    def _print_accounts(self) -> None:
        accounts = [
            ("member", MEMBER.email),
            *((one.role.value, one.email) for one in TEAM),
            ("provider", address_of(PROVIDER)),
            ("client", address_of(CLIENT)),
        ]
        there = set(demo_users().values_list("email", flat=True))
        self._say(f"\n  {settings.SITE_URL}\n")
        for role, email in accounts:
            if email in there:  # without the directory nobody provides or orders
                self._say(f"  {role:<11} {email:<35} {PASSWORD}")
        self._say(f"\n  Everyone @{DOMAIN} has this password: not for a server that others reach.")

    def _say(self, line: str) -> None:
        if not self._is_quiet:
            self.stdout.write(line)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r}: a whole number from 0 is expected")
    return int(text)
