"""The site of the admin: its content security policy, and its search."""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.apps import apps
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import SearchResult
from unfold.sites import UnfoldAdminSite

from coworking.privacy.desk import erase_member

# What the theme needs over the policy of the site, and nothing else (docs/decisions/0006): Alpine
# compiles the expressions in its attributes; the colours, and widths that Alpine works out, stand
# in the page; the arrows of lists to choose from are pictures in the style sheet.
POLICY: Final[dict[str, list[str]]] = {
    "script-src": [UNSAFE_EVAL],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
}
FOUND = 10  # rows of each model that a search shows: it is to find one, not to list all


class Desk(UnfoldAdminSite):  # type: ignore[misc]
    index_title = _("Accueil")

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """The theme's, after the pages that touch every app and so belong to none of them."""
        erase = path(
            "members/member/<int:object_id>/effacer/",
            self.admin_view(erase_member),
            name="members_member_erase",
        )
        return [erase, *super().get_urls()]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:
        relaxed: Callable[..., Any] = csp_update(POLICY)(super().admin_view(view, cacheable))
        return relaxed

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What the command palette finds: pages by their name, rows by their search fields.

        The theme's own keeps its answers for five minutes in the cache (who lost a right would
        still read them, and a GET would write) and reads every row that matches.
        """
        words = request.GET.get("s", "").replace("\x00", "").strip()
        if not words:
            return HttpResponse()
        began = time.monotonic()
        app_list = self.get_app_list(request)
        results = [*self._rows(request, app_list, words)]
        results += self._search_apps(app_list, words.lower())
        paginator = Paginator(results, max(len(results), 1))
        return TemplateResponse(
            request,
            "unfold/helpers/command_results.html",
            {
                "page_obj": paginator,
                "results": paginator.page(1),
                "page_counter": 0,
                "execution_time": time.monotonic() - began,
                "command_show_history": False,
            },
            headers={"HX-Trigger": "search"},
        )

    def _rows(
        self, request: HttpRequest, app_list: list[Any], words: str
    ) -> Iterator[SearchResult]:
        seen = {model["model"]._meta.label_lower for app in app_list for model in app["models"]}
        for label in settings.UNFOLD["COMMAND"]["search_models"]:
            if label not in seen:
                continue
            model = apps.get_model(label)
            model_admin = self._registry[model]
            rows = model_admin.get_queryset(request)
            if related := model_admin.list_select_related:  # the name of a member is its user's
                rows = rows.select_related(*related)
            rows, _duplicates = model_admin.get_search_results(request, rows, words)
            address = f"{self.name}:{label.replace('.', '_')}_change"
            for row in islice(dict.fromkeys(rows[: FOUND * 2]), FOUND):
                yield SearchResult(
                    title=capfirst(str(row)),
                    description=capfirst(str(model._meta.verbose_name)),
                    link=reverse(address, args=[row.pk]),
                    icon="article",
                )
