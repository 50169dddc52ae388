"""Addresses of the simulator."""

from django.urls import path

from simulator import views

app_name = "simulator"
urlpatterns = [
    path("", views.home, name="home"),
    path("api/", views.api, name="api"),
]
