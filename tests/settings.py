"""Settings of the tests: those of production, with secrets for nobody and guards switched on."""

import os

for _name, _value in {
    "SECRET_KEY": "for-tests-only-and-for-nobody-else-0123456789-abcdefghij",
    "SITE_URL": "http://localhost:8000",
    "EMAIL_URL": "consolemail://",
    "DEFAULT_FROM_EMAIL": "bonjour@coworking.example",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "HTTPS": "off",
    "DEBUG": "off",
    # Races need as many connections as there are threads.
    "DATABASE_POOL_SIZE": "0",
}.items():
    os.environ.setdefault(_name, _value)

from coworking.settings import *  # noqa: E402, F403
from coworking.settings import MIDDLEWARE, STORAGES  # noqa: E402

# The guards stand outside of everything that could write.
MIDDLEWARE = [
    "tests.guards.readonly_get.ReadOnlyGet",
    "tests.guards.audited.Audited",
    *MIDDLEWARE,
]

# Files are served from where they are written: no collectstatic before the tests.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

# Real hashing would take most of the time of the suite.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
