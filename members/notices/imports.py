"""The letter to a member who was imported: the account is there, its password is to choose."""

from django.urls import reverse
from django.utils.translation import gettext as _

from members.mail import Letter
from members.models import Member
from members.notices.readers import write_to


def imported(member: Member) -> None:
    """No code and no link that logs in: the page asks for the address and sends a code then."""
    user = member.user
    write_to(
        user,
        lambda: Letter(
            subject=_("Votre compte à l’espace de coworking"),
            greeting=user.get_short_name(),
            paragraphs=(
                _("Votre compte est prêt, avec cette adresse : %(email)s.") % {"email": user.email},
                _(
                    "Il lui manque un mot de passe. Choisissez-le par « Mot de passe oublié » : "
                    "vous recevez un code, et c’est fait."
                ),
            ),
            action=(_("Choisir mon mot de passe"), reverse("account_reset_password")),
        ),
    )
