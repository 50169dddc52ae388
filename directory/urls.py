"""Addresses of the directory, by subject."""

from django.urls import include, path

from directory import feeds
from directory.views import counting, machines, mine, places, provider, search

app_name = "directory"

provider_pages = [
    path("", provider.provider, name="provider"),
    path("ecrire/", provider.write, name="write"),
    path("signaler/", provider.report, name="report"),
    path("revendiquer/", provider.claim, name="claim"),
]

owner_pages = [
    path("", mine.mine, name="mine"),
    path("nouvelle/", mine.new, name="new"),
    path("confirmer/<str:token>/", mine.confirm, name="confirm"),
    path("<int:pk>/", mine.edit, name="edit"),
    path("<int:pk>/apercu/", mine.preview, name="preview"),
    path("<int:pk>/confirmer/", mine.confirm_mine, name="confirm_mine"),
    path("<int:pk>/publier/", mine.publish, name="publish"),
    path("<int:pk>/retirer/", mine.take_offline, name="take_offline"),
    path("<int:pk>/modifier/<slug:part>/", mine.edit_part, name="edit_part"),
    path("<int:pk>/modifier/<slug:part>/<int:line>/", mine.remove_line, name="remove_line"),
]

urlpatterns = [
    path("annuaire/", search.home, name="home"),
    path("annuaire/metier/<slug:slug>/", places.trade, name="trade"),
    path("annuaire/commune/<slug:slug>/", places.commune, name="commune"),
    path("annuaire/compte/", counting.count, name="count"),
    path("annuaire/integrer/", search.embed, name="embed"),
    path("annuaire/outils/", machines.tools, name="tools"),
    path("annuaire/api/", machines.api, name="api"),
    path("annuaire/api/metiers/", machines.api_trades, name="api_trades"),
    path("annuaire/api/communes/", machines.api_communes, name="api_communes"),
    path("annuaire/flux/", feeds.new_providers, name="feed"),
    path("annuaire/message/<str:token>/", provider.send_message, name="send_message"),
    path("annuaire/prestataire/<slug:slug>/", include(provider_pages)),
    path("annuaire/revendication/<str:token>/", provider.claim_answer, name="claim_answer"),
    path("mes-fiches/", include(owner_pages)),
]
