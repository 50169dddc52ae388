"""The team looks at the site in the place of a member, to help: read only, in sight, in the audit.

The session stays that of the colleague; it only remembers whom they look at. `ActingAs` puts the
member into `request.user` for the pages of `SHOWN`, and refuses all the rest. Why so, and what was
rejected: docs/decisions/0007-acting-and-second-factor.md.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import audit
from members.models import Act, Member, User
from members.second_factor import lacks_second_factor

LONGEST: Final = timedelta(minutes=30)
SESSION_KEY: Final = "acting_as"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})

# What is shown while acting: what a colleague may see anyway, as the member sees it. A page that
# is not named here is refused, so a page that holds a secret needs nothing. The pages of upper
# floors are named by strings, so that nothing is imported upwards.
SHOWN: Final = frozenset(
    {
        "home",
        "privacy",
        "members:account",
        "members:announcements",
        "members:membership",
        "members:people",
        "members:person",
        "booking:space",
        "booking:plan",
        "booking:day",
        "booking:week",
        "booking:book",
        "booking:mine",
        "booking:detail",
        "booking:move",
        "booking:cancel",
        "simulator:home",
        "simulator:api",
    }
)
STOPPED = _("Vous voyez de nouveau le site comme vous-même.")
# Done by the colleague, not by the member: leaving, and reading in one's own language.
OWN_ACTS: Final = frozenset({"members:stop_acting", "account_logout", "set_language"})


def acting_by(request: HttpRequest) -> User | None:
    """Who looks at the site in the place of `request.user`; None when it is the person."""
    by: User | None = getattr(request, "acting_by", None)
    return by


def members_open_to(user: User) -> QuerySet[Member]:
    """The members in whose place this person may look at the site. Never another of the team."""
    if not user.has_perm("members.act_as_member") or lacks_second_factor(user):
        return Member.objects.none()
    return (
        Member.objects.with_user()
        .filter(user__is_active=True, user__is_staff=False, user__is_superuser=False)
        .exclude(user=user)
    )


def start(request: HttpRequest, *, member: Member, now: datetime) -> None:
    """Look at the site in the place of this member from the next page on.

    Raises ValidationError `acting_forbidden`, `acting_nested`.
    """
    by = cast(User, request.user)
    if acting_by(request) is not None or SESSION_KEY in request.session:
        raise ValidationError(_("Terminez d’abord la visite en cours."), code="acting_nested")
    if not members_open_to(by).filter(pk=member.pk).exists():
        raise ValidationError(
            _("Vous ne pouvez pas voir le site à la place de cette personne."),
            code="acting_forbidden",
        )
    # First the record: what is not written did not begin.
    until = (now + LONGEST).isoformat()
    changes = {"until": (None, until)}
    audit.record(act=Act.ACTING_STARTED, subject=member, by=by, now=now, changes=changes)
    request.session[SESSION_KEY] = {"member": member.pk, "until": until}
    rotate_token(request)  # a form opened before would be sent by another person than it shows


def stop(request: HttpRequest, *, now: datetime) -> Member | None:
    """Be oneself again; the member who was looked at, if any."""
    state = request.session.pop(SESSION_KEY, None)
    by = acting_by(request)
    if by is not None:
        request.user, request.acting_by = by, None  # type: ignore[attr-defined]
    if state is None:
        return None
    rotate_token(request)
    member = Member.objects.with_user().filter(pk=state["member"]).first()
    if member is not None:
        by = cast(User, request.user)
        audit.record(act=Act.ACTING_STOPPED, subject=member, by=by, now=now)
    return member


class ActingAs:
    """Middleware, after AuthenticationMiddleware: `request.user` is the member who is looked at.

    Each request asks anew whether it may go on. When it may not any more (time, a right that was
    taken, a member who left or joined the team), it ends without a word in the audit, since a GET
    never writes: `acting.started` says for how long at most.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without the cookie of a session nobody is there, and the session is not even opened.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self._take_the_place(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        by, match = acting_by(request), request.resolver_match
        has_ended = getattr(request, "acting_has_ended", False)
        if match is None or not (by or has_ended):
            return None
        if "admin" in match.app_names:  # there they work, as themselves
            if by:
                request.user, request.acting_by = by, None  # type: ignore[attr-defined]
            return None
        if match.view_name in OWN_ACTS:
            if match.view_name == "account_logout" and request.method not in SAFE_METHODS:
                stop(request, now=timezone.now())
            return None
        if request.method not in SAFE_METHODS:
            # Also when it ended meanwhile: what the page of the member offered was not meant to be
            # done by the colleague.
            return _refuse(request, "members/acting_reads_only.html")
        if has_ended:
            messages.info(request, STOPPED)
        elif match.view_name not in SHOWN:
            return _refuse(request, "members/acting_not_shown.html")
        return None

    def _take_the_place(self, request: HttpRequest) -> None:
        state, by = request.session[SESSION_KEY], request.user
        until = datetime.fromisoformat(state["until"])
        member = None
        if isinstance(by, User) and timezone.now() < until:
            member = members_open_to(by).filter(pk=state["member"]).first()
        if member is None:
            request.session.pop(SESSION_KEY, None)
            rotate_token(request)
            request.acting_has_ended = by.is_authenticated  # type: ignore[attr-defined]
            return
        request.user, request.acting_by = member.user, by  # type: ignore[attr-defined]


def _refuse(request: HttpRequest, template: str) -> HttpResponse:
    return render(request, template, status=403)
