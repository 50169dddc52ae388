"""The letters that follow a step of membership. Called once it is committed.

Each is in the language of its reader. Paths of pages are named here by `reverse`: a letter leads to
the page where one can act.
"""

from collections.abc import Callable

from django.contrib.auth.models import Group
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.mail import Letter, send
from members.models import Application, Member, Pause, Role, Subscription, User
from members.roles import RIGHTS


def hosts(right: str = "members.decide_application") -> list[User]:
    """The people of the team who hold a right through a role, and read our letters about it."""
    roles = [role.value for role in Role if right in RIGHTS[role]]
    groups = Group.objects.filter(name__in=roles)
    found = User.objects.filter(Q(groups__in=groups) | Q(is_superuser=True), is_active=True)
    return list(found.distinct().order_by("pk"))


def _to(user: User, write: Callable[[], Letter]) -> bool:
    """Write in the language of the reader, and send."""
    with translation.override(user.language):
        return send(write(), to=user.email)


def application_received(application: Application) -> None:
    user = application.member.user
    _to(
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
    path = reverse("admin:index")
    for host in hosts():
        _to(
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
                    % {"day": date_format(application.submitted_at, "DATE_FORMAT")},
                ),
                action=(_("Lire et répondre"), path),
            ),
        )


def application_approved(application: Application) -> None:
    user = application.member.user
    _to(
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
    _to(
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


def paused(rest: Pause) -> None:
    user = rest.member.user
    _to(
        user,
        lambda: Letter(
            subject=_("Votre pause est notée"),
            greeting=user.get_short_name(),
            paragraphs=(
                (
                    _("Votre adhésion est en pause à partir du %(start)s, jusqu’au %(end)s exclu.")
                    if rest.end
                    else _("Votre adhésion est en pause à partir du %(start)s.")
                )
                % {
                    "start": date_format(rest.start, "DATE_FORMAT"),
                    "end": date_format(rest.end, "DATE_FORMAT") if rest.end else "",
                },
                _(
                    "Vos réservations à venir restent notées : annulez celles dont vous n’avez "
                    "plus besoin, pour que d’autres en profitent."
                ),
            ),
            action=(_("Mon adhésion"), reverse("members:membership")),
        ),
    )


def resumed(member: Member) -> None:
    user = member.user
    _to(
        user,
        lambda: Letter(
            subject=_("Heureux de vous revoir"),
            greeting=user.get_short_name(),
            paragraphs=(_("Votre pause est terminée : vous pouvez de nouveau réserver."),),
            action=(_("Réserver un poste"), reverse("home")),
        ),
    )


def leaving(member: Member) -> None:
    user, day = member.user, member.leaves_on
    if day is None:
        return
    _to(
        user,
        lambda: Letter(
            subject=_("Votre départ est noté"),
            greeting=user.get_short_name(),
            paragraphs=(
                _("Votre adhésion prend fin le %(day)s.")
                % {"day": date_format(day, "DATE_FORMAT")},
                _(
                    "Vous pouvez changer d’avis d’ici là, demander une copie de vos données, ou "
                    "les faire effacer."
                ),
            ),
            action=(_("Mon adhésion"), reverse("members:membership")),
        ),
    )


def plan_changed(subscription: Subscription) -> None:
    user = subscription.member.user
    _to(
        user,
        lambda: Letter(
            subject=_("Votre formule change"),
            greeting=user.get_short_name(),
            paragraphs=(
                _("À partir du %(day)s, votre formule est « %(plan)s ».")
                % {
                    "day": date_format(subscription.start, "DATE_FORMAT"),
                    "plan": subscription.plan.label,
                },
            ),
            action=(_("Mon adhésion"), reverse("members:membership")),
        ),
    )
