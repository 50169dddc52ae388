"""How complete a profile is, what is missing, and why it matters to who looks for somebody."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from directory.models import Provider

ENOUGH_WORDS = 120  # signs of a description that says something


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that a good profile has. `section` is the part of the owner's page to fill in."""

    section: str
    label: str
    why: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Completeness:
    hints: list[Hint]

    @property
    def total(self) -> int:
        return len(self.hints)

    @property
    def done(self) -> int:
        return sum(hint.is_done for hint in self.hints)

    @property
    def missing(self) -> list[Hint]:
        return [hint for hint in self.hints if not hint.is_done]


def completeness(provider: Provider) -> Completeness:
    """What a profile has and lacks. At most five queries."""
    has_contact = provider.shown_fields.filter(field__in=("email", "phone", "website")).exists()
    return Completeness(
        [
            Hint(
                "presentation",
                _("Une phrase qui dit ce que vous faites"),
                _("C’est la première chose qu’on lit dans les résultats."),
                bool(provider.headline),
            ),
            Hint(
                "activities",
                _("Un métier au moins"),
                _("Sans métier, on ne vous trouve pas par le métier."),
                provider.activities.exists(),
            ),
            Hint(
                "skills",
                _("Trois compétences ou plus"),
                _("Les demandes précises vont à qui a la compétence demandée."),
                provider.skills.count() >= 3,
            ),
            Hint(
                "presentation",
                _("Une présentation de quelques lignes"),
                _("On choisit plus volontiers quelqu’un dont on comprend le travail."),
                len(provider.description) >= ENOUGH_WORDS,
            ),
            Hint(
                "references",
                _("Une référence"),
                _("Un travail déjà fait rassure mieux qu’une promesse."),
                provider.references.exists(),
            ),
            Hint(
                "price",
                _("Un ordre de prix"),
                _("Qui connaît votre prix vous écrit pour ce que vous faites."),
                provider.price_low is not None,
            ),
            Hint(
                "availability",
                _("Vos disponibilités"),
                _("À compétence égale, qui est disponible passe devant."),
                provider.available_until is not None,
            ),
            Hint(
                "contact",
                _("Un numéro SIREN, SIRET ou IDE"),
                _("Les mairies et les entreprises le demandent pour commander."),
                bool(provider.legal_number),
            ),
            Hint(
                "shown",
                _("Un moyen de vous joindre publié"),
                _("On peut toujours vous écrire par le site ; certains préfèrent appeler."),
                has_contact,
            ),
        ]
    )
