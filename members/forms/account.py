"""What a person types: to sign up, to log in, and on the account page."""

from datetime import datetime
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from members import services
from members.models import LINE_LENGTH, Language, Member, Use, User
from members.validators import validate_one_line

# The libraries say « Courriel » in one place and « E-mail » in the next.
ADDRESS = _("Adresse e-mail")


class SignupForm(AllauthSignupForm):
    """Name, address, password; the rest can wait until the person has seen the place."""

    field_order = ("name", "email", "password1")

    name = forms.CharField(
        label=_("Nom"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        help_text=_("Celui que l’on vous donne à l’accueil : prénom et nom, ou nom d’usage."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = ADDRESS

    def save(self, request: HttpRequest) -> User:
        """The user, its address and its member, made by one service."""
        adapter = get_adapter(request)
        return cast(User, adapter.save_user(request, adapter.new_user(request), self))

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Answer the same, in words and in time, whether the address is new, known or just lost."""
        if self.account_already_exists:
            User().set_password(self.cleaned_data["password1"])  # takes as long as a new account
        try:
            return cast(tuple[User | None, HttpResponse | None], super().try_save(request))
        except ValidationError as refusal:
            if "email" not in refusal.error_dict:
                raise
            self.account_already_exists = True
            return cast(tuple[User | None, HttpResponse | None], super().try_save(request))


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = ADDRESS


class ResetPasswordForm(AllauthResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = ADDRESS


class AddEmailForm(AllauthAddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Nouvelle adresse e-mail")


class AccountForm(forms.Form):
    """The account page: what the place knows of a person, and who may see it."""

    name = forms.CharField(
        label=_("Nom"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    trade = forms.CharField(
        label=_("Métier"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        required=False,
        help_text=_("Par exemple : graphiste, horlogère, développeur."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    language = forms.ChoiceField(
        label=_("Langue"),
        choices=Language.choices,
        help_text=_("Celle des pages et des e-mails que nous vous envoyons."),
    )
    visible = forms.BooleanField(
        label=_("Les autres membres voient mon nom et mon métier"),
        required=False,
        help_text=_(
            "Nous le demandons pour que les membres sachent qui vient et se rencontrent. Sans "
            "votre accord, votre place apparaît seulement comme prise. Vous pouvez changer d’avis "
            "à tout moment."
        ),
    )

    def __init__(self, data: Any = None, *, user: User, member: Member | None) -> None:
        initial: dict[str, Any] = {"name": user.name, "language": user.language}
        if member is not None:
            initial |= {"trade": member.trade, "visible": member.is_visible}
        super().__init__(data, initial=initial)
        self.user, self.member = user, member
        if member is None:
            del self.fields["trade"], self.fields["visible"]

    @transaction.atomic
    def save(self, *, now: datetime) -> None:
        """Write what was said, in one go."""
        said = self.cleaned_data
        services.update_account(
            user=self.user, name=said["name"], language=said["language"], now=now, by=self.user
        )
        if self.member is not None:
            services.change_profile(
                member=self.member,
                now=now,
                by=self.user,
                values={"trade": said["trade"]},
                consents={Use.DIRECTORY: said["visible"]},
            )
