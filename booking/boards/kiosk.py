"""What the tablet at the door shows: free desks, who is in, what is announced, no more."""

from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from booking import availability, walk_in
from booking.models import Booking, Device, Kind, Visit
from booking.services import kiosk
from booking.slots import MINUTE, Slot, grid_step
from members.folding import fold
from members.models import Announcement, Consent, Use

ANNOUNCED = 2


@dataclass(frozen=True, slots=True)
class Screen:
    """The screen. `names` are first names of those who agreed; `others` are only counted."""

    names: tuple[str, ...]
    others: int
    free: int
    total: int
    is_open: bool
    closed_because: str
    announcements: tuple[Announcement, ...]
    picture: SafeString
    now: datetime

    @property
    def present(self) -> int:
        return len(self.names) + self.others


def screen_of(device: Device, now: datetime) -> Screen:
    """Six queries, however many people are in; given a device with its space and calendar."""
    space = device.space
    agreed = Consent.objects.standing().filter(
        user_id=OuterRef("member__user_id"), use=Use.PRESENCE
    )
    rows = (
        Visit.objects.open()
        .filter(space=space)
        .order_by("arrived_at")
        .values_list("member__user__name", "guest_name", Exists(agreed))
    )
    names, others = [], 0
    for name, guest, agrees in rows:
        if agrees and name and not guest:
            names.append(name.split()[0])
        else:
            others += 1
    opening = availability.opening(space, now.astimezone(space.zone).date())
    start = grid_step(now, space.grid_minutes, space.zone)
    step = Slot(start, start + space.grid_minutes * MINUTE)
    desks = space.resources.bookable().of_kind(Kind.DESK)
    taken = Booking.objects.confirmed().filter(kind=Kind.DESK, space=space).overlapping(step)
    whole = Booking.objects.confirmed().whole(space).overlapping(step)
    total = desks.count()
    closed = availability.closed_places(space, [step])
    free = desks.exclude(pk__in=closed).exclude(pk__in=taken.order_by().values("resource_id"))
    free = free.filter(~Exists(whole))
    return Screen(
        names=tuple(sorted(names, key=fold)),
        others=others,
        free=free.count(),
        total=total,
        is_open=walk_in.open_now(space, now) is not None,
        closed_because=opening.closed_because,
        announcements=tuple(Announcement.objects.current(now)[:ANNOUNCED]),
        picture=_picture(device),
        now=now,
    )


def _picture(device: Device) -> SafeString:
    """The address that a telephone opens, as a QR code drawn in SVG."""
    path = reverse("booking:scanned", args=[kiosk.picture_token(device)])
    code = segno.make(f"{settings.SITE_URL}{path}", error="m", micro=False)
    drawn = code.svg_inline(scale=6, border=2, dark="#000", light="#fff", svgclass="kiosk-code")
    return mark_safe(drawn)  # noqa: S308 - drawn by the library from an address of ours
