"""Letters between members, and from the house to all of them."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.translation import gettext as _

from members.mail import Letter
from members.models import Delivery, User
from members.notices.readers import write_to

_SIGNER = Signer(salt="members.announcements.stop", sep=".")


def announcement_to(delivery: Delivery) -> bool:
    """An announcement to one reader, in the reader's language; whether the server took it.

    A letter to chosen members leads to no page and cannot be stopped: it is to them.
    """
    announcement, user = delivery.announcement, delivery.member.user
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<announcement-{delivery.pk}@{host}>"}
    if announcement.is_letter:
        return write_to(
            user,
            lambda: Letter(
                subject=announcement.heading,
                greeting=user.get_short_name(),
                paragraphs=(announcement.text.replace("\r\n", "\n"),),
                headers=headers,
            ),
        )
    return write_to(
        user,
        lambda: Letter(
            subject=announcement.heading,
            greeting=user.get_short_name(),
            paragraphs=(announcement.text.replace("\r\n", "\n"),),
            action=(_("Toutes les annonces"), reverse("members:announcements")),
            foot=_("Vous recevez les annonces par e-mail parce que vous l’avez accepté."),
            stop=stop_path(user),
            headers=headers,
        ),
    )


def message_from_member(*, sender: User, to: User, text: str) -> bool:
    """What a member wrote to another; an answer goes to the sender. Whether the server took it."""
    return write_to(
        to,
        lambda: Letter(
            subject=_("%(name)s vous écrit") % {"name": sender.name},
            greeting=to.get_short_name(),
            paragraphs=(
                _("%(name)s, membre de l’espace, vous écrit par le site :") % {"name": sender.name},
                text.replace("\r\n", "\n"),
                _("Répondez à cet e-mail : votre réponse ira directement à %(name)s.")
                % {"name": sender.name},
            ),
            action=(_("Choisir qui me voit"), reverse("members:account")),
            foot=_(
                "Vous recevez ce message parce que votre profil est visible des autres membres. "
                "Votre adresse n’a pas été donnée."
            ),
            headers={"Reply-To": sender.email},
        ),
    )


def stop_path(user: User) -> str:
    """The address that ends announcements for this reader. Signed, and names nobody."""
    return reverse("members:stop_news", args=[_SIGNER.sign(str(user.pk))])


def reader_of(signed: str) -> int | None:
    """The key of the reader whose address this is; None for one that we never wrote."""
    try:
        return int(_SIGNER.unsign(signed))
    except (BadSignature, ValueError):
        return None
