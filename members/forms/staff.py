"""The forms of the users' admin: adding a person, changing one, giving a password."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserCreationForm
from unfold.forms import UserChangeForm as ThemeUserChangeForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldBooleanSwitchWidget

from members import services
from members.models import Role, User


class UserAddForm(UserCreationForm):  # type: ignore[misc]
    """Without a password, the person chooses one through “forgotten password”."""

    as_member = forms.BooleanField(
        label=_("En faire un membre"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
        help_text=_("À décocher pour une personne de l’équipe ou du partenaire public."),
    )

    class Meta:
        model = User
        fields = ("email", "name", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["usable_password"]
        choice.label = _("Mot de passe choisi ici")
        choice.choices = [("true", _("Oui")), ("false", _("Non"))]
        choice.initial = "false"  # nobody of the team should know the password of a member
        choice.help_text = _("Sinon, la personne choisit le sien par « Mot de passe oublié ».")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("as_member") and not cleaned.get("name"):
            self.add_error("name", forms.ValidationError(_("Indiquez un nom."), code="required"))
        return cleaned


class UserChangeForm(ThemeUserChangeForm):  # type: ignore[misc]
    by: ClassVar[User]  # who is changing; given by the admin

    roles = forms.TypedMultipleChoiceField(
        label=_("Rôles"),
        required=False,
        coerce=Role,
        choices=Role.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("L’opérateur, l’hôte et le comptable travaillent dans l’administration."),
    )

    class Meta:
        model = User
        fields = ("email", "name", "language", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.by.has_perm("members.assign_roles"):
            del self.fields["roles"]
            return
        names = self.instance.groups.values_list("name", flat=True)
        self.initial["roles"] = sorted(set(names) & set(Role.values))

    def clean_roles(self) -> list[Role]:
        roles: list[Role] = self.cleaned_data["roles"]
        services.check_roles(user=self.instance, roles=roles, by=self.by)
        return roles


class PasswordForm(AdminPasswordChangeForm):  # type: ignore[misc]
    """A password given by staff. Taking the password away is another page's business."""
