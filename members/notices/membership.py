"""The letters about a membership under way: pause, return, departure, another plan."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.mail import Letter
from members.models import Member, Pause, Subscription
from members.notices.readers import write_to


def paused(rest: Pause) -> None:
    user = rest.member.user
    write_to(
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
    write_to(
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
    write_to(
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
    write_to(
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
