"""People, plans and subscriptions in the admin: staff see them, and change them by the services.

What the admin of every floor needs is here too: `house` (how a page behaves), `refusals` (of a
service), `asking` (before a service is called), `exports`.
"""

from allauth.account.decorators import secure_admin_login
from allauth.mfa.admin import Authenticator
from allauth.usersessions.admin import UserSession
from django.contrib import admin

from members.admin.announcements import AnnouncementAdmin, DeliveryAdmin
from members.admin.applications import ApplicationAdmin
from members.admin.audit import AuditEntryAdmin
from members.admin.invitations import InvitationAdmin
from members.admin.members import MemberAdmin
from members.admin.plans import PlanAdmin, PlanVersionAdmin, VatAdmin
from members.admin.subscriptions import SubscriptionAdmin
from members.admin.texts import LegalTextAdmin
from members.admin.users import UserAdmin
from members.admin.welcome import WelcomeStepAdmin

# The admin's own login form knows neither rate limits nor verified addresses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Imported above from where they are registered, so that they are by now. The secrets of a second
# factor are nobody's to read, and allauth's list of sessions searches a column we do not have.
admin.site.unregister([Authenticator, UserSession])

__all__ = [
    "AnnouncementAdmin",
    "ApplicationAdmin",
    "AuditEntryAdmin",
    "DeliveryAdmin",
    "InvitationAdmin",
    "LegalTextAdmin",
    "MemberAdmin",
    "PlanAdmin",
    "PlanVersionAdmin",
    "SubscriptionAdmin",
    "UserAdmin",
    "VatAdmin",
    "WelcomeStepAdmin",
]
