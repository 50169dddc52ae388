"""How much a word counts, by where it stands and by how it was understood. Whole numbers."""

from typing import Final

# Where it stands. All differ: the weight of a posting tells its place.
TRADE: Final = 40
COMMUNE: Final = 30
SKILL: Final = 24
SECTOR: Final = 22
NAME: Final = 20
DETAILS: Final = 14
HEADLINE: Final = 10
DESCRIPTION: Final = 6

# How it was understood, out of a hundred.
EXACT: Final = 100
SYNONYM: Final = 90
PART: Final = 65  # one word of a trade's name
BEGINNING: Final = 60
CORRECTED: Final = 55

# More than the other words of a question can weigh together: who answers to all comes first.
EVERY_WORD: Final = 100_000
# For a place in the question: there, or near enough to come; less than one word in a text.
THERE: Final = 500
COMES: Final = 250
