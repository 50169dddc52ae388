"""The register is true: it has every table that knows a person, and the times of the rules."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from coworking.privacy.register import REGISTER
from coworking.privacy.retention import RULES
from tests.coworking.lives import personal_tables

DOCUMENT = (Path(settings.BASE_DIR) / "docs/privacy.md").read_text()
# Without a key to a person, and about persons all the same.
WITHOUT_KEY = {"sessions.Session"}


def rows_of_the_document(heading: str) -> dict[str, str]:
    """First column → the whole row, of the table under a heading."""
    part = DOCUMENT.split(f"## {heading}\n")[1].split("\n## ")[0]
    return {match[1]: match[0] for match in re.finditer(r"^\| `(\w+)`.*$", part, re.M)}


def test_every_table_that_knows_a_person_is_in_the_register():
    named = {table for purpose in REGISTER for table in purpose.tables}
    assert named == set(personal_tables()) | WITHOUT_KEY


def test_the_document_has_the_purposes_of_the_page_with_their_tables():
    rows = rows_of_the_document("Purposes")
    assert list(rows) == [purpose.key for purpose in REGISTER]
    for purpose in REGISTER:
        found = set(re.findall(r"`(\w+\.\w+)`", rows[purpose.key]))
        assert found == set(purpose.tables), purpose.key


def test_the_document_has_the_rules_with_their_times():
    rows = rows_of_the_document("How long")
    assert list(rows) == [rule.key for rule in RULES]
    for rule in RULES:
        assert f"| {rule.after}" in rows[rule.key]
        assert rows[rule.key].endswith(f"| {rule.then} |")


def test_the_page_promises_the_times_of_the_rules():
    """In French words, as the page says them."""
    words = {
        "joining": {"refused": "6 mois"},
        "account": {"unverified": "30 jours", "silent": "12 mois"},
        "membership": {"former": "3 ans"},
        "booking": {"former": "3 ans"},
        "community": {"consents": "5 ans"},
        "news": {"deliveries": "1 an"},
        "invitation": {"invitations": "30 jours"},
        "care": {"notes": "3 ans"},
        "profile": {
            "profiles": "12 mois",
            "offline": "12 mois",
            "claims": "12 mois",
            "found": "3 ans",
        },
        "need": {"unconfirmed": "7 jours", "orderless": "7 jours", "needs": "2 ans"},
        "relay": {"unproved": "7 jours", "messages": "1 an"},
        "moderation": {"reports": "1 an"},
        "audit": {"audit": "5 ans", "admin_log": "5 ans"},
    }
    rules, said = {rule.key: rule for rule in RULES}, {purpose.key: purpose for purpose in REGISTER}
    assert set(words) == set(said)
    for purpose, promises in words.items():
        for rule, text in promises.items():
            assert text in str(said[purpose].kept)
            number, unit = text.split()
            months = int(number) * {"an": 12, "ans": 12, "mois": 1, "jours": 0}[unit]
            days = int(number) if unit == "jours" else 0
            assert (rules[rule].months, rules[rule].days) == (months, days), rule


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_public_and_shows_every_purpose(client, language):
    page = client.get(reverse("privacy"), headers={"accept-language": language}).content.decode()
    assert f'<html lang="{language}"' in page
    with translation.override(language):
        for purpose in REGISTER:
            assert str(purpose.title) in page.replace("&#x27;", "'").replace("&nbsp;", " ")


@pytest.mark.django_db
def test_every_page_and_the_sign_up_lead_to_it(client):
    link = f'href="{reverse("privacy")}"'
    assert client.get(reverse("home")).content.decode().count(link) == 1
    assert client.get(reverse("account_signup")).content.decode().count(link) >= 1
