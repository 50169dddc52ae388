"""How allauth makes, names and writes to our people.

Overrides of allauth's extension point; the writes are in `members/services.py`.
"""

import logging
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import services
from members.language import current_language, remember_language
from members.models import User

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def save_user(
        self,
        request: HttpRequest,
        user: AbstractBaseUser,
        form: forms.BaseForm,
        commit: bool = True,
    ) -> AbstractBaseUser:
        """Open the account and make the member, in the language of the sign-up."""
        new = cast(User, user)
        data = form.cleaned_data
        new.email, new.name = data["email"], data["name"]
        new.language = current_language()
        new.set_password(data["password1"])  # slow on purpose: before the write lock
        if commit:
            services.open_account(user=new, now=timezone.now(), as_member=True)
        return new

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **login: Any
    ) -> HttpResponse:
        """Go on in the person's own language, whatever the browser asked for until now."""
        response: HttpResponse = super().post_login(request, user, **login)
        return remember_language(response, cast(User, user).language)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Mark the address as proved, unless another account took it meanwhile."""
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write to people in their own language, once what is told is committed."""
        reader = context.get("user") or User.objects.filter(email=email.lower()).first()
        language = reader.language if reader else current_language()
        with translation.override(language):
            message = self.render_mail(
                template_prefix,
                email,
                {
                    "request": self.request,
                    "email": email,
                    "current_site": get_current_site(self.request),
                    "site_url": settings.SITE_URL,
                    **context,
                },
            )
        transaction.on_commit(lambda: self._deliver(message, template_prefix))

    def _deliver(self, message: EmailMessage, kind: str) -> None:
        try:
            message.send()
        except OSError:  # of which SMTPException: the mail server is away or refuses
            # Never the subject: it may carry a code.
            logger.exception("An account e-mail could not be sent: %s", kind)
            messages.error(
                self.request,
                _(
                    "L’e-mail n’a pas pu partir. Attendez quelques minutes, puis demandez un "
                    "nouvel envoi."
                ),
            )

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove who one is, in our words; the first is the one that is asked."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [method | {"description": WAYS[method["id"]]} for method in methods]


# Said on a button that leads to another way.
WAYS = {
    "reauthenticate": gettext_lazy("Avec mon mot de passe"),
    "mfa_reauthenticate": gettext_lazy("Avec un code"),
    "mfa_reauthenticate:webauthn": gettext_lazy("Avec une clé d’accès"),
}


class SecondFactorAdapter(DefaultMFAAdapter):
    """The words and the picture of the second factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": gettext_lazy(
            "Ajoutez d’abord une application ou une clé d’accès : les codes de secours la "
            "remplacent quand vous ne l’avez pas."
        ),
        "incorrect_code": gettext_lazy("Ce code ou cette clé ne convient pas."),
        "unverified_email": gettext_lazy(
            "Confirmez d’abord votre adresse e-mail : sans elle, un compte protégé ne se retrouve "
            "plus."
        ),
    }

    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code as an element of the page: an image by `data:` is what the policy forbids."""
        document: str = super().build_totp_svg(url)
        # Drawn from the modules of the code alone: nothing in it was typed by a person.
        return mark_safe(document[document.index("<svg") :])  # noqa: S308

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Ma clé d’accès") if number == 1 else _("Clé d’accès n° %d") % number
