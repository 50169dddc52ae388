"""The letters about an application: to the person, and to the hosts who decide."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.mail import Letter
from members.models import Application
from members.notices.readers import hosts, write_to


def application_received(application: Application) -> None:
    user = application.member.user
    write_to(
        user,
        lambda: Letter(
            subject=_("Votre candidature est arrivée"),
            greeting=user.get_short_name(),
            paragraphs=(
                _("Merci ! Nous avons bien reçu votre demande pour « %(plan)s ».")
                % {"plan": application.plan.label},
                _(
                    "Une personne de l’équipe vous répond sous peu. En attendant, une journée "
                    "d’essai gratuite vous attend à l’espace."
                ),
            ),
            action=(_("Suivre ma candidature"), reverse("members:membership")),
        ),
    )


def application_waits(application: Application, *, again: bool = False) -> None:
    """Tell the hosts; `again` when it has waited too long."""
    name, plan = str(application.member), application.plan
    path = reverse("admin:members_application_change", args=[application.pk])
    for host in hosts():
        write_to(
            host,
            lambda: Letter(
                subject=(
                    _("Une candidature attend toujours : %(name)s")
                    if again
                    else _("Nouvelle candidature : %(name)s")
                )
                % {"name": name},
                paragraphs=(
                    _("%(name)s demande à devenir membre avec la formule « %(plan)s ».")
                    % {"name": name, "plan": plan.label},
                    _("Reçue le %(day)s.")
                    % {
                        "day": date_format(
                            timezone.localdate(application.submitted_at), "DATE_FORMAT"
                        )
                    },
                ),
                action=(_("Lire et répondre"), path),
            ),
        )


def application_approved(application: Application) -> None:
    user = application.member.user
    write_to(
        user,
        lambda: Letter(
            subject=_("Bienvenue ! Vous êtes membre"),
            greeting=user.get_short_name(),
            paragraphs=(
                _("Votre adhésion avec la formule « %(plan)s » est confirmée.")
                % {"plan": application.plan.label},
                _("Vous pouvez réserver dès maintenant, et rencontrer les autres membres."),
            ),
            action=(_("Réserver un poste"), reverse("home")),
        ),
    )


def application_refused(application: Application) -> None:
    user = application.member.user
    write_to(
        user,
        lambda: Letter(
            subject=_("Votre candidature"),
            greeting=user.get_short_name(),
            paragraphs=(
                _("Nous ne pouvons pas donner suite à votre candidature."),
                _("La raison : %(reason)s") % {"reason": application.reason},
            ),
            action=(_("Mon adhésion"), reverse("members:membership")),
        ),
    )
