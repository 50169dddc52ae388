"""In which language a person reads us: the one of this request, and how a browser remembers it."""

from typing import Literal, cast

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

from members.models import Language


def current_language() -> str:
    """The language of this request, among those an account can have."""
    active = (translation.get_language() or "")[:2]
    return active if active in Language.values else Language.FRENCH


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """Let this browser ask for `language` from now on, as the switch of the header does."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=cast(Literal["Lax", "Strict", "None"], settings.LANGUAGE_COOKIE_SAMESITE),
    )
    return response
