"""`Frozen`: from a moment on, a row and what belongs to it never change."""

from collections.abc import Mapping
from typing import Any

from django.core import checks
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from members.constraints.triggers import Condition, TriggerConstraint, column_of, field_of

_PARENT_IS_FROZEN = (
    "(SELECT parent.%(flag)s IS NOT NULL FROM %(table)s AS parent "
    "WHERE parent.%(key)s = %(link)s%(lock)s)"
)


class Frozen(TriggerConstraint):
    """Once `flag` is not NULL, a row is neither changed nor deleted.

    Args:
        flag: name of a nullable field: of the row itself, or of its parent when `via` is given.
        via: name of the foreign key to the parent. Once the parent is frozen, its rows are neither
            added, changed, moved to or from it, nor deleted.

    The parent of a `via` holds a `Frozen` of its own on that flag: without it the flag could be
    taken back, and SQLite could not make the parent's table anew (see `set_aside_readers`).
    A migration that drops both drops the child's first.

    On PostgreSQL a write of a child locks its parent (FOR SHARE), so that nobody freezes the
    parent meanwhile. A service that will change the parent locks it first.
    """

    arguments = ("flag", "via")
    kind = "frozen"

    def __init__(
        self,
        *,
        name: str,
        flag: str,
        via: str | None = None,
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.flag = flag
        self.via = via
        self.events = ("INSERT", "UPDATE", "DELETE") if via else ("UPDATE", "DELETE")

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Refuse a row that is frozen in the database, or whose parent is, before or after."""
        frozen = {f"{self.flag}__isnull": False}
        stored = model._base_manager.using(using).filter(pk=instance.pk)
        if self.via is None:
            is_frozen = not instance._state.adding and stored.filter(**frozen).exists()
        else:
            link = _link(model, self.via)
            parents = {getattr(instance, link.attname)}
            if not instance._state.adding:
                parents |= set(stored.values_list(link.attname, flat=True))
            its_parents = {f"{link.target_field.name}__in": parents - {None}}
            its = link.related_model._base_manager.using(using).filter(**its_parents)
            is_frozen = its.filter(**frozen).exists()
        if is_frozen:
            raise self.refusal()

    def refusals(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor
    ) -> Mapping[str, Condition]:
        if self.via is None:
            is_frozen = f"OLD.{column_of(model, self.flag, editor)} IS NOT NULL"
            return {"UPDATE": is_frozen, "DELETE": is_frozen}
        old, new = (self._parent_is_frozen(model, editor, row) for row in ("OLD", "NEW"))
        return {"INSERT": new, "UPDATE": f"{old} OR {new}", "DELETE": old}

    def _parent_is_frozen(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor, row: str
    ) -> str:
        link = _link(model, str(self.via))
        parent = link.related_model
        # PostgreSQL waits for who is freezing the parent now, and then reads what that one wrote.
        lock = " FOR SHARE" if editor.connection.vendor == "postgresql" else ""
        return _PARENT_IS_FROZEN % {
            "flag": column_of(parent, self.flag, editor),
            "table": editor.quote_name(parent._meta.db_table),
            "key": editor.quote_name(str(link.target_field.column)),
            "link": f"{row}.{editor.quote_name(link.column)}",
            "lock": lock,
        }

    def _check(
        self, model: type[models.Model], connection: BaseDatabaseWrapper
    ) -> list[checks.CheckMessage]:
        holder = _link(model, self.via).related_model if self.via else model
        wrong = []
        if not field_of(holder, self.flag).null:
            wrong.append(("members.E001", f"{self.flag} must be nullable."))
        if self.via and not any(
            isinstance(rule, Frozen) and rule.via is None and rule.flag == self.flag
            for rule in holder._meta.constraints
        ):
            words = f"{holder.__name__} must be Frozen by {self.flag}, or it could be taken back."
            wrong.append(("members.E002", words))
        return [checks.Error(words, obj=model, id=code) for code, words in wrong]


def _link(model: type[models.Model], name: str) -> "models.ForeignKey[Any, Any]":
    field = field_of(model, name)
    if not isinstance(field, models.ForeignKey):
        raise TypeError(f"{name} is not a foreign key of {model.__name__}")
    return field
