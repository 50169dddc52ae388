"""The roof of the house: home, health, error pages and project commands."""

from django.apps import AppConfig


class CoworkingConfig(AppConfig):
    name = "coworking"
    verbose_name = "Coworking"
