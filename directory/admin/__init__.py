"""The directory in the admin: what waits for the host, read here and decided by the services."""

from directory.admin.providers import ProviderAdmin
from directory.admin.reports import ClaimAdmin, MessageAdmin, ReportAdmin

__all__ = ["ClaimAdmin", "MessageAdmin", "ProviderAdmin", "ReportAdmin"]
