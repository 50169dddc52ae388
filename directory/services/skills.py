"""The one row of each skill, however it is typed."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from directory.models import Skill
from members.folding import fold


def skills_of(words: Iterable[str]) -> set[Skill]:
    """The skills of these words, made where nobody had them. Needs a transaction.

    « Wordpress » and « WORDPRESS » are one skill; a word that is said to be the same as another
    skill stands for that one. Raises ValidationError as a skill's name refuses.
    """
    typed: dict[str, str] = {}
    for word in words:
        plain = " ".join(word.split())
        if folded := fold(plain):
            typed.setdefault(folded, plain)
    known = {
        skill.folded: skill.same_as or skill
        for skill in Skill.objects.filter(folded__in=typed).select_related("same_as")
    }
    return {known.get(folded) or _made(name) for folded, name in typed.items()}


def _made(name: str) -> Skill:
    """Of two people who name a new skill at once, one makes the row."""
    skill = Skill(name=name)
    skill.full_clean()
    try:
        with transaction.atomic():
            skill.save()
    except IntegrityError:
        return Skill.objects.get(folded=skill.folded)
    return skill
