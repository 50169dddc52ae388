"""Rows about people: who they are, how they joined, what they pay for, what they agreed to."""

from members.models.audit import Act, AuditEntry
from members.models.community import Announcement, Delivery
from members.models.consent import TEXTS, WORDING, Consent, LegalText, Use
from members.models.file import Document, Note, WelcomeDone, WelcomeStep
from members.models.joining import Application, Decision, Heard, Invitation, Standing
from members.models.people import (
    ADDRESS_TAKEN,
    LINE_LENGTH,
    MOVES,
    TEXT_LENGTH,
    Language,
    Means,
    Member,
    Role,
    State,
    User,
)
from members.models.plans import (
    Admission,
    Every,
    Plan,
    PlanPack,
    PlanRate,
    PlanReduction,
    PlanVersion,
    Rounding,
    Unit,
    Usage,
    Vat,
)
from members.models.subscriptions import Pause, Subscription

__all__ = [
    "ADDRESS_TAKEN",
    "LINE_LENGTH",
    "MOVES",
    "TEXTS",
    "TEXT_LENGTH",
    "WORDING",
    "Act",
    "Admission",
    "Announcement",
    "Application",
    "AuditEntry",
    "Consent",
    "Decision",
    "Delivery",
    "Document",
    "Every",
    "Heard",
    "Invitation",
    "Language",
    "LegalText",
    "Means",
    "Member",
    "Note",
    "Pause",
    "Plan",
    "PlanPack",
    "PlanRate",
    "PlanReduction",
    "PlanVersion",
    "Role",
    "Rounding",
    "Standing",
    "State",
    "Subscription",
    "Unit",
    "Usage",
    "Use",
    "User",
    "Vat",
    "WelcomeDone",
    "WelcomeStep",
]
