"""What mixes the floors is registered here; each floor registers what it knows alone."""

from django.contrib import admin

from coworking.desk.members import MemberDesk
from coworking.simulator_prices import QuoteAdmin
from members.models import Member
from simulator.models import Quote

admin.site.register(Member, MemberDesk)
admin.site.register(Quote, QuoteAdmin)
