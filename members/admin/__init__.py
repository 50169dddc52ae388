"""Users and members in the admin: staff see people here, and change them through the services.

What the admin of every floor needs is here too: `house` (how a page behaves), `exports`.
"""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from members.admin.members import MemberAdmin
from members.admin.users import UserAdmin

# The admin's own login form knows neither rate limits nor verified addresses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

__all__ = ["MemberAdmin", "UserAdmin"]
