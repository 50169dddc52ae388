"""Addresses of the directory."""

from django.urls import include, path

from directory.views import awards, requests

app_name = "directory"

request_pages = [
    path("", requests.asked, name="asked"),
    path("lire/", requests.read_request, name="read_request"),
    path("repondre/", requests.answer, name="answer"),
    path("decliner/", requests.decline, name="decline"),
    path("fichiers/<int:pk>/", requests.asked_file, name="asked_file"),
]

urlpatterns = [
    path("besoins/<int:pk>/se-proposer/", awards.volunteer, name="volunteer"),
    path("besoins/suivi/<slug:key>/retenir/<int:pk>/", awards.award, name="award"),
    path("demandes/", requests.requests, name="requests"),
    path("demandes/<slug:key>/", include(request_pages)),
]
