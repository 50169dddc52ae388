"""Addresses of the directory, by subject."""

from django.urls import include, path

from directory import feeds
from directory.views import (
    awards,
    counting,
    figures,
    following,
    machines,
    mine,
    needs,
    organisations,
    places,
    posting,
    provider,
    reporting,
    requests,
    search,
)

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
    path("annuaire/", search.home, name="home"),
    path("annuaire/metier/<slug:slug>/", places.trade, name="trade"),
    path("annuaire/commune/<slug:slug>/", places.commune, name="commune"),
    path("annuaire/compte/", counting.count, name="count"),
    path("annuaire/chiffres/", figures.numbers, name="figures"),
    path("annuaire/chiffres/tableau/", figures.numbers_sheet, name="figures_sheet"),
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
    path("besoins/", needs.needs, name="needs"),
    path("besoins/<int:pk>/", needs.need, name="need"),
    path("besoins/<int:pk>/fichiers/<int:file>/", needs.need_file, name="need_file"),
    path("besoins/<int:pk>/se-proposer/", awards.volunteer, name="volunteer"),
    path("besoins/<int:pk>/signaler/", reporting.report_need, name="report_need"),
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
