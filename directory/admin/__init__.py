"""The directory in the admin: what waits for the host, read here and decided by the services."""

from directory.admin.needs import NeedAdmin
from directory.admin.organisations import OrganisationAdmin

__all__ = ["NeedAdmin", "OrganisationAdmin"]
