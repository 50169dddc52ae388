"""A new profile: from a coworker's membership in one click, or by anybody with an account."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import Ownership, Provider, SpokenLanguage, Trade
from directory.services.profile_parts import (
    MOST_SKILLS,
    save_activity,
    set_languages,
    set_shown,
    set_skills,
)
from directory.services.providers import lock, make
from members.folding import words_of
from members.models import Member, User
from members.models.people import LINE_LENGTH

MOST_PROFILES: Final = 5
_BETWEEN_SKILLS: Final = re.compile(r"[,;\n•·]+")


@transaction.atomic
def create(
    *,
    by: User,
    now: datetime,
    values: Mapping[str, Any],
    trades: Sequence[Trade] = (),
    skills: Sequence[str] = (),
    languages: Collection[str] = (SpokenLanguage.FRENCH,),
    shown: Collection[str] = (),
) -> Provider:
    """Make the draft of a profile for whoever asks, who becomes its owner.

    Args:
        values: columns of `providers.EDITABLE`; the name and the commune at least.
        skills: words as they were typed.
        shown: the fields of `Shown` that this person agrees to publish.

    Raises ValidationError: `too_many` profiles, and as the parts refuse.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two clicks at once count as two
    if Ownership.objects.filter(user=by).count() >= MOST_PROFILES:
        raise ValidationError(
            _("Vous gérez déjà %(count)d fiches : c’est le maximum."),
            code="too_many",
            params={"count": MOST_PROFILES},
        )
    provider = make(by=by, now=now, values=values)
    owner = Ownership(provider=provider, user=by, since=now)
    owner.full_clean()
    owner.save()
    for trade in trades:
        save_activity(provider=provider, trade=trade, by=by, now=now)
    set_skills(provider=provider, words=skills, by=by, now=now)
    set_languages(provider=provider, languages=languages, by=by, now=now)
    set_shown(provider=provider, shown=shown, by=by, now=now)
    return lock(provider)


def from_membership(member: Member | None, user: User) -> dict[str, Any]:
    """What the form of a new profile begins with: what the person said as a member, or the name.

    Nothing of it is published before the person has read it and pressed the button.
    """
    if member is None:
        return {"name": user.name, "email": user.email}
    skills = split_skills(member.skills)
    return {
        "name": member.company or user.name,
        "headline": member.trade,
        "description": member.can_help_with,
        "trades": trades_like(member.trade),
        "skills": ", ".join(skills[:MOST_SKILLS]),
        "email": user.email,
    }


def split_skills(text: str) -> list[str]:
    """« WordPress, vidéo ; et SEO » line by line or comma by comma; a sentence is no skill."""
    parts = (part.strip(" .-\t\r") for part in _BETWEEN_SKILLS.split(text))
    return [part for part in parts if part and len(part) <= LINE_LENGTH]


def trades_like(words: str) -> list[Trade]:
    """The trades whose name, or a synonym of it, is among these words. Two queries."""
    said = set(words_of(words))
    if not said:
        return []
    found = []
    for trade in Trade.objects.in_use().prefetch_related("synonyms"):
        names = [trade.name, *(synonym.folded for synonym in trade.synonyms.all())]
        if any(set(words_of(name)) <= said for name in names if name):
            found.append(trade)
    return found[:3]
