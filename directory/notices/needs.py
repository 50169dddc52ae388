"""The letters to whoever posts a need, and to the hosts. Called once it is committed.

No letter acts: each link leads to a page, whose buttons do (mail scanners follow links).
"""

from collections.abc import Callable

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Need, NeedState, Organisation
from members.mail import Letter, send
from members.models import User
from members.notices.readers import hosts, write_to

MODERATE = "directory.moderate_need"


def to_author(need: Need, write: Callable[[], Letter]) -> bool:
    """Write to whoever posted a need, in the language it was posted in."""
    with translation.override(need.language):
        return send(write(), to=need.contact_email)


def confirm(need: Need) -> None:
    """Posted without a proved address: the link of this letter is the proof."""
    to_author(
        need,
        lambda: Letter(
            subject=_("Confirmez votre besoin : %(title)s") % {"title": need.title},
            greeting=need.contact_name,
            paragraphs=(
                _("Quelqu’un, vous sans doute, a posté « %(title)s » avec votre adresse.")
                % {"title": need.title},
                _(
                    "Ouvrez la page, relisez, et confirmez : c’est elle aussi qui vous dira qui a "
                    "répondu. Son lien est votre clé, gardez cette lettre."
                ),
            ),
            action=(_("Relire et confirmer"), need.author_path),
            foot=_(
                "Si ce n’est pas vous, ne faites rien : sans confirmation, rien n’est publié et "
                "tout est effacé au bout de quatorze jours."
            ),
        ),
    )


def opened(need: Need) -> None:
    """It is published, and providers are being asked."""
    to_author(
        need,
        lambda: Letter(
            subject=_("Votre besoin est ouvert : %(title)s") % {"title": need.title},
            greeting=need.contact_name,
            paragraphs=(
                _(
                    "« %(title)s » est publié, et les prestataires d’ici à qui il correspond sont "
                    "sollicités, quelques-uns à la fois."
                )
                % {"title": need.title},
                _("Les réponses arrivent jusqu’au %(day)s. Nous vous écrirons à leur sujet.")
                % {"day": date_format(need.deadline, "j F Y")},
            ),
            action=(_("Suivre mon besoin"), need.author_path),
        ),
    )


def rejected(need: Need) -> None:
    """Not published, or no more, with the reason of the host."""
    to_author(
        need,
        lambda: Letter(
            subject=_("Votre besoin n’est pas publié : %(title)s") % {"title": need.title},
            greeting=need.contact_name,
            paragraphs=(
                _("L’équipe a relu « %(title)s » et ne le publie pas.") % {"title": need.title},
                _("La raison : %(reason)s") % {"reason": need.state_reason},
            ),
            action=(_("Voir mon besoin"), need.author_path),
        ),
    )


def ask_outcome(need: Need) -> bool:
    """After the deadline: what became of it, in one click. Whether the letter left."""
    return to_author(need, lambda: _outcome_letter(need, _("Qu’est devenu votre besoin ?")))


def recall_outcome(need: Need) -> bool:
    """A week later, once. Whether the letter left."""
    return to_author(
        need, lambda: _outcome_letter(need, _("Un mot encore sur votre besoin"), again=True)
    )


def waits(need: Need) -> None:
    """To the hosts: a need is to be read."""
    path = reverse("admin:directory_need_change", args=[need.pk])
    for host in hosts(MODERATE):
        write_to(
            host,
            lambda host=host: Letter(  # type: ignore[misc]
                subject=_("Un besoin à relire : %(title)s") % {"title": need.title},
                greeting=host.get_short_name(),
                paragraphs=(
                    _("%(who)s cherche : « %(title)s ».")
                    % {"who": need.organisation, "title": need.title},
                    _("C’est son premier besoin ici : il attend que vous l’ouvriez."),
                ),
                action=(_("Relire"), path),
            ),
        )


def agent_invited(organisation: Organisation, address: str, by: User, token: str) -> None:
    """To an address: act for this organisation, once its reader has accepted on the page."""
    words = {"name": str(by), "organisation": organisation.name}
    with translation.override(by.language):
        letter = Letter(
            subject=_("%(name)s vous propose d’agir pour %(organisation)s") % words,
            paragraphs=(
                _(
                    "%(name)s poste des besoins pour %(organisation)s dans l’annuaire des "
                    "prestataires d’ici, et vous propose d’y agir aussi : voir les réponses, "
                    "retenir, en poster d’autres."
                )
                % words,
                _("Il faut un compte à cette adresse ; le lien vaut quatorze jours."),
            ),
            action=(_("Voir la proposition"), reverse("directory:agency", args=[token])),
            foot=_("Si cela ne vous dit rien, ne faites rien."),
        )
    send(letter, to=address)


def _outcome_letter(need: Need, subject: str, *, again: bool = False) -> Letter:
    answers = need.solicitations.answered().count()
    page = need.author_path
    if need.state == NeedState.AWARDED_LOCAL:
        first = _("« %(title)s » est attribué. Deux questions restent, sans obligation.")
        links: tuple[tuple[str, str], ...] = ()
    else:
        first = _("La date des réponses à « %(title)s » est passée.")
        links = (
            (_("Confié à quelqu’un d’ici"), f"{page}?suite=awarded_local#suite"),
            (_("Confié ailleurs"), f"{page}?suite=awarded_outside#suite"),
            (_("Sans suite"), f"{page}?suite=unfilled#suite"),
        )
    paragraphs = [first % {"title": need.title}]
    if answers:
        paragraphs.append(
            ngettext("%(count)d réponse est arrivée.", "%(count)d réponses sont arrivées.", answers)
            % {"count": answers}
        )
    paragraphs.append(
        _(
            "Dites-nous ce qu’il en est : un clic sur la page suffit. C’est ainsi que l’on sait ce "
            "qui reste ici, et ce qui manque."
        )
    )
    return Letter(
        subject=f"{subject} · {need.title}",
        greeting=need.contact_name,
        paragraphs=tuple(paragraphs),
        action=(_("Dire la suite donnée"), f"{page}#suite"),
        more=links,
        foot=_("Nous ne vous écrirons plus à ce sujet.")
        if again
        else _("Nous vous le rappellerons une fois, dans une semaine."),
    )
