"""Rows of the directory: places, trades, providers, order givers, needs and what became of them."""

from directory.models.bands import AmountBand, Currency, Mode, SpokenLanguage
from directory.models.counts import Found, Missed
from directory.models.index import (
    DEGREE,
    LANGUAGE_BIT,
    Entry,
    Gram,
    Phrase,
    PhraseKind,
    Posting,
    Term,
    facet,
)
from directory.models.legal import LegalPerson, LegalState
from directory.models.messages import Message, Report, ReportReason
from directory.models.need_states import (
    AWARDED,
    CLOSED,
    NEED_MOVES,
    NeedKind,
    NeedState,
    Otherwise,
    OutsideReason,
)
from directory.models.needs import MOST_ANSWERS, Attachment, Need
from directory.models.organisations import Agent, Organisation, OrganisationKind
from directory.models.owners import Claim, ClaimDecision, Ownership
from directory.models.places import Commune, CommuneKind
from directory.models.profiles import Activity, Reference, Shown, ShownField, Speaks
from directory.models.providers import (
    FARTHEST_KM,
    PROVIDER_MOVES,
    PriceUnit,
    Provider,
    ProviderState,
)
from directory.models.solicitations import DeclineReason, Origin, Solicitation, Step
from directory.models.trades import Sector, Skill, Synonym, Trade

__all__ = [
    "AWARDED",
    "CLOSED",
    "DEGREE",
    "FARTHEST_KM",
    "LANGUAGE_BIT",
    "MOST_ANSWERS",
    "NEED_MOVES",
    "PROVIDER_MOVES",
    "Activity",
    "Agent",
    "AmountBand",
    "Attachment",
    "Claim",
    "ClaimDecision",
    "Commune",
    "CommuneKind",
    "Currency",
    "DeclineReason",
    "Entry",
    "Found",
    "Gram",
    "LegalPerson",
    "LegalState",
    "Message",
    "Missed",
    "Mode",
    "Need",
    "NeedKind",
    "NeedState",
    "Organisation",
    "OrganisationKind",
    "Origin",
    "Otherwise",
    "OutsideReason",
    "Ownership",
    "Phrase",
    "PhraseKind",
    "Posting",
    "PriceUnit",
    "Provider",
    "ProviderState",
    "Reference",
    "Report",
    "ReportReason",
    "Sector",
    "Shown",
    "ShownField",
    "Skill",
    "Solicitation",
    "Speaks",
    "SpokenLanguage",
    "Step",
    "Synonym",
    "Term",
    "Trade",
    "facet",
]
