"""The author's page of a need: where it stands, who was asked, what they answered."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from directory.models import Attachment, Need, NeedState, Solicitation
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
    asked: list[Solicitation]
    answers: list[Solicitation]
    files: list[Attachment]
    may_confirm: bool
    may_edit: bool
    may_withdraw: bool
    may_add_file: bool
    may_award: bool
    may_tell: bool


def following(need: Need) -> Following:
    """Read what there is about a need; the need comes with its order giver, commune and trade."""
    asked = list(need.solicitations.with_both().order_by("sent_at", "id"))
    answers = [one for one in asked if one.answered_at]
    # What was retained first, then the cheapest; an answer without a price last.
    answers.sort(key=lambda one: (one.awarded_at is None, one.price is None, one.price or 0))
    files = list(need.attachments.defer("content").order_by("id"))
    editable = need.state in EDITABLE
    return Following(
        need=need,
        moments=_moments(need, asked, answers),
        asked=asked,
        answers=answers,
        files=files,
        may_confirm=need.state == NeedState.DRAFT,
        may_edit=editable,
        may_withdraw=need.state in WITHDRAWABLE,
        may_add_file=editable and len(files) < MOST_FILES,
        may_award=need.state in (NeedState.OPEN, NeedState.EXPIRED),
        may_tell=need.state in (NeedState.OPEN, NeedState.EXPIRED, *TOLD),
    )


def _moments(need: Need, asked: list[Solicitation], answers: list[Solicitation]) -> list[Moment]:
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
    if asked:
        words = ngettext(
            "%(count)d prestataire sollicité", "%(count)d prestataires sollicités", len(asked)
        ) % {"count": len(asked)}
        found.append(Moment(words, asked[0].sent_at, "done"))
    if answers:
        words = ngettext("%(count)d réponse", "%(count)d réponses", len(answers)) % {
            "count": len(answers)
        }
        last = max(one.answered_at for one in answers if one.answered_at)
        found.append(Moment(words, last, "done"))
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


def _outcome(need: Need) -> str:
    """How it ended, in a few words."""
    if need.state == NeedState.AWARDED_LOCAL and need.awarded_to is not None:
        return _("Confié à %(provider)s") % {"provider": need.awarded_to}
    words = str(NeedState(need.state).label)
    return words[:1].upper() + words[1:]
