"""Measures the database of DATABASE_URL and prints its tables. `__main__` runs it.

The exit code is 1 when a place was booked twice or an answer was neither yes nor a clean no.
"""

import argparse
import sys
from collections.abc import Sequence

import django

from coworking.bench.effort import FULL, QUICK
from deploy.private_postgres import leave, signals_handled_by


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args(arguments)
    django.setup()
    # What follows knows the models, which are there from now on.
    from django.utils import timezone

    from coworking.bench.clients import BenchError
    from coworking.bench.measure import measure
    from coworking.bench.report import report

    with signals_handled_by(leave):
        try:
            measured = measure(QUICK if options.quick else FULL, timezone.now())
        except BenchError as error:
            sys.stderr.write(f"{error}\n")
            return 2
    sys.stdout.write(report(measured) + "\n")
    return 0 if measured.is_safe else 1


if __name__ == "__main__":
    sys.exit(main())
