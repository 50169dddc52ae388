"""Closures of one place, and bookings that remember what cancelled them."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def keep_one(apps: Any, schema_editor: Any) -> None:
    """The same days closed twice are closed once."""
    closures = apps.get_model("booking", "Closure").objects.using(schema_editor.connection.alias)
    seen = set()
    for pk, *days in closures.order_by("pk").values_list("pk", "space_id", "starts_on", "ends_on"):
        if tuple(days) in seen:
            closures.filter(pk=pk).delete()
        seen.add(tuple(days))


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0020_series"),
        ("members", "0006_letter_to_chosen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(keep_one, migrations.RunPython.noop, elidable=True),
        migrations.AddField(
            model_name="booking",
            name="closure",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="bookings",
                to="booking.closure",
                verbose_name="annulée par la fermeture",
            ),
        ),
        migrations.AddField(
            model_name="closure",
            name="resource",
            field=models.ForeignKey(
                blank=True,
                help_text="Vide : tout l’espace est fermé.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="closures",
                to="booking.resource",
                verbose_name="place",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("closure", None), ("status", "cancelled"), _connector="OR"),
                name="booking_closure",
                violation_error_code="bad_closure",
                violation_error_message="Une fermeture n’est notée que si elle annule.",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("resource", None)),
                fields=("space", "starts_on", "ends_on"),
                name="closure_once",
                violation_error_code="closed_already",
                violation_error_message="Ces jours sont déjà fermés.",
            ),
        ),
        migrations.AddConstraint(
            model_name="closure",
            constraint=models.UniqueConstraint(
                fields=("resource", "starts_on", "ends_on"),
                name="closure_once_of_place",
                violation_error_code="closed_already",
                violation_error_message="Cette place est déjà fermée ces jours-là.",
            ),
        ),
    ]
