"""What is sold: plans, the dated versions of their prices, and VAT.

The rows say what `members.tariff.shape` can say, column for column; `members.pricing` makes one of
the other. A version is a draft until it is published, and never changes afterwards.
"""

from datetime import time
from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.constraints import Frozen, NoOverlap
from members.models.people import LINE_LENGTH, TEXT_LENGTH
from members.validators import validate_one_line, validate_text

PUBLISHED = _("Un tarif publié ne change plus : préparez une nouvelle version.")


def price_field(label: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    """A price including VAT, in the currency of the plan; empty: not sold that way."""
    return models.DecimalField(
        label,
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        **options,
    )


def in_reader_language(french: str, english: str) -> str:
    return english if english and (get_language() or "").startswith("en") else french


class Admission(models.TextChoices):
    INSTANT = "instant", _("immédiate")
    APPROVED = "approved", _("acceptée par un hôte")


class Every(models.TextChoices):
    MONTH = "month", _("mois")
    YEAR = "year", _("an")


class Unit(models.TextChoices):
    HOUR = "hour", _("heures")
    HALF_DAY = "half_day", _("demi-journées")
    DAY = "day", _("jours")


class Rounding(models.TextChoices):
    UP = "up", _("au pas commencé")
    NEAREST = "nearest", _("au pas le plus proche")
    DOWN = "down", _("au pas révolu")


class Usage(models.TextChoices):
    """Kinds of use that a tariff prices."""

    DESK = "desk", _("poste")
    GUEST = "guest", _("invité de passage")
    ROOM = "room", _("salle")
    BOOTH = "booth", _("cabine")
    EQUIPMENT = "equipment", _("matériel")


class Vat(models.Model):
    """A VAT rate between two days, with the text of law that sets it."""

    code = models.SlugField(_("code"), max_length=20, default="standard")
    percent = models.DecimalField(
        _("taux, en %"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    source = models.CharField(_("texte de loi"), max_length=200)
    valid_from = models.DateField(_("à partir du"))
    valid_until = models.DateField(
        _("jusqu’avant le"), null=True, blank=True, help_text=_("Vide : toujours en vigueur.")
    )

    class Meta:
        verbose_name = _("taux de TVA")
        verbose_name_plural = _("taux de TVA")
        ordering = ("code", "valid_from")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gt=models.F("valid_from")),
                name="vat_order",
                violation_error_message=_("La fin doit suivre le début."),
                violation_error_code="end_before_start",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gte=0, percent__lte=100),
                name="vat_percent",
                violation_error_message=_("Un taux est entre 0 et 100 %."),
                violation_error_code="bad_percent",
            ),
            NoOverlap(
                name="vat_no_overlap",
                same=("code",),
                start="valid_from",
                end="valid_until",
                range_type="daterange",
                violation_error_message=_("Un autre taux vaut déjà à ces dates."),
                violation_error_code="overlap",
            ),
        )

    def __str__(self) -> str:
        return f"{self.percent.normalize():f} %"


class PlanQuerySet(models.QuerySet["Plan"]):
    def offered(self) -> Self:
        """Those that one may ask for."""
        return self.filter(is_offered=True)


class Plan(models.Model):
    """A formula of the operator, valid in all its spaces of one currency."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("nom"), max_length=LINE_LENGTH, validators=[validate_one_line])
    name_en = models.CharField(
        _("nom en anglais"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    summary = models.TextField(
        _("présentation"), max_length=TEXT_LENGTH, blank=True, validators=[validate_text]
    )
    summary_en = models.TextField(
        _("présentation en anglais"), max_length=TEXT_LENGTH, blank=True, validators=[validate_text]
    )
    currency = models.CharField(
        _("monnaie"), max_length=3, default="EUR", choices=[("EUR", "EUR"), ("CHF", "CHF")]
    )
    admission = models.CharField(
        _("admission"), max_length=10, choices=Admission, default=Admission.APPROVED
    )
    is_offered = models.BooleanField(
        _("proposée"),
        default=False,
        help_text=_("Figure sur la page des formules et dans la candidature."),
    )
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("formule")
        verbose_name_plural = _("formules")
        ordering = ("position", "name", "id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(admission__in=Admission.values),
                name="plan_admission",
                violation_error_message=_("Mode d’admission inconnu."),
                violation_error_code="unknown_admission",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name, in the language of the reader."""
        return in_reader_language(self.name, self.name_en)

    @property
    def text(self) -> str:
        """The presentation, in the language of the reader."""
        return in_reader_language(self.summary, self.summary_en)


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    def published(self) -> Self:
        return self.filter(published_at__isnull=False)

    def whole(self) -> Self:
        """With everything that a tariff is made of, in four queries whatever their number."""
        return self.select_related("plan").prefetch_related("rates", "packs", "reductions")


class PlanVersion(models.Model):
    """The prices of a plan from a day on, until its next version. All include VAT."""

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="versions", verbose_name=_("formule")
    )
    valid_from = models.DateField(_("à partir du"))
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True, editable=False)
    fee = price_field(_("abonnement"))
    fee_every = models.CharField(
        _("par"), max_length=5, choices=Every, default=Every.MONTH, blank=True
    )
    fixed_desk = models.BooleanField(_("poste attitré"), default=False)
    commitment_months = models.PositiveSmallIntegerField(
        _("engagement, en mois"), default=0, validators=[MaxValueValidator(60)]
    )
    notice_days = models.PositiveSmallIntegerField(
        _("préavis, en jours"), default=0, validators=[MaxValueValidator(366)]
    )
    midday = models.TimeField(
        _("midi"), default=time(13), help_text=_("Heure locale qui coupe une journée en deux.")
    )
    vat_code = models.SlugField(_("TVA"), max_length=20, default="standard")
    note = models.CharField(
        _("note interne"), max_length=200, blank=True, help_text=_("Pourquoi ce tarif.")
    )

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("tarif daté")
        verbose_name_plural = _("tarifs datés")
        ordering = ("plan", "-valid_from", "-id")
        permissions = (("publish_planversion", _("Peut publier un tarif")),)
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "valid_from"),
                name="plan_version_day",
                violation_error_message=_("Cette formule a déjà un tarif à cette date."),
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=models.Q(fee=None) | models.Q(fee__gte=0),
                name="plan_version_fee",
                violation_error_message=_("Un prix n’est pas négatif."),
                violation_error_code="negative",
            ),
            models.CheckConstraint(
                condition=models.Q(fee_every__in=Every.values),
                name="plan_version_fee_every",
                violation_error_message=_("L’abonnement est par mois ou par an."),
                violation_error_code="unknown_period",
            ),
            Frozen(
                name="plan_version_frozen",
                flag="published_at",
                violation_error_message=PUBLISHED,
                violation_error_code="published",
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.valid_from:%d/%m/%Y}"


class PlanRate(models.Model):
    """How one kind of use is priced in a version of a plan."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="rates")
    kind = models.CharField(_("usage"), max_length=10, choices=Usage, default=Usage.DESK)
    hour = price_field(_("l’heure"))
    half_day = price_field(_("la demi-journée"))
    day = price_field(_("la journée"))
    daily_cap = price_field(_("plafond par jour"))
    monthly_cap = price_field(_("plafond par mois"))
    included_quantity = models.PositiveSmallIntegerField(
        _("inclus par mois"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    included_unit = models.CharField(_("unité"), max_length=8, choices=Unit, blank=True)
    unlimited = models.BooleanField(_("illimité"), default=False)
    step = models.PositiveSmallIntegerField(
        _("pas, en minutes"), default=15, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    rounding = models.CharField(_("arrondi"), max_length=7, choices=Rounding, default=Rounding.UP)
    free_minutes = models.PositiveSmallIntegerField(
        _("premières minutes offertes"), default=0, validators=[MaxValueValidator(1440)]
    )

    class Meta:
        verbose_name = _("prix d’un usage")
        verbose_name_plural = _("prix des usages")
        ordering = ("version", "kind")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "kind"),
                name="plan_rate_kind",
                violation_error_message=_("Cet usage a déjà un prix."),
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=models.Q(included_quantity=None, included_unit="")
                | models.Q(included_quantity__gt=0, included_unit__in=Unit.values),
                name="plan_rate_included",
                violation_error_message=_("Ce qui est inclus a une quantité et une unité."),
                violation_error_code="half_quota",
            ),
            models.CheckConstraint(
                condition=models.Q(step__gte=1),
                name="plan_rate_step",
                violation_error_message=_("Le pas est d’une minute au moins."),
                violation_error_code="bad_step",
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q((name, None)) | models.Q((f"{name}__gte", 0)),
                    name=f"plan_rate_{name}",
                    violation_error_message=_("Un prix n’est pas négatif."),
                    violation_error_code="negative",
                )
                for name in ("hour", "half_day", "day", "daily_cap", "monthly_cap")
            ),
            Frozen(
                name="plan_rate_frozen",
                via="version",
                flag="published_at",
                violation_error_message=PUBLISHED,
                violation_error_code="published",
            ),
        )

    def __str__(self) -> str:
        return str(self.get_kind_display())


class PlanPack(models.Model):
    """Prepaid use sold with a version of a plan: a pass, a pack of ten days, a free trial day."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="packs")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("nom"), max_length=LINE_LENGTH, validators=[validate_one_line])
    name_en = models.CharField(
        _("nom en anglais"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    kind = models.CharField(_("usage"), max_length=10, choices=Usage, default=Usage.DESK)
    quantity = models.PositiveSmallIntegerField(_("quantité"), validators=[MinValueValidator(1)])
    unit = models.CharField(_("unité"), max_length=8, choices=Unit, default=Unit.DAY)
    price = models.DecimalField(
        _("prix"), max_digits=8, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    valid_months = models.PositiveSmallIntegerField(
        _("valable, en mois"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )

    class Meta:
        verbose_name = _("carnet")
        verbose_name_plural = _("carnets")
        ordering = ("version", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "code"),
                name="plan_pack_code",
                violation_error_message=_("Ce carnet existe déjà."),
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, valid_months__gt=0, price__gte=0),
                name="plan_pack_sane",
                violation_error_message=_("Un carnet contient quelque chose et dure un mois."),
                violation_error_code="bad_pack",
            ),
            Frozen(
                name="plan_pack_frozen",
                via="version",
                flag="published_at",
                violation_error_message=PUBLISHED,
                violation_error_code="published",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.name_en)


class PlanReduction(models.Model):
    """A percentage off for a category of person."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="reductions")
    category = models.SlugField(_("code"), max_length=40)
    name = models.CharField(
        _("catégorie"),
        max_length=LINE_LENGTH,
        validators=[validate_one_line],
        help_text=_("Par exemple : demandeurs d’emploi, étudiants."),
    )
    name_en = models.CharField(
        _("catégorie en anglais"),
        max_length=LINE_LENGTH,
        blank=True,
        validators=[validate_one_line],
    )
    percent = models.DecimalField(_("réduction, en %"), max_digits=5, decimal_places=2)
    on_fees = models.BooleanField(_("sur l’abonnement"), default=True)
    on_use = models.BooleanField(_("sur l’usage"), default=True)

    class Meta:
        verbose_name = _("réduction")
        verbose_name_plural = _("réductions")
        ordering = ("version", "category")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "category"),
                name="plan_reduction_category",
                violation_error_message=_("Cette catégorie a déjà une réduction."),
                violation_error_code="unique",
            ),
            models.CheckConstraint(
                condition=models.Q(percent__gt=0, percent__lte=100),
                name="plan_reduction_percent",
                violation_error_message=_("Une réduction est entre 0 et 100 %."),
                violation_error_code="bad_percent",
            ),
            Frozen(
                name="plan_reduction_frozen",
                via="version",
                flag="published_at",
                violation_error_message=PUBLISHED,
                violation_error_code="published",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return in_reader_language(self.name, self.name_en)
