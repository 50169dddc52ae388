"""From the cells of an import to what the services take, and every problem by line and column."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from members import pricing
from members.models import Language, Plan, PlanVersion, State, User
from members.services.profiles import check_profile
from members.services.subscriptions import check_version
from members.sheets import Line

# The titles of the empty file, in the order of `COLUMNS`: not through the catalogue, so that each
# language's are known to the reader below whatever the translators say elsewhere.
TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "fr": (
        "E-mail",
        "Nom",
        "Métier",
        "Entreprise",
        "Langue",
        "Formule",
        "Début",
        "Catégorie",
        "État",
    ),
    "en": (
        "E-mail",
        "Name",
        "Trade",
        "Company",
        "Language",
        "Plan",
        "Start",
        "Category",
        "State",
    ),
}
# The names that each column may have, as `fold` writes them.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "email": ("email", "adresseemail", "courriel", "mail", "emailaddress"),
    "name": ("nom", "name", "nomcomplet", "prenometnom", "fullname"),
    "trade": ("metier", "trade", "profession", "job"),
    "company": ("entreprise", "company", "employeur", "entrepriseouemployeur", "employer"),
    "language": ("langue", "language"),
    "plan": ("formule", "plan", "codedelaformule", "plancode"),
    "start": ("debut", "start", "datededebut", "startdate", "apartirdu"),
    "category": ("categorie", "category"),
    "state": ("etat", "state", "statut", "status"),
}
REQUIRED: Final = ("email", "name")
LANGUAGES: Final = {
    "": Language.FRENCH,
    "fr": Language.FRENCH,
    "francais": Language.FRENCH,
    "french": Language.FRENCH,
    "en": Language.ENGLISH,
    "anglais": Language.ENGLISH,
    "english": Language.ENGLISH,
}
STATES: Final = {
    "": State.ACTIVE,
    "actif": State.ACTIVE,
    "active": State.ACTIVE,
    "ancien": State.FORMER,
    "ancienmembre": State.FORMER,
    "former": State.FORMER,
}
DAY_FORMATS: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
FIRST_DAY: Final = date(1990, 1, 1)  # before: a slip of the finger
FURTHEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """`line` 0: the file itself; `column` as the file calls it, empty for a whole line."""

    line: int
    column: str
    code: str
    words: str


@dataclass(slots=True)
class Row:
    line: int
    email: str = ""
    name: str = ""
    language: str = Language.FRENCH
    profile: dict[str, str] = field(default_factory=dict)
    plan: Plan | None = None
    version: PlanVersion | None = None  # the prices that hold on `start`
    start: date | None = None
    category: str = ""
    state: State = State.ACTIVE


def fold(words: str) -> str:
    """Letters and digits in small, without accents: how names of columns are compared."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    return "".join(character for character in plain if character.isalnum())


class RowReader:
    """Reads the lines of one file. `problems` grows with each."""

    def __init__(self, header: Line, today: date) -> None:
        self.today = today
        self.plans = {plan.code: plan for plan in Plan.objects.all()}
        self.versions = pricing.versions_of(self.plans.values())
        self.problems: list[Problem] = []
        self.header = header
        self.places = self._places(header)
        self.seen: dict[str, int] = {}

    def _places(self, header: Line) -> dict[str, int]:
        """Where each column stands; problems for those we do not know, twice, or not at all."""
        by_name = {name: column for column, names in COLUMNS.items() for name in names}
        places: dict[str, int] = {}
        for place, title in enumerate(header.cells):
            column = by_name.get(fold(title))
            if column is None:
                self._problem(
                    header.number, title, "unknown_column", _("Cette colonne n’est pas connue.")
                )
            elif column in places:
                words = _("Cette colonne est là deux fois.")
                self._problem(header.number, title, "column_twice", words)
            else:
                places[column] = place
        for column in REQUIRED:
            if column not in places:
                words = _("Cette colonne manque.")
                title = TITLES["fr"][list(COLUMNS).index(column)]
                self._problem(header.number, title, "missing_column", words)
        return places

    def read(self, line: Line) -> Row:
        row = Row(line.number)
        if len(line.cells) > len(self.header.cells):
            words = _("Il y a plus de cases que de colonnes : un séparateur dans une valeur ?")
            self._problem(line.number, "", "too_many_cells", words)
            return row
        cells = {column: self._cell(line, place) for column, place in self.places.items()}
        if None in cells.values():
            return row
        said = {column: cell or "" for column, cell in cells.items()}
        self._person(row, said)
        self._membership(row, said)
        return row

    def _cell(self, line: Line, place: int) -> str | None:
        """The cell; None when a spreadsheet would run it."""
        cell = line.cells[place] if place < len(line.cells) else ""
        if cell.startswith(("=", "+", "-", "@")):
            words = _("Un tableur exécuterait cette valeur : elle commence par « %(sign)s ».")
            title = self.header.cells[place]
            self._problem(line.number, title, "formula", words % {"sign": cell[0]})
            return None
        return cell

    def _person(self, row: Row, said: Mapping[str, str]) -> None:
        row.email = self._field(row, "email", said.get("email", "").lower())
        row.name = self._field(row, "name", said.get("name", ""))
        if "name" in self.places and not said["name"]:
            self._wrong(row, "name", "required", _("Indiquez un nom."))
        if row.email:
            first = self.seen.setdefault(row.email, row.line)
            if first != row.line:
                words = _("Cette adresse est déjà à la ligne %(line)d.") % {"line": first}
                self._wrong(row, "email", "twice", words)
        language = LANGUAGES.get(fold(said.get("language", "")))
        if language is None:
            self._wrong(row, "language", "unknown_language", _("Écrivez fr ou en."))
        row.language = language or Language.FRENCH
        row.profile = {name: said[name] for name in ("trade", "company") if said.get(name)}
        try:
            check_profile(row.profile)
        except ValidationError as refusal:
            for name, errors in refusal.error_dict.items():
                for error in errors:
                    self._refused(row, name, error)

    def _membership(self, row: Row, said: Mapping[str, str]) -> None:
        state, code = STATES.get(fold(said.get("state", ""))), said.get("plan", "")
        if state is None:
            self._wrong(row, "state", "unknown_state", _("Écrivez actif ou ancien."))
        row.state = state or State.ACTIVE
        row.start, row.category = self._day(row, said.get("start", "")), said.get("category", "")
        if not code:
            for column in ("start", "category"):
                if said.get(column):
                    words = _("Cette valeur demande une formule.")
                    self._wrong(row, column, "no_plan", words)
            return
        row.plan = self.plans.get(code)
        if row.plan is None:
            self._wrong(row, "plan", "unknown_plan", _("Aucune formule n’a ce code."))
        elif row.state == State.FORMER:
            self._wrong(row, "plan", "former", _("Un ancien membre n’a pas de formule."))
        elif found := self._offer(row, row.plan):
            column, refusal = found
            self._refused(row, column if column in self.places else "plan", refusal)

    def _day(self, row: Row, typed: str) -> date | None:
        if not typed:
            return None
        for form in DAY_FORMATS:
            try:
                day = datetime.strptime(typed, form).date()  # noqa: DTZ007  # a day, no instant
            except ValueError:
                continue
            if FIRST_DAY <= day <= self.today + FURTHEST:
                return day
        words = _("Écrivez un jour comme 31/12/2026 ou 2026-12-31, pas plus d’un an à l’avance.")
        self._wrong(row, "start", "bad_date", words)
        return None

    def _offer(self, row: Row, plan: Plan) -> tuple[str, ValidationError] | None:
        """Why the plan cannot begin so, and the column at fault."""
        start = row.start or self.today
        dated = self.versions[plan.pk]
        row.version = next((each for each in dated if each.valid_from <= start), None)
        try:
            check_version(version=row.version, plan=plan, start=start, category=row.category)
        except ValidationError as refusal:
            return ("category" if refusal.code == "unknown_category" else "start"), refusal
        return None

    def _field(self, row: Row, name: str, value: str) -> str:
        if name not in self.places:
            return ""
        try:
            cleaned: Any = User._meta.get_field(name).clean(value, None)  # type: ignore[union-attr]
        except ValidationError as refusal:
            for error in refusal.error_list:
                self._refused(row, name, error)
            return ""
        return str(cleaned)

    def _refused(self, row: Row, column: str, refusal: ValidationError) -> None:
        self._wrong(row, column, refusal.code or "invalid", " ".join(refusal.messages))

    def _wrong(self, row: Row, column: str, code: str, words: str) -> None:
        self._problem(row.line, self.header.cells[self.places[column]], code, words)

    def _problem(self, line: int, column: str, code: str, words: str) -> None:
        self.problems.append(Problem(line, column, code, words))
