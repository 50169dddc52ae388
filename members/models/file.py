"""The operator's file on a member: private notes, documents, and the welcome of a newcomer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models.people import LINE_LENGTH, TEXT_LENGTH, Member
from members.models.plans import in_reader_language
from members.validators import validate_one_line, validate_text


class Note(models.Model):
    """What the team writes about a member. The member reads it in a copy of the data."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="notes", verbose_name=_("membre")
    )
    text = models.TextField(_("note"), max_length=TEXT_LENGTH, validators=[validate_text])
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("auteur"),
    )
    written_at = models.DateTimeField(_("écrite le"), editable=False)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ("-written_at", "-id")

    def __str__(self) -> str:
        return self.text[:60]


class Document(models.Model):
    """A file about a member: a signed form, a certificate of insurance.

    It lies in the database, so that a backup has it, and nothing serves it but a checked view.
    """

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="documents", verbose_name=_("membre")
    )
    title = models.CharField(_("titre"), max_length=LINE_LENGTH, validators=[validate_one_line])
    file_name = models.CharField(_("fichier"), max_length=LINE_LENGTH, editable=False)
    media_type = models.CharField(_("type"), max_length=60, editable=False)
    content = models.BinaryField(editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("ajouté par"),
    )
    added_at = models.DateTimeField(_("ajouté le"), editable=False)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-added_at", "-id")

    def __str__(self) -> str:
        return self.title


class WelcomeStep(models.Model):
    """One thing to do with every newcomer: hand over the key, show the kitchen."""

    title = models.CharField(_("étape"), max_length=LINE_LENGTH, validators=[validate_one_line])
    title_en = models.CharField(
        _("étape en anglais"), max_length=LINE_LENGTH, blank=True, validators=[validate_one_line]
    )
    position = models.PositiveSmallIntegerField(_("rang"), default=0)
    is_active = models.BooleanField(_("en usage"), default=True)

    class Meta:
        verbose_name = _("étape d’accueil")
        verbose_name_plural = _("étapes d’accueil")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return in_reader_language(self.title, self.title_en)


class WelcomeDone(models.Model):
    """A step of the welcome, done with a member."""

    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="welcome", verbose_name=_("membre")
    )
    step = models.ForeignKey(
        WelcomeStep, on_delete=models.PROTECT, related_name="+", verbose_name=_("étape")
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("fait par"),
    )
    done_at = models.DateTimeField(_("fait le"), editable=False)

    class Meta:
        verbose_name = _("étape faite")
        verbose_name_plural = _("étapes faites")
        ordering = ("member", "step")
        constraints = (
            models.UniqueConstraint(
                fields=("member", "step"),
                name="welcome_once",
                violation_error_message=_("Cette étape est déjà faite."),
                violation_error_code="unique",
            ),
        )

    def __str__(self) -> str:
        return str(self.step)
