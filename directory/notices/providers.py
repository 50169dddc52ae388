"""The letters about a profile: to its owners, to the hosts, to who writes or claims.

A link never does anything by itself: it leads to a page that has a button.
"""

from collections.abc import Callable

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from directory.models import Claim, ClaimDecision, Message, Ownership, Provider, Report
from members.mail import Letter, send
from members.models import Language, User
from members.notices.readers import hosts, write_to

MODERATE = "directory.moderate_provider"


def readers_of(provider: Provider) -> list[tuple[str, str]]:
    """Address and language of each who reads the messages to a provider: its owners, else the
    contact that the team noted. Two queries at most."""
    owners = _owners(provider)
    if owners:
        return [(owner.email, owner.language) for owner in owners]
    address = provider.email or provider.legal_contact
    return [(address, Language.FRENCH)] if address else []


def profile_waits(provider: Provider) -> None:
    """To the hosts: a profile to read before it is published."""
    _to_hosts(
        lambda: Letter(
            subject=_("Une fiche attend d’être lue : %(name)s") % {"name": provider},
            paragraphs=(
                _("%(name)s demande à paraître dans l’annuaire.") % {"name": provider},
                provider.headline,
            ),
            action=(_("Lire et répondre"), _admin_path(provider)),
        )
    )


def profile_published(provider: Provider) -> None:
    _to_owners(
        provider,
        lambda: Letter(
            subject=_("Votre fiche est en ligne"),
            paragraphs=(
                _("La fiche « %(name)s » est publiée dans l’annuaire.") % {"name": provider},
                _("On vous y trouve par vos métiers, vos compétences et votre commune."),
            ),
            action=(_("Voir ma fiche"), provider.get_absolute_url()),
        ),
    )


def profile_sent_back(provider: Provider) -> None:
    _to_owners(
        provider,
        lambda: Letter(
            subject=_("Votre fiche est à compléter"),
            paragraphs=(
                _("Nous avons lu la fiche « %(name)s ». Avant de la publier, un mot :")
                % {"name": provider},
                f"« {provider.state_reason} »",
            ),
            action=(_("Modifier ma fiche"), _edit_path(provider)),
        ),
    )


def profile_suspended(provider: Provider) -> None:
    _to_owners(
        provider,
        lambda: Letter(
            subject=_("Votre fiche n’est plus visible"),
            paragraphs=(
                _("Nous avons suspendu la fiche « %(name)s ».") % {"name": provider},
                _("La raison : %(reason)s") % {"reason": provider.state_reason},
                _("Répondez à cet e-mail si vous voulez en parler."),
            ),
            action=(_("Ma fiche"), _edit_path(provider)),
        ),
    )


def confirmation_asked(ownership: Ownership, token: str, *, again: bool) -> None:
    """Twice a year, and once more a month later."""
    name, user = ownership.provider.name, ownership.user
    write_to(
        user,
        lambda: Letter(
            subject=(
                _("Rappel : votre fiche est-elle toujours juste ?")
                if again
                else _("Votre fiche est-elle toujours juste ?")
            ),
            greeting=user.get_short_name(),
            paragraphs=(
                _("Depuis six mois, personne n’a dit si la fiche « %(name)s » est juste.")
                % {"name": name},
                _("Si tout est encore juste, un bouton suffit ; sinon, corrigez-la."),
                *(
                    (_("Sans réponse, la fiche quittera l’annuaire dans trois mois."),)
                    if again
                    else ()
                ),
            ),
            action=(_("Relire ma fiche"), reverse("directory:confirm", args=[token])),
            foot=_("Nous le demandons deux fois par an, pour que l’annuaire reste vrai."),
        ),
    )


def taken_offline(provider: Provider) -> None:
    _to_owners(
        provider,
        lambda: Letter(
            subject=_("Votre fiche a quitté l’annuaire"),
            paragraphs=(
                _("Personne n’a confirmé la fiche « %(name)s » : elle n’est plus visible.")
                % {"name": provider},
                _("Rien n’est perdu. Relisez-la et remettez-la en ligne en un clic."),
            ),
            action=(_("Ma fiche"), _edit_path(provider)),
        ),
    )


def message_to_prove(message: Message, token: str) -> None:
    """To an address that somebody typed. Nothing of what was typed is in it: it is no way to
    write to strangers in our name."""
    letter = Letter(
        subject=_("Confirmez votre message"),
        paragraphs=(
            _("Quelqu’un a écrit à « %(name)s » dans notre annuaire, avec votre adresse.")
            % {"name": message.provider},
            _("Si c’est vous, ouvrez la page et envoyez le message. Le lien vaut trois jours."),
        ),
        action=(_("Relire et envoyer"), reverse("directory:send_message", args=[token])),
        foot=_("Si ce n’est pas vous, ne faites rien : rien ne partira."),
    )
    send(letter, to=message.sender_email)


def message_relayed(message: Message) -> bool:
    """To each owner: the words, and the sender's address to answer. Whether one of them left."""
    taken = []
    for address, language in readers_of(message.provider):
        with translation.override(language):
            taken.append(send(_message(message), to=address))
    return any(taken)


def _message(message: Message) -> Letter:
    name = message.sender_name
    return Letter(
        subject=_("%(name)s vous écrit depuis l’annuaire") % {"name": name},
        paragraphs=(
            _("%(name)s a lu la fiche « %(profile)s » et vous écrit :")
            % {"name": name, "profile": message.provider},
            message.text.replace("\r\n", "\n"),
            _("Répondez à cet e-mail : votre réponse ira à %(name)s, %(email)s.")
            % {"name": name, "email": message.sender_email},
        ),
        action=(_("Votre fiche"), message.provider.get_absolute_url()),
        foot=_("Votre adresse n’a pas été donnée : vous la donnez en répondant."),
        headers={"Reply-To": message.sender_email},
    )


def claim_to_prove(claim: Claim, token: str) -> None:
    """To the legal contact of a profile: is this person yours?"""
    with translation.override(Language.FRENCH):
        letter = Letter(
            subject=_("Quelqu’un demande à gérer votre fiche"),
            paragraphs=(
                _("%(person)s demande à gérer la fiche « %(name)s » de notre annuaire.")
                % {"person": claim.user, "name": claim.provider},
                _("Dites-nous si cette personne parle en votre nom. Le lien vaut deux semaines."),
            ),
            action=(_("Répondre"), reverse("directory:claim_answer", args=[token])),
            foot=_("Vous recevez cette lettre parce que votre adresse est celle du contact légal."),
        )
        send(letter, to=claim.provider.legal_contact)


def claim_waits(claim: Claim) -> None:
    path = reverse("admin:directory_claim_change", args=[claim.pk])
    _to_hosts(
        lambda: Letter(
            subject=_("Une fiche est revendiquée : %(name)s") % {"name": claim.provider},
            paragraphs=(
                _("%(person)s demande à gérer la fiche « %(name)s ».")
                % {"person": claim.user, "name": claim.provider},
            ),
            action=(_("Lire et répondre"), path),
        )
    )


def claim_decided(claim: Claim) -> None:
    user, name, yes = claim.user, claim.provider, claim.decision == ClaimDecision.ACCEPTED
    write_to(
        user,
        lambda: Letter(
            subject=_("La fiche est à vous") if yes else _("Votre demande de fiche"),
            greeting=user.get_short_name(),
            paragraphs=(
                (
                    _("Vous gérez désormais la fiche « %(name)s ».")
                    if yes
                    else _("Nous n’avons pas pu vous confier la fiche « %(name)s ».")
                )
                % {"name": name},
            ),
            action=(_("Mes fiches"), reverse("directory:mine")),
        ),
    )


def report_waits(report: Report) -> None:
    path = reverse("admin:directory_report_change", args=[report.pk])
    _to_hosts(
        lambda: Letter(
            subject=_("Signalement : %(name)s") % {"name": report.provider or report.need},
            paragraphs=(
                _("Raison donnée : %(reason)s.") % {"reason": report.get_reason_display()},
            ),
            action=(_("Lire et répondre"), path),
        )
    )


def _owners(provider: Provider) -> list[User]:
    found = User.objects.filter(ownerships__provider=provider, is_active=True)
    return list(found.order_by("ownerships__since", "pk"))


def _to_owners(provider: Provider, letter: Callable[[], Letter]) -> None:
    for owner in _owners(provider):
        write_to(owner, letter)


def _to_hosts(letter: Callable[[], Letter]) -> None:
    for host in hosts(MODERATE):
        write_to(host, letter)


def _edit_path(provider: Provider) -> str:
    return reverse("directory:edit", args=[provider.pk])


def _admin_path(provider: Provider) -> str:
    return reverse("admin:directory_provider_change", args=[provider.pk])
