"""Whatever is written in an address or sent with a form, a page answers: never an error of ours."""

import uuid
from collections.abc import Iterator
from datetime import time, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.booking.pages import a_booking, address, signed_in
from tests.factories import MONDAY, NOW, TUESDAY, a_member, a_space, slot

pytestmark = pytest.mark.django_db

# The database is shared by the examples of a test: what one books is in the way of the next.
fuzzed = settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

NONSENSE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["\0", "x" * 10_000, "-1", "0", "1e400", "9" * 400, "٣", "%00", "None", "‮", "1;DROP TABLE"]
    ),
)
DAYS = st.one_of(
    st.dates().map(str),
    st.sampled_from(["2026-03-02", "2026-03-03", "2026-03-29", "2026-10-25", "0001-01-01"]),
    st.sampled_from(["9999-12-31", "2026-02-30", "2026-3-3", "03/03/2026", "20260303"]),
)
TIMES = st.one_of(
    st.times().map(str), st.sampled_from(["00:00", "09:00", "12:30", "24:00", "25:61", "9h"])
)
PERIODS = st.sampled_from(["morning", "afternoon", "day", "custom", "night", ""])
PLACES = st.integers(-1, 40).map(str)
KEYS = st.one_of(st.uuids().map(str), st.just(str(uuid.UUID(int=7))))

FIELDS = {
    "date": DAYS | NONSENSE,
    "period": PERIODS | NONSENSE,
    "from": TIMES | NONSENSE,
    "to": TIMES | NONSENSE,
    "resource": PLACES | NONSENSE,
    "days": st.lists(DAYS | NONSENSE, max_size=4),
    "weeks": st.integers(-1, 20).map(str) | NONSENSE,
    "request_key": KEYS | NONSENSE,
    "reason": NONSENSE,
    "page": NONSENSE,
    "other": NONSENSE,
}
QUERIES = st.fixed_dictionaries({}, optional=FIELDS)
# These pass the form now and then, so that the service is asked as well.
GOOD_DAYS = st.dates(MONDAY, MONDAY + timedelta(days=20)).map(str)
GOOD_TIMES = st.integers(8 * 4, 19 * 4).map(lambda quarters: str(time(*divmod(quarters * 15, 60))))
NEARLY_RIGHT = st.fixed_dictionaries(
    {
        "date": GOOD_DAYS,
        "period": st.sampled_from(["morning", "afternoon", "day", "custom"]),
        "from": GOOD_TIMES,
        "to": GOOD_TIMES,
        "request_key": KEYS,
    },
    optional={"days": st.lists(GOOD_DAYS, max_size=2), "weeks": st.sampled_from(["", "2"])},
)


@pytest.fixture(autouse=True)
def _monday_at_eight() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.parametrize("name", ["", "plan", "jour", "semaine", "reserver"])
def test_any_address_of_a_space_is_answered(name: str) -> None:
    space, client = a_space(), signed_in(a_member())

    @fuzzed
    @given(query=QUERIES, htmx=st.booleans())
    def ask(query: dict[str, object], htmx: bool) -> None:
        headers = {"HX-Request": "true"} if htmx else {}
        page = client.get(address(space, name), query, headers=headers)
        assert page.status_code == 200

    ask()


@pytest.mark.parametrize("name", ["", "{pk}/", "{pk}/deplacer/", "{pk}/annuler/"])
def test_any_address_of_bookings_is_answered(name: str) -> None:
    member = a_member()
    booking = a_booking(a_space(), member, slot(9, 12, TUESDAY))
    client, path = signed_in(member), f"/reservations/{name.format(pk=booking.pk)}"

    @fuzzed
    @given(query=QUERIES)
    def ask(query: dict[str, object]) -> None:
        assert client.get(path, query).status_code == 200

    ask()


@fuzzed
@given(slug=st.text(max_size=60), key=st.text(max_size=40))
def test_any_path_is_answered(slug: str, key: str) -> None:
    client = signed_in(a_member())
    for path in (f"/espaces/{slug}/", f"/espaces/{slug}/plan/", f"/reservations/{key}/"):
        assert client.get(path).status_code < 500


@pytest.mark.parametrize(("fields", "answers"), [(QUERIES, {422}), (NEARLY_RIGHT, {302, 422})])
def test_any_form_that_books_is_answered(
    fields: st.SearchStrategy[dict[str, object]], answers: set[int]
) -> None:
    space, client = a_space(), signed_in(a_member())
    seen = set()

    @fuzzed
    @given(data=fields)
    def send(data: dict[str, object]) -> None:
        seen.add(client.post(address(space, "reserver"), data).status_code)

    send()
    assert answers <= seen <= {302, 422}


@pytest.mark.parametrize(("fields", "answers"), [(QUERIES, {422}), (NEARLY_RIGHT, {302, 422})])
def test_any_form_that_moves_is_answered(
    fields: st.SearchStrategy[dict[str, object]], answers: set[int]
) -> None:
    member = a_member()
    booking = a_booking(a_space(), member, slot(9, 12, TUESDAY))
    client = signed_in(member)
    seen = set()

    @fuzzed
    @given(data=fields)
    def send(data: dict[str, object]) -> None:
        data = {"resource": booking.resource_id, **data}
        seen.add(client.post(f"/reservations/{booking.pk}/deplacer/", data).status_code)

    send()
    assert answers <= seen <= {302, 422}
