"""Who is new in the directory, for feed readers and the sites of partners."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from directory.boards.linked import absolute
from directory.models import Provider

SHOWN: Final = 30


if TYPE_CHECKING:
    ProviderFeed = Feed[Provider, None]
else:
    ProviderFeed = Feed  # is generic for the type checker only


class NewProviders(ProviderFeed):
    """Atom: the published providers, the latest first. Addresses are absolute, from `SITE_URL`."""

    feed_type = Atom1Feed
    title = _("Nouveaux prestataires")
    subtitle = _("Ceux qui viennent d’entrer dans l’annuaire du Haut-Jura.")

    def link(self) -> str:
        return absolute(reverse("directory:home"))

    def feed_url(self) -> str:
        return absolute(reverse("directory:feed"))

    def items(self) -> Iterable[Provider]:
        new = Provider.objects.published().for_cards()
        return new.order_by("-first_published_at", "-id")[:SHOWN]

    def item_title(self, item: Provider) -> str:
        return item.name

    def item_description(self, item: Provider) -> str:
        trades = ", ".join(str(activity.trade) for activity in item.activities.all())
        return " · ".join(part for part in (trades, item.commune.name, item.headline) if part)

    def item_link(self, item: Provider) -> str:
        return absolute(item.get_absolute_url())

    def item_pubdate(self, item: Provider) -> datetime | None:
        return item.first_published_at

    def item_categories(self, item: Provider) -> list[str]:
        return [str(activity.trade) for activity in item.activities.all()]


new_providers = login_not_required(require_safe(NewProviders()))
