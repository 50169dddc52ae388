"""The letters about the safety of an account that allauth does not write."""

from django.urls import reverse
from django.utils.translation import gettext as _

from members.mail import Letter
from members.models import User
from members.notices.readers import write_to


def second_factor_removed(user: User) -> None:
    write_to(
        user,
        lambda: Letter(
            subject=_("Votre second facteur est retiré"),
            greeting=user.get_short_name(),
            paragraphs=(
                _(
                    "Vous nous avez dit avoir perdu votre second facteur. Nous l’avons retiré : "
                    "votre mot de passe ouvre de nouveau votre compte, et tous vos appareils sont "
                    "déconnectés."
                ),
                _(
                    "Ce n’était pas vous ? Appelez-nous, et choisissez tout de suite un nouveau "
                    "mot de passe."
                ),
            ),
            action=(_("Ajouter un second facteur"), reverse("mfa_index")),
        ),
    )
