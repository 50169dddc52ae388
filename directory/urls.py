"""Addresses of the directory."""

from django.urls import include, path

from directory.views import awards, following, needs, organisations, posting, requests

app_name = "directory"

author_pages = [
    path("", following.follow, name="follow"),
    path("confirmer/", following.confirm, name="need_confirm"),
    path("retirer/", following.withdraw, name="need_withdraw"),
    path("modifier/", following.edit, name="need_edit"),
    path("fichiers/", following.add_file, name="need_add_file"),
    path("fichiers/<int:pk>/", following.file, name="need_own_file"),
    path("fichiers/<int:pk>/retirer/", following.remove_file, name="need_remove_file"),
    path("retenir/<int:pk>/", awards.award, name="award"),
    path("suite/", following.tell, name="need_tell"),
]

request_pages = [
    path("", requests.asked, name="asked"),
    path("lire/", requests.read_request, name="read_request"),
    path("repondre/", requests.answer, name="answer"),
    path("decliner/", requests.decline, name="decline"),
    path("fichiers/<int:pk>/", requests.asked_file, name="asked_file"),
]

urlpatterns = [
    path("besoins/", needs.needs, name="needs"),
    path("besoins/<int:pk>/", needs.need, name="need"),
    path("besoins/<int:pk>/fichiers/<int:file>/", needs.need_file, name="need_file"),
    path("besoins/<int:pk>/se-proposer/", awards.volunteer, name="volunteer"),
    path("besoins/flux/", needs.needs_feed, name="needs_feed"),
    path("besoins/nouveau/", posting.post, name="post"),
    path("besoins/nouveau/envoye/", posting.posted, name="posted"),
    path("besoins/nouveau/metier/", posting.trade_hint, name="trade_hint"),
    path("besoins/suivi/<slug:key>/", include(author_pages)),
    path("besoins/agir/<str:token>/", organisations.agency, name="agency"),
    path("demandes/", requests.requests, name="requests"),
    path("demandes/<slug:key>/", include(request_pages)),
    path("mes-besoins/", needs.my_needs, name="my_needs"),
    path("mes-besoins/pour/<int:pk>/", organisations.organisation, name="organisation"),
    path(
        "mes-besoins/pour/<int:pk>/retirer/<int:agent>/",
        organisations.remove_agent,
        name="remove_agent",
    ),
]
