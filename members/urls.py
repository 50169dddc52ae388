"""Addresses of people: the account beside allauth's own pages, and what members share."""

from django.urls import include, path

from members.views import account, announcements, invitations, membership, people, safety

app_name = "members"

account_pages = [
    path("", account.account, name="account"),
    path("adhesion/", membership.membership, name="membership"),
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
