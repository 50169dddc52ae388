"""What people do: sectors, trades, the everyday words for them, and skills."""

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.folding import fold
from members.models.people import LINE_LENGTH
from members.models.plans import in_reader_language
from members.validators import validate_one_line

FOLDED_LENGTH = 200  # a ligature folds to two letters


class Sector(models.Model):
    """A family of trades: building, wood, web."""

    name = models.CharField(_("nom"), max_length=LINE_LENGTH, validators=[validate_one_line])
    name_en = models.CharField(
        _("nom en anglais"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    slug = models.SlugField(_("nom dans l’adresse web"), unique=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("secteur")
        verbose_name_plural = _("secteurs")
        ordering = ("position", "name", "id")

    def __str__(self) -> str:
        return in_reader_language(self.name, self.name_en)


class TradeQuerySet(models.QuerySet["Trade"]):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


class Trade(models.Model):
    """What somebody is: « menuisier ». A NAF code suggests a trade and never excludes anyone."""

    sector = models.ForeignKey(
        Sector, on_delete=models.PROTECT, related_name="trades", verbose_name=_("secteur")
    )
    name = models.CharField(_("nom"), max_length=LINE_LENGTH, validators=[validate_one_line])
    name_en = models.CharField(
        _("nom en anglais"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    slug = models.SlugField(_("nom dans l’adresse web"), unique=True)
    naf_rev2 = models.CharField(_("code NAF rév. 2"), max_length=6, blank=True)
    naf_2025 = models.CharField(_("code NAF 2025"), max_length=6, blank=True)
    is_active = models.BooleanField(_("en usage"), default=True)

    objects = TradeQuerySet.as_manager()

    class Meta:
        verbose_name = _("métier")
        verbose_name_plural = _("métiers")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return in_reader_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("directory:trade", args=[self.slug])


class Synonym(models.Model):
    """An everyday word for a trade: « compta » finds an expert-comptable. The team edits them."""

    trade = models.ForeignKey(
        Trade, on_delete=models.CASCADE, related_name="synonyms", verbose_name=_("métier")
    )
    word = models.CharField(
        _("mot ou expression"), max_length=LINE_LENGTH, validators=[validate_one_line]
    )
    folded = models.CharField(max_length=FOLDED_LENGTH, editable=False)

    class Meta:
        verbose_name = _("synonyme")
        verbose_name_plural = _("synonymes")
        ordering = ("trade", "word", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("trade", "folded"),
                name="synonym_once",
                violation_error_message=_("Ce mot désigne déjà ce métier."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return self.word

    def clean(self) -> None:
        super().clean()
        self.folded = fold(self.word)


class Skill(models.Model):
    """What somebody can do: « WordPress », « escalier en chêne ». One row, however it is typed."""

    name = models.CharField(_("nom"), max_length=LINE_LENGTH, validators=[validate_one_line])
    name_en = models.CharField(
        _("nom en anglais"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    folded = models.CharField(
        max_length=FOLDED_LENGTH,
        unique=True,
        editable=False,
        error_messages={"unique": _("Cette compétence existe déjà.")},
    )
    # Another way to say a skill stands for that skill.
    same_as = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="other_words",
        null=True,
        blank=True,
        verbose_name=_("se dit aussi"),
    )

    class Meta:
        verbose_name = _("compétence")
        verbose_name_plural = _("compétences")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return in_reader_language(self.name, self.name_en)

    def clean(self) -> None:
        super().clean()
        self.folded = fold(self.name)
