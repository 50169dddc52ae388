"""What search engines are told: the public pages of every app, and where they must not look."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap, views
from django.contrib.sitemaps.views import SitemapIndexItem
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking.models import Space
from directory.models import Commune, Need, Provider, Trade

if TYPE_CHECKING:
    AnySitemap = Sitemap[Any]
else:
    AnySitemap = Sitemap  # is generic for the type checker only


class HouseSitemap(AnySitemap):
    """Addresses start with `SITE_URL`, whatever host asks: a table of sites is one more to set."""

    limit = 5_000

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Pages(HouseSitemap):
    """Pages that there is one of."""

    def items(self) -> list[str]:
        names = ("home", "plans", "simulator:home", "directory:home", "directory:needs")
        return [reverse(name) for name in names]

    def location(self, item: str) -> str:
        return item


class Spaces(HouseSitemap):
    def items(self) -> QuerySet[Space]:
        return Space.objects.active().order_by("pk")


class Providers(HouseSitemap):
    def items(self) -> QuerySet[Provider]:
        return Provider.objects.published().order_by("pk")

    def lastmod(self, item: Provider) -> datetime:
        return item.changed_at


class Trades(HouseSitemap):
    """Those that somebody exercises: an empty page is no find."""

    def items(self) -> QuerySet[Trade]:
        published = Provider.objects.published()
        return (
            Trade.objects.in_use()
            .filter(activities__provider__in=published)
            .distinct()
            .order_by("pk")
        )


class Communes(HouseSitemap):
    """Those of the territory, and those around with somebody in them."""

    def items(self) -> QuerySet[Commune]:
        here = Commune.objects.of_the_territory()
        around = Commune.objects.filter(providers__in=Provider.objects.published())
        return (here | around).distinct().order_by("pk")


class Needs(HouseSitemap):
    def items(self) -> QuerySet[Need]:
        return Need.objects.open(timezone.localdate()).order_by("pk")

    def lastmod(self, item: Need) -> datetime | None:
        return item.opened_at


SECTIONS: Final[dict[str, type[AnySitemap] | AnySitemap]] = {
    "pages": Pages,
    "espaces": Spaces,
    "prestataires": Providers,
    "metiers": Trades,
    "communes": Communes,
    "besoins": Needs,
}
# Behind a login, behind a secret, or a question: a search has no end of addresses.
CLOSED: Final = (
    "/admin/",
    "/compte/",
    "/membres/",
    "/mes-fiches/",
    "/mes-besoins/",
    "/besoins/suivi/",
    "/demandes/",
    "/annuaire/?",
    "/annuaire/integrer/",
    "/annuaire/api/",
)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines: Iterable[str] = (
        "User-agent: *",
        *(f"Disallow: {path}" for path in CLOSED),
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
        "",
    )
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def sitemap_index(request: HttpRequest) -> TemplateResponse:
    """One sitemap for each subject, in as many pages as it needs.

    Django's own index reads every row to tell the latest change; crawlers do without.
    """
    found = []
    for section, kind in SECTIONS.items():
        url = f"{settings.SITE_URL}{reverse('sitemap_section', args=[section])}"
        pages = kind().paginator.num_pages if isinstance(kind, type) else 0
        found += [
            SitemapIndexItem(url if page == 1 else f"{url}?p={page}")
            for page in range(1, pages + 1)
        ]
    return TemplateResponse(
        request, "sitemap_index.xml", {"sitemaps": found}, content_type="application/xml"
    )


@login_not_required
@require_safe
def sitemap_section(request: HttpRequest, section: str) -> TemplateResponse:
    """The addresses of one subject; 404 for a subject that is none."""
    return views.sitemap(request, SECTIONS, section)
