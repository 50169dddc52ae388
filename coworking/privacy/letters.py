"""The last letter to a person who is erased."""

from django.utils.translation import gettext as _

from members.mail import Letter, send


def farewell(*, to: str, name: str) -> bool:
    """Say that it is done, in the language that is active. Nothing of it is kept."""
    return send(
        Letter(
            subject=_("Votre compte est effacé"),
            greeting=name,
            paragraphs=(
                _(
                    "Votre compte et les données qui vous concernaient sont effacés. Vous ne "
                    "pouvez plus vous connecter."
                ),
                _(
                    "Vos venues passées restent comptées, sans votre nom. Les sauvegardes qui "
                    "vous connaissent encore disparaissent sous trente jours."
                ),
                _("C’est le dernier message que nous vous envoyons. Bonne route !"),
            ),
        ),
        to=to,
    )
