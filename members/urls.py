"""Addresses of the account, at the root of allauth's own, which stand beside them."""

from django.urls import path

from members.views import account, invitations, membership, safety

app_name = "members"
urlpatterns = [
    path("", account.account, name="account"),
    path("adhesion/", membership.membership, name="membership"),
    path("agir/arreter/", safety.stop_acting, name="stop_acting"),
    path("agir/<int:pk>/", safety.act_as, name="act_as"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("inviter/", invitations.invite, name="invite"),
    path("inviter/<int:pk>/retirer/", invitations.revoke, name="invitation_revoke"),
]
