"""What a person types: to sign up, to log in, and on the account page."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

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
from members.models import LINE_LENGTH, TEXT_LENGTH, Consent, Language, Means, Member, Use, User
from members.services.profiles import COMMUTE, PROFILE
from members.validators import validate_one_line, validate_text


def _lines(label: Any, help_text: Any) -> forms.CharField:
    """A text of a few lines, which one may leave empty."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=TEXT_LENGTH,
        validators=[validate_text],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


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


class ConsentField(forms.BooleanField):
    """A free consent: unticked unless it stands, with why we ask."""

    def __init__(self, label: Any, reason: Any) -> None:
        super().__init__(label=label, help_text=reason, required=False)


# The field of the form for each free use.
CONSENT_FIELDS: Final = {
    "visible": Use.DIRECTORY,
    "presence": Use.PRESENCE,
    "news": Use.NEWS,
    "commute": Use.COMMUTE,
}


class AccountForm(forms.Form):
    """The account page: who one is, what the others may read, and what one agrees to."""

    ABOUT_ME = ("name", "language")

    name = forms.CharField(
        label=_("Nom"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Langue"),
        choices=Language.choices,
        help_text=_("Celle des pages et des e-mails que nous vous envoyons."),
    )
    trade = forms.CharField(
        label=_("Métier"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        required=False,
        help_text=_("Par exemple : graphiste, horlogère, développeur."),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    company = forms.CharField(
        label=_("Entreprise ou employeur"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    skills = _lines(_("Compétences"), _("Ce que vous savez faire, en quelques mots."))
    can_help_with = _lines(
        _("Je peux aider à"), _("Par exemple : relire un devis, prêter une caméra.")
    )
    looks_for = _lines(
        _("Je cherche"), _("Par exemple : un comptable, un covoiturage depuis Saint-Claude.")
    )
    visible = ConsentField(
        _("Les autres membres voient mon nom et mon profil"),
        _(
            "Nous le demandons pour que les membres sachent qui vient, se rencontrent et "
            "s’écrivent par le site, sans voir votre adresse. Sans votre accord, votre place "
            "apparaît seulement comme prise."
        ),
    )
    presence = ConsentField(
        _("Mon prénom et mon métier apparaissent dans « Qui est là »"),
        _(
            "Nous le demandons pour que les membres sachent qui croiser aujourd’hui. Sans votre "
            "accord, vous comptez seulement dans le nombre."
        ),
    )
    news = ConsentField(
        _("Je reçois les annonces de l’espace par e-mail"),
        _(
            "Nous le demandons pour vous prévenir d’une fermeture ou d’une rencontre. Sans votre "
            "accord, les annonces restent sur l’accueil. Chaque e-mail permet d’arrêter."
        ),
    )
    commute = ConsentField(
        _("Mon trajet compte dans le bilan de l’espace"),
        _(
            "Nous le demandons pour estimer la route et le carburant que l’espace épargne à tous, "
            "sans nommer personne. Si vous retirez votre accord, votre trajet est effacé."
        ),
    )
    commute_km = forms.DecimalField(
        label=_("Distance jusqu’à mon travail habituel (km)"),
        required=False,
        max_digits=4,
        decimal_places=1,
        min_value=Decimal("0.1"),
        max_value=Decimal(500),
        localize=True,  # 12,5 in French, 12.5 in English
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    commute_minutes = forms.IntegerField(
        label=_("Durée du trajet (minutes)"), required=False, min_value=1, max_value=600
    )
    commute_means = forms.ChoiceField(
        label=_("Moyen de transport"),
        required=False,
        choices=[("", _("non précisé")), *Means.choices],
    )

    def __init__(
        self,
        data: Any = None,
        *,
        user: User,
        member: Member | None,
        standing: Mapping[Use, Consent] | None = None,
    ) -> None:
        """`standing`: the consents that hold, which tick their boxes."""
        initial: dict[str, Any] = {"name": user.name, "language": user.language}
        if member is not None:
            initial |= {name: getattr(member, name) for name in (*PROFILE, *COMMUTE)}
            initial |= {name: use in (standing or {}) for name, use in CONSENT_FIELDS.items()}
        super().__init__(data, initial=initial)
        self.user, self.member, self.standing = user, member, standing or {}
        if member is None:
            self.fields = {name: self.fields[name] for name in self.ABOUT_ME}

    def profile(self) -> list[forms.BoundField]:
        """What the others read, in the order of the page."""
        return [self[name] for name in PROFILE]

    def free_uses(self) -> list[tuple[forms.BoundField, Consent | None]]:
        """Each checkbox with the consent that stands, for its date and version."""
        return [(self[name], self.standing.get(use)) for name, use in CONSENT_FIELDS.items()]

    def clean(self) -> dict[str, Any]:
        """Without its consent the commute is not kept, so nothing about it can be wrong."""
        said = self.cleaned_data
        if self.member is not None and not said.get("commute"):
            for name in COMMUTE:
                self.errors.pop(name, None)
                said[name] = "" if name == "commute_means" else None
        return said

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
                values={name: said[name] for name in (*PROFILE, *COMMUTE)},
                consents={use: said[name] for name, use in CONSENT_FIELDS.items()},
            )
