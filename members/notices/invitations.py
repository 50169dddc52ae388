"""The letters of invitation.

The reader of the first has no account, hence no language of ours: it is written in the language of
the inviter, who knows them, and its foot says in the other language what it is.
"""

from typing import Final

from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.mail import Letter, send
from members.models import Invitation, Language, User
from members.notices.readers import write_to

# Not through the catalogue: each is read beside the other language.
IN_SHORT: Final = {
    Language.FRENCH: "En français : {name} vous invite à notre espace de coworking. La page du "
    "lien se lit aussi en français.",
    Language.ENGLISH: "In English: {name} invites you to our coworking space. The page behind the "
    "link can be read in English too.",
}


def invited(invitation: Invitation, token: str) -> None:
    """To the address: who invites, what they say, and the link that opens an account."""
    name, language = str(invitation.invited_by), invitation.invited_by.language
    other = Language.ENGLISH if language == Language.FRENCH else Language.FRENCH
    with translation.override(language):
        paragraphs = [_("%(name)s vous invite à rejoindre l’espace de coworking.") % {"name": name}]
        if invitation.message:
            paragraphs.append(f"« {invitation.message} »")
        if invitation.plan is not None:
            paragraphs.append(
                _("La formule proposée : %(plan)s.") % {"plan": invitation.plan.label}
            )
        paragraphs.append(
            _(
                "Le lien ouvre votre compte, avec un mot de passe que vous choisirez. Il est "
                "personnel, et vaut jusqu’au %(day)s."
            )
            % {"day": date_format(invitation.expires_at, "j F Y")}
        )
        letter = Letter(
            subject=_("%(name)s vous invite à l’espace de coworking") % {"name": name},
            greeting=invitation.name,
            paragraphs=tuple(paragraphs),
            action=(_("Voir l’invitation"), reverse("members:invitation", args=[token])),
            foot=_(
                "%(name)s nous a donné votre adresse pour cette seule lettre, et saura si vous "
                "acceptez. Si cela ne vous dit rien, ne faites rien : l’invitation s’éteint "
                "d’elle-même."
            )
            % {"name": name}
            + f" — {IN_SHORT[other].format(name=name)}",
        )
    send(letter, to=invitation.email)


def thought_of(invitation: Invitation, user: User) -> None:
    """To somebody who has an account: a member invited this address without knowing."""
    name = str(invitation.invited_by)
    write_to(
        user,
        lambda: Letter(
            subject=_("%(name)s a pensé à vous") % {"name": name},
            greeting=user.get_short_name(),
            paragraphs=(
                _("%(name)s voulait vous faire découvrir l’espace de coworking.") % {"name": name},
                _(
                    "Vous y avez déjà un compte : il n’y a rien à faire. Nous n’avons pas dit à "
                    "%(name)s que vous en avez un."
                )
                % {"name": name},
            ),
            action=(_("Mon adhésion"), reverse("members:membership")),
        ),
    )
