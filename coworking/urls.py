"""All addresses of the platform, by app."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from coworking import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sante/", views.health, name="health"),
    path("langue/", login_not_required(set_language), name="set_language"),
    path("simulateur/", include("simulator.urls")),
    path("compte/", include("members.urls")),
    path("compte/", include("allauth.urls")),
    path("", include("booking.urls")),
    path("admin/", admin.site.urls),
]

handler500 = "coworking.views.server_error"
