"""The search's index: what is said of published providers, upside down. Made by the services of
`directory.services.index` from the other tables, and made again at any time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.bands import Mode, SpokenLanguage
from directory.models.places import Commune
from directory.models.providers import Provider

TERM_LENGTH = 40
PHRASE_LENGTH = 200
DEGREE = 100_000  # in a degree of latitude or longitude: about one metre
# Never renumbered: a new language takes the next power of two.
LANGUAGE_BIT = {
    SpokenLanguage.FRENCH: 1,
    SpokenLanguage.ENGLISH: 2,
    SpokenLanguage.GERMAN: 4,
    SpokenLanguage.ITALIAN: 8,
    SpokenLanguage.SPANISH: 16,
    SpokenLanguage.PORTUGUESE: 32,
    SpokenLanguage.TURKISH: 64,
    SpokenLanguage.ARABIC: 128,
    SpokenLanguage.SIGNS: 256,
}


def facet(kind: str, key: int) -> str:
    """What stands in the index for a trade, a sector or a commune; no word looks like it."""
    return f"@{kind}:{key}"


class Term(models.Model):
    """A stem that somebody uses, or a facet: "@trade:12". `word` is how it is written, folded."""

    stem = models.CharField(max_length=TERM_LENGTH, unique=True)
    word = models.CharField(max_length=TERM_LENGTH, blank=True)

    class Meta:
        verbose_name = _("terme de recherche")
        verbose_name_plural = _("termes de recherche")
        ordering = ("stem",)
        indexes = (models.Index(fields=("word",), name="term_word"),)

    def __str__(self) -> str:
        return self.stem


class Gram(models.Model):
    """Three letters of a term's word: words that share many of them are the same but for a slip."""

    letters = models.CharField(max_length=3)
    term = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="grams")

    class Meta:
        verbose_name = _("trigramme")
        verbose_name_plural = _("trigrammes")
        ordering = ("letters", "term")
        constraints = (
            models.UniqueConstraint(
                fields=("letters", "term"),
                name="gram_once",
                violation_error_message=_("Ce trigramme est déjà noté."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return self.letters


class PhraseKind(models.TextChoices):
    """What an everyday expression stands for."""

    TRADE = "trade", _("métier")
    PART = "part", _("mot d’un métier")
    SYNONYM = "synonym", _("synonyme")
    SECTOR = "sector", _("secteur")
    COMMUNE = "commune", _("commune")


class Phrase(models.Model):
    """Stems that stand for a facet: « sites internet » for the trade of web developer. Renaming a
    trade rewrites its phrases, and no provider's postings."""

    stems = models.CharField(max_length=PHRASE_LENGTH)
    kind = models.CharField(max_length=7, choices=PhraseKind)
    facet = models.ForeignKey(Term, on_delete=models.CASCADE, related_name="phrases")

    class Meta:
        verbose_name = _("expression de recherche")
        verbose_name_plural = _("expressions de recherche")
        ordering = ("stems", "kind", "facet")
        constraints = (
            models.UniqueConstraint(
                fields=("stems", "facet", "kind"),
                name="phrase_once",
                violation_error_message=_("Cette expression est déjà notée."),
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=PhraseKind.values),
                name="phrase_kind",
                violation_error_message=_("Genre inconnu."),
                violation_error_code="unknown_kind",
            ),
        )

    def __str__(self) -> str:
        return self.stems


class Posting(models.Model):
    """A term is said of a provider, with the weight of where it is said: one row for each place.

    The unique index holds all that a search reads of it, so the table itself is not touched.
    """

    term = models.ForeignKey(
        Term, on_delete=models.CASCADE, related_name="postings", db_index=False
    )
    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="postings")
    weight = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("mot d’une fiche")
        verbose_name_plural = _("mots des fiches")
        ordering = ("term", "provider", "weight")
        constraints = (
            models.UniqueConstraint(
                fields=("term", "provider", "weight"),
                name="posting_once",
                violation_error_message=_("Ce mot est déjà noté."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return f"{self.term_id} · {self.provider_id}"


class Entry(models.Model):
    """What a search sieves and sorts by, of one published provider, in a narrow row."""

    provider = models.OneToOneField(
        Provider, on_delete=models.CASCADE, primary_key=True, related_name="entry"
    )
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="+")
    # The provider's own point, else that of its commune.
    south_north = models.IntegerField(null=True)
    west_east = models.IntegerField(null=True)
    range_km = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=8, choices=Mode)
    languages = models.PositiveIntegerField(default=0)  # the sum of `LANGUAGE_BIT`
    available_from = models.DateField(null=True)
    available_until = models.DateField(null=True)
    fresh_on = models.DateField()  # last confirmed or published

    class Meta:
        verbose_name = _("fiche trouvable")
        verbose_name_plural = _("fiches trouvables")
        ordering = ("-fresh_on", "provider")
        indexes = (
            models.Index(fields=("south_north", "west_east"), name="entry_place"),
            models.Index(fields=("-fresh_on", "provider"), name="entry_fresh"),
            models.Index(fields=("available_until", "available_from"), name="entry_available"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(available_from=None, available_until=None)
                | models.Q(available_until__gt=models.F("available_from")),
                name="entry_availability",
                violation_error_message=_("Une disponibilité a un début, puis une fin."),
                violation_error_code="bad_availability",
            ),
            models.CheckConstraint(
                condition=models.Q(south_north=None, west_east=None)
                | models.Q(south_north__isnull=False, west_east__isnull=False),
                name="entry_point",
                violation_error_message=_("Un point a une latitude et une longitude."),
                violation_error_code="bad_point",
            ),
        )

    def __str__(self) -> str:
        return str(self.provider_id)
