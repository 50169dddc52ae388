"""Addresses of the account, at the root of allauth's own, which stand beside them."""

from django.urls import path

from members.views import account, apply, invitations, membership, safety

app_name = "members"
urlpatterns = [
    path("", account.account, name="account"),
    path("adhesion/", membership.membership, name="membership"),
    path("adhesion/candidature/", apply.apply, name="apply"),
    path("adhesion/candidature/retirer/", membership.withdraw, name="withdraw"),
    path("adhesion/depart/", membership.leave, name="leave"),
    path("adhesion/formule/", membership.change_plan, name="change_plan"),
    path("adhesion/pause/", membership.pause, name="pause"),
    path("adhesion/reprise/", membership.resume, name="resume"),
    path("adhesion/rester/", membership.stay, name="stay"),
    path("adhesion/textes/<str:use>/<path:version>/", apply.legal, name="legal"),
    path("agir/arreter/", safety.stop_acting, name="stop_acting"),
    path("agir/<int:pk>/", safety.act_as, name="act_as"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("inviter/", invitations.invite, name="invite"),
    path("inviter/<int:pk>/retirer/", invitations.revoke, name="invitation_revoke"),
]
