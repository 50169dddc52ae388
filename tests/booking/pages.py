"""How the tests of the pages read a page and fill in its forms."""

import re
import uuid
from datetime import datetime
from html import unescape

from django.http import HttpResponse
from django.test import Client

from booking.models import Booking, Space
from booking.services import book
from booking.slots import Slot
from members.models import Member, User
from tests.factories import MONDAY, NOW


def address(space: Space, page: str = "") -> str:
    """Of a page of the space: "" (its home), plan, jour, semaine, reserver."""
    return f"/espaces/{space.slug}/{page}/" if page else f"/espaces/{space.slug}/"


def signed_in(person: Member | User) -> Client:
    client = Client()
    client.force_login(person.user if isinstance(person, Member) else person)
    return client


def words(response: HttpResponse) -> str:
    """The text of a page, without markup and with single spaces."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text))


def names_of_links(response: HttpResponse) -> list[str]:
    """The accessible names given to links and shapes by `aria-label`."""
    return [unescape(name) for name in re.findall(r'aria-label="([^"]*)"', page_of(response))]


def page_of(response: HttpResponse) -> str:
    return response.content.decode()


def asked(**fields: object) -> dict[str, object]:
    """What a browser sends with the form: Monday morning, any desk, a new key."""
    usual = {"date": MONDAY, "period": "morning", "request_key": uuid.uuid4()}
    return {**usual, **fields}


def a_booking(
    space: Space, member: Member, slot: Slot, code: str = "P1", now: datetime = NOW
) -> Booking:
    place = space.resources.get(code=code)
    [booking] = book(
        space=space, member=member, by=member.user, slots=[slot], resource=place, now=now
    )
    return booking
