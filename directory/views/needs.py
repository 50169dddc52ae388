"""Needs to read: the open ones for everybody, one's own, their files for who may."""

from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from directory.models import Attachment, Commune, Need, Organisation, Provider, Trade
from directory.views.posting import reader
from directory.views.secret import download
from members.models import User

PER_PAGE = 20
IN_FEED = 30


@login_not_required
@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """Open needs, the latest first, by trade and by commune."""
    now_open = open_needs()
    trade = _named(Trade.objects.all(), request.GET.get("metier", ""))
    commune = _named(Commune.objects.all(), request.GET.get("commune", ""))
    rows = now_open
    if trade is not None:
        rows = rows.filter(trade=trade)
    if commune is not None:  # with its parts: Morez is a part of Hauts de Bienne
        rows = rows.filter(Q(commune=commune) | Q(commune__part_of=commune))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    chosen = {"metier": trade, "commune": commune}
    query = urlencode({name: row.slug for name, row in chosen.items() if row is not None})
    context = {
        "page": page,
        "trade": trade,
        "commune": commune,
        "trades": Trade.objects.filter(needs__in=now_open).distinct().order_by("name", "id"),
        "communes": Commune.objects.filter(needs__in=now_open).distinct().order_by("name", "id"),
        "query": f"&{query}" if query else "",
    }
    return render(request, "directory/needs.html", context)


@login_not_required
@require_safe
def need(request: HttpRequest, pk: int) -> HttpResponse:
    """An open need. Who posted it stays unknown when they wish so; how to reach them, always."""
    rows = open_needs().prefetch_related("skills_must", "skills_nice")
    found = get_object_or_404(rows, pk=pk)
    user = reader(request)
    files = found.attachments.defer("content").order_by("id")
    context = {
        "need": found,
        "files": list(files) if user and may_read_files(user, found) else [],
        "offers": _may_volunteer(user, found),
    }
    return render(request, "directory/need.html", context)


@login_not_required
@require_safe
def needs_feed(request: HttpRequest) -> HttpResponse:
    """Open needs for feed readers (Atom): title, commune and words, nobody's contact."""
    feed = Atom1Feed(
        title=_("Besoins ouverts du Haut-Jura"),
        link=f"{settings.SITE_URL}{reverse('directory:needs')}",
        description=_("Ce que les entreprises, associations et communes d’ici cherchent."),
        language=get_language(),
        feed_url=f"{settings.SITE_URL}{reverse('directory:needs_feed')}",
    )
    for each in open_needs()[:IN_FEED]:
        feed.add_item(
            title=each.title,
            link=f"{settings.SITE_URL}{each.get_absolute_url()}",
            description=f"{each.commune}\n\n{each.description}",
            pubdate=each.opened_at,
            updateddate=each.opened_at,
            unique_id=f"{settings.SITE_URL}{each.get_absolute_url()}",
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@never_cache
@require_safe
def my_needs(request: HttpRequest) -> HttpResponse:
    """The needs that I posted, and those of the order givers I act for."""
    user = cast(User, request.user)
    rows = Need.objects.authored_by(user).for_cards()
    counted = rows.annotate(
        asked=Count("solicitations", distinct=True),
        answered=Count(
            "solicitations", distinct=True, filter=Q(solicitations__answered_at__isnull=False)
        ),
    )
    page = Paginator(counted.order_by("-made_at", "-id"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    mine = Organisation.objects.acted_for_by(user).order_by("name", "id")
    return render(request, "directory/need_mine.html", {"page": page, "organisations": mine})


@never_cache
@require_safe
def need_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """A file of a need: for its author, the team, and who was asked and has read the request."""
    found = get_object_or_404(Attachment.objects.select_related("need"), pk=file, need=pk)
    if not may_read_files(cast(User, request.user), found.need):
        raise Http404
    return download(found)


def open_needs() -> "QuerySet[Need]":
    """What the public sees, the latest first."""
    rows = Need.objects.open(timezone.localdate()).for_cards()
    return rows.order_by("-opened_at", "-id")


def may_read_files(user: User, need: Need) -> bool:
    """The author, the team, and the owner of a published provider who has read the request."""
    if user.has_perm("directory.view_attachment"):
        return True
    if Need.objects.authored_by(user).filter(pk=need.pk).exists():
        return True
    asked = Provider.objects.published().owned_by(user)
    return asked.filter(solicitations__need=need, solicitations__opened_at__isnull=False).exists()


def _may_volunteer(user: User | None, need: Need) -> list[Provider]:
    """The published profiles of this reader that were not asked yet."""
    if user is None:
        return []
    mine = Provider.objects.published().owned_by(user).exclude(solicitations__need=need)
    return list(mine.order_by("name", "id"))


def _named(rows: "QuerySet[Any]", slug: str) -> Any:
    """The row of a filter; none when nothing was chosen, or nothing is called so."""
    if not slug or not slug.isprintable():
        return None
    return rows.filter(slug=slug).first()
