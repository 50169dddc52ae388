"""Addresses of the account, at the root of allauth's own, which stand beside them."""

from django.urls import path

from members.views import account, membership, safety

app_name = "members"
urlpatterns = [
    path("", account.account, name="account"),
    path("adhesion/", membership.membership, name="membership"),
    path("agir/arreter/", safety.stop_acting, name="stop_acting"),
    path("agir/<int:pk>/", safety.act_as, name="act_as"),
]
