"""The author's page of a need: where it stands, who was asked, what they answered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Attachment, Need, NeedState
from directory.services.attachments import MOST_FILES
from directory.services.needs import EDITABLE
from directory.services.outcome import TOLD

WITHDRAWABLE: Final = (*EDITABLE, NeedState.OPEN)
ENDED_EARLY: Final = (NeedState.REJECTED, NeedState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the story of a need; `stage` is "done", "now" or "later"."""

    label: str
    at: date | datetime | None
    stage: str


@dataclass(frozen=True, slots=True)
class Following:
    """Everything the page shows, in a constant number of queries."""

    need: Need
    moments: list[Moment]
    files: list[Attachment]
    may_confirm: bool
    may_edit: bool
    may_withdraw: bool
    may_add_file: bool
    may_tell: bool


def following(need: Need) -> Following:
    """Read what there is about a need; the need comes with its order giver, commune and trade."""
    files = list(need.attachments.defer("content").order_by("id"))
    editable = need.state in EDITABLE
    return Following(
        need=need,
        moments=_moments(need),
        files=files,
        may_confirm=need.state == NeedState.DRAFT,
        may_edit=editable,
        may_withdraw=need.state in WITHDRAWABLE,
        may_add_file=editable and len(files) < MOST_FILES,
        may_tell=need.state in (NeedState.OPEN, NeedState.EXPIRED, *TOLD),
    )


def _moments(need: Need) -> list[Moment]:
    draft, waiting = need.state == NeedState.DRAFT, need.state == NeedState.SUBMITTED
    found = [Moment(_("Écrit"), need.made_at, "done")]
    if need.state in ENDED_EARLY and need.opened_at is None:
        return [*found, Moment(_outcome(need), need.state_since, "now")]
    if draft:
        found.append(Moment(_("À confirmer"), None, "now"))
    if need.opened_at is None:
        found.append(Moment(_("Relu par l’équipe"), None, "now" if waiting else "later"))
    found.append(
        Moment(_("Publié"), need.opened_at, "done" if need.opened_at is not None else "later")
    )
    found += _funnel(need)
    is_open = need.state == NeedState.OPEN
    if need.state not in ENDED_EARLY:
        stage = "now" if is_open else "later" if need.opened_at is None else "done"
        found.append(Moment(_("Fin des réponses"), need.deadline, stage))
    over = need.is_closed or need.state in TOLD
    found.append(
        Moment(
            _outcome(need) if over else _("Suite donnée"),
            need.state_since if over else None,
            "now" if over or need.state == NeedState.EXPIRED else "later",
        )
    )
    return found


def _funnel(need: Need) -> list[Moment]:
    """How many were asked, since when; how many answered, and when last."""
    told = need.solicitations.aggregate(
        asked=Count("pk"),
        first=Min("sent_at"),
        answered=Count("answered_at"),
        last=Max("answered_at"),
    )
    found = []
    if count := told["asked"]:
        words = ngettext(
            "%(count)d prestataire sollicité", "%(count)d prestataires sollicités", count
        )
        found.append(Moment(words % {"count": count}, told["first"], "done"))
    if count := told["answered"]:
        words = ngettext("%(count)d réponse", "%(count)d réponses", count)
        found.append(Moment(words % {"count": count}, told["last"], "done"))
    return found


def _outcome(need: Need) -> str:
    """How it ended, in a few words."""
    if need.state == NeedState.AWARDED_LOCAL and need.awarded_to is not None:
        return _("Confié à %(provider)s") % {"provider": need.awarded_to}
    words = str(NeedState(need.state).label)
    return words[:1].upper() + words[1:]
