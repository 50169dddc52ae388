"""The directory in the admin: what waits for the host, read here and decided by the services."""

from directory.admin.needs import NeedAdmin
from directory.admin.organisations import OrganisationAdmin
from directory.admin.providers import ProviderAdmin
from directory.admin.reference import (
    CommuneAdmin,
    SectorAdmin,
    SkillAdmin,
    SynonymAdmin,
    TradeAdmin,
)
from directory.admin.reports import ClaimAdmin, MessageAdmin, ReportAdmin

__all__ = [
    "ClaimAdmin",
    "CommuneAdmin",
    "MessageAdmin",
    "NeedAdmin",
    "OrganisationAdmin",
    "ProviderAdmin",
    "ReportAdmin",
    "SectorAdmin",
    "SkillAdmin",
    "SynonymAdmin",
    "TradeAdmin",
]
