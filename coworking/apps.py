"""The roof of the house: home, health, error pages, project commands, and the site of the admin."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CoworkingConfig(AppConfig):
    name = "coworking"
    verbose_name = "Coworking"
    default = True


class DeskConfig(admin_apps.AdminConfig):
    """django.contrib.admin, with our site as its default one."""

    default = False
    default_site = "coworking.admin_site.Desk"
