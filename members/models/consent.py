"""What a person agreed to, to which wording and when: one row for each consent and its end."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.constraints import Frozen


class Use(models.TextChoices):
    """What we ask for. The first two are conditions of joining, the others are free."""

    RULES = "rules", _("règlement intérieur")
    TERMS = "terms", _("conditions générales")
    DIRECTORY = "directory", _("être vu des autres membres")
    PRESENCE = "presence", _("apparaître dans « qui est là »")
    NEWS = "news", _("recevoir les annonces par e-mail")
    COMMUTE = "commute", _("compter mon trajet dans le bilan de l’espace")


# Uses whose wording is a text of the operator; that of the others stands beside its checkbox and
# its version is `WORDING`.
TEXTS = (Use.RULES, Use.TERMS)
WORDING = "2026-12"


class LegalText(models.Model):
    """A version of the house rules or of the terms, accepted by who joins while it is the last."""

    use = models.CharField(_("texte"), max_length=10, choices=[(u.value, u.label) for u in TEXTS])
    version = models.CharField(
        _("version"), max_length=20, help_text=_("Par exemple 2026-01. Elle figure sur l’accord.")
    )
    body = models.TextField(_("texte en français"), max_length=50_000)
    body_en = models.TextField(_("texte en anglais"), max_length=50_000, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("règlement ou conditions")
        verbose_name_plural = _("règlement et conditions")
        ordering = ("use", "-published_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("use", "version"),
                name="legal_text_version",
                violation_error_message=_("Cette version existe déjà."),
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=models.Q(use__in=[use.value for use in TEXTS]),
                name="legal_text_use",
                violation_error_message=_("Texte inconnu."),
                violation_error_code="unknown_use",
            ),
            Frozen(
                name="legal_text_frozen",
                flag="published_at",
                violation_error_message=_(
                    "Un texte publié ne change plus : publiez une nouvelle version."
                ),
                violation_error_code="published",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_use_display()} {self.version}"

    @property
    def text(self) -> str:
        """The wording, in the language of the reader; the French one is the original."""
        is_english = bool(self.body_en) and (get_language() or "").startswith("en")
        return self.body_en if is_english else self.body


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> Self:
        """Given and not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """Given at an instant to a use, in a version of its wording; withdrawn at another, or not."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="consents",
        verbose_name=_("personne"),
    )
    use = models.CharField(_("usage"), max_length=10, choices=Use)
    version = models.CharField(_("version"), max_length=20)
    given_at = models.DateTimeField(_("donné le"))
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("accord")
        verbose_name_plural = _("accords")
        ordering = ("user", "use", "given_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "use"),
                condition=models.Q(withdrawn_at=None),
                name="consent_standing",
                violation_error_message=_("Cet accord est déjà donné."),
                violation_error_code="given",
            ),
            models.CheckConstraint(
                condition=models.Q(use__in=Use.values),
                name="consent_use",
                violation_error_message=_("Usage inconnu."),
                violation_error_code="unknown_use",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None)
                | models.Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_order",
                violation_error_message=_("Un accord ne se retire pas avant d’être donné."),
                violation_error_code="withdrawn_before_given",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_use_display()} {self.version}"
