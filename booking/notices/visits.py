"""The letters about presence: a desk that was freed, a visit that nobody ended, a place at last."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from booking import rules
from booking.models import Booking, Visit, Wait
from booking.places import in_words
from members.mail import Letter
from members.notices.readers import write_to


def freed(booking: Booking) -> None:
    """Nobody came: the desk is somebody else's to take."""
    user, space = booking.member.user, booking.resource.space
    write_to(
        user,
        lambda: Letter(
            subject=_("Votre place a été rendue"),
            greeting=user.get_short_name(),
            paragraphs=(
                _("Vous aviez réservé : %(stay)s.") % {"stay": in_words(booking)},
                _(
                    "Personne ne s’y étant installé %(delay)s après le début, la place a été "
                    "rendue, comme il est dit quand on réserve. Vous venez quand même ? Une place "
                    "vous attend s’il en reste."
                )
                % {"delay": rules.duration(space.no_show_delay)},
            ),
            action=(_("Réserver"), reverse("booking:book", args=[space.slug])),
        ),
    )


def left_open(visit: Visit) -> None:
    """A visit was closed by rule: its member says when it really ended."""
    user, zone = visit.member.user, visit.space.zone
    arrived, left = visit.arrived_at.astimezone(zone), visit.end_at(visit.arrived_at)
    write_to(
        user,
        lambda: Letter(
            subject=_("Quand êtes-vous parti ?"),
            greeting=user.get_short_name(),
            paragraphs=(
                _(
                    "Vous êtes arrivé à « %(space)s » le %(day)s à %(hour)s, et votre départ n’a "
                    "pas été noté. Nous l’avons mis à la fermeture, %(left)s."
                )
                % {
                    "space": visit.space.name,
                    "day": date_format(arrived, "l j F"),
                    "hour": f"{arrived:%H:%M}",
                    "left": f"{left.astimezone(zone):%H:%M}",
                },
                _("Cette visite ne compte pas tant que vous n’avez pas dit si c’est juste."),
            ),
            action=(_("Confirmer ou corriger"), reverse("booking:presence")),
        ),
    )


def offered(wait: Wait) -> None:
    """A place got free for somebody who waits: it is kept for a while."""
    user, zone = wait.member.user, wait.space.zone
    if wait.offer is None or wait.offer_until is None:
        return
    until, stay = wait.offer_until.astimezone(zone), wait.offer
    write_to(
        user,
        lambda: Letter(
            subject=_("Une place se libère : %(stay)s") % {"stay": in_words(stay)},
            greeting=user.get_short_name(),
            paragraphs=(
                _("Vous attendiez une place : %(stay)s.") % {"stay": in_words(stay)},
                _(
                    "Elle est gardée pour vous jusqu’au %(day)s à %(hour)s, puis proposée à la "
                    "personne suivante."
                )
                % {"day": date_format(until, "l j F"), "hour": f"{until:%H:%M}"},
            ),
            action=(_("Prendre la place"), reverse("booking:waits")),
        ),
    )
