"""The letters between a need and the providers who were asked. Called once it is committed.

No letter acts: its link leads to a page, whose buttons do (mail scanners follow links).
"""

from collections.abc import Callable

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.matching import why
from directory.models import Need, Origin, Solicitation
from directory.notices.needs import to_author
from members.mail import Letter
from members.models import User
from members.notices.readers import write_to

REASONS_SHOWN = 3


def asked(solicitation: Solicitation) -> None:
    """To those who speak for the provider: what is looked for, why them, the link."""
    need = solicitation.need

    def letter(user: User) -> Letter:
        return Letter(
            subject=_("Une demande pour vous : %(title)s") % {"title": need.title},
            greeting=user.get_short_name(),
            paragraphs=(_who_looks(need), *_why(solicitation), _until(need)),
            action=(_("Voir la demande"), solicitation.get_absolute_url()),
            foot=_foot(solicitation),
        )

    _to_owners(solicitation, letter)


def reminded(solicitation: Solicitation) -> None:
    """Once, while there is time: a word, even a no, helps whoever waits."""
    need = solicitation.need
    _to_owners(
        solicitation,
        lambda user: Letter(
            subject=_("Une demande attend votre mot : %(title)s") % {"title": need.title},
            greeting=user.get_short_name(),
            paragraphs=(
                _who_looks(need),
                _("Un « non » en un clic aide aussi : quelqu’un d’autre est alors sollicité."),
                _until(need),
            ),
            action=(_("Voir la demande"), solicitation.get_absolute_url()),
            foot=_foot(solicitation),
        ),
    )


def answers_there(need: Need, answers: int, new: int) -> None:
    """To the author: how many answered, and where to compare them."""
    words = {"count": new, "title": need.title}
    to_author(
        need,
        lambda: Letter(
            subject=ngettext(
                "Une réponse à votre besoin : %(title)s",
                "%(count)d réponses à votre besoin : %(title)s",
                new,
            )
            % words,
            greeting=need.contact_name,
            paragraphs=(
                ngettext(
                    "Un prestataire a répondu à « %(title)s ».",
                    "%(count)d prestataires ont répondu à « %(title)s ».",
                    new,
                )
                % words,
                ngettext(
                    "Vous avez une réponse en tout.",
                    "Vous avez %(count)d réponses en tout.",
                    answers,
                )
                % {"count": answers},
            ),
            action=(_("Lire et comparer"), need.author_path),
        ),
    )


def chosen(solicitation: Solicitation) -> None:
    """To the provider who is chosen: how to reach the author."""
    need = solicitation.need
    _to_owners(
        solicitation,
        lambda user: Letter(
            subject=_("Vous êtes retenu : %(title)s") % {"title": need.title},
            greeting=user.get_short_name(),
            paragraphs=(
                _("%(organisation)s a retenu %(provider)s pour « %(title)s ».")
                % {
                    "organisation": need.organisation,
                    "provider": solicitation.provider,
                    "title": need.title,
                },
                _("Votre contact : %(contact)s")
                % {"contact": _contact(need.contact_name, need.contact_email, need.contact_phone)},
            ),
            action=(_("Revoir la demande"), solicitation.get_absolute_url()),
        ),
    )


def chosen_by_you(solicitation: Solicitation) -> None:
    """To the author: how to reach the provider."""
    need, provider = solicitation.need, solicitation.provider
    owner = _owners(solicitation)[:1]
    email = provider.email or (owner[0].email if owner else "")
    to_author(
        need,
        lambda: Letter(
            subject=_("Vous avez retenu %(provider)s") % {"provider": provider},
            greeting=need.contact_name,
            paragraphs=(
                _("Pour « %(title)s », votre contact : %(contact)s")
                % {"title": need.title, "contact": _contact(provider.name, email, provider.phone)},
                _("Nous lui avons transmis vos coordonnées."),
            ),
            action=(_("Suivre mon besoin"), need.author_path),
        ),
    )


def not_chosen(solicitation: Solicitation) -> None:
    """To a provider who answered: somebody else was chosen, and the answer was not for nothing."""
    need = solicitation.need
    _to_owners(
        solicitation,
        lambda user: Letter(
            subject=_("Une autre réponse a été retenue : %(title)s") % {"title": need.title},
            greeting=user.get_short_name(),
            paragraphs=(
                _("Merci d’avoir répondu à « %(title)s ». Cette fois, une autre réponse l’emporte.")
                % {"title": need.title},
                _(
                    "La commande reste sur le territoire, et vous avez répondu : les prochaines "
                    "demandes en tiennent compte."
                ),
            ),
            action=(_("Mes demandes"), reverse("directory:requests")),
        ),
    )


def _owners(solicitation: Solicitation) -> list[User]:
    people = User.objects.filter(ownerships__provider=solicitation.provider_id, is_active=True)
    return list(people.order_by("ownerships__since", "pk"))


def _to_owners(solicitation: Solicitation, write: Callable[[User], Letter]) -> None:
    for owner in _owners(solicitation):
        write_to(owner, lambda owner=owner: write(owner))  # type: ignore[misc]


def _who_looks(need: Need) -> str:
    words = {"title": need.title, "commune": need.commune, "who": need.organisation}
    if need.is_anonymous:
        return _("Quelqu’un à %(commune)s cherche : « %(title)s ».") % words
    return _("%(who)s, à %(commune)s, cherche : « %(title)s ».") % words


def _why(solicitation: Solicitation) -> tuple[str, ...]:
    found = why(solicitation.breakdown)[:REASONS_SHOWN]
    if solicitation.origin == Origin.HOST:
        return (_("L’équipe de l’espace a pensé à vous."),)
    return (_("Pourquoi vous : %(reasons)s.") % {"reasons": ", ".join(found)},) if found else ()


def _until(need: Need) -> str:
    return _("Les réponses sont attendues jusqu’au %(day)s.") % {
        "day": date_format(need.deadline, "j F Y")
    }


def _foot(solicitation: Solicitation) -> str:
    return _(
        "Vous recevez cette lettre parce que vous gérez la fiche « %(provider)s » de l’annuaire. "
        "Le lien vaut pour qui le détient : ne le transmettez qu’à qui répond en votre nom."
    ) % {"provider": solicitation.provider}


def _contact(name: str, email: str, phone: str) -> str:
    return ", ".join(part for part in (name, email, phone) if part)
