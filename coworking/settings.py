"""Settings, read from the environment: typed, and failing loudly with the remedy.

The table of variables is in README.md; a test holds the two together.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from coworking.admin_look import UNFOLD as UNFOLD

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def switch(name: str, *, default: bool) -> bool:
    """A variable that is on or off. A misspelt one would otherwise be off without a word."""
    value = env.str(name, default="on" if default else "off").lower()
    if value not in {"on", "off", "true", "false", "yes", "no", "1", "0"}:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to on or off.")
    return value in {"on", "true", "yes", "1"}


DEBUG = switch("DEBUG", default=False)
HTTPS = switch("HTTPS", default=not DEBUG)
SECRET_KEY: str = env.str("SECRET_KEY", default="insecure-development-key" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Set it to 50 random characters or more, for instance by "
        "python -c 'import secrets; print(secrets.token_urlsafe(50))'; or develop with DEBUG=on."
    )
SITE_URL: str = env.str("SITE_URL", default="http://localhost:8000" if DEBUG else "").rstrip("/")
if not SITE_URL:
    raise ImproperlyConfigured(
        "SITE_URL is not set. Set it to the public address, e.g. https://coworking.example.org: "
        "links in e-mails and calendars start with it."
    )
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"] if DEBUG else []
)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "coworking",
    "booking",
    "directory",
    "members",
    "simulator",
    # Before the admin: its templates are replaced.
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "import_export",
    "coworking.apps.DeskConfig",  # django.contrib.admin, with the site of this house
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Says who is there before anything asks: from here on, `request.user` may be a member shown to
    # the team.
    "members.acting.ActingAs",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "members.second_factor.StaffSecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "coworking.urls"
WSGI_APPLICATION = "coworking.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "coworking.context.site",
            ],
        },
    },
]

# Database. SQLite serves one space; PostgreSQL serves a network of spaces and several processes.
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        # Take the write lock at BEGIN: a reader that becomes a writer would fail at once.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # recursive_triggers: the row that INSERT OR REPLACE throws away is a row deleted, and the
        # triggers that forbid deleting are asked.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;"
        ),
    }
elif _database["ENGINE"] == "django.db.backends.postgresql":
    _pool_size: int = env.int("DATABASE_POOL_SIZE", default=8)
    if _pool_size:
        # Not below the threads of one process, or requests queue for a connection.
        _database["OPTIONS"] = {"pool": {"min_size": 1, "max_size": _pool_size, "timeout": 10}}
else:
    raise ImproperlyConfigured(
        "DATABASE_URL must be sqlite:///path or postgres://user:password@host:port/name."
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits count across processes, so the cache is shared: a table of the database.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # The default of 300 would let a flood of visitors push the counters out.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # What a process may remember by itself for a minute: reading the other one is a query.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "process",
        "OPTIONS": {"MAX_ENTRIES": 500},
    },
}

# People
AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "members.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_FORMS = {
    "add_email": "members.forms.account.AddEmailForm",
    "login": "members.forms.account.LoginForm",
    "reset_password": "members.forms.account.ResetPasswordForm",
    "signup": "members.forms.account.SignupForm",
}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # mail can be slow; the same for both codes
ACCOUNT_CHANGE_EMAIL = True  # one address per person: the new one replaces the old when confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an open screen is not enough to change the address
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Beside allauth's own limits: letters that a member sends to addresses of others, and what anybody
# sends to the directory (directory/gate.py): for each network address, then for each sender.
ACCOUNT_RATE_LIMITS = {
    "invite": "20/h/user",
    "write_to_member": "10/h/user,30/d/user",
    "directory_count": "60/m/ip",
    "directory_message": "20/h/ip,60/d/ip",
    "directory_message_sender": "6/h/key,20/d/key",
    "directory_report": "20/h/ip,60/d/ip",
    "directory_report_sender": "10/h/key",
    "directory_claim": "10/h/ip",
    "directory_claim_sender": "5/h/key,10/d/key",
    "directory_need": "20/h/ip,60/d/ip",
    "directory_need_sender": "5/h/key,15/d/key",
    "kiosk_code": "20/m/key",
}

# The second factor: offered to everybody, asked of the team before the admin.
STAFF_SECOND_FACTOR = switch("STAFF_SECOND_FACTOR", default=not DEBUG)
MFA_ADAPTER = "members.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False  # a sign-up begins with an address that is proved
MFA_TOTP_ISSUER = urlsplit(SITE_URL).hostname or SITE_URL  # what the telephone shows above the code
MFA_TOTP_TOLERANCE = 1  # half a minute: the clock of a telephone, and the time to type
MFA_FORMS = {
    "activate_totp": "members.forms.second_factor.ActivateAppForm",
    "add_webauthn": "members.forms.second_factor.AddPasskeyForm",
    "authenticate": "members.forms.second_factor.CodeForm",
    "edit_webauthn": "members.forms.second_factor.RenamePasskeyForm",
    "reauthenticate": "members.forms.second_factor.CodeAgainForm",
}
# Noting when a session was last seen would write at every GET, and a GET never writes.
USERSESSIONS_TRACK_ACTIVITY = False

# Proxies in front of the application that may be believed about the visitor's address: rate limits
# count by address, and behind an unknown proxy all visitors would have the same one.
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("TRUSTED_PROXIES", default=1 if HTTPS else 0)

# E-mail
_email_url: str = env.str("EMAIL_URL", default="consolemail://" if DEBUG else "")
if not _email_url:
    raise ImproperlyConfigured(
        "EMAIL_URL is not set. Set it to the mail server, e.g. "
        "smtp+tls://user:password@mail.example.org:587: without mail nobody can sign up."
    )
vars().update(environ.Env.email_url_config(_email_url))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str(
    "DEFAULT_FROM_EMAIL", default="bonjour@coworking.example" if DEBUG else ""
)
if not DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL is not set. Set it to the sender of e-mails, e.g. "
        "bonjour@coworking.example.org."
    )
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Language and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "coworking" / "borrowed_words"]
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# Static files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
_static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else _static
    },
}

# Tables that staff exports (members/admin/exports.py)
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True  # rather than no file at all

# Security
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 30 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "coworking.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
