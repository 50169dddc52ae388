"""Columns of a booking that follow from others of its row, or of its place, whenever it is written.

A constraint reads one row of one table: what it compares must stand there. The database checks what
it can of them (`booking_free_from`, `booking_is_whole`).
"""

from datetime import timedelta
from typing import Any

from django.db import models

from booking.models.resource import Kind


class FreeFrom(models.DateTimeField):  # type: ignore[type-arg]
    """When the place can be somebody else's: the end, and the buffer of the place."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        row = model_instance
        row.free_from = row.end + timedelta(minutes=row.buffer_minutes)
        return row.free_from


class SpaceOfPlace(models.ForeignKey):  # type: ignore[type-arg]
    """The space of the place. The space of a place never changes once it is booked."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        model_instance.space_id = model_instance.resource.space_id
        return model_instance.space_id


class IsWhole(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    """1 when the whole space is booked, else 0: a number, for an exclusion constraint takes no
    boolean before PostgreSQL 16."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        model_instance.is_whole = int(model_instance.kind == Kind.SPACE)
        return model_instance.is_whole
