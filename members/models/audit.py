"""Who did what, when, to whom, from which value to which: rows that only ever add up.

Written by `members.audit.record`, inside the transaction of the change itself. The database
refuses to change or delete a row; erasing a person blanks the values, and says that it did.
"""

from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.constraints import AppendOnly
from members.models.people import Member


class Act(models.TextChoices):
    CREATED = "created", _("création")
    CHANGED = "changed", _("modification")
    STATE = "state", _("changement d’état")
    PUBLISHED = "published", _("publication")
    CANCELLED = "cancelled", _("annulation")
    ENDED = "ended", _("fin")
    ROLES = "roles", _("changement de rôles")
    IMPORTED = "imported", _("import")
    EXPORTED = "exported", _("export")
    DISCLOSED = "disclosed", _("remise des données à la personne")
    ERASED = "erased", _("effacement")
    ACTING_STARTED = "acting.started", _("début de vue comme un membre")
    ACTING_STOPPED = "acting.stopped", _("fin de vue comme un membre")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, subject: models.Model) -> Self:
        """What happened to this very row, the latest first."""
        return self.filter(
            subject_type=subject._meta.label_lower, subject_id=str(subject.pk)
        ).order_by("-id")

    def concerning(self, member: Member) -> Self:
        """What happened to a member, or to anything of theirs, the latest first."""
        return self.filter(member=member).order_by("-id")

    def with_people(self) -> Self:
        return self.select_related("by", "member__user")


class AuditEntry(models.Model):
    at = models.DateTimeField(_("quand"), db_index=True)
    # None: the clock did it (a job), nobody in person.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("par"),
    )
    act = models.CharField(_("acte"), max_length=16, choices=Act)
    # `app.model` and primary key: rows of any floor, of which this floor knows nothing more.
    subject_type = models.CharField(_("objet"), max_length=60)
    subject_id = models.CharField(_("numéro"), max_length=40)
    member = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("membre concerné"),
    )
    changes = models.JSONField(_("valeurs"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    reason = models.CharField(_("raison"), max_length=500, blank=True)
    redacted_at = models.DateTimeField(_("valeurs effacées le"), null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("entrée du journal")
        verbose_name_plural = _("journal")
        ordering = ("-id",)
        indexes = (models.Index(fields=("subject_type", "subject_id"), name="audit_subject"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(act__in=Act.values),
                name="audit_act",
                violation_error_message=_("Acte inconnu."),
                violation_error_code="unknown_act",
            ),
            AppendOnly(
                name="audit_append_only",
                redactable=("changes", "reason"),
                redaction_flag="redacted_at",
                violation_error_message=_("Le journal ne se corrige pas."),
                violation_error_code="append_only",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_act_display()} · {self.subject_type} {self.subject_id}"
