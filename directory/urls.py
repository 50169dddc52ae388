"""Addresses of the directory."""

from django.urls import path

from directory import feeds
from directory.views import counting, machines, places, search

app_name = "directory"

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
]
