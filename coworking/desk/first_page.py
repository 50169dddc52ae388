"""The first page of the admin: today, what waits for a hand, the week ahead.

Everything is read in as many queries whatever the volume, and only as far as the reader may read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from booking import availability, rules
from booking.models import Space
from booking.services.visits import RECORDS
from coworking.desk import stranded
from coworking.desk.chosen import chosen, spaces
from coworking.desk.hands import RIGHTS, hands
from coworking.desk.line import SHOWN, Hand, Line
from coworking.desk.occupancy import DayLoad, loads
from coworking.desk.today import Guest, Presence, desks_in_use, expected, presence
from directory.models import ReportReason

DAYS_AHEAD = 7

# What is to do, how it is called, and the word before the day of a line.
TITLES: dict[Hand, tuple[str | Promise, str | Promise]] = {
    Hand.APPLICATION: (_("Candidatures en attente"), _("depuis le %s")),
    Hand.NO_PLAN: (_("Membres actifs sans formule"), _("depuis le %s")),
    Hand.DEPARTURE: (_("Départs dans les quinze jours"), _("le %s")),
    Hand.PAUSE_END: (_("Retours de pause dans les quinze jours"), _("le %s")),
    Hand.WELCOME: (_("Accueil à terminer"), _("arrivé le %s")),
    Hand.LETTER: (_("Lettres qui ne sont pas parties"), _("le %s")),
    Hand.DRAFT: (_("Tarifs prévus, encore en brouillon"), _("pour le %s")),
    Hand.NEED: (_("Besoins à relire"), _("depuis le %s")),
    Hand.PROFILE: (_("Fiches de prestataire à relire"), _("depuis le %s")),
    Hand.CLAIM: (_("Fiches revendiquées"), _("depuis le %s")),
    Hand.REPORT: (_("Signalements à traiter"), _("depuis le %s")),
    Hand.UNANSWERED: (_("Besoins ouverts sans réponse"), _("jusqu’au %s")),
}
# What a line is about, when it is not a member.
MODELS = {
    Hand.LETTER: "members_announcement",
    Hand.DRAFT: "members_planversion",
    Hand.NEED: "directory_need",
    Hand.PROFILE: "directory_provider",
    Hand.CLAIM: "directory_claim",
    Hand.REPORT: "directory_report",
    Hand.UNANSWERED: "directory_need",
}
MEMBER = "members_member"
LISTS = {
    Hand.APPLICATION: "?state=applicant",
    Hand.NO_PLAN: "?state=active&plan=none",
    Hand.NEED: "?state__exact=submitted",
    Hand.PROFILE: "?state__exact=pending",
    Hand.CLAIM: "?waiting=yes",
    Hand.REPORT: "?waiting=yes",
    Hand.UNANSWERED: "?state__exact=open",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the page: what, more about it, when, and where it is settled."""

    title: str
    detail: str
    when: str
    link: str


@dataclass(frozen=True, slots=True)
class Pile:
    """The items of one kind, and where the others are when there are more."""

    title: str | Promise
    items: tuple[Item, ...]
    has_more: bool
    more_link: str


@dataclass(frozen=True, slots=True)
class Board:
    """The space today and in the days ahead."""

    space: Space
    today: DayLoad
    opening: availability.Opening
    guests: tuple[Guest, ...]
    week: tuple[DayLoad, ...]
    free_now: int | None  # None while it is closed
    desks: int
    there: Presence | None  # None where nobody signs in at the door
    sheet: str  # the address of the day sheet; empty for who may not note presence

    @property
    def hours(self) -> list[str]:
        return [rules.clock(self.space, slot) for slot in self.opening.slots]

    @property
    def here(self) -> int:
        """By visits, guests included; where none are noted, by bookings."""
        if self.there is not None:
            return self.there.open
        return len({guest.booking.member_id for guest in self.guests if guest.is_here})

    @property
    def people(self) -> int:
        """Who has booked for today, once each; a guest is one more."""
        return len({(one.booking.member_id, one.booking.guest_name) for one in self.guests})


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the template of the first page shows (the theme calls it)."""
    now = timezone.now()
    sees_bookings = request.user.has_perm("booking.view_booking")
    found = spaces(now) if sees_bookings else []
    space = chosen(found, request.GET.get("espace", ""))
    piles = _piles(request, now)
    applications = piles.pop(Hand.APPLICATION, None)
    settle = [pile for pile in piles.values() if pile.items]
    if space is not None and (lost := _stranded(space, now)).items:
        settle.insert(0, lost)
    return context | {
        "now": now,
        "spaces": found,
        "board": None
        if space is None
        else _board(space, now, notes=request.user.has_perm(RECORDS)),
        "applications": applications,
        "settle": settle,
    }


def _board(space: Space, now: datetime, *, notes: bool) -> Board:
    day = now.astimezone(space.zone).date()
    week = loads(space, [day + timedelta(days=number) for number in range(DAYS_AHEAD)])
    opening = availability.opening(space, day)
    there = presence(space, now) if space.notes_visits else None  # type: ignore[attr-defined]
    guests = expected(space, now, there)
    desks = week[0].halves[0].total
    is_open = any(slot.start <= now < slot.end for slot in opening.slots)
    return Board(
        space=space,
        today=week[0],
        opening=opening,
        guests=tuple(guests),
        week=tuple(week),
        free_now=max(desks - desks_in_use(guests, now), 0) if is_open else None,
        desks=desks,
        there=there,
        sheet=reverse("booking:sheet", args=[space.slug]) if notes else "",
    )


def _piles(request: HttpRequest, now: datetime) -> dict[Hand, Pile]:
    wanted = [hand for hand in Hand if request.user.has_perm(RIGHTS[hand])]
    return {hand: _pile(hand, lines) for hand, lines in hands(wanted, now).items()}


def _pile(hand: Hand, lines: Sequence[Line]) -> Pile:
    title, when = TITLES[hand]
    rows = reverse(f"admin:{MODELS.get(hand, MEMBER)}_changelist") if hand in LISTS else ""
    more = rows + LISTS.get(hand, "")
    items = tuple(_item(line, when) for line in lines[:SHOWN])
    return Pile(title, items, len(lines) > SHOWN, more)


def _item(line: Line, when: str | Promise) -> Item:
    day = date_format(line.day, "j F") if line.day else ""
    return Item(line.title, _detail(line), str(when) % day if day else "", _link(line))


def _detail(line: Line) -> str:
    if line.hand == Hand.WELCOME:
        return ngettext("%d étape faite", "%d étapes faites", line.number) % line.number
    if line.hand == Hand.LETTER:
        return ngettext("%d destinataire", "%d destinataires", line.number) % line.number
    if line.hand == Hand.REPORT:
        return str(ReportReason(line.detail).label)
    return line.detail


def _link(line: Line) -> str:
    return _change_page(MODELS.get(line.hand, MEMBER), line.key)


def _change_page(name: str, key: Any) -> str:
    """Where a row is changed; empty for a table that has no page in the admin."""
    try:
        return reverse(f"admin:{name}_change", args=[key])
    except NoReverseMatch:
        return ""


def _stranded(space: Space, now: datetime) -> Pile:
    lines = stranded.stranded(space, now)
    items = tuple(
        Item(
            title=str(line.booking.member),
            detail=line.why,
            when=date_format(line.booking.start.astimezone(space.zone), "D j F, H:i"),
            link=_change_page("booking_booking", line.booking.pk),
        )
        for line in lines[: stranded.SHOWN]
    )
    return Pile(
        _("Réservations qui ne peuvent pas avoir lieu"), items, len(lines) > stranded.SHOWN, ""
    )
