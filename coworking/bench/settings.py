"""Settings of the measured server: those of production, an empty page and a counter of work."""

import os
from pathlib import Path

from coworking.settings import *  # noqa: F403
from coworking.settings import LOGGING, MIDDLEWARE

ROOT_URLCONF = "coworking.bench.urls"
MIDDLEWARE = ["coworking.bench.counting.CountWork", *MIDDLEWARE]
STATIC_ROOT = Path(os.environ["BENCH_STATIC_ROOT"])
# A booking that is refused is a warning to Django, and the races have hundreds.
LOGGING = {**LOGGING, "loggers": {"django.request": {"level": "ERROR"}}}
