"""A space for the browser: drawn, never closed, so that the story is the same at any hour."""

from datetime import time as clock_time
from datetime import timedelta

from django.utils import timezone

from booking.models import OpeningHours, Space
from members.models import Announcement, Member, Role, Use
from members.services.announcements import publish, save_announcement
from members.services.consents import agree
from tests.factories import a_resource, a_space, a_user

PASSWORD = "trois-sapins-et-un-lac"


def an_open_space(desks: int = 4) -> Space:
    """Open day and night, every day, with its desks and a room placed on a plan."""
    space = a_space(
        name="Coworking de Morez",
        slug="morez",
        desks=0,
        room=False,
        closed_on_holidays=False,
        longest_minutes=24 * 60,
        tagline="Des postes au pied des sapins",
        floor_plan={
            "width": 800,
            "height": 500,
            "features": [
                {"kind": "wall", "x": 0, "y": 0, "width": 800, "height": 12},
                {"kind": "window", "x": 100, "y": 0, "width": 200, "height": 12},
                {"kind": "label", "x": 600, "y": 420, "width": 120, "height": 40, "label": "Café"},
            ],
        },
    )
    OpeningHours.objects.filter(space=space).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(space=space, weekday=day, opens=clock_time(0), closes=clock_time(0))
        for day in range(7)
    )
    for index in range(desks):
        a_resource(
            space,
            code=f"P{index + 1}",
            name=f"Poste {index + 1}",
            note="près de la fenêtre" if index == 0 else "",
            x=60 + 180 * index,
            y=60,
            position=index,
        )
    a_resource(
        space, code="R1", name="Salle", kind="room", x=60, y=280, width=240, height=160, position=90
    )
    return space


def tomorrow(space: Space) -> str:
    """The date of tomorrow where the space is, as it stands in an address."""
    return (timezone.now().astimezone(space.zone) + timedelta(days=1)).date().isoformat()


def an_announcement(reader: Member) -> Announcement:
    """Published just now, with a letter that waits for this reader."""
    now, host = timezone.now(), a_user(role=Role.HOST)
    agree(user=reader.user, use=Use.NEWS, now=now, by=reader.user)
    draft = Announcement(
        title="Petit-déjeuner jeudi", body="À 8 h, dans la salle.\n\nVenez !", by_email=True
    )
    save_announcement(announcement=draft, by=host, now=now)
    return publish(announcement=draft, by=host, now=now)
