"""The 31 members of the demonstration: invented people with the trades of the Haut-Jura."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.text import slugify

from booking.models import Resource
from coworking.demo import DOMAIN
from coworking.demo.habits import HALF_DAYS, PASSING, RESIDENT, TELEWORKER, Habit
from members.models import Language, Member, State, Use, User
from members.services import change_profile, open_account

ENGLISH = Language.ENGLISH


@dataclass(frozen=True, slots=True)
class Person:
    """A member to be.

    Args:
        desk: code of the usual one; empty: any.
        weeks: since when a newcomer is a member; 0: from the beginning.
        account: what stands before the @ of the address; empty: made of the name.
    """

    name: str
    trade: str
    habit: Habit
    desk: str = ""
    visible: bool = True
    weeks: int = 0
    language: str = Language.FRENCH
    account: str = ""

    @property
    def email(self) -> str:
        account = self.account or ".".join(slugify(part) for part in self.name.split())
        return f"{account}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Coworker:
    """A member, and how this member uses the space."""

    member: Member
    habit: Habit
    desk: Resource | None
    since: datetime


# The account that the command prints. Books far ahead: whoever logs in finds something to come.
MEMBER = Person(
    "Camille Vuillet",
    "Designer de montures",
    replace(TELEWORKER, weeks_at_once=6),
    desk="P4",
    account="membre",
)

PEOPLE = (
    MEMBER,
    Person("Mathieu Grandperrin", "Développeur web", RESIDENT, desk="P1"),
    Person("Marion Chevassu", "Graphiste", RESIDENT, desk="P6"),
    Person("Sandrine Vandel", "Secrétaire indépendante", RESIDENT, desk="P9"),
    Person("Paul Monnerat", "Conseil en forêt et bois", RESIDENT, desk="P12", visible=False),
    Person("Hélène Bondier", "Architecte d’intérieur", RESIDENT, desk="P3", weeks=19),
    Person("Thibault Lacroix", "Ingénieur logiciel, employeur à Genève", TELEWORKER, desk="P2"),
    Person("Julien Comtet", "Analyste de données, employeur à Genève", TELEWORKER, desk="P5"),
    Person(
        "Sarah Whitfield",
        "Technical writer for a Lausanne company",
        TELEWORKER,
        desk="P7",
        language=ENGLISH,
    ),
    Person("Nora Haddad", "Juriste, employeur à Genève", TELEWORKER, desk="P8", visible=False),
    Person(
        "Priya Raman",
        "Data scientist for a Lausanne laboratory",
        TELEWORKER,
        desk="P11",
        weeks=16,
        language=ENGLISH,
    ),
    Person("Aurélie Michaudet", "Conceptrice d’interfaces, employeur à Lausanne", TELEWORKER),
    Person(
        "Damien Crestin", "Acheteur horloger, employeur à la vallée de Joux", TELEWORKER, desk="P10"
    ),
    Person(
        "Kevin O’Brien",
        "Product manager, employer in Geneva",
        TELEWORKER,
        visible=False,
        weeks=9,
        language=ENGLISH,
    ),
    Person("Élodie Bouvet-Roy", "Traductrice allemand-français", HALF_DAYS, desk="P3"),
    Person("Nicolas Jeantin", "Comptable", HALF_DAYS, visible=False),
    Person("Yann Rolandet", "Modeleur 3D, lunetterie", HALF_DAYS),
    Person("Lucie Perradin", "Rédactrice", HALF_DAYS),
    Person("Inès Belkacem", "Cheffe de projet e-commerce", HALF_DAYS, weeks=22),
    Person("Bastien Forestier", "Ingénieur structure bois", HALF_DAYS),
    Person("Jeanne Cattin", "Doctorante en géographie", HALF_DAYS, visible=False, weeks=12),
    Person("Manon Prudhon", "Chargée de communication", HALF_DAYS),
    Person("Romain Gaillet", "Ingénieur qualité, microtechniques", PASSING),
    Person("Claire Salvat", "Psychologue du travail", PASSING, visible=False),
    Person("Florent Guyet", "Photographe", PASSING),
    Person("Tomás Ferreira", "Mobile developer", PASSING, weeks=5, language=ENGLISH),
    Person("Loïc Arbeau", "Accompagnateur en montagne et webmestre", PASSING),
    Person("Gaëlle Thévenet", "Formatrice en bureautique", PASSING, visible=False),
    Person("Olivier Badoud", "Bureau d’études, plasturgie", PASSING, visible=False, weeks=14),
    Person("Mireille Odobet", "Correctrice d’édition", PASSING, visible=False),
    Person("Anne-Lise Dolard", "Consultante en achats responsables", PASSING, weeks=3),
)


def welcome(
    *, password: str, beginning: datetime, today: datetime, desks: Mapping[str, Resource]
) -> list[Coworker]:
    """Open an account for everyone, with this hashed password."""
    return [_join(person, password, beginning, today, desks) for person in PEOPLE]


def _join(
    person: Person,
    password: str,
    beginning: datetime,
    today: datetime,
    desks: Mapping[str, Resource],
) -> Coworker:
    since = max(beginning, today - timedelta(weeks=person.weeks)) if person.weeks else beginning
    user = User(
        email=person.email,
        name=person.name,
        language=person.language,
        password=password,
        date_joined=since,
    )
    open_account(user=user, now=since, as_member=True, state=State.ACTIVE, address_verified=True)
    member = change_profile(
        member=user.member,
        now=since,
        by=user,
        values={"trade": person.trade},
        consents={Use.DIRECTORY: person.visible},
    )
    return Coworker(member, person.habit, desks.get(person.desk), since)
