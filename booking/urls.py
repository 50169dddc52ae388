"""Addresses of spaces, bookings and calendars."""

from django.urls import path

from booking import views
from booking.views import kiosk, presence, series, sheet, waits
from booking.views.savings import savings

app_name = "booking"
urlpatterns = [
    path("economies/", savings, name="savings"),
    path("espaces/<slug:slug>/", views.space_home, name="space"),
    path("espaces/<slug:slug>/plan/", views.plan, name="plan"),
    path("espaces/<slug:slug>/jour/", views.day, name="day"),
    path("espaces/<slug:slug>/semaine/", views.week, name="week"),
    path("espaces/<slug:slug>/reserver/", views.book, name="book"),
    path("espaces/<slug:slug>/feuille/", sheet.sheet, name="sheet"),
    path("espaces/<slug:slug>/feuille/arrivee/", sheet.arrival, name="arrival"),
    path("espaces/<slug:slug>/feuille/<uuid:pk>/depart/", sheet.departure, name="departure"),
    path("reservations/", views.mine, name="mine"),
    path("reservations/<uuid:pk>/", views.detail, name="detail"),
    path("reservations/<uuid:pk>/deplacer/", views.move, name="move"),
    path("reservations/<uuid:pk>/annuler/", views.cancel, name="cancel"),
    path("reservations/<uuid:pk>/rendre/", views.give_back, name="give_back"),
    path("reservations/<uuid:pk>.ics", views.ics, name="ics"),
    path("series/nouvelle/", series.new, name="series_new"),
    path("series/<int:pk>/", series.detail, name="series"),
    path("series/<int:pk>/changer/", series.change, name="series_change"),
    path("series/<int:pk>/annuler/", series.cancel, name="series_cancel"),
    path("espaces/<slug:slug>/attendre/", waits.wait, name="wait"),
    path("attentes/", waits.waits, name="waits"),
    path("attentes/<int:pk>/prendre/", waits.take, name="take"),
    path("attentes/<int:pk>/quitter/", waits.give_up, name="give_up"),
    path("presence/", presence.presence, name="presence"),
    path("presence/arriver/", presence.arrive, name="arrive"),
    path("presence/<uuid:pk>/partir/", presence.leave, name="leave"),
    path("presence/<uuid:pk>/confirmer/", presence.confirm, name="confirm_visit"),
    path("presence/code/", kiosk.new_code, name="new_code"),
    path("presence/borne/<str:token>/", kiosk.scanned, name="scanned"),
    path("borne/", kiosk.screen, name="kiosk"),
    path("borne/code/", kiosk.enter_code, name="enter_code"),
    path("borne/activer/<str:token>/", kiosk.set_up, name="set_up_kiosk"),
    path("calendrier/", views.calendar, name="calendar"),
    path("calendrier/<slug:token>.ics", views.feed, name="feed"),
]
