"""How the admin looks: its title, colours and sidebar (docs/decisions/0006-admin-theme.md).

A page of the admin gets its place in the sidebar by one line in `SIDEBAR`: `_list` for the list of
a model, shown to whoever may see the model, `_page` for another address.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

# The palette of static/css/tokens.css, in the steps of the theme; a test holds them together.
# Light pages take their text and buttons from 600 and above, dark ones from 500 and below.
SPRUCE = {
    "50": "#f0f7f3",
    "100": "#e1efe7",
    "200": "#c2dfd0",
    "300": "#a3dfc2",
    "400": "#7fcaa6",
    "500": "#4f9e7d",
    "600": "#1b5e47",
    "700": "#17513d",
    "800": "#124534",
    "900": "#0f3729",
    "950": "#0b2119",
}
LIMESTONE = {
    "50": "#f8f6f1",
    "100": "#efece4",
    "200": "#dcd7ca",
    "300": "#c4bcaa",
    "400": "#a8b5af",
    "500": "#5f6a63",
    "600": "#505c55",
    "700": "#3a4643",
    "800": "#2e3a38",
    "900": "#182120",
    "950": "#101716",
}
INK = {
    "subtle-light": "#505c55",
    "default-light": "#36423f",
    "important-light": "#1b2621",
    "subtle-dark": "#a8b5af",
    "default-dark": "#cdd6d0",
    "important-dark": "#e9eee9",
}


def _page(
    title: str | Promise, icon: str, link: Any, permission: str | None = None
) -> dict[str, Any]:
    """An entry of the sidebar; `icon` is a name of Material Symbols."""
    entry = {"title": title, "icon": icon, "link": link}
    return entry | ({"permission": _may(permission)} if permission else {})


def _list(title: str | Promise, icon: str, model: str) -> dict[str, Any]:
    """The list of a model (`"members.member"`), for whoever may see it."""
    app, name = model.split(".")
    return _page(title, icon, reverse_lazy(f"admin:{app}_{name}_changelist"), f"{app}.view_{name}")


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _group(title: str | Promise, *entries: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(entries)}


def _is_unmet(request: HttpRequest) -> bool:
    return request.GET.get("unmet") == "yes"


def _never(request: HttpRequest) -> bool:
    return False  # the address of the site is the beginning of every other


SIDEBAR = [
    {
        "items": [
            _page(_("Accueil"), "home", reverse_lazy("admin:index")),
            _page(_("Voir le site"), "storefront", reverse_lazy("home")) | {"active": _never},
        ]
    },
    _group(
        pgettext_lazy("rubrique de l’administration", "Personnes"),
        _list(_("Candidatures"), "person_add", "members.application"),
        _list(_("Membres"), "groups", "members.member"),
        _list(_("Abonnements"), "card_membership", "members.subscription"),
        _list(_("Invitations"), "mail", "members.invitation"),
        _list(_("Règlement et conditions"), "gavel", "members.legaltext"),
        _list(_("Étapes d’accueil"), "checklist", "members.welcomestep"),
        _list(_("Utilisateurs"), "manage_accounts", "members.user"),
        _list(_("Annonces"), "campaign", "members.announcement"),
        _list(_("Envois d’annonces"), "outgoing_mail", "members.delivery"),
        _list(_("Journal"), "history", "members.auditentry"),
    ),
    _group(
        pgettext_lazy("rubrique de l’administration", "Formules et prix"),
        _list(_("Formules"), "sell", "members.plan"),
        _list(_("Tarifs datés"), "price_change", "members.planversion"),
        _list(_("Taux de TVA"), "percent", "members.vat"),
    ),
    _group(
        pgettext_lazy("rubrique de l’administration", "Annuaire et besoins"),
        _list(_("Prestataires"), "contact_page", "directory.provider"),
        _list(_("Revendications"), "how_to_reg", "directory.claim"),
        _list(_("Signalements"), "flag", "directory.report"),
        _list(_("Messages transmis"), "forward_to_inbox", "directory.message"),
        _list(_("Besoins"), "search", "directory.need"),
        _page(
            _("Besoins non pourvus"),
            "search_off",
            reverse_lazy("admin:directory_need_changelist", query={"unmet": "yes"}),
            "directory.view_need",
        )
        | {"active": _is_unmet},
        _list(_("Sollicitations"), "outgoing_mail", "directory.solicitation"),
        _list(_("Donneurs d’ordre"), "storefront", "directory.organisation"),
    ),
    _group(
        pgettext_lazy("rubrique de l’administration", "Espace"),
        _list(_("Réservations"), "event_seat", "booking.booking"),
        _list(_("Séries"), "event_repeat", "booking.series"),
        _list(_("Visites"), "how_to_reg", "booking.visit"),
        _list(_("Fermetures"), "event_busy", "booking.closure"),
        _list(_("Places et matériel"), "chair", "booking.resource"),
        _list(_("Bornes"), "tablet", "booking.device"),
        _list(_("Espaces"), "cottage", "booking.space"),
        _list(_("Prix du simulateur"), "local_gas_station", "simulator.quote"),
    ),
    _group(
        pgettext_lazy("rubrique de l’administration", "Mots de l’annuaire"),
        _list(_("Métiers"), "handyman", "directory.trade"),
        _list(_("Synonymes"), "translate", "directory.synonym"),
        _list(_("Compétences"), "psychology", "directory.skill"),
        _list(_("Secteurs"), "category", "directory.sector"),
        _list(_("Communes"), "location_on", "directory.commune"),
    ),
]


# Models whose rows the search of the sidebar finds (by the `search_fields` of their page), in the
# order of the answer. Bookings are looked for in their list: they are many and have no name.
SEARCHED = [
    "members.member",
    "members.user",
    "members.plan",
    "directory.provider",
    "booking.resource",
    "booking.space",
    "booking.closure",
]


def environment(request: HttpRequest) -> list[str] | None:
    """The badge of the header: a server in development holds nobody's real data."""
    return [gettext("démonstration"), "warning"] if settings.DEBUG else None


def _logo(request: HttpRequest) -> str:
    return static("logo.svg")


def _style_sheet(request: HttpRequest) -> str:
    return static("css/admin.css")


def _desk_style_sheet(request: HttpRequest) -> str:
    return static("css/desk.css")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Administration du coworking"),
    "SITE_HEADER": _("Coworking"),
    "SITE_SUBHEADER": _("Administration"),
    "SITE_URL": reverse_lazy("home"),
    "SITE_ICON": _logo,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _logo}],
    "STYLES": [_style_sheet, _desk_style_sheet],
    "DASHBOARD_CALLBACK": "coworking.desk.first_page.fill",
    "BORDER_RADIUS": "0.375rem",
    "COLORS": {"primary": SPRUCE, "base": LIMESTONE, "font": INK},
    "ENVIRONMENT": environment,
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_HISTORY": True,
    "ACCOUNT": {
        "navigation": [{"title": _("Mon compte"), "link": reverse_lazy("members:account")}]
    },
    "COMMAND": {"search_models": SEARCHED, "show_history": False},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": SIDEBAR,
    },
}
