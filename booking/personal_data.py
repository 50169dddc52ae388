"""What this floor keeps of a person, ready to be handed over."""

from django.utils.translation import gettext as _

from booking.models import ArrivalCode, Booking, CalendarFeed, Series, TrialDay, Visit, Wait
from members.models import User
from members.personal_data import Section, rows_of

# The address of a calendar is a secret: who holds it reads it.
SECRETS = ("code", "token", "request_key", "sequence")


def sections(user: User) -> list[Section]:
    """Bookings, trial day and calendar address of a person, in the language that is active."""
    of_mine = {"member__user": user}
    bookings = Booking.objects.filter(**of_mine).order_by("start", "pk")
    trials = TrialDay.objects.filter(**of_mine).select_related("space").order_by("pk")
    visits = Visit.objects.filter(**of_mine).order_by("arrived_at", "pk")
    visits = visits.select_related("space", "booking__resource__space")
    feeds = CalendarFeed.objects.filter(**of_mine).order_by("pk")
    without = (*SECRETS, "member")
    return [
        Section(
            "bookings",
            _("Mes réservations"),
            ("booking.Booking",),
            rows_of(
                bookings.select_related("space", "resource__space", "closure", "series"),
                reader=user,
                without=without,
            ),
        ),
        Section(
            "series",
            _("Mes séries"),
            ("booking.Series",),
            rows_of(
                Series.objects.filter(**of_mine)
                .select_related("space", "resource__space")
                .order_by("made_at", "pk"),
                reader=user,
                without=(*without, "weekdays"),
                more={"weekdays": (_("Jours"), lambda row: row.days_in_words)},
            ),
        ),
        Section(
            "visits",
            _("Mes visites"),
            ("booking.Visit",),
            rows_of(visits, reader=user, without=without),
        ),
        Section(
            "waits",
            _("Mes attentes"),
            ("booking.Wait",),
            rows_of(
                Wait.objects.filter(**of_mine)
                .select_related("space", "offer__resource__space")
                .order_by("made_at", "pk"),
                reader=user,
                without=without,
            ),
        ),
        Section(
            "arrival_code",
            _("Mon code d’arrivée"),
            ("booking.ArrivalCode",),
            rows_of(
                ArrivalCode.objects.filter(**of_mine).order_by("pk"), reader=user, without=without
            ),
        ),
        Section(
            "trial_day",
            _("Ma journée d’essai"),
            ("booking.TrialDay",),
            rows_of(trials, reader=user, without=without),
        ),
        Section(
            "calendar",
            _("Mon calendrier relié"),
            ("booking.CalendarFeed",),
            rows_of(feeds, reader=user, without=without),
        ),
    ]
