"""A buffer after the bookings of a room, and the whole space booked at once."""

from typing import Any

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import booking.models.booking
import booking.models.copied
import members.constraints


def fill(apps: Any, schema_editor: Any) -> None:
    """No booking had a buffer, and none was of a whole space."""
    alias = schema_editor.connection.alias
    resources = apps.get_model("booking", "Resource").objects.using(alias)
    space = resources.filter(pk=models.OuterRef("resource")).values("space")[:1]
    bookings = apps.get_model("booking", "Booking").objects.using(alias)
    bookings.update(free_from=models.F("end"), space=models.Subquery(space))


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0030_closures"),
        ("members", "0006_letter_to_chosen"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="resource",
            name="buffer_minutes",
            field=models.PositiveSmallIntegerField(
                default=0, verbose_name="battement après chaque réservation"
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="buffer_minutes",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="battement"
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="is_whole",
            field=booking.models.copied.IsWhole(
                default=0, editable=False, verbose_name="espace entier"
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="free_from",
            field=booking.models.copied.FreeFrom(
                blank=True, null=True, editable=False, verbose_name="libre à partir de"
            ),
        ),
        migrations.AddField(
            model_name="booking",
            name="space",
            field=booking.models.copied.SpaceOfPlace(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="booking.space",
                verbose_name="espace",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="booking",
            name="free_from",
            field=booking.models.copied.FreeFrom(
                blank=True, editable=False, verbose_name="libre à partir de"
            ),
        ),
        migrations.AlterField(
            model_name="booking",
            name="space",
            field=booking.models.copied.SpaceOfPlace(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="booking.space",
                verbose_name="espace",
            ),
        ),
        migrations.RemoveConstraint(model_name="booking", name="booking_no_overlap"),
        migrations.RemoveConstraint(
            model_name="booking",
            name="booking_kind",
        ),
        migrations.RemoveConstraint(
            model_name="resource",
            name="resource_kind",
        ),
        migrations.AlterField(
            model_name="booking",
            name="kind",
            field=models.CharField(
                choices=[
                    ("desk", "poste"),
                    ("room", "salle de réunion"),
                    ("booth", "cabine"),
                    ("equipment", "matériel"),
                    ("space", "espace entier"),
                ],
                editable=False,
                max_length=10,
                verbose_name="genre",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="buffer_minutes",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="En minutes : aérer, ranger. Les réservations déjà faites gardent le leur. Zéro pour un poste ou l’espace entier.",
                validators=[django.core.validators.MaxValueValidator(240)],
                verbose_name="battement après chaque réservation",
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="kind",
            field=models.CharField(
                choices=[
                    ("desk", "poste"),
                    ("room", "salle de réunion"),
                    ("booth", "cabine"),
                    ("equipment", "matériel"),
                    ("space", "espace entier"),
                ],
                default="desk",
                max_length=10,
                verbose_name="genre",
            ),
        ),
        migrations.AddIndex(
            model_name="booking",
            index=models.Index(fields=["space", "end"], name="booking_space_end"),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["desk", "room", "booth", "equipment", "space"])),
                name="booking_kind",
                violation_error_code="unknown_kind",
                violation_error_message="Genre de ressource inconnu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=django.db.models.lookups.Exact(
                    booking.models.booking.Seconds(models.F("free_from"), models.F("end")),
                    django.db.models.expressions.CombinedExpression(
                        models.F("buffer_minutes"), "*", models.Value(60)
                    ),
                ),
                name="booking_free_from",
                violation_error_code="bad_buffer",
                violation_error_message="La place est libre après la fin et le battement.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_whole", 1), ("kind", "space")),
                    models.Q(models.Q(("kind", "space"), _negated=True), ("is_whole", 0)),
                    _connector="OR",
                ),
                name="booking_is_whole",
                violation_error_code="bad_whole",
                violation_error_message="Seul l’espace entier est l’espace entier.",
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=members.constraints.NoOverlap(
                end="free_from",
                name="booking_no_overlap",
                range_type="tstzrange",
                same=("resource",),
                start="start",
                violation_error_code="taken",
                violation_error_message="Cette place vient d’être prise.",
                where=(("status", "confirmed"),),
            ),
        ),
        migrations.AddConstraint(
            model_name="booking",
            constraint=members.constraints.NoOverlap(
                differs=("is_whole",),
                end="end",
                name="booking_whole_space",
                range_type="tstzrange",
                same=("space",),
                start="start",
                violation_error_code="whole_space",
                violation_error_message="L’espace entier et ses places ne se réservent pas en même temps.",
                where=(("status", "confirmed"),),
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["desk", "room", "booth", "equipment", "space"])),
                name="resource_kind",
                violation_error_code="unknown_kind",
                violation_error_message="Genre de ressource inconnu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("buffer_minutes", 0),
                    models.Q(
                        ("buffer_minutes__lte", 240), ("kind__in", ("room", "booth", "equipment"))
                    ),
                    _connector="OR",
                ),
                name="resource_buffer",
                violation_error_code="bad_buffer",
                violation_error_message="Un battement est de quatre heures au plus, et ni un poste ni l’espace entier n’en ont.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "space"), _negated=True),
                    ("is_bookable", False),
                    _connector="OR",
                ),
                name="resource_whole_by_team",
                violation_error_code="whole_space",
                violation_error_message="L’espace entier se réserve par l’équipe : décochez « réservable ».",
            ),
        ),
        migrations.AddConstraint(
            model_name="resource",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "space")),
                fields=("space",),
                name="resource_one_whole",
                violation_error_code="whole_twice",
                violation_error_message="Cet espace a déjà sa ressource « espace entier ».",
            ),
        ),
    ]
