"""Each index of the search is used by the question it is made for, on this database.

The tables of a test are small, so PostgreSQL is told not to read them whole where it need not;
without its index it has to, which is the control. What they cost when they are large is measured
by `make bench`.
"""

from itertools import islice, permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from directory.models import Entry, Gram, Phrase, Posting, Term
from directory.search import Query, find
from directory.services.index import reindex_everything
from directory.services.terms import terms_of
from directory.stems import stem
from tests.directory.rows import a_commune, a_provider, a_trade
from tests.factories import MONDAY

pytestmark = pytest.mark.django_db

# The index, its table, and a question that needs it.
INDEXES = {
    "posting_once": (Posting, Query(words="menuisier")),
    "phrase_once": (Phrase, Query(words="menuisier")),
    "term_word": (Term, Query(words="menui")),
    "gram_once": (Gram, Query(words="menuisire")),
    "entry_place": (Entry, Query(commune="morez", within_km=5)),
    "entry_fresh": (Entry, Query()),
    "entry_available": (Entry, Query(available_on=MONDAY)),
}


@pytest.fixture(autouse=True)
def _settled():
    commune, trade = a_commune("Morez", slug="morez"), a_trade("Menuisier")
    for number in range(40):
        a_provider(f"Atelier numéro {number}", commune=commune, trades=(trade,))
    reindex_everything()
    # A vocabulary, so that reading a part of it is worth an index.
    words = (
        "".join(letters) for letters in islice(permutations("abdefgilmnoprstu", 6), 0, None, 3000)
    )
    terms_of({word: word for word in words})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")


def plans(query: Query) -> str:
    """How the database answers each of the queries of a search."""
    with CaptureQueriesContext(connection) as asked:
        find(query, today=MONDAY)
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    lines = []
    with connection.cursor() as cursor:
        for one in asked.captured_queries:
            cursor.execute(f"{explain} {one['sql']}")
            lines += [str(row[-1]) for row in cursor.fetchall()]
    return "\n".join(lines)


def read_whole(table) -> str:
    name = table._meta.db_table
    return f"SCAN {name}\n" if connection.vendor == "sqlite" else f"Seq Scan on {name}"


def name_of(index: str) -> str:
    """SQLite gives the index of a constraint a name of its own."""
    table, _query = INDEXES[index]
    is_constraint = any(index == constraint.name for constraint in table._meta.constraints)
    if connection.vendor == "sqlite" and is_constraint:
        return f"sqlite_autoindex_{table._meta.db_table}_1"
    return index


@pytest.mark.parametrize("index", INDEXES)
def test_the_index_is_used(index):
    table, query = INDEXES[index]
    said = plans(query) + "\n"
    assert name_of(index) in said
    assert read_whole(table) not in said


@pytest.mark.parametrize("index", ["term_word", "entry_place"])
def test_without_its_index_a_table_is_read_whole(index):
    table, query = INDEXES[index]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")
    said = plans(query) + "\n"
    assert name_of(index) not in said
    assert read_whole(table) in said


def test_the_postings_are_read_in_their_index_alone():
    if connection.vendor == "postgresql":  # it has not looked over the rows of this transaction
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    term = Term.objects.get(stem=stem("atelier"))
    said = Posting.objects.filter(term=term).order_by().values("entry", "weight").explain()
    name = name_of("posting_once")
    sqlite, postgresql = f"COVERING INDEX {name}", f"Index Only Scan using {name}"
    assert (sqlite if connection.vendor == "sqlite" else postgresql) in said
