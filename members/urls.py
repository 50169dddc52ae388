"""Addresses of people: the account beside allauth's own pages, and what members share."""

from django.urls import include, path

from members.views import (
    account,
    announcements,
    apply,
    invitations,
    membership,
    people,
    safety,
)

app_name = "members"

account_pages = [
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
    path("annonces/arret/<str:signed>/", announcements.stop_news, name="stop_news"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("inviter/", invitations.invite, name="invite"),
    path("inviter/<int:pk>/retirer/", invitations.revoke, name="invitation_revoke"),
]

urlpatterns = [
    path("annonces/", announcements.announcements, name="announcements"),
    path("compte/", include(account_pages)),
    path("membres/", people.people, name="people"),
    path("membres/<int:member_id>/", people.person, name="person"),
    path("membres/<int:member_id>/ecrire/", people.write_to, name="write_to"),
]
