"""What is published stays as it was published: the version, and the lines that belong to it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import sleep

import pytest
from django.apps.registry import Apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.state import ProjectState

from members.constraints import Frozen, violated_by
from tests.members import throwaway
from tests.members.throwaway import WAYS, WAYS_TO_DELETE, change, delete, refused, refused_in_words

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

VERSION_RULE = Frozen(
    name="throwaway_version_frozen",
    flag="published_at",
    violation_error_message="Cette version est publiée.",
    violation_error_code="published",
)
LINE_RULE = Frozen(
    name="throwaway_line_frozen",
    via="version",
    flag="published_at",
    violation_error_message="La version de cette ligne est publiée.",
    violation_error_code="version_published",
)
VERSION = throwaway.table(
    "Version",
    VERSION_RULE,
    name=models.CharField(max_length=20),
    published_at=models.DateTimeField(null=True, blank=True),
)
LINE = throwaway.table(
    "Line", LINE_RULE, version=throwaway.parent("Version"), price=models.IntegerField()
)

made = throwaway.tables(VERSION, LINE)


@pytest.fixture
def draft(made):
    return made("Version").objects.create(name="2027")


@pytest.fixture
def published(made):
    """A published version with one line."""
    version = made("Version").objects.create(name="2026")
    made("Line").objects.create(version=version, price=10)
    change("update", version, published_at=NOW)
    return version


@pytest.fixture
def line(made, published):
    return made("Line").objects.get()


def test_a_draft_is_free(made, draft):
    line = made("Line").objects.create(version=draft, price=10)
    for way in WAYS:
        change(way, draft, name=way)
        change(way, line, price=12)
    line.delete()
    draft.delete()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("values", [{"name": "Autre"}, {"published_at": None}])
def test_a_published_version_is_never_changed(published, way, values):
    refused(type(published), "published", lambda: change(way, published, **values))


@pytest.mark.parametrize("way", ["queryset", "raw"])
def test_a_published_version_is_never_deleted(made, way):
    version = made("Version").objects.create(name="2025", published_at=NOW)
    refused(type(version), "published", lambda: delete(way, version))


def test_its_lines_are_refused_first_when_it_is_deleted(made, published):
    refused(made("Line"), "version_published", published.delete)


@pytest.mark.parametrize("way", WAYS)
def test_a_line_of_a_published_version_is_never_changed(line, way):
    refused(type(line), "version_published", lambda: change(way, line, price=12))


@pytest.mark.parametrize("way", WAYS)
def test_a_line_never_leaves_a_published_version(line, draft, way):
    refused(type(line), "version_published", lambda: change(way, line, version=draft))


@pytest.mark.parametrize("way", WAYS)
def test_a_line_never_joins_a_published_version(made, published, draft, way):
    line = made("Line").objects.create(version=draft, price=10)
    refused(type(line), "version_published", lambda: change(way, line, version=published))


@pytest.mark.parametrize("way", WAYS_TO_DELETE)
def test_a_line_of_a_published_version_is_never_deleted(line, way):
    refused(type(line), "version_published", lambda: delete(way, line))


def test_no_line_is_added_to_a_published_version(made, published):
    new = made("Line")(version=published, price=12)
    refused(made("Line"), "version_published", new.save)
    refused(made("Line"), "version_published", lambda: made("Line").objects.bulk_create([new]))
    insert = "INSERT INTO throwaway_line (version_id, price) VALUES (%s, 12)"
    refused(made("Line"), "version_published", lambda: throwaway.execute(insert, [published.pk]))


def test_full_clean_says_it_in_words(made, published, line, draft):
    refused_in_words(made("Version").objects.get(pk=published.pk), "published")
    refused_in_words(line, "version_published")
    line.version = draft
    refused_in_words(line, "version_published")
    refused_in_words(made("Line")(version=published, price=12), "version_published")
    made("Line")(version=draft, price=12).full_clean()
    with pytest.raises(ValidationError) as error:
        made("Line")(price=12).full_clean()
    assert list(error.value.error_dict) == ["version"]
    draft.published_at = NOW
    draft.full_clean()


@pytest.mark.parametrize("vulnerable", [False, True], ids=["held", "negative control"])
@pytest.mark.django_db(transaction=True)
def test_a_line_written_while_the_version_is_published_is_refused(vulnerable):
    """The writer of the line has seen a draft; the publication is not committed yet."""
    state = throwaway.migrate(
        ProjectState(),
        throwaway.table(
            "RacedVersion",
            Frozen(name="throwaway_raced_version", flag="published_at"),
            published_at=models.DateTimeField(null=True),
        ),
        throwaway.table(
            "RacedLine",
            *([] if vulnerable else [Frozen(name="throwaway_raced", via="v", flag="published_at")]),
            v=throwaway.parent("RacedVersion"),
        ),
    )
    version_model = state.apps.get_model("throwaway", "RacedVersion")
    line_model = state.apps.get_model("throwaway", "RacedLine")
    version = version_model.objects.create()
    is_publishing = threading.Event()

    def publish():
        try:
            with transaction.atomic():
                version_model.objects.filter(pk=version.pk).update(published_at=NOW)
                is_publishing.set()
                sleep(0.5)  # the writer of the line waits for us, or slips through
            return "published"
        finally:
            connection.close()

    def add():
        try:
            is_publishing.wait(timeout=20)
            line_model.objects.create(v=version)
        except IntegrityError as error:
            (rule,) = line_model._meta.constraints
            return "refused" if violated_by(error, rule) else str(error)
        else:
            return "added"
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(2) as pool:
            results = [future.result() for future in (pool.submit(publish), pool.submit(add))]
        assert results == ["published", "added" if vulnerable else "refused"]
    finally:
        throwaway.drop(state)


def test_what_the_rule_needs_is_checked():
    """The flag can be NULL, and the parent holds it too: otherwise it could be taken back."""
    registry = Apps()

    class Loose(models.Model):
        published_at = models.DateTimeField(null=True)
        closed_at = models.DateTimeField()

        class Meta:
            app_label = "throwaway"
            apps = registry

        def __str__(self):
            return ""

    class Part(models.Model):
        loose = models.ForeignKey(Loose, models.CASCADE)

        class Meta:
            app_label = "throwaway"
            apps = registry

        def __str__(self):
            return ""

    def codes(model, **arguments):
        rule = Frozen(name="rule", **arguments)
        return [problem.id for problem in rule._check(model, connection)]

    assert codes(Loose, flag="published_at") == []
    assert codes(Loose, flag="closed_at") == ["members.E001"]
    assert codes(Part, flag="published_at", via="loose") == ["members.E002"]
    Loose._meta.constraints = [Frozen(name="held", flag="published_at")]
    assert codes(Part, flag="published_at", via="loose") == []
    with pytest.raises(TypeError):
        codes(Loose, flag="published_at", via="closed_at")
