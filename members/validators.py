"""What a line of text typed by a person may hold."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Characters that reverse the reading order: they let one name look like another.
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Controls (NUL breaks PostgreSQL, line ends break mail headers), surrogates, line separators.
_REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
LONGEST_TEXT = 5000  # characters


def validate_one_line(value: str) -> None:
    """Refuse a value that cannot be shown on one line or written in a mail header.

    Raises ValidationError `unprintable`.
    """
    for character in value:
        if character in _DIRECTION or unicodedata.category(character) in _REFUSED_CATEGORIES:
            raise ValidationError(
                _("Ce texte contient un caractère invisible ou un retour à la ligne."),
                code="unprintable",
            )


def validate_text(value: str) -> None:
    """Refuse in a text of several lines what no line may hold; line ends and tabs are fine.

    A text column checks its own length in forms only: here is the bound that holds for whoever
    writes, that of the longest of them. Raises ValidationError `unprintable`, `max_length`.
    """
    if len(value) > LONGEST_TEXT:
        raise ValidationError(
            _("Ce texte dépasse %(limit)s signes."),
            code="max_length",
            params={"limit": LONGEST_TEXT},
        )
    for line in value.replace("\r\n", "\n").split("\n"):
        validate_one_line(line.replace("\t", " "))
