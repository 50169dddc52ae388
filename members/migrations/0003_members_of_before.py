"""Who was a member before membership had states is an active one; visibility becomes a consent."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import migrations
from django.db.models import F

# The wording of the account page until now.
WORDING = "2026-11"


def carry_over(apps: Any, schema_editor: Any) -> None:
    Member = apps.get_model("members", "Member")
    Consent = apps.get_model("members", "Consent")
    Member.objects.filter(state="applicant").update(state="active", state_since=F("joined_at"))
    seen = Member.objects.exclude(visible_since=None).values_list("user_id", "visible_since")
    Consent.objects.bulk_create(
        (
            Consent(user_id=user_id, use="directory", version=WORDING, given_at=since)
            for user_id, since in seen.iterator()
        ),
        batch_size=500,
    )


def standard_vat(apps: Any, schema_editor: Any) -> None:
    apps.get_model("members", "Vat").objects.create(
        code="standard",
        percent=Decimal("20.00"),
        source="Code général des impôts, article 278",
        valid_from=date(2014, 1, 1),
    )


class Migration(migrations.Migration):
    dependencies = [("members", "0002_membership")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RunPython(standard_vat, migrations.RunPython.noop),
    ]
