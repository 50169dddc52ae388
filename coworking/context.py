"""What every page needs from the site: the space of the header, the member who is here."""

from typing import Any, Final

from django.core.cache import caches
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from booking.models import Space
from members.acting import acting_by
from members.standing import member_of

KEPT_FOR: Final = 60  # seconds
NONE: Final = "none"  # a cache tells nothing from None


def site(request: HttpRequest) -> dict[str, Any]:
    """`site_space`: the space of the navigation; `nav_member`: the visitor, if a member;
    `acting_by`: who looks at the site in the place of this visitor.

    Each is None when there is none, and is read only by a template that uses it.
    """
    return {
        "acting_by": acting_by(request),
        "site_space": SimpleLazyObject(lambda: current_space(request)),
        "nav_member": SimpleLazyObject(lambda: member_of(request.user)),
    }


def current_space(request: HttpRequest) -> Space | None:
    """The space of the address, else the only active one, else None."""
    match = request.resolver_match
    if match is not None and match.namespace in {"directory", "simulator"}:
        return only_space()  # which asks the database for nothing else
    spaces = Space.objects.active()
    if match is not None and match.namespace == "booking" and "slug" in match.kwargs:
        return spaces.filter(slug=match.kwargs["slug"]).first()
    found = list(spaces[:2])
    return found[0] if len(found) == 1 else None


def only_space() -> Space | None:
    """The only active space, at most a minute old; None when there is none, or several."""
    kept: Space | str | None = caches["process"].get("roof.only_space")
    if kept is None:
        found = list(Space.objects.active()[:2])
        kept = found[0] if len(found) == 1 else NONE
        caches["process"].set("roof.only_space", kept, KEPT_FOR)
    return kept if isinstance(kept, Space) else None
