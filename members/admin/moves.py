"""What staff does to a member from the member's page: one small page that asks and says so.

Each act names a service, and is offered where the service would not refuse it. A refusal comes
back on the page in the service's words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import Member, Plan, State, User
from members.services import applications, membership, subscriptions

INSIDE = (State.ACTIVE, State.PAUSED)


def _text(**options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "desk-input desk-wide"})
    return forms.CharField(max_length=500, strip=True, widget=widget, **options)


def _day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "desk-input"})
    return forms.DateField(label=label, widget=widget, **options)


class ActForm(forms.Form):
    """Knows whom it is about; each form below says what its act asks for."""

    def __init__(self, *args: Any, member: Member, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member, self.now = member, now
        self.today = timezone.localdate(now)

    def refuse(self, refusal: ValidationError) -> None:
        """Show what the service said, beside the field where the form has it."""
        for name, errors in _by_field(refusal):
            place = name if name in self.fields else None
            self.add_error(place, ValidationError([str(m) for e in errors for m in e.messages]))


def _by_field(refusal: ValidationError) -> list[tuple[str, list[ValidationError]]]:
    by_field = getattr(refusal, "error_dict", None)
    return list(by_field.items()) if by_field else [(NON_FIELD_ERRORS, refusal.error_list)]


class ReasonForm(ActForm):
    reason = _text(
        label=_("Raison"), required=False, help_text=_("Reste au journal, pour l’équipe.")
    )


class RefusalForm(ActForm):
    reason = _text(label=_("Motif"), help_text=_("La personne le lira dans l’e-mail."))


class PauseForm(ActForm):
    start = _day(_("Premier jour de pause"))
    end = _day(
        _("De retour le"), required=False, help_text=_("Vide : jusqu’à ce que la pause soit levée.")
    )
    reason = forms.CharField(
        label=_("Raison"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "desk-input desk-wide"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].initial = self.today


class LeaveForm(ActForm):
    on = _day(_("Premier jour sans adhésion"))
    reason = _text(label=_("Raison"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = membership.earliest_leave(member=self.member, now=self.now)
        self.fields["on"].help_text = _(
            "Proposé : le premier jour possible d’après le préavis et l’engagement de la formule."
        )


class PlanForm(ActForm):
    plan = forms.ModelChoiceField(
        label=_("Formule"),
        queryset=Plan.objects.filter(is_offered=True).order_by("name", "pk"),
        widget=forms.Select(attrs={"class": "desk-input"}),
    )
    on = _day(_("À partir du"))
    category = forms.SlugField(
        label=_("Catégorie"),
        required=False,
        max_length=40,
        help_text=_("Ouvre droit à une réduction de la formule."),
        widget=forms.TextInput(attrs={"class": "desk-input"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = self.today


class NothingForm(ActForm):
    """It only has to be confirmed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which acts are offered. Read once for a page."""

    member: Member
    is_waiting: bool
    has_pause: bool

    @classmethod
    def of(cls, member: Member, now: datetime) -> "Standing":
        today = timezone.localdate(now)
        return cls(
            member,
            member.state == State.APPLICANT and member.applications.waiting().exists(),
            member.state in INSIDE and member.pauses.not_over(today).exists(),
        )


@dataclass(frozen=True, slots=True)
class Act:
    """One button of the member's page, and the page behind it."""

    slug: str
    label: str | Promise
    intro: str | Promise
    done: str | Promise
    right: str
    form: type[ActForm]
    offered: Callable[[Standing], bool]
    run: Callable[..., Any]
    tone: str = ""  # "main", "bad"


def _waiting(member: Member) -> Any:
    application = member.applications.waiting().first()
    if application is None:
        raise ValidationError(_("Aucune candidature n’attend."), code="decided")
    return application


def _approve(*, member: Member, by: User, now: datetime) -> None:
    applications.approve(application=_waiting(member), by=by, now=now)


def _refuse(*, member: Member, by: User, now: datetime, reason: str) -> None:
    applications.refuse(application=_waiting(member), by=by, now=now, reason=reason)


ACTS = (
    Act(
        "accepter",
        _("Accepter la candidature"),
        _("La personne devient membre, sur la formule demandée, et reçoit un e-mail."),
        _("Candidature acceptée."),
        "members.decide_application",
        NothingForm,
        lambda it: it.is_waiting,
        _approve,
        "main",
    ),
    Act(
        "refuser",
        _("Refuser la candidature"),
        _("La personne reçoit un e-mail avec le motif."),
        _("Candidature refusée."),
        "members.decide_application",
        RefusalForm,
        lambda it: it.is_waiting,
        _refuse,
        "bad",
    ),
    Act(
        "formule",
        _("Changer de formule"),
        _("La formule en cours prend fin la veille ; une formule à venir est remplacée."),
        _("Formule enregistrée."),
        "members.change_subscription",
        PlanForm,
        lambda it: it.member.state in INSIDE,
        subscriptions.change_plan,
    ),
    Act(
        "pause",
        _("Mettre en pause"),
        _("Pendant une pause, le membre ne réserve pas. Ses réservations restent à régler."),
        _("Pause enregistrée."),
        "members.change_member",
        PauseForm,
        lambda it: it.member.state in INSIDE and not it.has_pause,
        membership.pause,
    ),
    Act(
        "reprendre",
        _("Terminer la pause"),
        _("La pause en cours prend fin aujourd’hui ; une pause à venir est annulée."),
        _("Pause terminée."),
        "members.change_member",
        ReasonForm,
        lambda it: it.has_pause,
        membership.resume,
        "main",
    ),
    Act(
        "depart",
        _("Enregistrer un départ"),
        _("La formule prend fin ce jour-là. Les réservations suivantes restent à régler."),
        _("Départ enregistré."),
        "members.change_member",
        LeaveForm,
        lambda it: it.member.state in INSIDE and it.member.leaves_on is None,
        membership.leave,
        "bad",
    ),
    Act(
        "rester",
        _("Annuler le départ"),
        _("La formule continue comme avant."),
        _("Départ annulé."),
        "members.change_member",
        NothingForm,
        lambda it: it.member.state in INSIDE and it.member.leaves_on is not None,
        membership.stay,
        "main",
    ),
    Act(
        "clore",
        _("Clore ce dossier"),
        _("La personne ne donne pas suite : elle n’est plus candidate, et peut revenir."),
        _("Dossier clos."),
        "members.change_member",
        ReasonForm,
        lambda it: it.member.state == State.APPLICANT and not it.is_waiting,
        membership.leave,
    ),
)


def offered(standing: Standing, user: Any) -> list[Act]:
    """The acts that this person may do to this member now, in the order of the page."""
    return [act for act in ACTS if user.has_perm(act.right) and act.offered(standing)]
