"""The directory in the admin, written through its services."""

from directory.admin.reference import (
    CommuneAdmin,
    SectorAdmin,
    SkillAdmin,
    SynonymAdmin,
    TradeAdmin,
)

__all__ = ["CommuneAdmin", "SectorAdmin", "SkillAdmin", "SynonymAdmin", "TradeAdmin"]
