"""What the invented space of Morez costs: five plans, with the prices of before and of today.

Published prices are never deleted, not even by `--reset`: they are laid down once, found again by
the code of their plan, and dated by themselves rather than by the day of the demonstration.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from members.models import Plan, PlanPack, PlanRate, PlanReduction, User
from members.services.plans import Row, draft_version, publish_version, save_draft, save_plan

# Before every stay of the demonstration, whatever the day it is built for.
LONG_AGO: Final = date(2014, 1, 1)
NEW_PRICES: Final = date(2026, 1, 1)
DECIDED: Final = {
    LONG_AGO: datetime(2013, 12, 16, 9, tzinfo=UTC),
    NEW_PRICES: datetime(2025, 11, 17, 9, tzinfo=UTC),
}


def euros(amount: str) -> Decimal:
    return Decimal(amount)


@dataclass(frozen=True, slots=True)
class Prices:
    """One version: columns of `PlanVersion`, and its rows."""

    valid_from: date
    terms: Mapping[str, Any]
    rates: tuple[Mapping[str, Any], ...] = ()
    packs: tuple[Mapping[str, Any], ...] = ()
    reductions: tuple[Mapping[str, Any], ...] = ()

    def rows(self) -> list[Row]:
        return [
            *(PlanRate(**values) for values in self.rates),
            *(PlanPack(**values) for values in self.packs),
            *(PlanReduction(**values) for values in self.reductions),
        ]


@dataclass(frozen=True, slots=True)
class Formula:
    code: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    versions: tuple[Prices, ...]
    fields: Mapping[str, Any] = field(default_factory=dict)


HALF_FOR_JOB_SEEKERS = {
    "category": "demandeur-emploi",
    "name": "Demandeurs d’emploi",
    "name_en": "Job seekers",
    "percent": 50,
}
STUDENTS = {
    "category": "etudiant",
    "name": "Étudiants et apprentis",
    "name_en": "Students and apprentices",
    "percent": 30,
    "on_fees": False,
}


def room(hour: str, **more: Any) -> dict[str, Any]:
    return {"kind": "room", "hour": euros(hour), "step": 30, **more}


HOURS, NOMAD, TELEWORK, RESIDENT, OWN_DESK = (
    Formula(
        "morez-heures",
        "À l’heure",
        "By the hour",
        "Vous venez quand vous voulez et payez le temps passé, jamais plus que le plafond du mois.",
        "Come when you like and pay for the time you spend, never more than the monthly cap.",
        (
            Prices(
                LONG_AGO,
                {"fee": euros("24.00"), "fee_every": "year"},
                (
                    {"hour": euros("2.50"), "monthly_cap": euros("230.00")},
                    {"kind": "guest", "hour": euros("4.00")},
                    room("10.00"),
                ),
                reductions=(HALF_FOR_JOB_SEEKERS,),
            ),
            Prices(
                NEW_PRICES,
                {"fee": euros("29.00"), "fee_every": "year"},
                (
                    {"hour": euros("3.00"), "monthly_cap": euros("270.00")},
                    {"kind": "guest", "hour": euros("5.00")},
                    room("12.00"),
                ),
                reductions=(HALF_FOR_JOB_SEEKERS, STUDENTS),
            ),
        ),
    ),
    Formula(
        "morez-nomade",
        "Nomade",
        "Nomad",
        "La journée ou la demi-journée, sans abonnement : pour qui passe de temps en temps.",
        "By the day or half-day, with no subscription: for those who drop in now and then.",
        (
            Prices(
                LONG_AGO,
                {"fee": None},
                (
                    {"half_day": euros("10.00"), "day": euros("17.00")},
                    {"kind": "guest", "hour": euros("5.00")},
                    room("15.00"),
                ),
                (
                    {
                        "code": "dix-journees",
                        "name": "Carnet de dix",
                        "name_en": "Pack of ten",
                        "quantity": 10,
                        "unit": "day",
                        "price": euros("140.00"),
                        "valid_months": 6,
                    },
                ),
            ),
        ),
        {"admission": "instant"},
    ),
    Formula(
        "morez-teletravail",
        "Télétravail",
        "Remote work",
        "Deux jours par semaine ici plutôt que sur la route. La facture peut aller à l’employeur.",
        "Two days a week here rather than on the road. The invoice can go to your employer.",
        (
            Prices(
                LONG_AGO,
                {"fee": euros("105.00"), "notice_days": 30},
                (
                    {"day": euros("14.00"), "included_quantity": 8, "included_unit": "day"},
                    room("10.00"),
                ),
            ),
            Prices(
                NEW_PRICES,
                {"fee": euros("112.00"), "notice_days": 30},
                (
                    {"day": euros("15.00"), "included_quantity": 8, "included_unit": "day"},
                    room("10.00"),
                ),
            ),
        ),
    ),
    Formula(
        "morez-resident",
        "Résident",
        "Resident",
        "Vous travaillez ici presque tous les jours : un poste, la salle, le café, les voisins.",
        "You work here most days: a desk, the meeting room, coffee and neighbours.",
        (
            Prices(
                LONG_AGO,
                {"fee": euros("185.00"), "commitment_months": 3, "notice_days": 30},
                (
                    {"unlimited": True},
                    room("8.00", included_quantity=2, included_unit="hour"),
                ),
                reductions=({**HALF_FOR_JOB_SEEKERS, "percent": 30},),
            ),
            Prices(
                NEW_PRICES,
                {"fee": euros("195.00"), "commitment_months": 3, "notice_days": 30},
                (
                    {"unlimited": True},
                    room("8.00", included_quantity=4, included_unit="hour"),
                ),
                reductions=({**HALF_FOR_JOB_SEEKERS, "percent": 30},),
            ),
        ),
    ),
    Formula(
        "morez-poste-attitre",
        "Poste attitré",
        "Your own desk",
        "Le même bureau chaque matin, votre écran reste branché, un casier ferme à clé.",
        "The same desk every morning: your screen stays plugged in and your locker locks.",
        (
            Prices(
                LONG_AGO,
                {
                    "fee": euros("260.00"),
                    "fixed_desk": True,
                    "commitment_months": 6,
                    "notice_days": 60,
                },
                (
                    {"unlimited": True},
                    room("8.00", included_quantity=6, included_unit="hour"),
                ),
            ),
        ),
    ),
)
FORMULAS: Final = (HOURS, NOMAD, TELEWORK, RESIDENT, OWN_DESK)


def lay_down_plans(*, by: User) -> dict[str, Plan]:
    """The plans by their code: those that are there as they are, the others published by `by`."""
    known = {plan.code: plan for plan in Plan.objects.filter(code__startswith="morez-")}
    return {
        formula.code: known.get(formula.code) or _publish(formula, position, by)
        for position, formula in enumerate(FORMULAS, start=1)
    }


def _publish(formula: Formula, position: int, by: User) -> Plan:
    plan = Plan(
        code=formula.code,
        name=formula.name,
        name_en=formula.name_en,
        summary=formula.summary,
        summary_en=formula.summary_en,
        is_offered=True,
        position=position,
        **formula.fields,
    )
    save_plan(plan=plan, by=by, now=DECIDED[LONG_AGO])
    for prices in formula.versions:
        now = DECIDED[prices.valid_from]
        draft = draft_version(plan=plan, valid_from=prices.valid_from, by=by, now=now)
        for name, value in prices.terms.items():
            setattr(draft, name, value)
        copied: list[Row] = [*draft.rates.all(), *draft.packs.all(), *draft.reductions.all()]
        save_draft(version=draft, rows=prices.rows(), removed=copied, by=by, now=now)
        publish_version(version=draft, by=by, now=now)
    return plan
