"""What mixes the floors is registered here; each floor registers what it knows alone."""

from django.contrib import admin

from coworking.desk.members import MemberDesk
from members.models import Member

admin.site.register(Member, MemberDesk)
