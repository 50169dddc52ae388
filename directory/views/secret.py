"""What stands behind the secret address of a letter: nobody else learns of it."""

from io import BytesIO

from django.http import FileResponse
from django.http.response import HttpResponseBase

from directory.models import Attachment


def keep_secret(response: HttpResponseBase) -> HttpResponseBase:
    """Kept from search engines; the browser tells the address to no other site.

    Not `no-referrer`: browsers then send « Origin: null » with the buttons of the page, which the
    protection against forged requests refuses.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def download(attachment: Attachment) -> FileResponse:
    """Always saved, never shown by the browser: nothing in it runs in our name."""
    answer = FileResponse(
        BytesIO(bytes(attachment.content)),
        as_attachment=True,
        filename=attachment.file_name,
        content_type=attachment.media_type,
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
