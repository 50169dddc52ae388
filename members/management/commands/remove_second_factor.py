"""`manage.py remove_second_factor ADDRESS`: for somebody who lost telephone and recovery codes.

On the server and nowhere else, after making sure that it is them: docs/safety.md.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.models import User
from members.services.second_factor import remove_second_factor


class Command(BaseCommand):
    help = "Remove the second factor of an account, and log it out everywhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", help="e-mail address of the account")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        user = User.objects.filter(email=address.lower()).first()
        if user is None:
            raise CommandError(f"No account has the address {address}.")
        try:
            remove_second_factor(user=user, by=None, now=timezone.now())
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"The password alone opens the account of {user.email} again.")
