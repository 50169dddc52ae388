"""All addresses of the platform, by app."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from coworking import views
from coworking.privacy.views import erase_me, my_data, privacy
from coworking.simulator import HOUSE
from coworking.sitemaps import robots, sitemap_index, sitemap_section
from members.views import plans
from members.views.safety import download_recovery_codes, recovery_codes, sessions
from simulator.urls import addresses as simulator_addresses

urlpatterns = [
    path("", views.home, name="home"),
    path("sante/", views.health, name="health"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("sitemap-<section>.xml", sitemap_section, name="sitemap_section"),
    path("langue/", login_not_required(set_language), name="set_language"),
    path("confidentialite/", privacy, name="privacy"),
    path("compte/effacer/", erase_me, name="erase_me"),
    path("compte/mes-donnees/", my_data, name="my_data"),
    path("formules/", plans.plans, name="plans"),
    path("simulateur/", include(simulator_addresses(HOUSE))),
    path("", include("members.urls")),
    # Before allauth's, of the same names: theirs write on a GET.
    path("compte/2fa/recovery-codes/", recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "compte/2fa/recovery-codes/download/",
        download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("compte/sessions/", sessions, name="usersessions_list"),
    path("compte/", include("allauth.urls")),
    path("", include("directory.urls")),
    path("", include("booking.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "coworking.views.server_error"
