"""Who a firm is to the law: its number, and what is known of it."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.identifiers import Register, compact, spaced


class LegalState(models.TextChoices):
    """What is known of a legal number. Only a person who looked it up says `VERIFIED` or worse."""

    UNCHECKED = "unchecked", _("non vérifié")
    FORMAT_OK = "format_ok", _("format correct")
    VERIFIED = "verified", _("vérifié au registre")
    CLOSED = "closed", _("établissement fermé")
    NOT_FOUND = "not_found", _("introuvable au registre")


def legal_number_rules(table: str) -> tuple[models.BaseConstraint, ...]:
    """The constraints of a table that inherits from `LegalPerson`."""
    return (
        models.CheckConstraint(
            condition=models.Q(legal_state__in=LegalState.values),
            name=f"{table}_legal_state",
            violation_error_message=_("État inconnu."),
            violation_error_code="unknown_state",
        ),
        models.CheckConstraint(
            condition=models.Q(legal_number="", legal_state=LegalState.UNCHECKED)
            | ~models.Q(legal_number=""),
            name=f"{table}_legal_number",
            violation_error_message=_("On ne vérifie qu’un numéro donné."),
            violation_error_code="no_legal_number",
        ),
    )


class LegalPerson(models.Model):
    """The columns of a firm, an association or a public body. `clean` puts the number in form."""

    legal_number = models.CharField(
        _("SIREN, SIRET ou IDE"),
        max_length=20,
        blank=True,
        help_text=_("9 ou 14 chiffres en France, CHE-… en Suisse."),
    )
    legal_state = models.CharField(
        _("état du numéro"),
        max_length=10,
        choices=LegalState,
        default=LegalState.UNCHECKED,
        editable=False,
    )
    legal_checked_on = models.DateField(_("vérifié le"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if not self.legal_number:
            return
        try:
            _register, self.legal_number = compact(self.legal_number)
        except ValueError as error:
            raise ValidationError(
                {
                    "legal_number": ValidationError(
                        _("Ce numéro n’est pas un SIREN, un SIRET ou un IDE : vérifiez-le."),
                        code="bad_legal_number",
                    )
                }
            ) from error

    @property
    def legal_number_shown(self) -> str:
        """The number in groups, as one reads it."""
        if not self.legal_number:
            return ""
        register, plain = compact(self.legal_number)
        return spaced(Register(register), plain)

    def number_changed(self, on: date) -> dict[str, Any]:
        """The columns that follow a number that was just given or taken away."""
        state = LegalState.FORMAT_OK if self.legal_number else LegalState.UNCHECKED
        return {"legal_state": state, "legal_checked_on": on if self.legal_number else None}
