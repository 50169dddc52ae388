"""The site of the admin: its content security policy, and its search."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from csp.constants import UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_update
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from unfold.dataclasses import SearchResult
from unfold.sites import UnfoldAdminSite

# What the theme needs over the policy of the site, and nothing else (docs/decisions/0006): Alpine
# compiles the expressions in its attributes; the colours, and widths that Alpine works out, stand
# in the page; the arrows of lists to choose from are pictures in the style sheet.
POLICY: Final[dict[str, list[str]]] = {
    "script-src": [UNSAFE_EVAL],
    "style-src": [UNSAFE_INLINE],
    "img-src": ["data:"],
}
FOUND = 10  # rows of each model that a search shows: it is to find one, not to list all


class Desk(UnfoldAdminSite):
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
        app_list = self.get_app_list(request)
        rows = list(self._rows(request, app_list, words))
        results = [*self._search_apps(app_list, words.lower()), *rows]
        paginator = Paginator(results, max(len(results), 1))
        return TemplateResponse(
            request,
            "unfold/helpers/command_results.html",
            {
                "page_obj": paginator,
                "results": paginator.page(1),
                "page_counter": 0,
                "execution_time": 0,
                "command_show_history": False,
            },
            headers={"HX-Trigger": "search"},
        )

    def _rows(
        self, request: HttpRequest, app_list: list[Any], words: str
    ) -> Iterator[SearchResult]:
        for model in (model["model"] for app in app_list for model in app["models"]):
            model_admin = self._registry[model]
            if not model_admin.get_search_fields(request):
                continue
            rows, _ = model_admin.get_search_results(
                request, model_admin.get_queryset(request), words
            )
            name = f"{model._meta.app_label}_{model._meta.model_name}"
            for row in islice(dict.fromkeys(rows[: FOUND * 2]), FOUND):
                yield SearchResult(
                    title=capfirst(str(row)),
                    description=capfirst(str(model._meta.verbose_name)),
                    link=reverse(f"{self.name}:{name}_change", args=[row.pk]),
                    icon="data_object",
                )
