"""A territory of invented providers, with the lists that the directory ships; indexed."""

import csv
from pathlib import Path

from directory.models import Activity, Commune, Provider, Skill, Trade
from directory.services.index import reindex_everything
from directory.services.reference import lay_down
from tests.directory.rows import a_provider

HERE = Path(__file__).parent


def read(name: str) -> list[dict[str, str]]:
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def settle() -> dict[str, Provider]:
    """All of them, by their name in the address."""
    lay_down()
    communes = {one.slug: one for one in Commune.objects.all()}
    trades = {one.slug: one for one in Trade.objects.all()}
    skills = {one.name: one for one in Skill.objects.all()}
    found = {}
    for row in read("territory_providers"):
        provider = a_provider(
            row["name"],
            slug=row["slug"],
            commune=communes[row["commune"]],
            headline=row["headline"],
            description=row["description"],
            skills=tuple(skills[name] for name in row["skills"].split(";") if name),
        )
        for number, slug in enumerate(row["trades"].split(";")):
            details = "" if number else row["details"]
            Activity.objects.create(provider=provider, trade=trades[slug], details=details)
        found[row["slug"]] = provider
    reindex_everything()
    return found
