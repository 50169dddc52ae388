"""What a provider was asked: the list of one's requests, and the page of one of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.utils import timezone

from directory.matching import why
from directory.models import NeedState, Origin, Solicitation
from directory.services.answering import READABLE
from directory.services.solicitations import takes_answers
from members.models import User


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as the provider sees it."""

    solicitation: Solicitation
    reasons: list[str]
    is_open: bool  # answers are still awaited

    @property
    def is_readable(self) -> bool:
        """Whether the details may be shown: it was read, and nobody took it back."""
        need = self.solicitation.need
        return self.solicitation.opened_at is not None and need.state in READABLE

    @property
    def may_be_read(self) -> bool:
        return self.solicitation.opened_at is None and self.solicitation.need.state in READABLE

    @property
    def may_answer(self) -> bool:
        mine = self.solicitation
        said = mine.answered_at or mine.declined_at
        return self.is_open and self.is_readable and not said and mine.provider.is_published

    @property
    def may_change(self) -> bool:
        return self.is_open and self.is_readable and self.solicitation.answered_at is not None

    @property
    def shows_author(self) -> bool:
        """An anonymous author is known to whom it has accepted, and to nobody else."""
        return not self.solicitation.need.is_anonymous or self.is_chosen

    @property
    def is_chosen(self) -> bool:
        return self.solicitation.awarded_at is not None

    @property
    def went_elsewhere(self) -> bool:
        """Another answer was chosen, here or not."""
        awarded = (NeedState.AWARDED_LOCAL, NeedState.AWARDED_OUTSIDE)
        return self.solicitation.need.state in awarded and not self.is_chosen

    @property
    def by_host(self) -> bool:
        return self.solicitation.origin == Origin.HOST


def request_of(solicitation: Solicitation, now: datetime) -> Request:
    """Of a solicitation that was selected with its need and its provider."""
    return Request(
        solicitation=solicitation,
        reasons=why(solicitation.breakdown),
        is_open=takes_answers(solicitation.need, now),
    )


def requests_of(user: User, now: datetime) -> QuerySet[Solicitation]:
    """What the providers of this person were asked: what waits first, the most urgent on top."""
    waits = Case(
        When(
            answered_at=None,
            declined_at=None,
            need__state=NeedState.OPEN,
            need__deadline__gte=timezone.localdate(now),
            then=Value(True),
        ),
        default=Value(False),
        output_field=BooleanField(),
    )
    mine = Solicitation.objects.of_provider_of(user).with_both().annotate(waits=waits)
    urgent = Case(When(waits=True, then="need__deadline"), default=None)
    return mine.order_by("-waits", urgent, "-sent_at", "-pk")


def count_waiting(user: User, now: datetime) -> int:
    """How many requests wait for a word of this person: one query, for a badge."""
    waiting = Solicitation.objects.of_provider_of(user).waiting()
    today = timezone.localdate(now)
    return waiting.filter(need__state=NeedState.OPEN, need__deadline__gte=today).count()
