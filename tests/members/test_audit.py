"""The audit only grows, says from which value to which, and forgets only on purpose."""

import pytest
from django.db import IntegrityError, connection, transaction

from members import audit
from members.models import Act, AuditEntry, Role
from members.services import change_profile, set_roles
from tests.factories import NOW, a_member, a_user

pytestmark = pytest.mark.django_db


def test_a_change_is_written_from_which_value_to_which() -> None:
    member = a_member()
    host = a_user(role=Role.HOST)
    change_profile(member=member, now=NOW, by=host, values={"trade": "Lunetier"})
    entry = AuditEntry.objects.about(member).first()
    assert (entry.act, entry.by, entry.member) == (Act.CHANGED, host, member)
    assert entry.changes == {"trade": ["", "Lunetier"]}


def test_a_change_that_changes_nothing_leaves_no_trace() -> None:
    member = a_member()
    before = AuditEntry.objects.count()
    change_profile(member=member, now=NOW, by=member.user, values={"trade": ""})
    assert AuditEntry.objects.count() == before


def test_a_password_is_never_in_it() -> None:
    assert "password" not in audit.snapshot(a_user())


def test_roles_are_in_it() -> None:
    user, operator = a_user(), a_user(role=Role.OPERATOR)
    set_roles(user=user, roles=[Role.HOST], by=operator, now=NOW)
    entry = AuditEntry.objects.about(user).get(act=Act.ROLES)
    assert (entry.by, entry.changes) == (operator, {"roles": [[], ["host"]]})


def test_it_is_neither_changed_nor_deleted_whoever_tries() -> None:
    a_member()
    entry = AuditEntry.objects.first()

    def raw(sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    writes = [
        lambda: AuditEntry.objects.update(act=Act.CREATED, reason="Autre"),
        lambda: AuditEntry.objects.filter(pk=entry.pk).update(by=None),
        lambda: AuditEntry.objects.all().delete(),
        lambda: raw("DELETE FROM members_auditentry"),
        lambda: raw("UPDATE members_auditentry SET act = 'ended'"),
    ]
    for write in writes:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_redacting_blanks_the_values_and_keeps_the_act() -> None:
    member = a_member()
    change_profile(member=member, now=NOW, by=member.user, values={"trade": "Lunetier"})
    entries = AuditEntry.objects.concerning(member)
    count = entries.count()
    assert audit.redact(entries, now=NOW) == count
    assert audit.redact(entries, now=NOW) == 0
    assert {(entry.changes == {}, entry.redacted_at) for entry in entries} == {(True, NOW)}
    assert audit.purge(entries, now=NOW) == count
