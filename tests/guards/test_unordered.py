"""Rows without an order come back shuffled; rows with one, or a slice, do not."""

import pytest
from django.contrib.auth.models import Group, Permission

from tests.guards import unordered

pytestmark = pytest.mark.django_db

NAMES = [f"{number:02}" for number in range(20)]


@pytest.fixture(autouse=True)
def _groups() -> None:
    Group.objects.bulk_create(Group(name=name) for name in NAMES)


def test_rows_without_an_order_are_shuffled() -> None:
    groups = Group.objects.filter(name__in=NAMES)
    assert not groups.ordered
    names = [group.name for group in groups]
    assert names != NAMES
    assert sorted(names) == NAMES


def test_values_and_iterators_are_shuffled() -> None:
    groups = Group.objects.filter(name__in=NAMES)
    assert list(groups.values_list("name", flat=True)) != NAMES
    assert [group.name for group in groups.iterator()] != NAMES


def test_prefetched_rows_are_shuffled() -> None:
    group = Group.objects.get(name=NAMES[0])
    permission = Permission.objects.order_by("pk")[0]
    permission.group_set.set(Group.objects.filter(name__in=NAMES))
    (permission,) = Permission.objects.filter(pk=permission.pk).prefetch_related("group_set")
    names = [group.name for group in permission.group_set.all() if group.name in NAMES]
    assert group.name in names
    assert names != NAMES


def test_rows_with_an_order_keep_it() -> None:
    groups = Group.objects.filter(name__in=NAMES).order_by("name")
    assert [group.name for group in groups] == NAMES
    assert [group.name for group in groups.iterator()] == NAMES
    assert [group.name for group in groups[:3]] == NAMES[:3]


def test_the_same_seed_gives_the_same_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(unordered.VARIABLE, "7")
    orders = []
    for _ in range(2):
        unordered.begin("this test")
        orders.append([group.name for group in Group.objects.filter(name__in=NAMES)])
    assert orders[0] == orders[1]
