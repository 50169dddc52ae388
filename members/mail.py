"""One e-mail of the house: text and HTML, in the language of its reader, after the commit.

A mail server that is away is logged: what the letter tells has happened all the same.
"""

import logging
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

TEXT, HTML = "members/email/letter.txt", "members/email/letter.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says, in the language that is active when it is made.

    Args:
        greeting: the name after « Bonjour »; empty: none.
        paragraphs: plain text; the HTML escapes it.
        action: label and path of the one link that matters.
        more: labels and paths of further links, under it.
        foot: why the reader gets this, or how to get no more.
        stop: path that ends such letters, also for the button of mail programs (RFC 8058).
    """

    subject: str
    paragraphs: tuple[str, ...]
    greeting: str = ""
    action: tuple[str, str] | None = None
    more: tuple[tuple[str, str], ...] = ()
    foot: str = ""
    stop: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def send(letter: Letter, *, to: str) -> bool:
    """Send it now; whether the server took it."""
    subject = " ".join(letter.subject.splitlines())  # whatever a person is called
    context = {"letter": letter, "subject": subject, "site_url": settings.SITE_URL}
    # RFC 3834: no holiday reply to this.
    headers = {"Auto-Submitted": "auto-generated", **letter.headers}
    if letter.stop:
        headers["List-Unsubscribe"] = f"<{settings.SITE_URL}{letter.stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=subject, body=render_to_string(TEXT, context), to=[to], headers=headers
    )
    message.attach_alternative(render_to_string(HTML, context), "text/html")
    try:
        message.send()
    except OSError:  # the mail server is away or refuses (SMTPException is one)
        logger.exception("a letter could not be sent")
        return False
    return True
