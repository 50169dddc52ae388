"""`AppendOnly`: rows are added, and never changed or deleted."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from members.constraints.triggers import Condition, TriggerConstraint, column_of, field_of


class AppendOnly(TriggerConstraint):
    """Rows are never updated and never deleted; they may be redacted, once, and leave only then.

    Args:
        redactable: names of the fields that a redaction may change (the words about a person).
        redaction_flag: name of the nullable field that a redaction fills: an update passes only if
            it takes this field from NULL to a value and changes nothing but `redactable`. A
            redacted row may be deleted, when the time that it is kept is over.
    """

    arguments = ("redactable", "redaction_flag")
    kind = "append only"
    events = ("UPDATE", "DELETE")

    def __init__(
        self,
        *,
        name: str,
        redactable: Sequence[str] = (),
        redaction_flag: str | None = None,
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        if redactable and not redaction_flag:
            raise TypeError("Say which field marks a redaction: redaction_flag.")
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.redactable = tuple(redactable)
        self.redaction_flag = redaction_flag

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Refuse a row that is in the database already, unless this is its redaction."""
        if not instance._state.adding and not self._is_redaction(model, instance, using):
            raise self.refusal()

    def _is_redaction(self, model: type[models.Model], instance: models.Model, using: str) -> bool:
        if self.redaction_flag is None or getattr(instance, self.redaction_flag) is None:
            return False
        kept = [field.attname for field in self._kept(model)]
        unredacted = {"pk": instance.pk, self.redaction_flag: None}
        stored = model._base_manager.using(using).filter(**unredacted).values(*kept).first()
        return stored == {name: getattr(instance, name) for name in kept}

    def _kept(self, model: type[models.Model]) -> "list[models.Field[Any, Any]]":
        """The fields that a redaction may not touch."""
        free = {field_of(model, name) for name in (*self.redactable, str(self.redaction_flag))}
        kept = [field for field in model._meta.local_concrete_fields if field not in free]
        # By name: a migration may have added the columns in another order than the model.
        return sorted(kept, key=lambda field: str(field.column))

    def refusals(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor
    ) -> Mapping[str, Condition]:
        if self.redaction_flag is None:
            return {"UPDATE": "TRUE", "DELETE": "TRUE"}
        flag = column_of(model, self.redaction_flag, editor)
        is_redaction = [f"OLD.{flag} IS NULL", f"NEW.{flag} IS NOT NULL"]
        if editor.connection.vendor == "sqlite":
            columns = [editor.quote_name(str(field.column)) for field in self._kept(model)]
            is_redaction += [f"NEW.{column} IS OLD.{column}" for column in columns]
        else:
            # A whole row without the free columns: it knows columns that a migration adds later.
            free = ", ".join(
                editor.quote_value(field_of(model, name).column)
                for name in dict.fromkeys((*self.redactable, self.redaction_flag))
            )
            new, old = (f"to_jsonb({row}) - ARRAY[{free}]" for row in ("NEW", "OLD"))
            is_redaction.append(f"{new} = {old}")
        return {"UPDATE": f"NOT ({' AND '.join(is_redaction)})", "DELETE": f"OLD.{flag} IS NULL"}

    def _check(
        self, model: type[models.Model], connection: BaseDatabaseWrapper
    ) -> list[checks.CheckMessage]:
        if self.redaction_flag is None or field_of(model, self.redaction_flag).null:
            return []
        return [
            checks.Error(f"{self.redaction_flag} must be nullable.", obj=model, id="members.E001")
        ]
