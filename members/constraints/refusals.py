"""Which constraint refused a write, and what a person is told then."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models


def violated_by(error: IntegrityError, constraint: models.BaseConstraint) -> bool:
    """Whether the database refused a write because of this constraint.

    PostgreSQL names the constraint. SQLite ends its message with the name of a check or of one of
    our rules, but names a unique constraint by its columns: ask `refusal_of` for those.
    """
    diagnostic = getattr(error.__cause__, "diag", None)
    if diagnostic is not None:
        return bool(diagnostic.constraint_name == constraint.name)
    return str(error).endswith(f" constraint failed: {constraint.name}")


def refusal_of(error: IntegrityError, model: type[models.Model]) -> ValidationError | None:
    """The refusal of a constraint of this model, in its words and with its code.

    None when another table refused, or something that has no words: raise the error again then.
    """
    for constraint in model._meta.constraints:
        if violated_by(error, constraint) or _repeats(error, constraint, model):
            return ValidationError(
                constraint.get_violation_error_message(), code=constraint.violation_error_code
            )
    return None


def _repeats(
    error: IntegrityError, constraint: models.BaseConstraint, model: type[models.Model]
) -> bool:
    """Whether SQLite says that the columns of this unique constraint are taken."""
    if not isinstance(constraint, models.UniqueConstraint):
        return False
    fields = [model._meta.get_field(name) for name in constraint.fields]
    columns = [f"{model._meta.db_table}.{getattr(field, 'column', '')}" for field in fields]
    said = (", ".join(columns), f"index '{constraint.name}'")
    return str(error) in {f"UNIQUE constraint failed: {words}" for words in said}
