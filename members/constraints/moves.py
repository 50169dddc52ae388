"""`AllowedMoves`: a state changes only along the moves that are written down."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from members.constraints.triggers import Condition, TriggerConstraint, column_of, operators

State = str | int | None


class AllowedMoves(TriggerConstraint):
    """A row goes from one value of `field` to another only by one of `moves`.

    Args:
        field: name of the field that holds the state.
        moves: pairs of states, from and to. Staying is always allowed.
        initial: the states that a new row may have; any state when there are none.
    """

    arguments = ("field", "moves", "initial")
    kind = "allowed moves"

    def __init__(
        self,
        *,
        name: str,
        field: str = "state",
        moves: Sequence[tuple[State, State]],
        initial: Sequence[State] = (),
        violation_error_code: str | None = None,
        violation_error_message: Any = None,
    ) -> None:
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,
        )
        self.field = field
        self.moves = tuple((_plain(old), _plain(new)) for old, new in moves)
        self.initial = tuple(_plain(state) for state in initial)
        self.events = ("INSERT", "UPDATE") if self.initial else ("UPDATE",)

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """Compare with the row in the database: refuse a move, or a beginning, that is not one."""
        if exclude and self.field in exclude:
            return
        new = _plain(getattr(instance, self.field))
        if instance._state.adding:
            is_allowed = not self.initial or new in self.initial
        else:
            stored = model._base_manager.using(using).filter(pk=instance.pk)
            states = [_plain(old) for old in stored.values_list(self.field, flat=True)]
            is_allowed = all(old == new or (old, new) in self.moves for old in states)
        if not is_allowed:
            raise self.refusal()

    def refusals(
        self, model: type[models.Model], editor: BaseDatabaseSchemaEditor
    ) -> Mapping[str, Condition]:
        column = column_of(model, self.field, editor)
        same, differs = operators(editor)

        def is_at(row: str, state: State) -> str:
            return f"{row}.{column} {same} {editor.quote_value(state)}"

        moves = [f"({is_at('OLD', old)} AND {is_at('NEW', new)})" for old, new in self.moves]
        initial = [is_at("NEW", state) for state in self.initial]
        is_a_move = f"NEW.{column} {differs} OLD.{column}"
        return {
            "INSERT": f"NOT ({_any(initial)})",
            "UPDATE": f"{is_a_move} AND NOT ({_any(moves)})",
        }


def _plain(state: Any) -> State:
    """A member of an enumeration as the value that is stored: migrations and SQL quote that."""
    value: State = getattr(state, "value", state)
    return value


def _any(conditions: Sequence[str]) -> str:
    return " OR ".join(conditions) or "FALSE"
