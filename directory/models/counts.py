"""What is searched for, counted by day and without anybody's name."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.providers import Provider

WORDS_LENGTH = 80


class Found(models.Model):
    """How often a provider was among the results of these words on a day."""

    provider = models.ForeignKey(
        Provider, on_delete=models.CASCADE, related_name="found", verbose_name=_("prestataire")
    )
    day = models.DateField(_("jour"))
    words = models.CharField(_("mots"), max_length=WORDS_LENGTH, blank=True)
    times = models.PositiveIntegerField(_("fois"), default=0)

    class Meta:
        verbose_name = _("apparition dans une recherche")
        verbose_name_plural = _("apparitions dans les recherches")
        ordering = ("provider", "-day", "words")
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "day", "words"),
                name="found_once",
                violation_error_message=_("Ce compte existe déjà."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return f"{self.words} · {self.day}"


class Missed(models.Model):
    """How often a search found nobody: the skills that are missing here."""

    day = models.DateField(_("jour"))
    words = models.CharField(_("mots"), max_length=WORDS_LENGTH, blank=True)
    times = models.PositiveIntegerField(_("fois"), default=0)

    class Meta:
        verbose_name = _("recherche sans résultat")
        verbose_name_plural = _("recherches sans résultat")
        ordering = ("-day", "words")
        constraints = (
            models.UniqueConstraint(
                fields=("day", "words"),
                name="missed_once",
                violation_error_message=_("Ce compte existe déjà."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return f"{self.words} · {self.day}"
