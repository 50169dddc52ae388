"""Addresses of the simulator, made for the house it stands in."""

from django.urls import URLPattern, path

from simulator import views
from simulator.house import ALONE, House


def addresses(house: House = ALONE) -> tuple[list[URLPattern], str]:
    """What `include` takes: the addresses and their namespace."""
    told = {"house": house}
    patterns = [
        path("", views.home, told, name="home"),
        path("api/", views.api, told, name="api"),
        path("image.png", views.image, told, name="image"),
        path("integrer/", views.embed, told, name="embed"),
        path("outils/", views.tools, told, name="tools"),
    ]
    return patterns, "simulator"
