"""Posting a need: plain words first, the rest behind « préciser »; and changing it."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from directory.forms.need_fields import AboutNeed
from directory.forms.uploads import FilesField
from directory.gate import GatedForm
from directory.models import Need, Organisation, OrganisationKind
from directory.services import needs
from members.models import LINE_LENGTH, User
from members.validators import validate_one_line

TWO_WEEKS: Final = timedelta(days=14)
# What the services call it → what the form does.
NAMES: Final = {"file": "attached", "name": "organisation_name"}


class PostForm(GatedForm, AboutNeed):
    """A new need, by anybody. With an account, who one is stands there already."""

    gate_action = "directory_need"

    organisation = forms.ModelChoiceField(
        label=_("Pour qui ?"), queryset=Organisation.objects.none(), required=False
    )
    organisation_kind = forms.ChoiceField(
        label=_("Vous êtes"),
        choices=OrganisationKind.choices,
        initial=OrganisationKind.BUSINESS,
        widget=forms.RadioSelect,
        required=False,
    )
    organisation_name = forms.CharField(
        label=_("Nom de l’entreprise, de l’association ou de la collectivité"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        required=False,
        help_text=_("Rien à écrire pour un particulier."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    contact_email = forms.EmailField(
        label=_("Votre adresse e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    legal_number = forms.CharField(label=_("SIREN, SIRET ou IDE"), max_length=20, required=False)
    attached = FilesField(
        label=_("Fichiers"),
        required=False,
        help_text=_(
            "Trois au plus : PDF, JPEG ou PNG de 5 Mo. Lus par l’équipe et par les prestataires "
            "sollicités."
        ),
    )

    MORE = (*AboutNeed.MORE, "legal_number", "attached")
    field_of: ClassVar = {"bad_legal_number": "legal_number"}

    def __init__(self, *args: Any, user: User | None, now: datetime, **kwargs: Any) -> None:
        initial = {"deadline": timezone.localdate(now) + TWO_WEEKS, **kwargs.pop("initial", {})}
        if user is not None:
            initial |= {"contact_name": user.name, "contact_email": user.email}
        super().__init__(*args, now=now, initial=initial, **kwargs)
        theirs: Any = self.fields["organisation"]
        mine = Organisation.objects.acted_for_by(user) if user else Organisation.objects.none()
        self.has_organisations = mine.exists() if user else False
        if not self.has_organisations:
            del self.fields["organisation"]
            return
        theirs.queryset, theirs.empty_label = mine, _("Quelqu’un d’autre")
        if not self.is_bound:
            self.initial.setdefault("organisation", mine.first())

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("organisation") is None:
            kind = said.get("organisation_kind")
            if not kind:
                self.add_error(
                    "organisation_kind", ValidationError(_("Dites qui vous êtes."), code="required")
                )
            elif kind == OrganisationKind.PERSON:
                said["organisation_name"] = said.get("contact_name", "")
            elif not said.get("organisation_name"):
                missing = ValidationError(_("Dites pour qui vous cherchez."), code="required")
                self.add_error("organisation_name", missing)
        return said

    def save(self, *, by: User | None, language: str, now: datetime) -> Need | None:
        """The need; None when it is refused, and the form says why."""
        said = self.cleaned_data
        need = Need(**self.about, contact_email=said["contact_email"], language=language)
        organisation = said.get("organisation") or Organisation(
            name=said["organisation_name"],
            kind=said["organisation_kind"],
            commune=said["commune"],
            legal_number=said["legal_number"],
        )
        try:
            return needs.post(
                need=need,
                organisation=organisation,
                by=by,
                now=now,
                files=said["attached"],
                **self.skills,
            )
        except ValidationError as refusal:
            self.add_refusal(refusal)
            return None

    def _named(self, refusal: ValidationError) -> Any:
        for name, error in super()._named(refusal):
            yield NAMES.get(name, name), error


class EditForm(AboutNeed):
    """Change what nobody has read yet."""

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        initial = {name: getattr(need, name) for name in needs.FIELDS}
        for name in ("skills_must", "skills_nice"):
            initial[name] = ", ".join(str(skill) for skill in getattr(need, name).all())
        super().__init__(*args, **{"initial": initial, **kwargs})
        self.need = need

    def save(self, *, by: User | None, now: datetime) -> Need | None:
        """The need as it is now; None when it is refused, and the form says why."""
        try:
            return needs.edit(need=self.need, values=self.about, by=by, now=now, **self.skills)
        except ValidationError as refusal:
            self.add_refusal(refusal)
            return None
